import type { Bundle, Resource } from '@medplum/fhirtypes';
import type { StoredResult } from '../analyses/analysis.ts';
import { type OutdatedResult, type SeenSubjects, type Standing, seenIn, standingOf } from '../analyses/standing.ts';
import type { HookCall } from '../cds-hooks/service.ts';
import { isOurs } from '../fhir/result-key.ts';
import type { Summary } from '../summary.ts';

/** Where the subjects of results come from in a prefetch, by their type. */
const keys = { DiagnosticReport: 'reports', DocumentReference: 'documents', ImagingStudy: 'studies' } as const;

/**
 * Results that may be shown beside this prefetch, and those that may not: what was read from a version that is no longer
 * there, from what its author took back, or from what this chart does not hold. A type that was not sent, or not all of it,
 * says nothing of what is missing.
 */
export function standingBeside(
  results: readonly StoredResult[],
  { prefetch, missing }: Pick<HookCall, 'prefetch' | 'missing'>,
  templates: Readonly<Record<string, string>> = {},
): Standing {
  return standingOf(results, seenSubjects(prefetch, new Set(missing.map(({ key }) => key)), templates));
}

function seenSubjects(
  prefetch: HookCall['prefetch'],
  partial: ReadonlySet<string>,
  templates: Readonly<Record<string, string>>,
): SeenSubjects {
  const resources: Resource[] = [];
  const complete: string[] = [];
  for (const [type, key] of Object.entries(keys)) {
    const value = prefetch[key];
    if (value?.resourceType === 'Bundle') {
      const bundle = value as Bundle;
      const found = (bundle.entry ?? []).flatMap(({ resource }) => (resource?.resourceType === type ? [resource] : []));
      resources.push(...found.filter((one) => !isOurs(one)));
      if (!partial.has(key) && isWhole(bundle, mostOf(templates[key]))) {
        complete.push(type);
      }
    }
  }
  return seenIn(resources, complete);
}

/** As many as a template asks for at most; 0 where it does not say, and then nothing is known to be whole. */
function mostOf(template = ''): number {
  return Number(/[?&]_count=(\d+)/.exec(template)?.[1] ?? 0);
}

function isWhole({ entry = [], link = [], total }: Bundle, most: number): boolean {
  return (
    entry.length < most &&
    (total === undefined || total <= entry.length) &&
    !link.some((one) => one?.relation === 'next')
  );
}

/**
 * Accepted results stay as the person left them when their document is corrected. Nobody is to act on them without knowing:
 * one summary for each such report.
 */
export function acceptedButOutdated(outdated: readonly OutdatedResult[], topic: string): readonly Summary[] {
  return outdated.flatMap(({ result: { report, observations, task }, reason }): readonly Summary[] => {
    const accepted = observations.filter(({ status }) => status === 'final').length;
    if (accepted === 0 || report?.id === undefined) {
      return [];
    }
    const results = accepted === 1 ? '1 accepted result' : `${accepted} accepted results`;
    return [
      {
        topic,
        indicator: 'warning',
        headline: `${results} ${accepted === 1 ? 'comes' : 'come'} from ${happened[reason]}`,
        lines: [
          `A clinician had accepted ${accepted === 1 ? 'it' : 'them'} before. The chart still holds ${accepted === 1 ? 'it' : 'them'} as final; compare with what stands there now.`,
        ],
        sources: task.focus?.reference
          ? [{ label: 'Document or study that was read', reference: task.focus.reference }]
          : [],
        caveats: [],
        links: [{ label: 'Review what was accepted', url: `/review/${report.id}` }],
        suggestions: [],
        overrideReasons: [],
        basis: [`DiagnosticReport/${report.id}`],
      },
    ];
  });
}

const happened = {
  'subject-changed': 'an earlier version of a document that was corrected since',
  'subject-replaced': 'a document in whose place another one stands now',
  'subject-retracted': 'a document that its author has taken back',
  'subject-gone': 'a document that is no longer in this chart',
} as const;
