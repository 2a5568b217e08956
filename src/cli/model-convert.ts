import { readdir, rename, rm } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { IntervalError } from '../errors.ts';
import { folderToConvert } from '../inference/artefacts/directory.ts';
import { healthAiTerms } from '../inference/artefacts/licence.ts';
import { bytesOf, megabytes } from '../inference/artefacts/listing.ts';
import { readManifest, readSource } from '../inference/artefacts/source.ts';
import { SERVICE_VERSION } from '../version.ts';
import type { Ground } from './model-ground.ts';
import { createBar, type Output, untilInterrupted } from './terminal.ts';

export async function convertFolder(
  name: string,
  options: {
    readonly to?: string;
    readonly weights: 'int4' | 'float32';
    readonly block: string;
    readonly vision: 'int8' | 'int4' | 'float32';
    readonly id?: string;
    readonly force?: true;
  },
  { directory }: Ground,
  output: Output,
): Promise<void> {
  const from = await folderToConvert(name, directory);
  const source = await readSource(from);
  const id = source?.id ?? options.id ?? `local/${basename(from)}`;
  const licence = source?.licence ?? (/medgemma/i.test(id) ? healthAiTerms : undefined);
  const { weights, vision } = options;
  const block = Number(options.block) as 32 | 64 | 128;
  const to = options.to ? resolve(options.to) : directory.convertedFolder(id, { weights, block, vision });
  if (resolve(to) === resolve(from)) {
    throw new IntervalError('config-invalid', 'A model cannot be converted into its own folder.');
  }
  const there = await readdir(to).catch(() => []);
  if (there.length > 0 && !(options.force && (await readManifest(to).catch(() => undefined)))) {
    throw new IntervalError(
      'config-invalid',
      `The folder ${to} is not empty${options.force ? ' and holds no converted model' : '; --force replaces a converted model'}.`,
    );
  }
  await untilInterrupted(async (signal) => {
    const { convertModel } = await import('../inference/convert/convert.ts');
    const bar = createBar();
    // Under its own name only when it is whole: what was interrupted is never taken for a model.
    const unfinished = `${to}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    const manifest = await convertModel({
      from,
      to: unfinished,
      weights,
      block,
      vision,
      id,
      source: { revision: source?.revision ?? 'local', files: source?.files ?? [] },
      ...(licence ? { licence: { name: licence.name, url: licence.url, notice: licence.notice } } : {}),
      version: SERVICE_VERSION,
      onProgress: ({ stage, done, total }) => bar.show(stage, done, total),
      signal,
    })
      .catch(async (error) => {
        await rm(unfinished, { recursive: true, force: true });
        throw error;
      })
      .finally(() => bar.stop());
    await rm(to, { recursive: true, force: true });
    await rename(unfinished, to);
    output.out(
      `${manifest.modified}\n${manifest.files.length} files, ${megabytes(bytesOf(manifest.files))}, in\n${to}\n`,
    );
    if (licence) {
      output.err(`${licence.notice}\n`);
    }
  });
}
