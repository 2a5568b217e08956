import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from '@huggingface/jinja';
import { IntervalError } from '../../errors.ts';
import type { Tokenizer } from './tokenizer.ts';

/** A part of one user turn: text as somebody wrote it, or the place of the next image. */
export type PromptPart = { readonly type: 'text'; readonly text: string } | { readonly type: 'image' };

export interface Prompt {
  readonly ids: readonly number[];
  /** For each id the number of the image that it stands for, −1 for text. */
  readonly images: Int32Array;
}

export interface PromptWriter {
  /**
   * Texts of the turn are trimmed, as Gemma's template does.
   * @param system What stands before the turn; none of the readers sends any (technical report, appendix B).
   */
  write(parts: readonly PromptPart[], system?: string): Prompt;
}

/** Characters of a private area stand for what callers give while the template is filled in. */
const FIRST_MARK = 0xf0000;

/**
 * The model's own chat template (chat_template.jinja, or in the tokenizer's configuration) and its expansion of images
 * (Transformers, `Gemma3Processor`). The template is filled with marks, split at its control tokens, and only then are
 * the texts put in: they can neither close a turn nor bring an image.
 * @param tokensPerImage Number of tokens that one image takes.
 */
export function createPromptWriter(folder: string, tokenizer: Tokenizer, tokensPerImage: number): PromptWriter {
  const template = new Template(templateOf(folder));
  const begin = tokenizer.control('<start_of_image>');
  const end = tokenizer.control('<end_of_image>');
  const soft = tokenizer.control('<image_soft_token>');
  const spellings = [...tokenizer.controls.keys()].sort((one, other) => other.length - one.length);
  const control = new RegExp(`(${spellings.map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'u');

  return {
    write(parts, system) {
      const texts: string[] = [];
      const mark = (text: string) => String.fromCodePoint(FIRST_MARK + texts.push(text) - 1);
      const filled = template.render({
        bos_token: '<bos>',
        eos_token: '<eos>',
        add_generation_prompt: true,
        messages: [
          ...(system === undefined ? [] : [{ role: 'system', content: [{ type: 'text', text: mark(system) }] }]),
          {
            role: 'user',
            content: parts.map((part) =>
              part.type === 'image' ? { type: 'image' } : { type: 'text', text: mark(part.text.trim()) },
            ),
          },
        ],
      });
      const ids: number[] = [];
      const images: number[] = [];
      const push = (more: readonly number[], image = -1) => {
        for (const id of more) {
          ids.push(id);
          images.push(image);
        }
      };
      let text = '';
      let count = 0;
      const flush = () => {
        const whole = text.replace(/[\u{F0000}-\u{FFFFD}]/gu, (one) => texts[one.codePointAt(0)! - FIRST_MARK] ?? one);
        push(tokenizer.encode(whole));
        text = '';
      };
      for (const piece of filled.split(control)) {
        const id = tokenizer.controls.get(piece);
        if (id === undefined) {
          text += piece;
        } else if (id === begin) {
          text += '\n\n';
          flush();
          push([begin]);
          push(new Array(tokensPerImage).fill(soft), count++);
          push([end]);
          text = '\n\n';
        } else {
          flush();
          push([id]);
        }
      }
      flush();
      return { ids, images: Int32Array.from(images) };
    },
  };
}

function templateOf(folder: string): string {
  const path = (name: string) => join(folder, name);
  if (existsSync(path('chat_template.jinja'))) {
    return readFileSync(path('chat_template.jinja'), 'utf8');
  }
  for (const name of ['chat_template.json', 'tokenizer_config.json']) {
    const { chat_template: template } = existsSync(path(name))
      ? (JSON.parse(readFileSync(path(name), 'utf8')) as { chat_template?: unknown })
      : {};
    if (typeof template === 'string') return template;
  }
  throw new IntervalError('model-invalid', 'The model has no chat template.');
}
