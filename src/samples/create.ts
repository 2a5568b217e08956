import { createCalendar } from './calendar.ts';
import { practitioner } from './chart.ts';
import { contrast } from './patients/contrast.ts';
import { duplicate } from './patients/duplicate.ts';
import { otherReport } from './patients/other-report.ts';
import { potassium } from './patients/potassium.ts';
import { previous } from './patients/previous.ts';
import { scan } from './patients/scan.ts';
import { text } from './patients/text.ts';
import { units } from './patients/units.ts';
import { unreadable } from './patients/unreadable.ts';
import type { SampleSet } from './sample.ts';

/**
 * The sample patients as seen at `now`, on the calendar of the site. The same arguments give the same resources and the
 * same bytes. Documents and images are made when their bytes are asked for.
 */
export async function createSamples(options: { readonly now: Date; readonly timeZone: string }): Promise<SampleSet> {
  const calendar = createCalendar(options.now, options.timeZone);
  return {
    shared: [practitioner()],
    samples: [potassium, duplicate, contrast, units, previous, scan, text, unreadable, otherReport].map((make) =>
      make(calendar),
    ),
  };
}
