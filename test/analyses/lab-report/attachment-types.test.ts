import { expect, test } from '@jest/globals';
import { attachmentOf } from '../../../src/analyses/lab-report/candidates.ts';

const chosen = (...types: readonly string[]) =>
  attachmentOf({
    resourceType: 'DiagnosticReport',
    status: 'final',
    code: {},
    presentedForm: types.map((contentType, index) => ({ contentType, url: `Binary/${index}` })),
  })?.contentType;

test.each([
  'application/pdf',
  'IMAGE/JPEG',
  'image/tiff',
  'text/plain; charset=utf-8',
  'text/html',
  'application/xhtml+xml',
  'text/rtf',
  'application/rtf',
  'text/xml',
  'application/xml',
  'application/cda+xml',
  'application/hl7-cda+xml',
  'application/hl7-v2',
  'application/hl7-v2+er7',
  'x-application/hl7-v2+er7',
  'text/hl7v2',
])('an attachment that claims to be %s is read', (type) => {
  expect(chosen(type)).toBe(type);
});

test.each([
  'application/dicom',
  'application/fhir+xml',
  'application/fhir+json',
  'video/mp4',
  'application/msword',
  'text/pdfx',
])('an attachment that claims to be %s is left', (type) => {
  expect(chosen(type)).toBeUndefined();
});

test('of several the one that shows most: PDF, pictures, text, messages, XML of any kind', () => {
  expect(chosen('application/xml', 'application/hl7-v2', 'text/html', 'image/png', 'application/pdf')).toBe(
    'application/pdf',
  );
  expect(chosen('application/xml', 'application/hl7-v2', 'text/html', 'image/png')).toBe('image/png');
  expect(chosen('application/xml', 'application/hl7-v2', 'text/rtf', 'text/html')).toBe('text/rtf');
  expect(chosen('application/xml', 'application/cda+xml')).toBe('application/cda+xml');
});
