import { afterEach, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../src/config.ts';
import type { ChatRequest } from '../src/inference/model.ts';
import { createModels } from '../src/parts.ts';
import { type OpenAiServer, startOpenAiServer } from './support/openai-server.ts';

let server: OpenAiServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const settings = (more: Record<string, string> = {}) =>
  loadConfig({
    environment: {
      INTERVAL_LAB_REPORT_READER: 'medgemma',
      INTERVAL_MODEL_URL: server!.base,
      INTERVAL_MODEL_NAME: server!.model,
      ...more,
    },
  });
const request: ChatRequest = { content: [{ type: 'text', text: 'What is printed here?' }], maxTokens: 20 };

describe('models from the settings', () => {
  test('there is no language model, and none is asked for, where no reader needs one', async () => {
    server = await startOpenAiServer();
    const models = await createModels(settings({ INTERVAL_LAB_REPORT_READER: 'embedded' }));
    expect(models.chat).toBeUndefined();
    expect(server.paths()).toEqual([]);
    await models.close();
  });

  test('the same question of the same source is asked once; what is kept is its own', async () => {
    server = await startOpenAiServer();
    const sources = ['https://one.example/fhir', 'https://two.example/fhir'];
    for (const source of sources) {
      const models = await createModels(settings({ INTERVAL_SOURCE_URL: source }));
      await models.chat!.generate(request);
      await models.chat!.generate(request);
      await models.close();
    }
    expect(server.requests).toHaveLength(2);
    // vLLM keeps prefixes by this salt; see src/inference/openai/request-body.ts.
    const salts = server.requests.map(({ body }) => (body as { cache_salt?: string }).cache_salt);
    expect(salts[0]).toEqual(expect.any(String));
    expect(salts[0]).not.toBe(salts[1]);
  });

  test('a key that cannot be read, and one that is wrong', async () => {
    server = await startOpenAiServer({ key: 'hunter2' });
    await expect(createModels(settings({ INTERVAL_MODEL_KEY_FILE: '/nowhere/key' }))).rejects.toEqual(
      expect.objectContaining({ code: 'model-unauthorized', message: expect.stringContaining('modelKeyFile') }),
    );
    await expect(createModels(settings({ INTERVAL_MODEL_KEY: 'hunter3' }))).rejects.toEqual(
      expect.objectContaining({ code: 'model-unauthorized', message: expect.not.stringContaining('hunter3') }),
    );
  });
});
