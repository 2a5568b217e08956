import type { Calendar } from '../calendar.ts';
import type { Films } from '../films.ts';
import { pairSample, studiesOf } from '../pair.ts';
import { people } from '../people.ts';
import type { Sample } from '../sample.ts';

export function effusion(calendar: Calendar, films: Films): Sample {
  const person = people.effusion;
  return pairSample(
    films,
    person,
    {
      prior: {
        at: calendar.daysAgo(9, '14:20'),
        chest: { seed: 108, film: 1, effusions: [{ side: 'left', level: 0.15 }] },
      },
      current: {
        at: calendar.daysAgo(1, '06:55'),
        chest: { seed: 108, film: 2, shift: [6, -4], rotation: 2, effusions: [{ side: 'left', level: 0.55 }] },
      },
    },
    {
      title: 'Worsening effusion',
      shows: 'Two films eight days apart: the fluid at the left base has risen, and nobody has compared them yet.',
      expected: {
        readings: [
          {
            ...studiesOf(person),
            outcome: 'finding',
            changes: [{ finding: 'pleural-effusion', side: 'left', change: 'worsened' }],
          },
        ],
        cards: [
          { service: 'chest-xray-change', topic: 'chest-xray-comparison', indicator: 'warning', mentions: ['left'] },
        ],
      },
    },
  );
}
