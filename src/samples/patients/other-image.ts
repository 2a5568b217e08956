import type { Calendar } from '../calendar.ts';
import type { Films } from '../films.ts';
import { pairSample, studiesOf } from '../pair.ts';
import { people } from '../people.ts';
import type { Sample } from '../sample.ts';

export function otherImage(calendar: Calendar, films: Films): Sample {
  const person = people.otherImage;
  return pairSample(
    films,
    person,
    {
      prior: { at: calendar.daysAgo(30, '09:00'), chest: { seed: 111, film: 1 } },
      current: {
        at: calendar.daysAgo(1, '16:45'),
        of: people.stranger,
        chest: { seed: 912, film: 1, size: 0.92, heartSize: 1.25, effusions: [{ side: 'right', level: 0.4 }] },
      },
    },
    {
      title: "Another patient's film",
      shows: 'The image behind the new study belongs, by its DICOM header, to somebody else: no comparison is made.',
      expected: {
        readings: [
          {
            ...studiesOf(person),
            outcome: 'abstention',
            because: 'The DICOM header names another patient than the chart.',
            codes: ['study-other-patient'],
          },
        ],
        cards: [],
      },
    },
  );
}
