import { describe, expect, test } from '@jest/globals';
import { decodeText } from '../../src/imaging/charset.ts';
import { readDicom } from '../../src/imaging/dicom.ts';
import { type Attributes, writeDicom } from '../../src/imaging/write-dicom.ts';
import { film } from '../support/film.ts';

const headerOf = (attributes: Attributes) => readDicom(film(1, { attributes })).header;

describe('header', () => {
  test('everything that Interval asks for', () => {
    const bytes = writeDicom({
      header: {
        sopInstanceUid: '2.25.1',
        studyInstanceUid: '2.25.2',
        seriesInstanceUid: '2.25.3',
        patientId: 'MRN 1',
        patientName: 'Müller^Änne',
        patientBirthDate: '1950-02-28',
        bodyPartExamined: 'CHEST',
        viewPosition: 'PA',
        studyDescription: 'Thorax p.a.',
        acquired: '2024-01-02T03:04:05',
        pixelSpacing: [0.143, 0.143],
      },
      image: { width: 2, height: 3, data: new Uint16Array(6) },
    });
    expect(readDicom(bytes).header).toMatchObject({
      sopInstanceUid: '2.25.1',
      transferSyntaxUid: '1.2.840.10008.1.2.1',
      patientId: 'MRN 1',
      patientName: 'Müller^Änne',
      patientBirthDate: '1950-02-28',
      modality: 'DX',
      bodyPartExamined: 'CHEST',
      viewPosition: 'PA',
      studyDescription: 'Thorax p.a.',
      imageType: ['ORIGINAL', 'PRIMARY'],
      acquired: '2024-01-02T03:04:05',
      rows: 3,
      columns: 2,
      numberOfFrames: 1,
      pixelSpacing: [0.143, 0.143],
    });
  });

  test.each([
    ['placeholder date', { StudyDate: '19010101', StudyTime: '120000' }, undefined],
    ['a date that does not exist', { StudyDate: '20240230' }, undefined],
    ['date without time', { StudyDate: '20240229' }, '2024-02-29'],
    ['a time that does not exist', { StudyDate: '20240229', StudyTime: '246100' }, '2024-02-29'],
    [
      'acquisition before study',
      { StudyDate: '20240301', AcquisitionDate: '20240229', AcquisitionTime: '0102' },
      '2024-02-29T01:02:00',
    ],
    [
      'a time of the same day',
      { AcquisitionDate: '20240229', StudyDate: '20240229', StudyTime: '101112.5' },
      '2024-02-29T10:11:12',
    ],
    [
      'not a time of another day',
      { AcquisitionDate: '20240229', StudyDate: '20240301', StudyTime: '101112' },
      '2024-02-29',
    ],
  ])('%s', (_, attributes, acquired) => {
    expect(headerOf(attributes).acquired).toBe(acquired);
  });

  test('a spacing of zero is none; the detector’s is second choice', () => {
    expect(headerOf({ PixelSpacing: ['0', '0'] }).pixelSpacing).toBeUndefined();
    expect(headerOf({ PixelSpacing: ['0', '0'], ImagerPixelSpacing: ['0.1', '0.2'] }).pixelSpacing).toEqual([0.1, 0.2]);
  });

  test('missing identifiers are empty, not invented', () => {
    const { patientName, patientId, patientBirthDate } = headerOf({
      PatientName: '',
      PatientID: '',
      PatientBirthDate: '',
    });
    expect({ patientName, patientId, patientBirthDate }).toEqual({});
  });

  test('a data set without preamble and meta information, explicit and implicit', () => {
    const bytes = film(1);
    const start = readDicom(bytes).dataSet.elements.x00080005!.dataOffset - 8;
    expect(readDicom(bytes.slice(start)).header.patientId).toBe('P1');
    const implicit = Buffer.from([
      0x08, 0, 0x16, 0, 4, 0, 0, 0, 0x31, 0x2e, 0x32, 0, 0x10, 0, 0x20, 0, 2, 0, 0, 0, 0x50, 0x31,
    ]);
    expect(readDicom(implicit).header).toMatchObject({ sopClassUid: '1.2', patientId: 'P1' });
  });

  test('implicit VR behind an explicit label', () => {
    const bytes = Buffer.from(film(1));
    const start = readDicom(bytes).dataSet.elements.x00080005!.dataOffset - 8;
    const implicit = Buffer.from([0x10, 0, 0x20, 0, 2, 0, 0, 0, 0x50, 0x37]);
    expect(readDicom(Buffer.concat([bytes.subarray(0, start), implicit])).header.patientId).toBe('P7');
  });
});

describe('character sets', () => {
  const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
  test.each([
    ['ISO_IR 100', ['ISO_IR 100'], '4dfc6c6c6572', 'Müller'],
    ['ISO_IR 192', ['ISO_IR 192'], '4dc3bc6c6c6572', 'Müller'],
    ['ISO_IR 144', ['ISO_IR 144'], 'bbee', 'Лю'],
    ['ISO 2022 IR 87 (PS3.5 H.3.1)', ['', 'ISO 2022 IR 87'], '1b24423b3345441b2842', '山田'],
    ['ISO 2022 IR 149 (PS3.5 I.2)', ['', 'ISO 2022 IR 149'], '1b242943fbf35e1b242943d1ced4d7', '洪^吉洞'],
    ['undeclared UTF-8', [], '4dc3bc6c6c6572', 'Müller'],
    ['undeclared Latin 1', [], '4dfc6c6c6572', 'Müller'],
    ['padding', ['ISO_IR 100'], '41422020', 'AB'],
  ])('%s', (_, sets, hex, expected) => {
    expect(decodeText(bytes(hex), sets)).toBe(expected);
  });
});
