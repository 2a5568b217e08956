import type { WorkStatus } from '../options.ts';
import { byId, h, show } from './dom.ts';
import { getJson } from './json.ts';

/** How the work goes, asked again every few seconds while somebody looks. Counts and codes only. */
const EVERY_MS = 3000;

type Row = readonly [name: string, value: string | number];

async function refresh(): Promise<void> {
  try {
    const work = await getJson<WorkStatus>('/status/work.json');
    const { waitingFor } = work;
    const ready = waitingFor.length === 0;
    byId('notice').classList.toggle('open', !ready);
    show(byId('notice'), ready ? 'Ready.' : `Not ready: ${waitingFor.join(', ')}.`);
    show(byId('work'), sections(work));
  } catch (error) {
    byId('notice').classList.add('open');
    show(byId('notice'), `The figures could not be had: ${(error as Error).message}`);
  }
}

function sections({ queue, figures }: WorkStatus): readonly HTMLElement[] {
  const { ended, retries, abstained, withdrawn, read, meanSeconds } = figures;
  return [
    section(
      'Queue',
      queue
        ? [
            ['Waiting', queue.waiting],
            ['Running', queue.running],
            ['Waiting for another attempt', queue.delayed],
            ['Given up', queue.dead],
            ['Oldest job', queue.oldestSeconds === 0 ? 'none' : duration(queue.oldestSeconds)],
          ]
        : [['The queue', 'cannot be reached']],
    ),
    section('Ended jobs', [
      ...rows(ended),
      ['Attempts that were repeated', retries],
      ...(meanSeconds === undefined ? [] : [['From asking to the end, on average', duration(meanSeconds)] as Row]),
    ]),
    section('Not read, and why', rows(abstained)),
    section('Results taken back, and why', rows(withdrawn)),
    section(
      'Readers',
      Object.entries(read).map(
        ([reader, { count, seconds }]): Row => [
          reader,
          `${count} readings in ${duration(seconds)}, ${duration(seconds / Math.max(1, count))} each`,
        ],
      ),
    ),
    h('p', { class: 'quiet' }, 'Counted by this process since it started; /metrics has the same and more.'),
  ];
}

function section(title: string, lines: readonly Row[]): HTMLElement {
  const id = title.toLowerCase().replace(/[^a-z]+/g, '-');
  return h(
    'section',
    { class: 'figures', 'aria-labelledby': id },
    h('h2', { id }, title),
    lines.length === 0
      ? h('p', { class: 'quiet' }, 'Nothing yet.')
      : h(
          'table',
          { class: 'results' },
          h(
            'tbody',
            {},
            lines.map(([name, value]) =>
              h('tr', {}, h('th', { scope: 'row' }, name), h('td', { class: 'number' }, String(value))),
            ),
          ),
        ),
  );
}

function rows(counts: Readonly<Record<string, number>>): readonly Row[] {
  return Object.entries(counts).sort(([, one], [, other]) => other - one);
}

function duration(seconds: number): string {
  if (seconds < 10) {
    return `${seconds.toFixed(2)} s`;
  }
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

async function keepFresh(): Promise<void> {
  for (;;) {
    if (!document.hidden) {
      await refresh();
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

keepFresh();
