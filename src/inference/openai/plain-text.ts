import type { ChatPart } from '../model.ts';

/**
 * What spells a control token of Gemma 3, an image's place in a llama-server prompt (`<__media__>`, `<__media_…__>`) or in
 * an Ollama prompt (`[img]`, `[img-0]`). These servers tokenise the whole prompt with control tokens on, and offer no way
 * to say that a part of it is plain.
 */
const control =
  /<(?=(?:bos|eos|pad|unk|mask|start_of_turn|end_of_turn|start_of_image|end_of_image|image_soft_token|unused\d+|__\w*__)>)|\[(?=(?:multimodal|@BOS@|img(?:-\d+)?)\])/g;

/**
 * The parts as they may be sent: a blank after the bracket of whatever spells a control token makes plain characters of it.
 * Texts that stand side by side are joined first, since the chat template does (trimmed, no separator), and two halves of a
 * control token must not meet there.
 */
export function plainParts(content: readonly ChatPart[]): readonly ChatPart[] {
  const parts: ChatPart[] = [];
  for (const part of content) {
    const before = parts.at(-1);
    if (part.type === 'text' && before?.type === 'text') {
      parts[parts.length - 1] = { type: 'text', text: before.text.trim() + part.text.trim() };
    } else {
      parts.push(part);
    }
  }
  return parts.map((part) =>
    part.type === 'text' ? { type: 'text', text: part.text.replace(control, (bracket) => `${bracket} `) } : part,
  );
}
