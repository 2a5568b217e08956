import { expect, test } from '@jest/globals';
import { admitByReader } from '../../src/queue/admission.ts';
import { createMemoryLimits } from '../../src/queue/limits.ts';
import { pacedFetch } from '../../src/queue/paced-fetch.ts';
import { aJob } from '../contract/queue.ts';

const base = 'https://ehr.example.org/r4';

test('requests to the server are paced, those to another address are not, and a cancelled one is not sent', async () => {
  const limits = createMemoryLimits();
  const sent: { url: string; at: number }[] = [];
  const begun = performance.now();
  const send = pacedFetch(
    async (input) => {
      sent.push({ url: String(input), at: performance.now() - begun });
      return new Response('{}');
    },
    { limits, base, perSecond: 50 },
  );
  await Promise.all([
    ...Array.from({ length: 25 }, (_, at) => send(`${base}/Patient/${at}`)),
    ...Array.from({ length: 25 }, (_, at) => send(`https://files.example.org/${at}`)),
    ...Array.from({ length: 5 }, () => send(`${base}-other/Patient/1`)),
  ]);
  const to = (start: string) => sent.filter(({ url }) => url.startsWith(start)).map(({ at }) => at);
  // The twenty-fifth of fifty a second is due after 480 ms, less the burst of 200.
  expect(Math.max(...to(`${base}/`))).toBeGreaterThan(270);
  expect(to(`${base}/`)).toHaveLength(25);
  expect(Math.max(...to('https://files.'), ...to(`${base}-other`))).toBeLessThan(Math.max(...to(`${base}/`)));

  const cancelled = new AbortController();
  const before = sent.length;
  const late = send(`${base}/Patient/late`, { signal: cancelled.signal });
  cancelled.abort();
  await expect(late).rejects.toMatchObject({ name: 'AbortError' });
  expect(sent.length).toBe(before);
});

test('of the readers that ask a model so many jobs are admitted, of others all', async () => {
  const admit = admitByReader(createMemoryLimits(), 1, ['medgemma']);
  const asking = { ...aJob('a'), reader: 'medgemma' };
  const first = await admit(asking);
  expect(await admit({ ...asking, key: 'b' })).toEqual({ againMs: expect.any(Number) });
  expect(await admit(aJob('c'))).toHaveProperty('release');
  await ('release' in first && first.release());
  expect(await admit({ ...asking, key: 'b' })).toHaveProperty('release');
});
