import type { CodeableConcept, Coding } from '@medplum/fhirtypes';
import { codeSystem } from './codes.ts';

/**
 * Every code of other people's systems that results carry, in one place, each with where it was looked up. A code that is
 * not in this table is not written. `confirm` marks those that a terminology server has yet to confirm.
 */
export interface ReviewedCode {
  readonly system: string;
  readonly code: string;
  readonly display: string;
  readonly source: string;
  readonly confirm?: true;
}

const r4 = 'HL7 v3 ObservationInterpretation, FHIR R4';
const findings = 'HL7 DICOM SR to FHIR, ACR RadElement; reference table of this project';

function interpretation(code: string, display: string): ReviewedCode {
  return { system: codeSystem.interpretation, code, display, source: r4 };
}

function snomed(code: string, display: string, source = findings, confirm?: true): ReviewedCode {
  return { system: codeSystem.snomed, code, display, source, ...(confirm ? { confirm } : {}) };
}

function radlex(code: string, display: string, confirm?: true): ReviewedCode {
  return { system: codeSystem.radlex, code, display, source: 'RadLex', ...(confirm ? { confirm } : {}) };
}

/** What laboratories print beside a value; written only as printed. */
export const labInterpretation = {
  N: interpretation('N', 'Normal'),
  L: interpretation('L', 'Low'),
  H: interpretation('H', 'High'),
  LL: interpretation('LL', 'Critical low'),
  HH: interpretation('HH', 'Critical high'),
  A: interpretation('A', 'Abnormal'),
  AA: interpretation('AA', 'Critical abnormal'),
  POS: interpretation('POS', 'Positive'),
  NEG: interpretation('NEG', 'Negative'),
  IND: interpretation('IND', 'Indeterminate'),
} as const satisfies Record<string, ReviewedCode>;

/** Native R4 codes for a change; there is none for "stable". */
export const changeInterpretation = {
  improved: interpretation('B', 'Better'),
  worsened: interpretation('W', 'Worse'),
} as const;

/** SNOMED CT beside the local change code. */
export const change = {
  improved: snomed('385633008', 'Improving', 'SNOMED CT International; R5 clinicalimpression-change-pattern'),
  stable: snomed('260388006', 'No status change', 'SNOMED CT International; R5 clinicalimpression-change-pattern'),
  worsened: snomed('230993007', 'Worsening', 'SNOMED CT International; R5 clinicalimpression-change-pattern'),
} as const;

export const presence = {
  present: snomed('52101004', 'Present', 'SNOMED CT International', true),
  absent: snomed('2667000', 'Absent', 'SNOMED CT International', true),
  indeterminate: snomed('82334004', 'Indeterminate', 'SNOMED CT International', true),
} as const;

export const lungSite = {
  right: snomed('3341006', 'Right lung structure', 'SNOMED CT International'),
  left: snomed('44029006', 'Left lung structure', 'SNOMED CT International'),
  both: snomed('39607008', 'Lung structure', 'SNOMED CT International'),
} as const;

/** SNOMED CT and RadLex beside the local finding code, which alone suffices. */
export const chestFinding = {
  'pleural-effusion': [snomed('60046008', 'Pleural effusion'), radlex('RID34539', 'pleural effusion')],
  pneumothorax: [snomed('36118008', 'Pneumothorax'), radlex('RID5352', 'pneumothorax')],
  consolidation: [snomed('95436008', 'Lung consolidation'), radlex('RID43255', 'consolidation')],
  pneumonia: [snomed('233604007', 'Pneumonia', findings, true), radlex('RID5350', 'pneumonia', true)],
  'pulmonary-edema': [snomed('19242006', 'Pulmonary edema', findings, true)],
  atelectasis: [snomed('46621007', 'Atelectasis', findings, true), radlex('RID28493', 'atelectasis', true)],
  cardiomegaly: [snomed('8186001', 'Cardiomegaly')],
  'lung-opacity': [radlex('RID28530', 'opacity')],
  'pulmonary-nodule': [snomed('427359005', 'Solitary nodule of lung'), radlex('RID50149', 'pulmonary nodule')],
} as const satisfies Record<string, readonly ReviewedCode[]>;

export type ChestFindingCode = keyof typeof chestFinding;

/** Codings to write: SNOMED CT needs a licence in some countries, so a site can leave it out. */
export function codings(codes: readonly ReviewedCode[], options: { readonly snomed: boolean }): Coding[] {
  return codes
    .filter((one) => options.snomed || one.system !== codeSystem.snomed)
    .map(({ system, code, display }) => ({ system, code, display }));
}

/** A printed interpretation as a CodeableConcept; undefined when it is none of the reviewed ones. */
export function interpretationConcept(printed: string): CodeableConcept | undefined {
  const row = Object.values<ReviewedCode>(labInterpretation).find((one) => one.code === printed);
  return row && { coding: codings([row], { snomed: true }), text: printed };
}
