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
    // R4: the "policy or plan the activity was defined by", which is what a prompt is to a model.
    ...(prompts.length === 0
      ? {}
      : { policy: prompts.map(({ id, version }) => `urn:interval:prompt:${id}:${version}`) }),
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

/** A job withdrew what an earlier one had written and it did not confirm. `made` is the Provenance of the later job. */
export function withdrawalProvenance(made: Provenance): Provenance {
  return { ...made, activity: { coding: [{ system: codeSystem.dataOperation, code: 'NULLIFY' }] } };
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
