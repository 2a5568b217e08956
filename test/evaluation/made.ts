import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LabFinding, LabRow } from '../../src/analyses/lab-report/finding.ts';
import { parseTruth, type Truth, type TruthTest } from '../../src/evaluation/truth.ts';

/** A folder with these files: text as it is, anything else as JSON. */
export function folderOf(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'interval-evaluation-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    const raw = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(join(folder, name), raw ? content : JSON.stringify(content));
  }
  return folder;
}

export function truthOf(tests: readonly TruthTest[], rest: Partial<Truth> = {}): Truth {
  return parseTruth(
    JSON.stringify({ layout: 'made', route: 'text', language: 'en', ...rest, tests }),
    'made.truth.json',
  );
}

export function rowOf(name: string, value: string, rest: Partial<LabRow> = {}): LabRow {
  const number = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
  return {
    item: 'row.0',
    name,
    value: number === undefined ? { kind: 'text', text: value } : { kind: 'quantity', text: value, number },
    page: 1,
    boxes: { name: [0, 0, 10, 1], value: [12, 0, 16, 1] },
    confidence: 0.9,
    issues: [],
    ...rest,
  };
}

export function findingOf(rows: readonly LabRow[], rest: Partial<LabFinding> = {}): LabFinding {
  return { document: { decimal: 'dot', patient: {}, caveats: [] }, rows, unread: [], ...rest };
}

/** A synthetic report as plain text, and its truth. Nobody's data. */
export const report = {
  text: [
    'NORTHFIELD SYNTHETIC LABORATORY',
    'Patient: Example, Edith     DOB: 1950-01-31     Collected: 2025-03-01 08:30',
    '',
    'Test                 Result    Units      Reference Range   Flag',
    'Sodium               138       mmol/L     136 - 145',
    'Potassium            6.8       mmol/L     3.5 - 5.1         HH',
    'Glucose              99        mg/dL      70 - 99',
    'Creatinine           0.9       mg/dL      0.6 - 1.2',
    '',
  ].join('\n'),
  truth: {
    layout: 'table',
    generator: 'by hand',
    route: 'text',
    language: 'en',
    patient: { name: 'Edith Example', birthDate: '1950-01-31' },
    collected: '2025-03-01T08:30',
    tests: [
      { name: 'Sodium', value: '138', unit: 'mmol/L', range: '136 - 145', loinc: '2951-2', page: 1 },
      { name: 'Potassium', value: '6.8', unit: 'mmol/L', range: '3.5 - 5.1', flag: 'HH', loinc: '2823-3', page: 1 },
      { name: 'Glucose', value: '99', unit: 'mg/dL', range: '70 - 99', loinc: '2345-7', page: 1 },
      { name: 'Creatinine', value: '0.9', unit: 'mg/dL', range: '0.6 - 1.2', loinc: '2160-0', page: 1 },
    ],
  },
} as const;
