import { loadConfig } from '../config.ts';
import type { ModelsDirectory } from '../inference/artefacts/directory.ts';
import { modelsDirectory } from '../models.ts';
import type { Config } from '../settings.ts';

/** What every `interval model` command stands on. */
export interface Ground {
  readonly config: Config;
  readonly directory: ModelsDirectory;
}

export function openGround({ config: file }: { readonly config?: string }): Ground {
  // Models are got before a reader can be set to need one.
  const given = { labReportReader: 'embedded', chestXrayReader: 'embedded' };
  const config = loadConfig({ environment: process.env, file, given });
  return { config, directory: modelsDirectory(config) };
}
