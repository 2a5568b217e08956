import type { ChatModel, ChatReply, ChatRequest } from '../../src/inference/model.ts';

export interface ScriptedModel extends ChatModel {
  /** What was asked, in order. */
  readonly asked: readonly ChatRequest[];
}

/** A language model that says what it is told to; what is not said otherwise ends by itself. */
export function scriptedModel(
  say: (request: ChatRequest, index: number) => string | (Partial<ChatReply> & { readonly text: string }),
  version = 'a1b2c3',
): ScriptedModel {
  const asked: ChatRequest[] = [];
  return {
    kind: 'chat',
    id: 'google/medgemma-1.5-4b-it',
    version,
    asked,
    async generate(request) {
      asked.push(request);
      const said = say(request, asked.length - 1);
      return {
        finish: 'stop',
        tokens: { prompt: 300, completion: 100 },
        ...(typeof said === 'string' ? { text: said } : said),
      };
    },
    async close() {},
  };
}

/** The text that goes with a request. */
export function textOf({ content }: ChatRequest): string {
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}
