import type { Device, Provenance, ProvenanceEntity, Reference } from '@medplum/fhirtypes';
import { aiTransparency } from './ai-transparency.ts';
import { aiAsserted, codeSystem, identifierSystem, profile } from './codes.ts';
import type { InputDraft, ResultDraft } from './result-draft.ts';

export interface ProvenanceParts {
  readonly draft: ResultDraft;
  /** ISO instant. */
  readonly now: string;
  readonly organization: { readonly reference?: string; readonly display?: string };
  readonly author: Reference<Device>;
  readonly targets: readonly Reference<never>[];
}

/** Which reader made these resources, from which bytes, on whose behalf (AI-Provenance, US Core provenance-1). */
export function completeProvenance(parts: ProvenanceParts): Provenance {
  const prompts = parts.draft.reader.prompts ?? [];
  return {
    resourceType: 'Provenance',
    meta: { profile: [profile.provenance], security: [aiAsserted] },
    target: [...parts.targets],
    recorded: parts.now,
    // R4: the "policy or plan the activity was defined by": what was to be read, and what a model was asked.
    ...policies(
      parts.draft.inputKey,
      prompts.map(({ id, version }) => `urn:interval:prompt:${id}:${version}`),
    ),
    reason: [{ coding: [aiAsserted] }],
    activity: { coding: [{ system: codeSystem.lifecycle, code: 'transform' }] },
    agent: [
      {
        // R4: an assembler is "a device that … extracts existing data"; what judges pictures performs.
        type: { coding: [{ system: codeSystem.provenanceParticipant, code: participation(parts.draft) }] },
        role: [{ coding: [aiTransparency.deviceType] }],
        who: parts.author,
        onBehalfOf: { ...parts.organization },
      },
    ],
    ...(parts.draft.inputs.length === 0 ? {} : { entity: parts.draft.inputs.map(toEntity) }),
  };
}

const INPUT = 'urn:interval:input:';

function policies(inputKey: string | undefined, others: readonly string[]): { policy?: string[] } {
  const policy = [...(inputKey === undefined ? [] : [`${INPUT}${inputKey}`]), ...others];
  return policy.length === 0 ? {} : { policy };
}

/** Key of the input whose results a Provenance is about. */
export function inputOfProvenance({ policy }: Provenance): string | undefined {
  return policy?.find((one) => one.startsWith(INPUT))?.slice(INPUT.length);
}

/**
 * A job withdrew what an earlier one had written and it did not confirm. `made` is the Provenance of the later job,
 * `inputKey` is of the earlier one.
 */
export function withdrawalProvenance(made: Provenance, inputKey: string | undefined): Provenance {
  const { policy = [], ...rest } = made;
  return {
    ...rest,
    ...policies(
      inputKey,
      policy.filter((one) => !one.startsWith(INPUT)),
    ),
    activity: { coding: [{ system: codeSystem.dataOperation, code: 'NULLIFY' }] },
  };
}

/** What stands behind a withdrawal for which nothing was read. */
export interface WithdrawalParts {
  /** Key of the input whose results are withdrawn. */
  readonly inputKey: string | undefined;
  readonly reason: string;
  /** Of the subject that does not stand any more, as the server refers to it. */
  readonly subject: string;
  /** ISO instant. */
  readonly now: string;
  readonly organization: { readonly reference?: string; readonly display?: string };
  readonly author: Reference<Device>;
}

/** Results became entered-in-error because what they were read from changed, was retracted or is gone. */
export function staleProvenance(parts: WithdrawalParts): Provenance {
  return {
    ...lifecycleProvenance(parts),
    reason: [{ coding: [aiAsserted] }, { coding: [{ system: codeSystem.abstention, code: parts.reason }] }],
    activity: { coding: [{ system: codeSystem.dataOperation, code: 'NULLIFY' }] },
    entity: [{ role: 'source', what: { reference: parts.subject } }],
  };
}

/** The report of a job that read a newer version is a revision of the reports of the older ones. */
export function revisionProvenance(
  parts: Omit<WithdrawalParts, 'reason' | 'subject'>,
  older: readonly Reference<never>[],
): Provenance {
  return {
    ...lifecycleProvenance(parts),
    activity: { coding: [{ system: codeSystem.dataOperation, code: 'UPDATE' }] },
    entity: older.map((what) => ({ role: 'revision', what })),
  };
}

function lifecycleProvenance(parts: Pick<WithdrawalParts, 'inputKey' | 'now' | 'author' | 'organization'>): Provenance {
  const { inputKey, now, author, organization } = parts;
  return {
    resourceType: 'Provenance',
    meta: { profile: [profile.provenance], security: [aiAsserted] },
    target: [],
    recorded: now,
    ...policies(inputKey, []),
    reason: [{ coding: [aiAsserted] }],
    agent: [
      {
        type: { coding: [{ system: codeSystem.provenanceParticipant, code: 'assembler' }] },
        role: [{ coding: [aiTransparency.deviceType] }],
        who: author,
        onBehalfOf: { ...organization },
      },
    ],
  };
}

function participation(draft: ResultDraft): 'assembler' | 'performer' {
  const images = [draft.subject, ...draft.inputs.map((input) => input.reference)].some((reference) =>
    /(^|\/)ImagingStudy\//.test(reference ?? ''),
  );
  return images ? 'performer' : 'assembler';
}

function toEntity(input: InputDraft): ProvenanceEntity {
  return {
    role: 'source',
    what: {
      ...(input.reference === undefined ? {} : { reference: input.reference }),
      ...(input.sha256 === undefined
        ? {}
        : { identifier: { system: identifierSystem.sha256, value: input.sha256.toLowerCase() } }),
      display: input.display ?? 'Input as it was read',
    },
  };
}
