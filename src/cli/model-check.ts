import { resolve } from 'node:path';
import { bench, benchTable } from '../inference/artefacts/bench.ts';
import { folderToRun, isFolder } from '../inference/artefacts/directory.ts';
import { listed, listedLine, megabytes } from '../inference/artefacts/listing.ts';
import { verify } from '../inference/artefacts/verify.ts';
import { openEngineOf } from '../models.ts';
import type { Ground } from './model-ground.ts';
import { createBar, type Output, untilInterrupted } from './terminal.ts';

export async function verifyModels(name: string, { directory }: Ground, output: Output): Promise<boolean> {
  const folders = (await isFolder(name)) ? [resolve(name)] : (await directory.find(name)).map((model) => model.folder);
  let right = true;
  await untilInterrupted(async (signal) => {
    for (const folder of folders) {
      const bar = createBar();
      const onProgress = ({ file, done, total }: { file: string; done: number; total: number }) =>
        bar.show(file, done / 1e6, total / 1e6);
      const result = await verify(folder, { onProgress, signal }).finally(() => bar.stop());
      const verdict = result.problems.length === 0 ? 'right' : 'NOT RIGHT';
      output.out(
        `${verdict}: ${[result.id, result.revision].filter(Boolean).join(' at ') || result.kind}, ${result.kind}, `,
      );
      output.out(`${result.files} files, ${megabytes(result.bytes)}, in ${folder}\n`);
      output.out(result.problems.map((problem) => `  ${problem}\n`).join(''));
      output.err(result.warnings.map((warning) => `warning: ${warning}\n`).join(''));
      if (result.problems.length > 0) {
        right = false;
      } else if (result.kind !== 'community') {
        await directory.recordVerified(folder, new Date().toISOString());
      }
    }
  });
  return right;
}

export async function listModels(
  options: { readonly json?: true },
  { config, directory }: Ground,
  output: Output,
): Promise<void> {
  const { verified } = await directory.records();
  const models = (await directory.list()).map((model) => listed(model, verified[model.folder]));
  // Address and name, never the key.
  const server = config.modelUrl
    ? { url: config.modelUrl, name: config.modelName, dialect: config.modelDialect }
    : null;
  if (options.json) {
    output.out(
      `${JSON.stringify({ directory: directory.path, models, server, configured: config.model || null }, null, 2)}\n`,
    );
    return;
  }
  output.out(`Models in ${directory.path}:${models.length === 0 ? ' none' : ''}\n`);
  output.out(models.map(listedLine).join(''));
  if (config.model) {
    output.out(`Configured to run here: ${config.model}\n`);
  }
  if (server) {
    output.out(`Configured server: ${server.name} at ${server.url} (${server.dialect})\n`);
  }
}

export async function benchModel(
  name: string,
  options: { readonly tokens: number; readonly json?: true },
  { config, directory }: Ground,
  output: Output,
): Promise<void> {
  const folder = await folderToRun(name, directory);
  await untilInterrupted(async (signal) => {
    const result = await bench(() => openEngineOf(folder, config), { tokens: options.tokens, signal });
    output.out(options.json ? '' : `${benchTable(result)}\n`);
    output.out(`${JSON.stringify(result, null, 2)}\n`);
  });
}
