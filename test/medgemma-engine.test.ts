import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, Resource, Task } from '@medplum/fhirtypes';
import { convertTiny } from './inference/onnx/tiny-model.ts';
import { childrenOf, eventually, isRunning } from './support/processes.ts';
import { type Started, startService } from './support/service.ts';

/**
 * The service with medgemma readers and a model in process, whose weights are random: it answers every question, and
 * nothing that it says may be believed. Its process is lost, and its worker, while they work.
 */
let model: string;
beforeAll(async () => {
  model = (await convertTiny()).folder;
}, 120_000);

const start = (until: string, environment: Record<string, string> = {}) =>
  startService(until, {
    INTERVAL_MODEL: model,
    INTERVAL_MODEL_THREADS: '1',
    INTERVAL_LAB_REPORT_READER: 'medgemma',
    INTERVAL_CHEST_XRAY_READER: 'medgemma',
    ...environment,
  });

interface Line {
  readonly msg: string;
  readonly job?: string;
  readonly code?: string;
  readonly outcome?: string;
}

const linesOf = ({ lines }: Started) => lines.map((line) => JSON.parse(line) as Line);
const line = (service: Started, msg: string, more: Partial<Line> = {}) =>
  eventually(`${msg} ${JSON.stringify(more)}`, () =>
    linesOf(service).find((one) =>
      Object.entries({ ...more, msg }).every(([key, value]) => one[key as keyof Line] === value),
    ),
  );
const workerOf = ({ child }: Started) => eventually('a worker', () => childrenOf(child.pid!, 'worker.ts').at(0));
const engineOf = async (service: Started) => {
  const worker = await workerOf(service);
  return eventually('an engine', () => childrenOf(worker, 'engine-process').at(0));
};
const search = async <T extends Resource>({ base }: Started, query: string): Promise<readonly T[]> => {
  const bundle = (await (await fetch(`${base}/fhir/R4/${query}`)).json()) as Bundle<T>;
  return (bundle.entry ?? []).map((entry) => entry.resource as T);
};
const reasonOf = (task: Task) => task.statusReason?.coding?.[0]?.code;

/** What a hook answers, and how long it takes. */
async function hook({ base }: Started): Promise<{ readonly status: number; readonly ms: number }> {
  const begun = performance.now();
  const response = await fetch(`${base}/cds-services/lab-report-results`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      hook: 'patient-view',
      hookInstance: crypto.randomUUID(),
      fhirServer: `${base}/fhir/R4`,
      context: { userId: 'Practitioner/example', patientId: 'sample-potassium' },
    }),
  });
  await response.json();
  return { status: response.status, ms: performance.now() - begun };
}

describe('the service with a model in process', () => {
  let service: Started;
  beforeAll(async () => {
    service = await start('listening');
  }, 120_000);
  afterAll(() => {
    if (service?.child.exitCode === null) return service.stop();
  }, 30_000);
  /** Keys of the jobs that lost their process. */
  const retried: string[] = [];

  test('the engine killed in the middle of a job: the job is tried again with another, hooks are answered', async () => {
    const engine = await engineOf(service);
    process.kill(engine, 'SIGKILL');
    const { job } = await line(service, 'job will be tried again', { code: 'engine-lost' });
    retried.push(job!);
    expect((await hook(service)).status).toBe(200);
    expect(await engineOf(service)).not.toBe(engine);
  }, 120_000);

  test('the worker killed: its engine ends too, another takes the jobs', async () => {
    const [worker, engine] = [await workerOf(service), await engineOf(service)];
    process.kill(worker, 'SIGKILL');
    const { job } = await line(service, 'job will be tried again', { code: 'worker-lost' });
    retried.push(job!);
    await eventually('the end of the engine', () => !isRunning(engine));
    expect((await hook(service)).status).toBe(200);
    expect(await workerOf(service)).not.toBe(worker);
    expect(await engineOf(service)).not.toBe(engine);
  }, 120_000);

  test('hooks are answered while it generates', async () => {
    const answers = [];
    for (let i = 0; i < 20; i++) answers.push(await hook(service));
    expect(linesOf(service).some(({ msg }) => msg === 'sample patients read')).toBe(false);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(5000);
  });

  test('every job ends with its reason, and nothing that was said is written', async () => {
    await line(service, 'sample patients read');
    const ended = linesOf(service).filter(({ msg }) => msg === 'job ended');
    expect(ended.map(({ job }) => job)).toEqual(expect.arrayContaining(retried));
    const tasks = await search<Task>(service, 'Task?_count=200');
    expect(tasks.length).toBeGreaterThan(10);
    for (const task of tasks) {
      expect(['rejected', 'failed']).toContain(task.status);
      expect(reasonOf(task)).toMatch(/^[a-z-]+$/);
      expect(['engine-lost', 'worker-lost', 'internal']).not.toContain(reasonOf(task));
      expect(task.output?.filter((output) => output.valueReference) ?? []).toEqual([]);
    }
    expect(await search(service, 'Observation?_security=AIAST')).toEqual([]);
    expect(await search(service, 'DiagnosticReport?_security=AIAST')).toEqual([]);
  }, 120_000);

  test('told to stop, it leaves no process behind', async () => {
    const started = [await workerOf(service), await engineOf(service)];
    await service.stop();
    expect(started.filter(isRunning)).toEqual([]);
    expect(service.child.exitCode).toBe(0);
  }, 30_000);
});

test('an engine that does not answer costs a job its time limit, and the next job gets its answer', async () => {
  const service = await start('listening', { INTERVAL_JOB_TIMEOUT_SECONDS: '5', INTERVAL_ATTEMPTS: '1' });
  try {
    const engine = await engineOf(service);
    process.kill(engine, 'SIGSTOP');
    await line(service, 'job ended', { code: 'job-timeout' });
    expect((await hook(service)).status).toBe(200);
    process.kill(engine, 'SIGCONT');
    await eventually('what follows from an answer', async () =>
      (await search<Task>(service, 'Task?status=rejected')).some((task) => reasonOf(task) === 'no-result-rows'),
    );
    const failed = await search<Task>(service, 'Task?status=failed');
    expect(failed.map(reasonOf)).toContain('job-timeout');
    // The same process all the time: what was cancelled ended, and did not have to be killed.
    expect(await engineOf(service)).toBe(engine);
  } finally {
    await service.stop();
  }
}, 180_000);
