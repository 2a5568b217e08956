import { parentPort } from 'node:worker_threads';
import { writeDicom } from '../imaging/write-dicom.ts';
import type { FilmOrder } from './films.ts';
import { NOTICE } from './lab-document.ts';
import { simulateChest } from './thorax/simulate.ts';

parentPort?.on('message', (order: FilmOrder) => {
  parentPort?.postMessage(develop(order));
});

/** Simulates the film and writes it as a DICOM file that says in its header that it is synthetic. */
function develop({ chest, person, at, uids, view }: FilmOrder): Uint8Array {
  const film = simulateChest(chest);
  return writeDicom({
    header: {
      studyInstanceUid: uids.study,
      seriesInstanceUid: uids.series,
      sopInstanceUid: uids.instance,
      patientId: person.mrn,
      patientName: `${person.family}^${person.given}`,
      patientBirthDate: person.birthDate,
      patientSex: person.sex,
      modality: 'DX',
      bodyPartExamined: 'CHEST',
      viewPosition: view,
      studyDescription: 'Chest radiograph (simulated)',
      seriesDescription: `Chest ${view}`,
      acquired: `${at.date}T${at.time}:00`,
      pixelSpacing: [round(film.pixelSpacing[0]), round(film.pixelSpacing[1])],
    },
    image: film,
    bitsStored: film.bits,
    window: { center: 2048, width: 4096 },
    attributes: {
      PatientComments: NOTICE,
      ImageComments: 'Simulated from a model of a thorax; not an image of a person.',
      BurnedInAnnotation: 'NO',
    },
  });
}

/** A decimal string has 16 characters at most (PS3.5, DS). */
function round(millimetres: number): number {
  return Math.round(millimetres * 1e6) / 1e6;
}
