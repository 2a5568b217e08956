import { codeSystem } from '../../fhir/codes.ts';
import type { Calendar } from '../calendar.ts';
import { draftOrder } from '../chart.ts';
import type { Films } from '../films.ts';
import { pairSample, studiesOf } from '../pair.ts';
import { people } from '../people.ts';
import type { Sample } from '../sample.ts';

export function stable(calendar: Calendar, films: Films): Sample {
  const person = people.stable;
  const opacities = [
    { zone: 'left-lower', extent: 0.65, density: 0.7 },
    { zone: 'left-middle', extent: 0.65, density: 0.7 },
  ] as const;
  const sample = pairSample(
    films,
    person,
    {
      prior: {
        at: calendar.daysAgo(60, '11:15'),
        chest: { seed: 110, film: 1, rotation: 2, inspiration: 0.98, opacities },
      },
      current: {
        at: calendar.daysAgo(3, '15:30'),
        chest: { seed: 110, film: 2, shift: [8, 9], rotation: -6, tilt: 3, inspiration: 0.7, exposure: 0.2, opacities },
      },
    },
    {
      title: 'Stable pair, repeat ordered',
      shows:
        'Two films that differ in exposure, position and breath but not in disease, and a third one is about to be ordered.',
      expected: {
        readings: [
          {
            ...studiesOf(person),
            outcome: 'finding',
            changes: [{ finding: 'lung-opacity', side: 'left', change: 'stable' }],
          },
        ],
        cards: [
          { service: 'chest-xray-change', topic: 'chest-xray-comparison', indicator: 'info', mentions: ['stable'] },
          { service: 'order-select-advice', topic: 'recent-imaging', indicator: 'info', mentions: ['chest'] },
          { service: 'order-sign-advice', topic: 'recent-imaging', indicator: 'info', mentions: ['chest'] },
        ],
      },
    },
  );
  const order = draftOrder(person, 'order', calendar.daysAgo(0, '10:10'), {
    code: {
      coding: [{ system: codeSystem.loinc, code: '36643-5', display: 'XR Chest 2 Views' }],
      text: 'Chest X-ray, two views',
    },
    category: 'imaging',
    reason: 'Cough',
  });
  return { ...sample, resources: [...sample.resources, order], draftOrders: [order] };
}
