import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bfloat16, type NamedTensor, safetensors } from './safetensors.ts';
import { configOf, preprocessorOf, type TinyGemmaShape, tinyShape } from './shape.ts';
import { specialTokensMap, tokenizerConfig, tokenizerJson } from './tokenizer.ts';
import { ids } from './vocabulary.ts';
import { tensorPlans, tensorValues } from './weights.ts';

export interface TinyGemmaOptions {
  readonly seed?: number;
  /** Both hold the same values; the published checkpoints are bfloat16. */
  readonly dtype?: 'float32' | 'bfloat16';
  /** Names of the tensors and keys of config.json: `legacy` as in the published checkpoints, `current` as in newer Transformers. */
  readonly naming?: 'legacy' | 'current';
  readonly shape?: Partial<TinyGemmaShape>;
}

/** Writes a Hugging Face folder of a small random Gemma 3 with images: MedGemma 1.5 4B's architecture, no knowledge. */
export function writeTinyGemma(directory: string, options: TinyGemmaOptions = {}): void {
  const { seed = 8, dtype = 'float32', naming = 'legacy' } = options;
  const shape = { ...tinyShape, ...options.shape };
  const writeJson = (name: string, value: unknown) =>
    writeFileSync(join(directory, name), `${JSON.stringify(value, null, 2)}\n`);

  mkdirSync(directory, { recursive: true });
  writeJson('config.json', configOf(shape, dtype, naming));
  writeJson('generation_config.json', {
    bos_token_id: ids.bos,
    cache_implementation: 'hybrid',
    do_sample: true,
    eos_token_id: [ids.eos, ids.endOfTurn],
    pad_token_id: ids.pad,
    top_k: 64,
    top_p: 0.95,
    transformers_version: '4.50.0',
  });
  writeJson('preprocessor_config.json', preprocessorOf(shape));
  writeJson('processor_config.json', { image_seq_length: shape.tokensPerImage, processor_class: 'Gemma3Processor' });
  writeJson('tokenizer.json', tokenizerJson());
  writeJson('tokenizer_config.json', tokenizerConfig());
  writeJson('special_tokens_map.json', specialTokensMap());
  copyFileSync(new URL('chat-template.jinja', import.meta.url), join(directory, 'chat_template.jinja'));

  const tensors = tensorPlans(shape).map((plan): NamedTensor => {
    const values = tensorValues(plan, seed);
    const bytes = dtype === 'bfloat16' ? bfloat16(values) : new Uint8Array(values.buffer);
    return { name: naming === 'legacy' ? plan.name : currentName(plan.name), shape: plan.shape, bytes };
  });
  writeShards(tensors, dtype === 'bfloat16' ? 'BF16' : 'F32');

  /** Two files and their index; the second begins within the language model. */
  function writeShards(all: readonly NamedTensor[], format: 'F32' | 'BF16'): void {
    const cut = Math.floor(all.length / 3);
    const shards = [all.slice(0, cut), all.slice(cut)];
    const fileName = (index: number) => `model-0000${index + 1}-of-00002.safetensors`;
    shards.forEach((shard, index) => {
      writeFileSync(join(directory, fileName(index)), safetensors(shard, format));
    });
    writeJson('model.safetensors.index.json', {
      metadata: { total_size: all.reduce((sum, { bytes }) => sum + bytes.length, 0) },
      weight_map: Object.fromEntries(
        shards.flatMap((shard, index) => shard.map(({ name }) => [name, fileName(index)])),
      ),
    });
  }
}

function currentName(name: string): string {
  return `model.${name.replace(/^language_model\.model\./, 'language_model.')}`;
}

const [program, directory] = process.argv.slice(1);
if (program === import.meta.filename && directory) writeTinyGemma(directory);
