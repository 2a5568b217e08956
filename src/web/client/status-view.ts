import type { WebStatus } from '../options.ts';
import { byId, h, show } from './dom.ts';
import { analysisName } from './format.ts';
import { getJson } from './json.ts';

export type ShownStatus = WebStatus & { readonly demo: boolean; readonly discovery: string };

/** Fills the status line and the notice. */
export async function refreshStatus(): Promise<ShownStatus> {
  const status = await getJson<ShownStatus>('/ehr/status');
  const facts: [string, string][] = [
    ...status.readers.map(({ analysis, reader }): [string, string] => [analysisName(analysis), reader]),
    ...(status.model ? [['Model', status.model] as [string, string]] : []),
    ...servers(status),
    ['Write-back', status.writeBack],
    ['Queue', queueOf(status.queue)],
  ];
  show(
    byId('status'),
    facts.map(([name, value]) =>
      h(
        'div',
        {},
        h('dt', {}, name),
        h('dd', { title: value }, name === 'Queue' ? h('a', { href: '/status' }, value) : value),
      ),
    ),
  );
  byId('notice').classList.toggle('open', status.demo);
  show(
    byId('notice'),
    status.demo
      ? [
          h('strong', {}, 'Development mode: this service answers without authentication. Not for patient data. '),
          'Synthetic patients. What Interval reads is machine-read and not for diagnosis.',
        ]
      : 'This service requires authentication; charts are not shown on this page.',
  );
  return status;
}

/** The FHIR servers; one line when the store is the source. */
function servers({ source, store }: ShownStatus): [string, string][] {
  return source === store
    ? [['FHIR server', source]]
    : [
        ['Source', source],
        ['Store', store],
      ];
}

function queueOf(queue: WebStatus['queue']): string {
  if (!queue) {
    return 'cannot be reached';
  }
  const { waiting, running, delayed } = queue;
  return waiting + running + delayed === 0 ? 'idle' : `${running} running, ${waiting + delayed} waiting`;
}
