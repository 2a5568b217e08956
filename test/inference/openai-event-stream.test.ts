import { expect, test } from '@jest/globals';
import { eventsOf } from '../../src/inference/openai/event-stream.ts';

async function* inParts(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}

test.each([1, 2, 3, 7, 1000])('the same events, however the bytes are cut (%i)', async (size) => {
  const text = ': ping\n\ndata: {"a":\ndata: "naïve – ☃"}\r\n\r\nevent: x\nid: 4\ndata:two\n\n\n\ndata: [DONE]';
  const events: string[] = [];
  for await (const event of eventsOf(inParts(text, size))) {
    events.push(event);
  }
  expect(events).toEqual(['{"a":\n"naïve – ☃"}', 'two', '[DONE]']);
});
