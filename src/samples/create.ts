import { createCalendar } from './calendar.ts';
import { createFilms } from './films.ts';
import { contrast } from './patients/contrast.ts';
import { duplicate } from './patients/duplicate.ts';
import { effusion } from './patients/effusion.ts';
import { lateral } from './patients/lateral.ts';
import { opacity } from './patients/opacity.ts';
import { otherImage } from './patients/other-image.ts';
import { otherReport } from './patients/other-report.ts';
import { potassium } from './patients/potassium.ts';
import { previous } from './patients/previous.ts';
import { scan } from './patients/scan.ts';
import { stable } from './patients/stable.ts';
import { text } from './patients/text.ts';
import { units } from './patients/units.ts';
import { unreadable } from './patients/unreadable.ts';
import { practitioner } from './person.ts';
import type { SampleSet } from './sample.ts';

/**
 * The sample patients as seen at `now`, on the calendar of the site. The same arguments give the same resources and the
 * same bytes. Documents and images are made when their bytes are asked for.
 */
export async function createSamples(options: { readonly now: Date; readonly timeZone: string }): Promise<SampleSet> {
  const calendar = createCalendar(options.now, options.timeZone);
  const films = createFilms();
  return {
    shared: [practitioner()],
    samples: [
      potassium,
      effusion,
      duplicate,
      contrast,
      opacity,
      stable,
      units,
      previous,
      scan,
      text,
      unreadable,
      otherReport,
      otherImage,
      lateral,
    ].map((make) => make(calendar, films)),
  };
}
