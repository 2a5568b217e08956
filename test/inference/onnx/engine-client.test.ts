import { cpSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ChatModel, ChatRequest } from '../../../src/inference/model.ts';
import { type EngineClientOptions, openEngine } from '../../../src/inference/onnx/engine-client.ts';
import { chatModelContract } from '../../contract/chat-model.ts';
import { childrenOf } from '../../support/processes.ts';
import { convertTiny, temporaryFolder } from './tiny-model.ts';

let folder: string;
beforeAll(async () => {
  folder = (await convertTiny()).folder;
});

const long: ChatRequest = { content: [{ type: 'text', text: 'word '.repeat(300) }], maxTokens: 1500 };
const short: ChatRequest = { content: [{ type: 'text', text: 'Hello' }], maxTokens: 3 };
const opened: ChatModel[] = [];
const open = (more: Partial<EngineClientOptions> = {}) => {
  const model = openEngine({ folder, threads: 1, contextLength: 4096, ...more });
  opened.push(model);
  return model;
};

chatModelContract('onnxruntime in a process of its own', async () => ({
  model: open(),
  constrains: true,
  tokensPerImage: 16,
  long,
}));

describe('the process of the engine', () => {
  afterEach(async () => {
    for (const model of opened.splice(0)) await model.close();
  });

  test('killed in the middle of a reply: that reply is lost, the next one starts another', async () => {
    const model = open();
    const before = await model.generate(short);
    const reply = model.generate(long).catch((error) => error);
    const waiting = model.generate(short);
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (const pid of children()) process.kill(pid, 'SIGKILL');
    expect(await reply).toMatchObject({ code: 'engine-lost', retry: true });
    expect(await waiting).toEqual(before);
    expect(await model.generate(short)).toEqual(before);
  });

  test('the loop of this process never waits for it', async () => {
    const model = open();
    await model.generate(short);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    const begun = performance.now();
    const before = process.cpuUsage();
    await model.generate({ ...long, maxTokens: 60 });
    const { user, system } = process.cpuUsage(before);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
    // Of the processor, not of the clock: other tests may keep this process from its core.
    expect((user + system) / 1000).toBeLessThan((performance.now() - begun) / 2);
  });

  test('a cancelled step that does not end is ended, and the next reply comes from another process', async () => {
    const model = open({ cancelMs: 100 });
    const before = await model.generate(short);
    const [stuck] = children();
    const controller = new AbortController();
    const reply = model.generate(long, controller.signal);
    process.kill(stuck!, 'SIGSTOP');
    controller.abort();
    await expect(reply).rejects.toMatchObject({ code: 'cancelled' });
    expect(await model.generate(short)).toEqual(before);
    expect(children()).not.toContain(stuck);
  });

  test('closed in the middle of a reply, it is gone', async () => {
    const model = open();
    await model.generate(short);
    expect(children()).toHaveLength(1);
    const replies = [model.generate(long), model.generate(short)].map((reply) => reply.catch((error) => error));
    await model.close();
    expect(children()).toEqual([]);
    for (const reply of replies) expect(await reply).toMatchObject({ code: 'cancelled' });
  });

  test('a folder without a model is refused at once; a damaged one with the first request', async () => {
    expect(() => openEngine({ folder: temporaryFolder() })).toThrow(expect.objectContaining({ code: 'model-invalid' }));
    const damaged = join(temporaryFolder(), 'model');
    cpSync(folder, damaged, { recursive: true });
    truncateSync(join(damaged, 'decoder.onnx'), 100);
    const model = openEngine({ folder: damaged, threads: 1 });
    opened.push(model);
    await expect(model.generate(short)).rejects.toMatchObject({ code: 'model-invalid' });
  });
});

const children = () => childrenOf(process.pid, 'engine-process');
