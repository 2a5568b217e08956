import type { CodeableConcept, Coding } from '@medplum/fhirtypes';
import { codeSystem } from '../../fhir/codes.ts';
import type { Change, FindingChange, FindingCode, Presence, Side } from './finding.ts';

/** Codes of reference page fhir.md, section 5; the local code always stands first and suffices by itself. */
const findings: Readonly<
  Record<FindingCode, { readonly text: string; readonly snomed?: string; readonly radlex?: string }>
> = {
  'lung-opacity': { text: 'Lung opacity', radlex: 'RID28530' },
  'pleural-effusion': { text: 'Pleural effusion', snomed: '60046008', radlex: 'RID34539' },
  cardiomegaly: { text: 'Cardiomegaly', snomed: '8186001' },
  consolidation: { text: 'Consolidation', snomed: '95436008', radlex: 'RID43255' },
  'pulmonary-edema': { text: 'Pulmonary edema', snomed: '19242006' },
  pneumonia: { text: 'Pneumonia', snomed: '233604007', radlex: 'RID5350' },
  pneumothorax: { text: 'Pneumothorax', snomed: '36118008', radlex: 'RID5352' },
  atelectasis: { text: 'Atelectasis', snomed: '46621007', radlex: 'RID28493' },
  'pulmonary-nodule': { text: 'Pulmonary nodule', snomed: '427359005', radlex: 'RID50149' },
};

export function findingConcept(finding: FindingCode): CodeableConcept {
  const { text, snomed, radlex } = findings[finding];
  return {
    coding: [
      { system: codeSystem.chestFinding, code: finding, display: text },
      ...(snomed ? [{ system: codeSystem.snomed, code: snomed }] : []),
      ...(radlex ? [{ system: codeSystem.radlex, code: radlex }] : []),
    ],
    text: `${text}, change from prior chest X-ray`,
  };
}

const changes: Readonly<Record<Change, { readonly text: string; readonly snomed: string }>> = {
  improved: { text: 'Improved', snomed: '385633008' },
  stable: { text: 'Stable', snomed: '260388006' },
  worsened: { text: 'Worsened', snomed: '230993007' },
};

export function changeConcept(change: Change): CodeableConcept {
  const { text, snomed } = changes[change];
  return {
    coding: [
      { system: codeSystem.findingChange, code: change, display: text },
      { system: codeSystem.snomed, code: snomed },
    ],
    text,
  };
}

export function interpretationOf(change: Change): CodeableConcept[] | undefined {
  const codes: Partial<Record<Change, Coding>> = {
    improved: { system: codeSystem.interpretation, code: 'B', display: 'Better' },
    worsened: { system: codeSystem.interpretation, code: 'W', display: 'Worse' },
  };
  const coding = codes[change];
  return coding ? [{ coding: [coding] }] : undefined;
}

const presences: Readonly<Record<Presence, { readonly text: string; readonly snomed: string }>> = {
  present: { text: 'Present', snomed: '52101004' },
  absent: { text: 'Absent', snomed: '2667000' },
  indeterminate: { text: 'Indeterminate', snomed: '82334004' },
};

export function presenceConcept(presence: Presence): CodeableConcept {
  const { text, snomed } = presences[presence];
  return { coding: [{ system: codeSystem.snomed, code: snomed }], text };
}

/** The way back; what is not known is indeterminate. */
export function presenceOf(concept: CodeableConcept | undefined): Presence {
  const code = concept?.coding?.find(({ system }) => system === codeSystem.snomed)?.code;
  const known = (Object.keys(presences) as Presence[]).find((one) => presences[one].snomed === code);
  return known ?? 'indeterminate';
}

const sites: Readonly<Record<Side | 'both', { readonly text: string; readonly snomed: string }>> = {
  right: { text: 'Right lung', snomed: '3341006' },
  left: { text: 'Left lung', snomed: '44029006' },
  both: { text: 'Lung', snomed: '39607008' },
};

/** With the zones in words, `Left lung, lower zone`. Absent for the heart: the finding's own code says where it is. */
export function siteConcept(one: Pick<FindingChange, 'finding' | 'side' | 'zones'>): CodeableConcept | undefined {
  if (one.finding === 'cardiomegaly') {
    return undefined;
  }
  const { text, snomed } = sites[one.side ?? 'both'];
  const thirds = one.zones.map((zone) => zone.split('-')[1]!);
  const part = thirds.length === 0 || thirds.length === 3 ? '' : `, ${thirds.join(' and ')} zone`;
  return { coding: [{ system: codeSystem.snomed, code: snomed }], text: `${text}${part}` };
}
