import type { Summary } from '../summary.ts';
import type { Citation } from './citation.ts';
import type { Facts } from './facts.ts';
import { type ImagingProcedure, imagingProcedureOf, titleOf } from './imaging-procedure.ts';
import type { ImagingFact } from './imaging-study.ts';
import type { Modality } from './imaging-terms.ts';
import { dateOf, day, duration } from './moment.ts';
import type { Order } from './order.ts';
import { reasons } from './override-reasons.ts';
import { removal } from './suggestions.ts';

const thirtyDays: Citation = {
  label:
    'Same study of the same body region within 30 days counted as a repeat: Lammers et al., Med Care 2014;52:227-234',
  url: 'https://doi.org/10.1097/MLR.0000000000000067',
};

/**
 * How long a study counts as recent, in days. No guideline forbids a repeat within a time: this informs, it does not
 * warn. MR is Interval's own extension of the cited definition, which names CT, ultrasound and chest X-ray.
 */
export const windows: Readonly<Partial<Record<Modality, { readonly days: number; readonly citation: Citation }>>> = {
  XR: { days: 30, citation: thirtyDays },
  CT: { days: 30, citation: thirtyDays },
  US: { days: 30, citation: thirtyDays },
  MR: { days: 30, citation: thirtyDays },
};

/** A comparable study exists already: when, and what it showed. */
export function recentImaging({ orders, studies, now }: Facts): readonly Summary[] {
  return orders.flatMap((order) => {
    const procedure = imagingProcedureOf(order.concept, order.texts);
    const window = procedure && windows[procedure.modality];
    if (procedure === undefined || window === undefined) {
      return [];
    }
    const found = studies.find(
      (study) => order.at - study.at <= window.days * day && study.at <= order.at && covers(study.procedure, procedure),
    );
    return found === undefined ? [] : [summaryOf(found, order, procedure, window.citation, now)];
  });
}

/** The same modality over at least the regions that are ordered, no other side, contrast not known to differ. */
function covers(done: ImagingProcedure, ordered: ImagingProcedure): boolean {
  return (
    done.modality === ordered.modality &&
    ordered.regions.length > 0 &&
    ordered.regions.every((region) => done.regions.includes(region)) &&
    (done.side === ordered.side || (ordered.side !== undefined && done.side === undefined)) &&
    !(ordered.contrast === 'with' && done.contrast === 'without')
  );
}

function summaryOf(
  study: ImagingFact,
  order: Order,
  procedure: ImagingProcedure,
  citation: Citation,
  now: number,
): Summary {
  const [showed] = study.showed;
  const title = titleOf(procedure);
  const when = `${duration(now - study.at)} ago (${dateOf(study.at)})`;
  const machineRead = study.showed.some(({ source }) => source.readBy !== undefined);
  return {
    topic: 'recent-imaging',
    indicator: 'info',
    headline: showed === undefined ? `A ${title} was done ${when}` : `A ${title} ${when} showed: ${showed.text}`,
    lines: study.showed.length === 0 ? ['What it showed is not known here.'] : study.showed.map(({ text }) => text),
    sources: [study.source, ...study.showed.map(({ source }) => source)],
    caveats: [
      ...(machineRead ? ['What it showed was read by machine and is not verified.'] : []),
      ...(procedure.contrast !== 'unknown' && study.procedure.contrast === 'unknown'
        ? ['Whether the earlier study had contrast is not known here.']
        : []),
    ],
    links: [],
    suggestions: removal(order),
    overrideReasons: reasons('condition-changed', 'other-question', 'result-not-available', 'specialist-advised'),
    citation,
    basis: [...(order.reference === undefined ? [] : [order.reference]), study.source.reference],
  };
}
