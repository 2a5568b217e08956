import { afterEach, expect, test } from '@jest/globals';
import type { AuditEvent, Communication, Observation, Provenance } from '@medplum/fhirtypes';
import { factsOf } from '../../src/fhir/feedback.ts';
import { validateForWrite } from '../../src/fhir/validate.ts';
import { judgeOnPage } from '../../src/services/page-judgement.ts';
import { type JudgedWorld, judgedWorld, writeReading } from './judged-world.ts';

let world: JudgedWorld;
afterEach(() => world?.close());

async function judge(verdict: 'accept' | 'reject', of: readonly Observation[]) {
  const answer = await judgeOnPage(world.world, world.keeping, {
    report: world.report,
    verdict,
    observations: of.map(({ id, meta }) => ({ id: id as string, version: meta?.versionId })),
    requestId: 'r1',
    signal: AbortSignal.timeout(5000),
  });
  await world.keeping.background.idle();
  return answer;
}
const observations = () => world.all<Observation>('Observation');
const byName = (all: readonly Observation[], name: string) => all.find(({ code }) => code?.text === name)!;

test('one result accepted, one rejected: each as it was judged, the report when nothing is left', async () => {
  world = await judgedWorld();
  const all = await observations();
  expect(await judge('accept', [byName(all, 'potassium')])).toEqual({ changed: 1, left: 0 });
  const [report] = await world.all('DiagnosticReport');
  expect((report as { status?: string }).status).toBe('preliminary');
  expect(await judge('reject', [byName(all, 'sodium')])).toEqual({ changed: 1, left: 0 });
  expect(await judge('accept', [byName(all, 'chloride')])).toEqual({ changed: 1, left: 0 });
  expect((await observations()).map(({ code, status }) => `${code?.text} ${status}`).sort()).toEqual([
    'chloride final',
    'potassium final',
    'sodium entered-in-error',
  ]);
  const [settled] = await world.all('DiagnosticReport');
  expect((settled as { status?: string }).status).toBe('final');
});

test('who judged is not known, and nobody is made up', async () => {
  world = await judgedWorld();
  await judge('accept', await observations());
  const verified = (await world.all<Provenance>('Provenance')).find(({ agent }) =>
    agent.some(({ type }) => type?.coding?.[0]?.code === 'verifier'),
  );
  validateForWrite(verified!);
  expect(verified?.agent[0]?.who).toEqual({ display: 'Person at the review page, which knows no sign-in' });
  const [kept] = await world.all<Communication>('Communication');
  expect(kept?.sender).toBeUndefined();
  expect(factsOf(kept!)).toMatchObject({ outcome: 'accepted', service: 'review-page', card: undefined });
  expect(factsOf(kept!).readers).toEqual(['Interval lab-report reader (embedded)']);
  const updates = (await world.all<AuditEvent>('AuditEvent')).filter(({ action }) => action === 'U');
  expect(updates).toHaveLength(1);
});

test('a second click changes nothing and is not counted again', async () => {
  world = await judgedWorld();
  const all = await observations();
  await judge('accept', all);
  expect(await judge('accept', all)).toEqual({ changed: 0, left: 0 });
  expect(await judge('reject', all)).toEqual({ changed: 0, left: 3 });
  expect(await world.all('Communication')).toHaveLength(1);
});

test('what changed since the page was loaded is left, and said', async () => {
  world = await judgedWorld();
  const all = await observations();
  await writeReading(world.world.servers, { potassium: 6.7 });
  expect(await judge('accept', all)).toEqual({ changed: 2, left: 1 });
});
