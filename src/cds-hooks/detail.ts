import type { Summary, SummarySource } from '../summary.ts';
import { escapeMarkdown } from './markdown.ts';
import { clip } from './plain-text.ts';

export const machineReadNotice = 'Read by machine, not verified by a person, not for diagnosis.';

/** Characters of a detail at most. A card is read in seconds, or not at all. */
export const detailLength = 4000;

/** Lines of a list, tried one after the other until the whole fits; with one there is but "… and so many more". */
const lineLimits = [12, 8, 5, 3, 2, 1];
const sourceLimit = 5;
const lineLength = 240;

/**
 * The detail of a card: the values or findings, what they were read from, what to bear in mind. Everything that is put
 * in is escaped; the Markdown in it is ours. Never longer than `detailLength`, and the notice always stands.
 */
export function detailOf(summary: Summary, notes: readonly string[]): string {
  for (const limit of lineLimits) {
    const detail = detailWith(summary, notes, limit);
    if (detail.length <= detailLength) {
      return detail;
    }
  }
  return '';
}

function detailWith(summary: Summary, notes: readonly string[], lineLimit: number): string {
  const machineRead = summary.sources.some((source) => source.readBy !== undefined);
  const blocks = [
    list(summary.lines, lineLimit),
    labelled(
      'Sources',
      summary.sources.map((source) => sourceLine(source)),
      Math.min(sourceLimit, lineLimit),
    ),
    labelled('Bear in mind', [...summary.caveats, ...notes], lineLimit),
    summary.citation === undefined ? '' : `**Rule:** ${escaped(summary.citation.label)}`,
    machineRead ? `**${machineReadNotice}**` : '',
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function sourceLine({ label, date, readBy }: SummarySource): string {
  return [label, date?.slice(0, 10), readBy === undefined ? undefined : `read by ${readBy}`]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
}

function labelled(label: string, lines: readonly string[], limit: number): string {
  const text = list(lines, limit);
  return text === '' ? '' : `**${label}**\n\n${text}`;
}

function list(lines: readonly string[], limit: number): string {
  const shown = lines
    .slice(0, lines.length > limit ? limit - 1 : limit)
    .map(escaped)
    .filter((line) => line !== '');
  const left = lines.length > limit ? [`… and ${lines.length - limit + 1} more`] : [];
  return [...shown, ...left].map((line) => `- ${line}`).join('\n');
}

function escaped(untrusted: string): string {
  return escapeMarkdown(clip(untrusted, lineLength));
}
