import type { EhrChart } from '../ehr-chart.ts';
import { type CardHandlers, cardView, sortCards } from './card-view.ts';
import { byId, h, show } from './dom.ts';
import { type DraftOrder, draft, orderable } from './draft-orders.ts';
import { callHook, type HookCall, sendFeedback } from './hook-call.ts';

const PATIENT_VIEW = ['lab-report-results', 'chest-xray-change'] as const;

export interface HooksPanel {
  /** What an EHR does when a chart is opened. */
  patientView(): Promise<void>;
}

/** The EHR's side of decision support for one patient: orders under way, buttons that fire hooks, the cards. */
export function hooksPanel(
  chart: EhrChart,
  discovery: string,
  isCurrent: () => boolean,
  afterCall: () => void,
): HooksPanel {
  const patientId = chart.patient.id;
  const orders: (DraftOrder & { removed?: boolean })[] = chart.orders.map(({ text, resource }) => ({
    id: resource.id ?? '',
    text,
    resource: resource as unknown as DraftOrder['resource'],
  }));
  let drafted = 0;
  const calls: HookCall[] = [];
  const latest = new Map<string, HookCall>();
  const withPrefetch = h('input', { type: 'checkbox', id: 'with-prefetch', checked: true });
  const cardList = h('div', { class: 'cards', 'aria-live': 'polite' });
  const orderList = h('ul', { class: 'orders' });
  const log = h('div', { class: 'log' });

  const fire = async (service: string, underWay: readonly DraftOrder[] = []) => {
    try {
      const call = await callHook({ service, patientId, orders: underWay, withPrefetch: withPrefetch.checked });
      calls.unshift(call);
      calls.splice(12);
      latest.set(service, call);
    } catch (error) {
      show(log, h('p', { class: 'reason' }, (error as Error).message));
    }
    if (isCurrent()) {
      showCards();
      showLog();
      afterCall();
    }
  };
  const handlers = (service: string): CardHandlers => ({
    accept(card, suggestion) {
      for (const action of suggestion.actions ?? []) {
        const target = action.resourceId?.split('/').pop() ?? action.resource?.id;
        const order = orders.find(({ id }) => id === target);
        if (order && action.type === 'delete') {
          order.removed = true;
        }
      }
      showOrders();
      if (card.uuid) {
        const accepted = suggestion.uuid ? { acceptedSuggestions: [{ id: suggestion.uuid }] } : {};
        sendFeedback(service, { card: card.uuid, outcome: 'accepted', ...accepted });
      }
    },
    dismiss(card, reason) {
      if (card.uuid) {
        const because = reason ? { overrideReason: { reason: { code: reason.code, system: reason.system } } } : {};
        sendFeedback(service, { card: card.uuid, outcome: 'overridden', ...because });
      }
    },
  });
  const showCards = () => {
    const cards = [...latest].flatMap(([service, call]) => call.cards.map((card) => ({ service, card })));
    show(
      cardList,
      cards.length === 0 && h('p', { class: 'quiet' }, latest.size === 0 ? 'Asking …' : 'No card: nothing to tell.'),
      sortCards(cards).map(({ card, service }) => cardView(card, handlers(service!))),
    );
  };
  const showOrders = () => {
    const open = orders.filter(({ removed }) => !removed);
    show(
      orderList,
      orders.length === 0 && h('li', { class: 'quiet' }, 'No order under way.'),
      orders.map((order) =>
        h(
          'li',
          { class: order.removed ? 'removed' : undefined },
          h('span', {}, order.text),
          order.removed
            ? h('span', { class: 'quiet small' }, 'removed from this draft')
            : [
                h(
                  'button',
                  {
                    type: 'button',
                    onclick: () => fire('order-select-advice', [...open.filter((one) => one !== order), order]),
                  },
                  'Select',
                ),
                h('button', { type: 'button', onclick: () => fire('order-sign-advice', open) }, 'Sign'),
              ],
        ),
      ),
    );
  };
  const showLog = () => {
    show(
      log,
      calls.map((call, index) => callView(call, index === 0)),
    );
  };
  const choose: HTMLSelectElement = h(
    'select',
    {
      'aria-label': 'Draft another order',
      onchange: () => {
        orders.push(draft(Number(choose.value), patientId, ++drafted));
        choose.value = '';
        showOrders();
      },
    },
    h('option', { value: '' }, 'Draft an order …'),
    orderable.map(({ text }, index) => h('option', { value: index }, text)),
  );
  const patientView = async () => {
    await Promise.all(PATIENT_VIEW.map((service) => fire(service)));
  };

  show(
    byId('cds'),
    h('h2', {}, 'Decision support in the EHR'),
    h(
      'div',
      { class: 'hookbar' },
      h('span', { class: 'hookname' }, 'patient-view'),
      h('button', { type: 'button', onclick: () => fire('lab-report-results') }, 'Lab reports'),
      h('button', { type: 'button', onclick: () => fire('chest-xray-change') }, 'Chest X-ray'),
    ),
    h(
      'section',
      { class: 'orderbox', 'aria-labelledby': 'orders' },
      h('h3', { id: 'orders' }, 'Orders under way', h('span', { class: 'hookname' }, 'order-select · order-sign')),
      orderList,
      choose,
    ),
    cardList,
    h(
      'section',
      { class: 'wire', 'aria-labelledby': 'wire' },
      h('h3', { id: 'wire' }, 'On the wire'),
      h('label', { class: 'small' }, withPrefetch, ' send prefetch (else the service fetches it from the FHIR server)'),
      h('p', { class: 'quiet small' }, 'Discovery for your own EHR: ', h('a', { href: '/cds-services' }, discovery)),
      log,
    ),
  );
  showCards();
  showOrders();
  return { patientView };
}

function callView(call: HookCall, first: boolean): HTMLElement {
  const cards = `${call.cards.length} ${call.cards.length === 1 ? 'card' : 'cards'}`;
  return h(
    'details',
    { class: first ? 'call first' : 'call' },
    h(
      'summary',
      {},
      h('code', {}, `POST ${call.url}`),
      h('span', { class: 'quiet small' }, ` ${call.status}, ${cards}, ${Math.round(call.milliseconds)} ms`),
    ),
    h('h4', {}, 'Request'),
    h('pre', { tabindex: 0 }, JSON.stringify(call.request, undefined, 2)),
    h('h4', {}, 'Response'),
    h('pre', { tabindex: 0 }, JSON.stringify(call.response, undefined, 2)),
  );
}
