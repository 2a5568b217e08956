/** A worker process for the tests of src/jobs/child.ts: the job's analysis tells it what to do. */
import type { FromWorker, ToWorker } from '../../src/jobs/child.ts';

const running = new Map<string, () => void>();
const say = (message: FromWorker) => process.send?.(message);

process.on('message', (message: ToWorker<unknown>) => {
  if (message.type === 'settings') {
    say({ type: 'ready' });
  } else if (message.type === 'cancel') {
    running.get(message.key)?.();
  } else if (message.type === 'close') {
    process.exit(0);
  } else {
    const { key, analysis } = message.job;
    if (analysis === 'die') {
      process.kill(process.pid, 'SIGKILL');
    } else if (analysis === 'fail') {
      say({ type: 'failed', key, code: 'fhir-throttled', message: 'Slow down.', retryAfterMs: 1234 });
    } else if (analysis === 'wait') {
      running.set(key, () => say({ type: 'failed', key, code: 'cancelled', message: 'Cancelled.' }));
    } else if (analysis === 'done') {
      say({ type: 'ended', key, outcome: 'completed' });
    }
  }
});
