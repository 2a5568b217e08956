import type { Dialect } from '../../src/inference/openai/dialect.ts';
import { openOpenAiModel } from '../../src/inference/openai.ts';
import { withReplyCache } from '../../src/inference/reply-cache.ts';
import { type ChatModelUnderTest, chatModelContract } from '../contract/chat-model.ts';
import { type SentRequest, startOpenAiServer } from '../support/openai-server.ts';

const dialects: readonly Dialect[] = ['vllm', 'llama-server', 'ollama', 'vertex', 'openai'];

for (const dialect of dialects) {
  chatModelContract(`recorded ${dialect}`, () => make(dialect));
}

chatModelContract('a reply cache before it', async () => {
  const under = await make('vllm');
  return { ...under, model: withReplyCache(under.model, { maxEntries: 100, maxBytes: 1 << 20 }) };
});

async function make(dialect: Dialect): Promise<ChatModelUnderTest> {
  const server = await startOpenAiServer({
    dialect,
    reply: ({ text, schema }) => {
      if (schema) {
        return '{"name": "potassium", "count": 3}';
      }
      return text === 'Tell a story.' ? { text: story, pauseMs: dialect === 'vertex' ? 500 : 10 } : `You said: ${text}`;
    },
  });
  const model = await openOpenAiModel({ base: server.base, model: server.model, dialect, timeoutMs: 10_000 });
  return {
    model,
    constrains: dialect !== 'vertex',
    tokensPerImage: 256,
    long: { content: [{ type: 'text', text: 'Tell a story.' }], maxTokens: 1000 },
    seen: () => partsOf(server.requests.at(-1)!),
    after: () => server.close(),
  };
}

const story = Array.from({ length: 500 }, (_, index) => `Day ${index} passed.`).join(' ');

function partsOf({ body }: SentRequest): readonly string[] {
  const [message] = body.messages as { readonly content: readonly { text?: string; image_url?: { url: string } }[] }[];
  return message!.content.map((part) => part.text ?? part.image_url!.url);
}
