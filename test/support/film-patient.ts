import { lazyBinary } from '../../src/samples/binary.ts';
import type { Moment } from '../../src/samples/calendar.ts';
import { chestStudy } from '../../src/samples/chest-study.ts';
import { type Films, uidsOf } from '../../src/samples/films.ts';
import { type Person, patient } from '../../src/samples/person.ts';
import type { Sample } from '../../src/samples/sample.ts';

export interface FilmPatientOptions {
  readonly id: string;
  /** Pixels of a side. */
  readonly side: number;
  /** How much fluid stands at the left base on each film, oldest first; a day apart. */
  readonly effusions: readonly number[];
}

/** A patient with simulated chest films of any size, for tests: studies `<id>-0`, `<id>-1`, …, oldest first. */
export function filmPatient(films: Films, { id, side, effusions }: FilmPatientOptions): Sample {
  const person: Person = {
    id,
    given: 'Hildegard',
    family: 'Testfilm',
    birthDate: '1951-02-03',
    sex: 'F',
    mrn: `SYN-${id}`,
  };
  const taken = effusions.map((level, number) => {
    const date = `2026-03-${String(number + 1).padStart(2, '0')}`;
    const at: Moment = {
      year: 2026,
      month: 3,
      day: number + 1,
      date,
      time: '08:15',
      dateTime: `${date}T08:15:00Z`,
      asRead: `${date}T08:15:00Z`,
    };
    const uids = uidsOf(`${id}-${number}`);
    const binary = lazyBinary(`${id}-${number}-dcm`, 'application/dicom', () =>
      films.take({
        chest: {
          seed: 108,
          film: number + 1,
          width: side,
          height: side,
          sex: 'female',
          view: 'PA',
          shift: [(number % 3) * 5, -(number % 2) * 6],
          rotation: number % 3,
          effusions: [{ side: 'left', level }],
        },
        person,
        at,
        uids,
        view: 'PA',
      }),
    );
    return { binary, resources: chestStudy(person, { id: String(number), at, uids, binary: binary.id, view: 'PA' }) };
  });
  const self = patient(person, { title: `${side} pixels`, shows: `${effusions.length} films` });
  return {
    id,
    title: 'Films',
    shows: 'Films of one patient.',
    patient: self,
    resources: [self, ...taken.flatMap(({ resources }) => resources)],
    binaries: taken.map(({ binary }) => binary),
    draftOrders: [],
    expected: { readings: [], cards: [] },
  };
}
