import type { Observation } from '@medplum/fhirtypes';
import { codeSystem, extension } from '../../fhir/codes.ts';
import type { ObservationDraft } from '../../fhir/result-draft.ts';
import { siteDateTime } from '../../fhir/site-time.ts';
import type { AnalysisDraft, DraftContext, Evidence } from '../analysis.ts';
import { type ComparisonFinding, type FindingChange, itemOf, type Role } from './finding.ts';
import { type ComparisonInput, dateOf } from './input.ts';
import { drawOverlay } from './overlay.ts';
import { changeConcept, findingConcept, interpretationOf, presenceConcept, siteConcept } from './terms.ts';
import { concludes, dayOf, isOpen, nameOf } from './wording.ts';

const newestFirst: readonly Role[] = ['current', 'prior'];

/** One Observation per finding that is present on either film, the overlay, and a report of one sentence. */
export function draft(finding: ComparisonFinding, read: ComparisonInput, context: DraftContext): AnalysisDraft {
  const input = asWritten(read, context);
  const overlay = drawOverlay(finding, input);
  const effective = effectiveOf(input, context);
  const studies = newestFirst.flatMap((role) => studyReference(role, input) ?? []);
  return {
    sourceIdentity: `${identityOf(input, 'current')}:${identityOf(input, 'prior')}`,
    observations: finding.findings.map((one) => observation(one, input, effective)),
    report: {
      resourceType: 'DiagnosticReport',
      category: [
        {
          coding: [
            { system: codeSystem.loinc, code: 'LP29684-5', display: 'Radiology' },
            { system: codeSystem.diagnosticServiceSection, code: 'RAD', display: 'Radiology' },
          ],
        },
      ],
      code: {
        coding: [{ system: codeSystem.loinc, code: '30745-4', display: 'XR Chest Views' }],
        text: 'Chest X-ray, comparison with prior',
      },
      ...(effective ? { effectiveDateTime: effective } : {}),
      ...(studies.length > 0 ? { imagingStudy: studies } : {}),
      conclusion: concludes(finding, dayOf(dateOf(input.prior))),
    },
    media: [
      {
        item: 'overlay',
        contentType: 'image/png',
        title: 'Prior and current film with the measured difference (AI, not verified)',
        ...overlay,
      },
    ],
    inputs: newestFirst.map((role) => ({
      ...(input[role].study ? { reference: input[role].study } : {}),
      sha256: input[role].radiograph.sha256,
      display: `${role === 'current' ? 'Current' : 'Prior'} chest radiograph`,
    })),
  };
}

/** The studies under the references by which they shall be written. */
function asWritten(input: ComparisonInput, context: DraftContext): ComparisonInput {
  const prior = context.companions.find(({ role }) => role === 'prior')?.reference;
  return {
    ...input,
    current: { ...input.current, ...(context.subject ? { study: context.subject } : {}) },
    prior: { ...input.prior, ...(prior ? { study: prior } : {}) },
  };
}

function observation(one: FindingChange, input: ComparisonInput, effective: string | undefined): ObservationDraft {
  const { header, image } = input.current.radiograph;
  const derivedFrom = newestFirst.flatMap((role) => {
    const reference = studyReference(role, input);
    return reference ? [{ ...reference, extension: [{ url: extension.comparisonRole, valueCode: role }] }] : [];
  });
  const site = siteConcept(one);
  const interpretation = interpretationOf(one.change);
  const resource: ObservationDraft['resource'] = {
    resourceType: 'Observation',
    category: [{ coding: [{ system: codeSystem.observationCategory, code: 'imaging', display: 'Imaging' }] }],
    code: findingConcept(one.finding),
    ...(effective ? { effectiveDateTime: effective } : {}),
    valueCodeableConcept: changeConcept(one.change),
    ...(interpretation ? { interpretation } : {}),
    ...(site ? { bodySite: site } : {}),
    ...(derivedFrom.length > 0 ? { derivedFrom } : {}),
    component: newestFirst.map((role) => presence(role, one)),
    note: [{ text: measured(one) }],
  };
  return {
    item: itemOf(one),
    resource,
    regions: one.region
      ? [
          {
            ...(input.current.study ? { source: input.current.study } : {}),
            ...(header.seriesInstanceUid ? { seriesUid: header.seriesInstanceUid } : {}),
            ...(header.sopInstanceUid ? { sopInstanceUid: header.sopInstanceUid } : {}),
            box: one.region,
            width: image.width,
            height: image.height,
          },
        ]
      : [],
  };
}

function presence(role: Role, one: FindingChange): NonNullable<Observation['component']>[number] {
  return {
    code: { coding: [{ system: codeSystem.findingComponent, code: `presence-${role}` }] },
    valueCodeableConcept: presenceConcept(one.presence[role]),
  };
}

/** What the change rests on, in one sentence. */
function measured(one: FindingChange): string {
  if (!one.measure) {
    return `${nameOf(one)}: ${one.change}, as a model says that was shown both films, in both orders. Whether it is present on either film was not asked${isOpen(one) ? ': stable may also mean that it is on neither' : ''}.`;
  }
  const { prior, current, threshold } = one.measure;
  if (one.finding === 'cardiomegaly') {
    return `Heart over chest width ${prior.toFixed(2)} on the prior and ${current.toFixed(2)} on the current film; differences under ${threshold.toFixed(2)} count as stable.${sure(one)}`;
  }
  const percent = (value: number): string => `${Math.round(value * 100)} %`;
  return `${nameOf(one)}: opacity ${percent(prior)} on the prior and ${percent(current)} on the current film (0 % as dark as clear lung, 100 % as bright as dense tissue); differences under ${percent(threshold)} count as stable.${sure(one)}`;
}

/** The reader's own confidence, which knows of errors of measurement alone. */
function sure({ confidence }: FindingChange): string {
  return confidence === undefined ? '' : ` Confidence, by the noise of the measure: ${Math.round(100 * confidence)} %.`;
}

function studyReference(role: Role, input: ComparisonInput): { reference: string; display: string } | undefined {
  const film = input[role];
  return film.study ? { reference: film.study, display: `Chest radiograph of ${dayOf(dateOf(film))}` } : undefined;
}

/** Study Instance UID, else the study's id, else the hash of the file. */
function identityOf(input: ComparisonInput, role: Role): string {
  const { radiograph, study } = input[role];
  return radiograph.header.studyInstanceUid || study?.split('/').at(-1) || radiograph.sha256;
}

/** Acquisition of the current film: the chart's dateTime, else the header's in the site's zone; a placeholder is none. */
function effectiveOf(input: ComparisonInput, context: DraftContext): string | undefined {
  const { started, radiograph } = input.current;
  if (started) {
    return started;
  }
  const acquired = radiograph.header.acquired;
  return acquired && Number(acquired.slice(0, 4)) >= 1950 ? siteDateTime(acquired, context.timeZone) : undefined;
}

/** Boxes on the current film. */
export function evidence(finding: ComparisonFinding, input: ComparisonInput): readonly Evidence[] {
  const { header, image } = input.current.radiograph;
  return finding.findings.flatMap((one) =>
    one.region
      ? [
          {
            item: itemOf(one),
            label: `${nameOf(one)}: ${one.change}`,
            ...(header.sopInstanceUid ? { sopInstanceUid: header.sopInstanceUid } : {}),
            box: one.region,
            width: image.width,
            height: image.height,
          },
        ]
      : [],
  );
}
