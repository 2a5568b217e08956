import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../src/config.ts';
import type { ChatRequest } from '../src/inference/model.ts';
import { createModels } from '../src/models.ts';
import { pacs } from '../src/pacs.ts';
import { startDicomWebStub } from './support/dicomweb-stub.ts';
import { film } from './support/film.ts';
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

describe('the PACS from the settings', () => {
  const bearer = (token: string) => `Bearer ${token}`;

  /** Grants token-1, token-2, … and records how it was asked. */
  async function tokenEndpoint(status = 200) {
    const asked: { readonly authorization: string | undefined; readonly body: string }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) {
        body += chunk;
      }
      asked.push({ authorization: request.headers.authorization, body });
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ access_token: `token-${asked.length}`, expires_in: 3600 }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      asked,
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
      close: () => new Promise((resolve) => server.close(resolve)),
    };
  }

  const open = (pacsUrl: string, more: Record<string, string>) =>
    pacs(loadConfig({ environment: { INTERVAL_PACS_URL: pacsUrl, ...more } }))()!;

  test('basic and bearer as they are set', async () => {
    for (const authorization of ['Basic YTpi', bearer('fixed')]) {
      const stub = await startDicomWebStub([film(1)], { authorization });
      const web = open(stub.base, { INTERVAL_PACS_AUTHORIZATION: authorization });
      expect(await web.retrieveSeries('2.25.1', '2.25.2', {})).toHaveLength(1);
      await stub.close();
    }
  });

  test('client credentials: one token for many requests, renewed when it is refused', async () => {
    const tokens = await tokenEndpoint();
    const stub = await startDicomWebStub([film(1)], { authorization: bearer('token-2') });
    const secret = { INTERVAL_PACS_CLIENT_ID: 'interval', INTERVAL_PACS_CLIENT_SECRET: 'hunter2' };
    const web = open(stub.base, { INTERVAL_PACS_TOKEN_URL: tokens.url, ...secret });
    expect(await web.retrieveSeries('2.25.1', '2.25.2', {})).toHaveLength(1);
    expect(await web.searchSeries('2.25.1')).toHaveLength(1);
    expect(tokens.asked).toHaveLength(2);
    expect(tokens.asked[0]).toEqual({
      authorization: `Basic ${Buffer.from('interval:hunter2').toString('base64')}`,
      body: 'grant_type=client_credentials',
    });
    await Promise.all([stub.close(), tokens.close()]);
  });

  test('a token endpoint that refuses, or is not there, is the PACS refusing or not being there', async () => {
    const tokens = await tokenEndpoint(401);
    const stub = await startDicomWebStub([film(1)]);
    const refused = open(stub.base, { INTERVAL_PACS_TOKEN_URL: tokens.url });
    await expect(refused.searchSeries('2.25.1')).rejects.toMatchObject({ code: 'dicomweb-unauthorized' });
    await tokens.close();
    const gone = open(stub.base, { INTERVAL_PACS_TOKEN_URL: tokens.url });
    await expect(gone.searchSeries('2.25.1')).rejects.toMatchObject({ code: 'dicomweb-unavailable', retry: true });
    expect(stub.requests).toEqual([]);
    await stub.close();
  });

  test('a header and a token endpoint at once are refused', () => {
    expect(() =>
      open('https://pacs.example', {
        INTERVAL_PACS_AUTHORIZATION: 'Basic YTpi',
        INTERVAL_PACS_TOKEN_URL: 'https://login.example/token',
      }),
    ).toThrow(expect.objectContaining({ code: 'config-invalid', message: expect.not.stringContaining('YTpi') }));
  });
});
