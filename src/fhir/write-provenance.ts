import type { Provenance } from '@medplum/fhirtypes';
import { identifierSystem } from './codes.ts';
import { inputOfProvenance } from './provenance.ts';
import { parseReference } from './references.ts';
import { conditionalQuery } from './result-key.ts';
import { validateForWrite } from './validate.ts';
import { isConflict, type Target } from './write.ts';

/** Targets that one search or one conditional create names; a query grows by about fifty characters each. */
const most = 20;

/**
 * Writes the Provenance of those targets that have none yet. R4 Provenance has no identifier: the same activity by the
 * same agent on the same input is the same Provenance.
 */
export async function ensureProvenance(target: Target, wanted: Provenance, targets: readonly string[]): Promise<void> {
  for (let attempt = 1; targets.length > 0; attempt++) {
    try {
      return await writeMissing(target, wanted, targets);
    } catch (error) {
      // HAPI answers 409 while another process writes the same one: look again.
      if (attempt >= 3 || !isConflict(error)) {
        throw error;
      }
    }
  }
}

async function writeMissing(target: Target, wanted: Provenance, targets: readonly string[]): Promise<void> {
  // A withdrawal counts whoever made it; a reading is told apart by its reader and its input.
  const withdrawn = activityOf(wanted) === 'NULLIFY';
  const agent = withdrawn ? undefined : wanted.agent[0]?.who?.reference;
  const byAgent: readonly (readonly [string, string])[] = agent === undefined ? [] : [['agent', agent]];
  const existing: Provenance[] = [];
  for (let start = 0; start < targets.length; start += most) {
    const query = {
      target: targets.slice(start, start + most).join(','),
      ...Object.fromEntries(byAgent),
      _count: '200',
    };
    existing.push(...(await target.client.search<Provenance>('Provenance', query, target.call)));
  }
  const covered = new Set(
    existing
      .filter((one) => activityOf(one) === activityOf(wanted) && entitiesOf(one) === entitiesOf(wanted))
      .filter((one) => inputOfProvenance(one) === inputOfProvenance(wanted))
      .flatMap(targetsOf),
  );
  const uncovered = targets.filter((reference) => !covered.has(reference));
  if (uncovered.length === 0) {
    return;
  }
  const byReference = new Map(wanted.target.map((one) => [one.reference, one]));
  const provenance: Provenance = {
    ...wanted,
    target: uncovered.map((reference) => byReference.get(reference) ?? { reference }),
  };
  validateForWrite(provenance);
  if (target.capability === 'conditional' && existing.length === 0) {
    const named = uncovered.slice(0, most).map((reference) => ['target', reference] as const);
    await target.client.createIfNoneExist(provenance, conditionalQuery([...named, ...byAgent]), target.call);
    return;
  }
  await target.client.create(provenance, target.call);
}

function activityOf(provenance: Provenance): string | undefined {
  return provenance.activity?.coding?.[0]?.code;
}

/** Bytes that were read, and reports that were revised; a withdrawal is the same whatever it rests on. */
function entitiesOf(provenance: Provenance): string {
  const known: readonly (string | undefined)[] = [identifierSystem.sha256, identifierSystem.result];
  return activityOf(provenance) === 'NULLIFY'
    ? ''
    : (provenance.entity ?? [])
        .map((entity) => entity.what?.identifier)
        .flatMap((identifier) => (known.includes(identifier?.system) ? (identifier?.value ?? '') : []))
        .sort()
        .join();
}

function targetsOf(provenance: Provenance): readonly string[] {
  return provenance.target.flatMap((one) => {
    const parsed = parseReference(one.reference);
    return parsed === undefined ? [] : `${parsed.type}/${parsed.id}`;
  });
}
