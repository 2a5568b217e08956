import type { JobEvent } from '../jobs/events.ts';
import type { Metrics } from '../metrics.ts';

/** What happened inside a job, as figures. */
export function countEvent(event: JobEvent, metrics: Pick<Metrics, 'read' | 'abstained' | 'withdrawn'>): void {
  const { analysis } = event;
  if (event.type === 'read') {
    metrics.read({ analysis, reader: event.reader }, event.seconds);
  } else if (event.type === 'abstained') {
    metrics.abstained({ analysis, reason: event.reason });
  } else {
    metrics.withdrawn({ analysis, reason: event.reason }, event.count, event.kept);
  }
}
