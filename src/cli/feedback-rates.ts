import type { Communication } from '@medplum/fhirtypes';
import type { AnswerRecord } from '../fhir/card-record.ts';
import { factsOf } from '../fhir/feedback.ts';

/** One service with one reader. */
export interface FeedbackRate {
  readonly service: string;
  /** Name of the reader as its Device has it; `rules` where nothing was read. */
  readonly reader: string;
  /** Cards that were given; unknown on the review page. */
  readonly shown?: number;
  /** Cards, or on the review page judgements, on which there was feedback. */
  readonly answered: number;
  readonly accepted: Share;
  readonly overridden: Share;
  /** Overrides by code of their reason; `none` where none was given. */
  readonly reasons: Readonly<Record<string, number>>;
}

export interface Share {
  readonly count: number;
  /** Of those answered; absent when there are none. */
  readonly rate?: number;
  /** 95 % interval of the rate, Wilson's. */
  readonly interval?: readonly [number, number];
}

/** Feedback by service and reader. A card counts once, with what was said of it last. */
export function ratesOf(feedback: readonly Communication[], answers: readonly AnswerRecord[]): readonly FeedbackRate[] {
  const last = new Map<string, ReturnType<typeof factsOf>>();
  for (const [index, one] of feedback.entries()) {
    const facts = factsOf(one);
    const key = facts.card === undefined ? `#${index}` : `${facts.service} ${facts.card}`;
    const before = last.get(key);
    if (before === undefined || before.sent <= facts.sent) {
      last.set(key, facts);
    }
  }
  const groups = new Map<string, { facts: ReturnType<typeof factsOf>[]; shown: number }>();
  const group = (service: string, readers: readonly string[]) => {
    const key = JSON.stringify([service, readers.length === 0 ? 'rules' : [...readers].sort().join(' + ')]);
    const known = groups.get(key) ?? { facts: [], shown: 0 };
    groups.set(key, known);
    return known;
  };
  for (const facts of last.values()) {
    group(facts.service, facts.readers).facts.push(facts);
  }
  for (const answer of answers) {
    for (const card of answer.cards) {
      group(answer.service, card.readers).shown += 1;
    }
  }
  return [...groups]
    .map(([key, { facts, shown }]): FeedbackRate => {
      const [service, reader] = JSON.parse(key) as [string, string];
      const overridden = facts.filter(({ outcome }) => outcome === 'overridden');
      const reasons: Record<string, number> = {};
      for (const { reason = 'none' } of overridden) {
        reasons[reason] = (reasons[reason] ?? 0) + 1;
      }
      return {
        service,
        reader,
        ...(service === 'review-page' ? {} : { shown }),
        answered: facts.length,
        accepted: share(facts.length - overridden.length, facts.length),
        overridden: share(overridden.length, facts.length),
        reasons,
      };
    })
    .sort((one, other) => one.service.localeCompare(other.service) || one.reader.localeCompare(other.reader));
}

/** As lines for people. */
export function tableOf(rates: readonly FeedbackRate[]): string {
  if (rates.length === 0) {
    return 'No cards and no feedback in this time.\n';
  }
  const rows = rates.map((one) => [
    one.service,
    one.reader,
    one.shown === undefined ? '' : String(one.shown),
    String(one.answered),
    inWords(one.accepted),
    inWords(one.overridden),
    Object.entries(one.reasons)
      .sort(([, left], [, right]) => right - left)
      .map(([reason, count]) => `${reason} ${count}`)
      .join(', '),
  ]);
  const head = ['service', 'reader', 'shown', 'answered', 'accepted', 'overridden', 'why overridden'];
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  return `${[line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')}\n`;
}

function inWords({ count, rate, interval }: Share): string {
  const percent = (value: number) => Math.round(value * 100);
  return rate === undefined || interval === undefined
    ? String(count)
    : `${count} (${percent(rate)} %, ${percent(interval[0])} to ${percent(interval[1])})`;
}

/** Wilson's score interval: right for few cases and for rates near 0 and 1, where the usual one is not. */
function share(count: number, of: number): Share {
  if (of === 0) {
    return { count };
  }
  const z = 1.96;
  const rate = count / of;
  const middle = (rate + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((rate * (1 - rate)) / of + (z * z) / (4 * of * of));
  return { count, rate, interval: [Math.max(0, middle - half), Math.min(1, middle + half)] };
}
