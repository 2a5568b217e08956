import { resolve } from 'node:path';
import { createHub } from '../inference/artefacts/hub.ts';
import { acceptLicence } from '../inference/artefacts/licence.ts';
import { bytesOf, megabytes } from '../inference/artefacts/listing.ts';
import { pull } from '../inference/artefacts/pull.ts';
import type { Ground } from './model-ground.ts';
import { ask, createBar, type Output, untilInterrupted } from './terminal.ts';

export const HUB = 'https://huggingface.co';

export async function pullModel(
  id: string,
  options: {
    readonly revision: string;
    readonly to?: string;
    readonly endpoint?: string;
    readonly acceptLicence?: true;
  },
  { directory }: Ground,
  output: Output,
): Promise<void> {
  const { env } = process;
  await untilInterrupted(async (signal) => {
    const bar = createBar();
    const { folder, record } = await pull(
      {
        id,
        revision: options.revision,
        folder: (revision) => (options.to ? resolve(options.to) : directory.sourceFolder(id, revision)),
        async accept(licence) {
          const { licences } = await directory.records();
          const how = await acceptLicence(licence, {
            accepted: licences.some((one) => one.model === id && one.url === licence.url),
            given: options.acceptLicence ?? false,
            show: output.err,
            ...(process.stdin.isTTY ? { ask: (question) => ask(question, signal) } : {}),
          });
          if (how === 'now') {
            const accepted = new Date().toISOString();
            await directory.recordLicence({ model: id, licence: licence.name, url: licence.url, accepted });
          }
        },
        onProgress: ({ file, done, total }) => bar.show(file, done / 1e6, total / 1e6),
      },
      {
        hub: createHub({
          endpoint: options.endpoint ?? (env.HF_ENDPOINT || HUB),
          token: env.HF_TOKEN || env.HUGGING_FACE_HUB_TOKEN,
          fetch,
          signal,
        }),
        clock: () => new Date(),
        signal,
      },
    ).finally(() => bar.stop());
    output.out(
      `${id} at ${record.revision}: ${record.files.length} files, ${megabytes(bytesOf(record.files))}, checked, in\n${folder}\n`,
    );
  });
}
