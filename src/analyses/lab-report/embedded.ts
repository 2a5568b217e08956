import type { Models } from '../../inference/model.ts';
import { type Abstention, abstain, type Reader } from '../analysis.ts';
import type { LabFinding } from './finding.ts';
import type { LabInput } from './input.ts';
import { readPages } from './read-pages.ts';
import { toFinding } from './results.ts';

const modelName = 'lab-token-roles';

/** Reads the pages by rules of layout, a small model that votes on what each token is, and the lab dictionary. */
export async function embeddedReader(models: Models): Promise<Reader<LabInput, LabFinding>> {
  const model = await models.tensor(modelName);
  return {
    id: 'embedded',
    version: `1-${model.version}`,
    models: [{ id: modelName, version: model.version }],
    async read(input, signal): Promise<LabFinding | Abstention> {
      const words = input.document.pages.reduce((sum, page) => sum + page.words.length, 0);
      if (words === 0) {
        return abstain('no-text', 'The document holds no text that could be read.');
      }
      return toFinding(await readPages(input.document.pages, model, 'both', signal, input.filed));
    },
  };
}
