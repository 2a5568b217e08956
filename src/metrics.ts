import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the service counts. Labels are ids and codes of our own, never anything from a chart. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  hookAnswered(labels: { readonly service: string; readonly outcome: string }, seconds: number): void;
  jobEnded(
    labels: { readonly analysis: string; readonly outcome: string; readonly code: string },
    seconds: number,
  ): void;
  feedbackReceived(labels: { readonly service: string; readonly outcome: string }): void;
  /** Results that a person accepted or rejected, by what became of them. */
  resultsJudged(labels: { readonly verdict: string; readonly outcome: string }, count: number): void;
  /** Records that could not be kept behind an answer. */
  recordLost(labels: { readonly kind: string }): void;
  /** A FHIR server that is not asked for a while, or is again. */
  breakerChanged(labels: { readonly server: string }, open: boolean): void;
  jobRetried(labels: { readonly analysis: string; readonly code: string }): void;
}

/** What a scrape asks of the queue (src/queue/queue.ts has the same shape). */
export interface QueueFigures {
  readonly waiting: number;
  readonly running: number;
  readonly delayed: number;
  readonly dead: number;
  readonly oldestSeconds: number;
}

/** Prometheus metrics in a registry of their own. `queue` is asked at each scrape; while it does not answer, it has no figures. */
export function createMetrics(queue: () => Promise<QueueFigures>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'interval_' });
  const registers = [registry];
  const hooks = new Histogram({
    name: 'interval_hook_seconds',
    help: 'Time to answer a hook.',
    labelNames: ['service', 'outcome'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
    registers,
  });
  const jobs = new Histogram({
    name: 'interval_job_seconds',
    help: 'Time from enqueueing a job to its end.',
    labelNames: ['analysis', 'outcome', 'code'],
    buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 180, 600],
    registers,
  });
  const retries = new Counter({
    name: 'interval_job_retries_total',
    help: 'Attempts that failed and were put back.',
    labelNames: ['analysis', 'code'],
    registers,
  });
  const feedback = new Counter({
    name: 'interval_feedback_total',
    help: 'Feedback on cards.',
    labelNames: ['service', 'outcome'],
    registers,
  });
  const judged = new Counter({
    name: 'interval_results_judged_total',
    help: 'Results that a person accepted or rejected.',
    labelNames: ['verdict', 'outcome'],
    registers,
  });
  const lost = new Counter({
    name: 'interval_records_lost_total',
    help: 'Records of cards, audit events and judgements that could not be written.',
    labelNames: ['kind'],
    registers,
  });
  const breakers = new Gauge({
    name: 'interval_fhir_breaker_open',
    help: '1 while a FHIR server is not asked because it kept failing.',
    labelNames: ['server'],
    registers,
  });
  let asked: Promise<QueueFigures | undefined> | undefined;
  /** One question a scrape, for both gauges. */
  const figures = () =>
    (asked ??= queue()
      .catch(() => undefined)
      .finally(() => {
        asked = undefined;
      }));
  new Gauge({
    name: 'interval_queue_jobs',
    help: 'Jobs in the queue; dead ones were given up and wait for somebody to replay them.',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset();
      const { oldestSeconds: _, ...states } = (await figures()) ?? {};
      for (const [state, count] of Object.entries(states)) {
        this.set({ state }, count);
      }
    },
  });
  new Gauge({
    name: 'interval_queue_oldest_job_seconds',
    help: 'Time since the oldest job that has not ended was asked for; 0 when there is none.',
    registers,
    async collect() {
      this.set((await figures())?.oldestSeconds ?? Number.NaN);
    },
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    hookAnswered: (labels, seconds) => hooks.observe(labels, seconds),
    jobEnded: (labels, seconds) => jobs.observe(labels, seconds),
    feedbackReceived: (labels) => feedback.inc(labels),
    resultsJudged: (labels, count) => judged.inc(labels, count),
    recordLost: (labels) => lost.inc(labels),
    breakerChanged: (labels, open) => breakers.set(labels, open ? 1 : 0),
    jobRetried: (labels) => retries.inc(labels),
  };
}
