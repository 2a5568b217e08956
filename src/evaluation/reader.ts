import { type ActiveAnalysis, activate } from '../analyses/active.ts';
import { abstain, type Reader, type ReaderId } from '../analyses/analysis.ts';
import type { LabFinding } from '../analyses/lab-report/finding.ts';
import { labReport } from '../analyses/lab-report/index.ts';
import type { LabInput } from '../analyses/lab-report/input.ts';
import { type RoleSource, readPages } from '../analyses/lab-report/read-pages.ts';
import { toFinding } from '../analyses/lab-report/results.ts';
import type { Documents } from '../documents/documents.ts';
import type { Models } from '../inference/model.ts';

export interface ReadingChoice {
  readonly reader: ReaderId;
  /** Who decides what a token is. What is shipped: `both`. */
  readonly roles: RoleSource;
  /** What is shipped: on. */
  readonly guards: 'on' | 'off';
}

export const shipped: ReadingChoice = { reader: 'embedded', roles: 'both', guards: 'on' };

/**
 * The analysis as the product runs it: reader, schema, guards. A choice other than the shipped one replaces only the part
 * that it names. Throws what `activate` throws.
 */
export function openReading(
  documents: Pick<Documents, 'open' | 'render'>,
  models: Models,
  choice: ReadingChoice,
): Promise<ActiveAnalysis<LabInput, LabFinding>> {
  const analysis = labReport({ documents });
  return activate(
    {
      ...analysis,
      ...(choice.guards === 'on' ? {} : { guards: [] }),
      ...(choice.roles === 'both' ? {} : { readers: { embedded: (own: Models) => readerOfRoles(own, choice.roles) } }),
    },
    choice.reader,
    models,
  );
}

/** The embedded reader with one of its two voices. */
async function readerOfRoles(models: Models, roles: RoleSource): Promise<Reader<LabInput, LabFinding>> {
  const model = roles === 'rules' ? undefined : await models.tensor('lab-token-roles');
  return {
    id: 'embedded',
    version: `ablation-${roles}`,
    models: model ? [{ id: 'lab-token-roles', version: model.version }] : [],
    async read({ document: { pages }, filed }, signal) {
      return pages.some(({ words }) => words.length > 0)
        ? toFinding(await readPages(pages, model, roles, signal, filed))
        : abstain('no-text', 'The document holds no text that could be read.');
    },
  };
}
