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
  /** A job ended after so many attempts. */
  attempted(labels: { readonly analysis: string; readonly outcome: string }, attempts: number): void;
  abstained(labels: { readonly analysis: string; readonly reason: string }): void;
  /** Time that a reader took, its guards included. */
  read(labels: { readonly analysis: string; readonly reader: string }, seconds: number): void;
  /** Results that were taken back, and those of a person that were left. */
  withdrawn(labels: { readonly analysis: string; readonly reason: string }, retracted: number, kept: number): void;
  /** What this process has counted since it began, for the status page. */
  summary(): Promise<MetricsSummary>;
}

export interface MetricsSummary {
  /** Ended jobs by outcome. */
  readonly ended: Readonly<Record<string, number>>;
  readonly retries: number;
  /** By reason. */
  readonly abstained: Readonly<Record<string, number>>;
  /** Results by reason. */
  readonly withdrawn: Readonly<Record<string, number>>;
  /** By reader: readings, and seconds of all of them. */
  readonly read: Readonly<Record<string, { readonly count: number; readonly seconds: number }>>;
  /** Seconds from asking to the end, of all ended jobs on average; absent before the first. */
  readonly meanSeconds?: number;
}

/** What a scrape asks of the queue. */
export interface QueueFigures {
  readonly waiting: number;
  readonly running: number;
  readonly delayed: number;
  /** Given up, and not replayed since. */
  readonly dead: number;
  /** Seconds since the oldest job that has not ended was asked for; 0 when there is none. */
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
    help: 'Time from asking for a job to its end, waiting and all attempts included.',
    labelNames: ['analysis', 'outcome', 'code'],
    buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 180, 600, 3600, 86_400],
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
  const attempts = new Histogram({
    name: 'interval_job_attempts',
    help: 'Attempts that an ended job took.',
    labelNames: ['analysis', 'outcome'],
    buckets: [1, 2, 3, 5, 10, 20],
    registers,
  });
  const abstentions = new Counter({
    name: 'interval_abstentions_total',
    help: 'Jobs in which a reader or guard abstained, or the input could not be read.',
    labelNames: ['analysis', 'reason'],
    registers,
  });
  const readings = new Histogram({
    name: 'interval_reading_seconds',
    help: 'Time that a reader and its guards took.',
    labelNames: ['analysis', 'reader'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 180, 600],
    registers,
  });
  const withdrawals = new Counter({
    name: 'interval_results_withdrawn_total',
    help: 'Results taken back since their subject changed, was retracted or is gone; kept ones are a person’s word.',
    labelNames: ['analysis', 'reason', 'outcome'],
    registers,
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
    attempted: (labels, count) => attempts.observe(labels, count),
    abstained: (labels) => abstentions.inc(labels),
    read: (labels, seconds) => readings.observe(labels, seconds),
    withdrawn(labels, retracted, kept) {
      withdrawals.inc({ ...labels, outcome: 'retracted' }, retracted);
      withdrawals.inc({ ...labels, outcome: 'kept' }, kept);
    },
    async summary() {
      const [ended, again, abstained, withdrawn, read] = await Promise.all([
        jobs.get(),
        retries.get(),
        abstentions.get(),
        withdrawals.get(),
        readings.get(),
      ]);
      const count = by(ended.values, 'outcome', '_count');
      const total = sum(Object.values(count));
      const seconds = by(read.values, 'reader', '_sum');
      return {
        ended: count,
        retries: sum(again.values.map(({ value }) => value)),
        abstained: by(abstained.values, 'reason'),
        withdrawn: by(
          withdrawn.values.filter(({ labels }) => labels.outcome === 'retracted'),
          'reason',
        ),
        read: Object.fromEntries(
          Object.entries(by(read.values, 'reader', '_count')).map(([reader, readings]) => [
            reader,
            { count: readings, seconds: seconds[reader] ?? 0 },
          ]),
        ),
        ...(total === 0 ? {} : { meanSeconds: sum(Object.values(by(ended.values, 'outcome', '_sum'))) / total }),
      };
    },
  };
}

interface Value {
  readonly value: number;
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly metricName?: string;
}

/** Values added up by one label; of a histogram only those of its `_count` or `_sum`. */
function by(values: readonly Value[], label: string, suffix = ''): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const { value, labels, metricName = '' } of values) {
    if (metricName.endsWith(suffix)) {
      const key = String(labels[label] ?? '');
      totals[key] = (totals[key] ?? 0) + value;
    }
  }
  return totals;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
