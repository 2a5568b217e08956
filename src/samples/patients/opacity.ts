import type { Calendar } from '../calendar.ts';
import type { Films } from '../films.ts';
import { pairSample, studiesOf } from '../pair.ts';
import { people } from '../people.ts';
import type { Sample } from '../sample.ts';

export function opacity(calendar: Calendar, films: Films): Sample {
  const person = people.opacity;
  return pairSample(
    films,
    person,
    {
      prior: {
        at: calendar.daysAgo(16, '10:05'),
        chest: {
          seed: 149,
          film: 1,
          opacities: [
            { zone: 'right-lower', extent: 0.75, density: 0.75 },
            { zone: 'right-middle', extent: 0.75, density: 0.75 },
          ],
        },
      },
      current: {
        at: calendar.daysAgo(2, '09:40'),
        chest: {
          seed: 149,
          film: 2,
          shift: [-5, 3],
          tilt: -1.5,
          rotation: 2,
          exposure: -0.1,
          opacities: [{ zone: 'right-lower', extent: 0.4, density: 0.3 }],
        },
      },
    },
    {
      title: 'Improving opacity',
      shows: 'Pneumonia of the right lung, two weeks into treatment: the opacity has become much smaller and fainter.',
      expected: {
        readings: [
          {
            ...studiesOf(person),
            outcome: 'finding',
            changes: [{ finding: 'lung-opacity', side: 'right', change: 'improved' }],
          },
        ],
        cards: [
          { service: 'chest-xray-change', topic: 'chest-xray-comparison', indicator: 'info', mentions: ['right'] },
        ],
      },
    },
  );
}
