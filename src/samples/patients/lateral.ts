import type { Calendar } from '../calendar.ts';
import type { Films } from '../films.ts';
import { pairSample, studiesOf } from '../pair.ts';
import { people } from '../people.ts';
import type { Sample } from '../sample.ts';

export function lateral(calendar: Calendar, films: Films): Sample {
  const person = people.lateral;
  return pairSample(
    films,
    person,
    {
      prior: { at: calendar.daysAgo(21, '13:10'), chest: { seed: 112, film: 1 } },
      current: { at: calendar.daysAgo(2, '08:35'), chest: { seed: 112, film: 2 }, view: 'LL' },
    },
    {
      title: 'Wrong view',
      shows: 'The new film is a lateral one, the prior a frontal one: they cannot be compared, and the job says why.',
      expected: {
        readings: [
          {
            ...studiesOf(person),
            outcome: 'abstention',
            because: 'A lateral film is not comparable with a frontal one.',
          },
        ],
        cards: [],
      },
    },
  );
}
