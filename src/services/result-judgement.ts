import type { Observation, Resource } from '@medplum/fhirtypes';
import type { StoredResult } from '../analyses/analysis.ts';
import type { Dismissals } from '../fhir/feedback.ts';
import { parseReference } from '../fhir/references.ts';
import type { Summary } from '../summary.ts';

/**
 * Why a clinician may set a card with read results aside; codes of Interval's own code system beside those of
 * src/advice/override-reasons.ts. `rejects` takes back what was read, for everybody; the others hide the card from the
 * person who gave them.
 */
export const resultReasons = {
  misread: { display: 'Read wrongly from the document or the images', rejects: true },
  'other-patient': { display: 'Belongs to another patient', rejects: true },
  'already-known': { display: 'Already known to me', rejects: false },
  'not-relevant': { display: 'Not relevant for this visit', rejects: false },
} as const satisfies Record<string, { readonly display: string; readonly rejects: boolean }>;

export function isRejection(code: string | undefined): boolean {
  return (
    code !== undefined &&
    Object.hasOwn(resultReasons, code) &&
    resultReasons[code as keyof typeof resultReasons].rejects
  );
}

/** Stored results by `Type/id`. */
export type Held = ReadonlyMap<string, Resource>;

export function heldIn(results: readonly StoredResult[]): Held {
  return new Map(
    results
      .flatMap(({ report, observations }): readonly Resource[] => [...(report ? [report] : []), ...observations])
      .map((resource) => [`${resource.resourceType}/${resource.id}`, resource]),
  );
}

/**
 * A summary of read results with what a clinician may answer: accept what is still preliminary, or say why not. Its basis
 * names the versions that it rests on, since what is judged later must be what was shown.
 */
export function withJudgement(summary: Summary, held: Held, offersAcceptance: boolean): Summary {
  const shown = summary.basis.flatMap((reference) => held.get(reference) ?? []);
  const basis = summary.basis.map((reference) => versioned(reference, held.get(reference)));
  if (shown.length === 0) {
    return { ...summary, basis };
  }
  const open = shown.filter(
    (one): one is Observation => one.resourceType === 'Observation' && one.status === 'preliminary',
  );
  const confirms = open.map((one) => versioned(`Observation/${one.id}`, one));
  const accept = {
    label: `Accept ${open.length === 1 ? 'this result' : `these ${open.length} results`}`,
    actions: [],
    confirms,
  };
  return {
    ...summary,
    basis,
    // Taking up what is offered, to file it, is accepting it.
    suggestions:
      open.length === 0 || !offersAcceptance
        ? summary.suggestions
        : summary.suggestions.length > 0
          ? summary.suggestions.map((suggestion) => ({ ...suggestion, confirms }))
          : [accept],
    overrideReasons: Object.entries(resultReasons).map(([code, { display }]) => ({ code, display })),
  };
}

/**
 * Whether this person has set aside all that a summary rests on, as it stands now. A critical one needs a reason to stay
 * hidden: a click on "dismiss" must not bury a potassium of 7.
 */
export function isDismissed(summary: Summary, dismissals: Dismissals): boolean {
  const results = summary.basis.filter((one) => parseReference(one)?.type !== 'DiagnosticReport');
  const basis = results.length > 0 ? results : summary.basis;
  return (
    basis.length > 0 &&
    basis.every((reference) => {
      const reasoned = dismissals.get(reference);
      return reasoned !== undefined && (reasoned || summary.indicator !== 'critical');
    })
  );
}

function versioned(reference: string, resource: Resource | undefined): string {
  const version = resource?.meta?.versionId;
  return version === undefined ? reference : `${reference}/_history/${version}`;
}
