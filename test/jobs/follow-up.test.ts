import { expect, test } from '@jest/globals';
import { createFollowUp } from '../../src/jobs/follow-up.ts';
import type { Job } from '../../src/queue/queue.ts';

const job = (key: string, version = '1'): Job => ({
  key,
  analysis: 'lab-report',
  reader: 'embedded',
  patient: 'Patient/p1',
  subject: { reference: 'DiagnosticReport/r1', version },
  companions: [],
});

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 5000; !holds() && Date.now() < end; await new Promise((next) => setTimeout(next, 5)));
}

test('the patient is looked at again a few times for the same job, each time for another, never after a withdrawal', async () => {
  const asked: string[] = [];
  const follow = createFollowUp({
    again: async (patient) => asked.push(patient),
    onError: () => undefined,
    delaysMs: [1, 1],
  });
  follow.cancelled(job('withdraws', 'withdraw:1'));
  follow.cancelled(job('a'));
  follow.cancelled(job('b'));
  await until(() => asked.length === 1);
  follow.cancelled(job('a'));
  await until(() => asked.length === 2);
  follow.cancelled(job('a'));
  follow.cancelled(job('c'));
  await until(() => asked.length === 3);
  expect(asked).toEqual(['p1', 'p1', 'p1']);
  follow.close();
});

test('what fails is told, and what waits ends with the service', async () => {
  const errors: unknown[] = [];
  const follow = createFollowUp({
    again: () => Promise.reject(new Error('No answer.')),
    onError: (error) => errors.push(error),
    delaysMs: [1, 100_000],
  });
  follow.cancelled(job('a'));
  await until(() => errors.length === 1);
  expect(errors).toHaveLength(1);
  follow.cancelled(job('a'));
  follow.close();
});
