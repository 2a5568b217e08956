import { toUcum } from '../../terminology/units.ts';
import { abstain } from '../analysis.ts';
import type { LabFinding, LabRow } from './finding.ts';
import type { LabGuard } from './guard-tools.ts';
import { fold } from './header-words.ts';
import type { LabInput } from './input.ts';
import { phrasesOf } from './kind-words.ts';
import { testOf } from './row-test.ts';

/** What makes a row a result for sure: a known test with its unit; several that are less come to as much. */
const enough = 1.5;
/** Phrases of another kind that a laboratory report does not have by chance. */
const typical = 2;
/** Up to so many results, in so small a part of the words, are cited by a text about something else. */
const cited = { results: 8, share: 0.2 } as const;

/**
 * Something else that was filed as a laboratory report: images, a prescription, an invoice, a letter that cites results, a
 * picture of no page at all. Told by its results, and by the words of both kinds beside them: a slip with one result is a
 * report, a list of tests with prices is none, nor is a letter whose few results stand in prose.
 */
export const laboratoryReport: LabGuard = (finding, input) => {
  const text = fold(input.document.pages.flatMap(({ words }) => words.map((word) => word.text)).join(' '));
  const { laboratory, foreign } = phrasesOf(text);
  const elsewhere = foreign >= typical && foreign > laboratory;
  const evidence = finding.rows.map(weightOf);
  const results = evidence.filter((weight) => weight >= enough).length;
  if (results === 0) {
    const sum = evidence.reduce((total, weight) => total + weight, 0);
    const nothing = sum < enough && laboratory === 0 && !hasUnits(input);
    return elsewhere || nothing ? (isPicture(input) ? noText : refusal) : finding;
  }
  return elsewhere && isCited(finding, results, input) ? refusal : finding;
};

const refusal = abstain('not-a-lab-report', 'What the document holds is not a laboratory report.');

const noText = abstain('no-text', 'The document holds no text that could be read.');

/** So many words make a page of text; recognition finds some letters in any picture. */
const fewWords = 8;

function isPicture({ document }: LabInput): boolean {
  const words = document.pages.flatMap((page) => page.words).filter(({ text }) => /^\p{L}{4,}[.,:;]?$/u.test(text));
  return words.length < fewWords && document.pages.every(({ source }) => source === 'ocr');
}

/** How much a row speaks for a laboratory report. */
function weightOf(row: LabRow): number {
  const letters = row.name.match(/\p{L}/gu)?.length ?? 0;
  if (letters < row.name.replace(/\s/g, '').length / 2) return 0;
  const limits = row.range?.low !== undefined || row.range?.high !== undefined;
  const test = testOf(row);
  if (!test) return row.ucum && limits ? 1.5 : 0;
  if (row.unit && !test.system) return limits ? 1 : 0;
  if (row.ucum || limits || row.flag) return 2;
  return row.value.kind === 'text' || row.value.kind === 'ratio' ? 1.5 : 0.5;
}

/** "mmol/L" or the like anywhere: values were printed, though none could be taken. */
function hasUnits({ document }: LabInput): boolean {
  return document.pages.some(({ words }) =>
    words.some(({ text }) => /^[^\d/]+\/[^/]+$/.test(text) && toUcum(text) !== undefined),
  );
}

function isCited({ rows }: LabFinding, results: number, { document }: LabInput): boolean {
  const words = document.pages.reduce((total, page) => total + page.words.length, 0);
  const inRows = rows
    .flatMap(({ name, value, unit, range, flag }) => [name, value.text, unit, range?.text, flag?.text])
    .reduce((total, text) => total + (text?.split(/\s+/).length ?? 0), 0);
  return results <= cited.results && inRows < cited.share * words;
}
