import type { EhrChart } from '../ehr-chart.ts';
import type { PatientLine } from '../patients.ts';
import type { WrittenResult } from '../written-results.ts';
import { afterView, beforeView, patientBanner } from './chart-view.ts';
import { byId, h, show } from './dom.ts';
import { hooksPanel } from './hooks-view.ts';
import { getJson } from './json.ts';
import { showPatients } from './patient-list.ts';
import { refreshStatus } from './status-view.ts';

const POLL_MS = 1000;
const STATUS_MS = 5000;

/** The page: list, chart, decision support. */
function home(): { start(): Promise<void> } {
  let patients: readonly PatientLine[] = [];
  /** Changes with every patient that is opened, so that late answers for another one are dropped. */
  let opened = 0;
  let discovery = '';

  async function open(): Promise<void> {
    const turn = ++opened;
    const isCurrent = () => turn === opened;
    const id = selected();
    showPatients(patients, id);
    if (!id) {
      welcome(patients);
      return;
    }
    const path = `/ehr/patients/${encodeURIComponent(id)}`;
    show(byId('chart'), h('p', { class: 'quiet', role: 'status' }, 'Opening the chart …'));
    let chart: EhrChart;
    let written: readonly WrittenResult[];
    try {
      [chart, written] = await Promise.all([
        getJson<EhrChart>(`${path}/chart`),
        getJson<WrittenResult[]>(`${path}/results`),
      ]);
    } catch (error) {
      show(byId('chart'), h('p', { class: 'reason' }, (error as Error).message));
      return;
    }
    if (!isCurrent()) {
      return;
    }
    document.title = `${chart.patient.name} – Interval`;
    const before = h('div', {}, beforeView(chart, written));
    const after = h('div', {}, afterView(chart, written));
    show(byId('chart'), patientBanner(chart), before, after);
    const refresh = async () => {
      const fresh = await getJson<WrittenResult[]>(`${path}/results`);
      if (isCurrent() && JSON.stringify(fresh) !== JSON.stringify(written)) {
        written = fresh;
        show(before, beforeView(chart, written));
        show(after, afterView(chart, written));
      }
    };
    const watch = async (panel: { patientView(): Promise<void> }) => {
      while (isCurrent() && isReading(written)) {
        await pause(POLL_MS);
        await refresh();
        if (isCurrent() && !isReading(written)) {
          // the next time the chart is opened an EHR would see the results; here nobody has to open it again
          await panel.patientView();
        }
      }
    };
    const panel = hooksPanel(chart, discovery, isCurrent, () => {
      void refresh();
    });
    await panel.patientView();
    // what the hooks found due shows as jobs a moment later
    await pause(POLL_MS / 2);
    await refresh();
    await watch(panel);
  }

  async function load() {
    const before = patients.length;
    patients = await getJson<PatientLine[]>('/ehr/patients');
    if (patients.length !== before) {
      showPatients(patients, selected());
      if (!selected()) {
        welcome(patients);
      }
    }
  }

  async function start(): Promise<void> {
    const status = await refreshStatus();
    discovery = status.discovery;
    if (!status.demo) {
      show(
        byId('chart'),
        h('p', { class: 'quiet' }, 'Charts are shown here only where the service runs without authentication.'),
      );
      return;
    }
    await load();
    addEventListener('hashchange', () => void open());
    setInterval(() => {
      if (document.visibilityState === 'visible') {
        void Promise.all([refreshStatus(), load()]).catch(() => undefined);
      }
    }, STATUS_MS);
    await open();
  }

  return { start };
}

function selected(): string {
  return decodeURIComponent(location.hash.slice(1));
}

function isReading(written: readonly WrittenResult[]): boolean {
  return written.some(({ status }) => status === 'requested' || status === 'in-progress');
}

function welcome(patients: readonly PatientLine[]): void {
  const [first] = patients;
  const samples = patients.filter(({ shows }) => shows);
  document.title = 'Interval';
  show(
    byId('chart'),
    h(
      'section',
      { class: 'welcome' },
      h('h1', {}, 'Three things happen here'),
      h(
        'ol',
        {},
        h(
          'li',
          {},
          h('strong', {}, 'A report or a film lies in the chart'),
          ' as a picture: nobody has turned it into data.',
        ),
        h(
          'li',
          {},
          h('strong', {}, 'Interval reads it'),
          ' in the background: a lab report into coded results, two chest X-rays into what changed between them. Everything is written as preliminary and can be traced to the spot on the page.',
        ),
        h(
          'li',
          {},
          h('strong', {}, 'The EHR asks'),
          ' when a chart is opened or an order is drafted, and gets cards at once.',
        ),
      ),
      first &&
        h(
          'p',
          {},
          h(
            'a',
            { class: 'button primary', href: `#${first.id}` },
            `Open the first patient: ${(first.title ?? first.name).toLowerCase()}`,
          ),
        ),
    ),
    samples.length > 0 &&
      h(
        'section',
        { class: 'samples', 'aria-labelledby': 'samples' },
        h('h2', { id: 'samples' }, 'What each sample patient shows'),
        h(
          'dl',
          {},
          samples.map(({ id, title, shows }) => [
            h('dt', {}, h('a', { href: `#${encodeURIComponent(id)}` }, title)),
            h('dd', {}, shows),
          ]),
        ),
      ),
  );
  show(
    byId('cds'),
    h('h2', {}, 'Decision support in the EHR'),
    h('p', { class: 'quiet' }, 'Open a chart to see cards.'),
  );
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

home()
  .start()
  .catch((error: Error) => {
    show(byId('chart'), h('p', { class: 'reason', role: 'alert' }, error.message));
  });
