import { captionedDates, isGridHead, tellsDates } from './captioned-dates.ts';
import { type DayOrder, findDate } from './dates.ts';
import { type Label, labelOf } from './fact-labels.ts';
import { type Draw, drawsOf, type Found, onlyDate, orderOf, readTimes } from './fact-times.ts';
import type { PrintedPatient } from './finding.ts';
import { fold } from './header-words.ts';
import { inlineFacts } from './inline-facts.ts';
import { joined, type Line, type PageLayout } from './layout.ts';
import { bareName, nameBefore, personName } from './patient-names.ts';
import { otherPatients } from './several-patients.ts';

/** What the document says about itself, as printed. */
export interface Facts {
  readonly reported?: string;
  readonly collected?: string;
  /** The time of collection is the only date that is printed, and nothing says what it is of. */
  readonly collectedUnsaid?: boolean;
  /** Every print of a time of collection, in reading order: a document may hold several samples. */
  readonly draws: readonly Draw[];
  readonly received?: string;
  readonly laboratory?: string;
  readonly patient: PrintedPatient & { readonly others?: readonly (PrintedPatient & { readonly page: number })[] };
  /** Day and month order of the document, also where only its labelled dates, taken together, decide it. */
  readonly order: DayOrder;
  /** Lines that hold facts and therefore no results. */
  readonly lines: ReadonlySet<Line>;
}

/**
 * Labelled facts of all pages; the first print of each fact counts, and patients that cannot be the first one are listed.
 * @param filed FHIR dateTime of filing, before which everything printed lies
 */
export function readFacts(layouts: readonly PageLayout[], decided: DayOrder, filed?: string): Facts {
  const lines = new Set<Line>();
  const found: Found[] = [];
  for (const layout of layouts) {
    layout.lines.forEach((line, index) => {
      const here = isGridHead(line, layout.lines[index - 1])
        ? { facts: [], whole: false }
        : factsOf(line, layout.lines[index + 1], decided);
      if (here.whole || tellsDates(line)) lines.add(line);
      found.push(...here.facts.map((one) => ({ ...one, page: layout.page.number, y: line.box[1] })));
    });
  }
  const dates = captionedDates(layouts);
  found.push(...dates.filter((one) => !one.bare && (one.label !== 'birthDate' || !found.some(hasBirth))));
  const order = orderOf(found, decided, filed);
  const { birthYears, ...said } = readTimes(found, order, filed);
  const unsaid =
    said.collected || said.received || said.reported
      ? undefined
      : onlyDate(
          dates.filter(({ bare }) => bare),
          order,
          filed,
        );
  const times = unsaid ? { ...said, collected: unsaid, collectedUnsaid: true } : said;
  const unlabelled = bareName(layouts[0], lines);
  if (unlabelled) lines.add(unlabelled.line);
  const persons = found.flatMap((fact) => patientFact(fact, order, birthYears));
  const first = (label: keyof PrintedPatient) => persons.find((one) => one[label] !== undefined)?.[label];
  const patient: PrintedPatient = {
    ...only('name', first('name') ?? unlabelled?.text),
    ...only('birthDate', first('birthDate')),
    ...only('identifier', first('identifier')),
  };
  const scanned = layouts.some(({ page }) => page.source === 'ocr');
  const others = otherPatients(persons, scanned);
  return {
    ...times,
    draws: drawsOf(found, order),
    ...only('laboratory', letterhead(layouts[0])),
    patient: { ...patient, ...(others.length > 0 ? { others } : {}) },
    order,
    lines,
  };
}

/** Facts of a line behind a colon or in cells of their own, and those within its text that add to them. */
function factsOf(line: Line, below: Line | undefined, order: DayOrder) {
  const apart = labelled(line, below);
  const inline = inlineFacts(line, order);
  const inText = (inline?.facts ?? []).filter(
    ({ label }) => !apart.some((one) => one.label === label && one.text !== ''),
  );
  const facts = [...apart, ...inText];
  const patients = facts.some(({ label }) => label === 'birthDate' || label === 'identifier');
  const name = patients && !facts.some(({ label }) => label === 'name') ? nameBefore(line, inline?.before) : undefined;
  return {
    facts: name ? [{ label: 'name' as const, phrase: '', text: name }, ...facts] : facts,
    // A result that tells when it was collected stays a result.
    whole: apart.length > 0 || inText.some(({ label }) => label === 'birthDate') || (inline?.only ?? false),
  };
}

/** Name, birth date or number of a patient that a fact holds, with its label and page; none where it holds none. */
function patientFact(fact: Found, order: DayOrder, birthYears: number) {
  const { label, text, page, phrase } = fact;
  const of = (value: PrintedPatient) => [{ ...value, page, phrase }];
  if (label === 'name') {
    const name = personName(text);
    return name && !/^\W*(?:dr|prof|dott)\b/i.test(text) ? of({ name }) : [];
  }
  if (label === 'birthDate') {
    const date = findDate(text, order, birthYears);
    return date ? of({ birthDate: date.iso.slice(0, 10) }) : [];
  }
  const number = label === 'identifier' && /^[#:\s]*([A-Z0-9][A-Z0-9\-/.]{2,}(?: \d{3,4}){0,3})/i.exec(text)?.[1];
  return number && /\d/.test(number) ? of({ identifier: number }) : [];
}

const hasBirth = ({ label }: Found) => label === 'birthDate';

function only<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

/** "Label: value" pairs of a line; a label without a value takes what stands right below it. */
function labelled(line: Line, below: Line | undefined): readonly Omit<Found, 'page' | 'y'>[] {
  const marks: { label: Label; phrase: string; from: number; to: number; colon: boolean }[] = [];
  const { tokens } = line;
  // "Collected   Received   Reported" over their dates: nothing but labels in the line.
  const labelOnly = ({ text }: Line['cells'][number]) => labelOf.has(fold(text));
  const stacked = below !== undefined && line.cells.every(labelOnly) && /\d/.test(joined(below.tokens));
  for (let from = 0; from < tokens.length; from++) {
    for (let to = Math.min(tokens.length, from + 5); to > from; to--) {
      const raw = joined(tokens.slice(from, to));
      const cell = line.cells.find((c) => c.from <= from && c.to > from)!;
      if (to > cell.to) continue;
      const colon = /:\s*$/.test(raw) || tokens[to]?.text.startsWith(':') === true;
      const phrase = fold(raw.replace(/\s*[:#]+\s*$/, '')).replaceAll('’', "'");
      const label = labelOf.get(phrase);
      // "Prothrombin time: 12.4 s" is a result.
      if (label === 'time' && from !== cell.from && marks.length === 0) continue;
      // Without a colon a label counts only as a cell of its own or at the start of one that goes on with a value.
      const ends = to === cell.to && from === cell.from;
      const starts =
        from === cell.from &&
        /^#?(?=\S*\d)[\p{L}\d][\w./-]*$/u.test(tokens[to]?.text ?? '') &&
        label !== 'name' &&
        label !== 'other' &&
        label !== 'specimen' &&
        label !== 'time';
      if (
        label &&
        (colon ||
          (ends && label !== 'other' && label !== 'specimen' && label !== 'time' && line.cells.length % 2 === 0) ||
          (ends && stacked) ||
          starts)
      ) {
        marks.push({ label, phrase, from, to, colon });
        from = to - 1;
        break;
      }
    }
  }
  if (
    !marks.some(
      ({ colon, label }) =>
        colon || ['birthDate', 'identifier', 'collected', 'received', 'reported', 'printed'].includes(label),
    )
  ) {
    return [];
  }
  return marks.flatMap(({ label, phrase, to }, index): readonly Omit<Found, 'page' | 'y'>[] => {
    const end = marks[index + 1]?.from ?? tokens.length;
    let text = joined(tokens.slice(to, end)).replace(/^[:\s]+/, '');
    if (text === '' && below) {
      const [x0] = tokens[marks[index]!.from]!.box;
      const next = marks[index + 1] ? tokens[marks[index + 1]!.from]!.box[0] : Number.POSITIVE_INFINITY;
      text = joined(below.tokens.filter(({ box }) => box[2] > x0 && box[0] < next));
    }
    if (label === 'specimen') return [];
    return [{ label, phrase, text }];
  });
}

/** The name of the laboratory: the largest of the first lines that says laboratory, clinic or hospital. */
function letterhead(layout: PageLayout | undefined): string | undefined {
  const candidates = (layout?.lines.slice(0, 8) ?? [])
    .flatMap((line) => line.cells.map((cell) => ({ text: cell.text, size: line.tokens[cell.from]!.fontSize })))
    .filter(({ text }) =>
      /labor|lab\b|labs\b|clinic|klinik|hospital|diagnost|pathology|biolog|klinikum|hôpital|medical cent|mvz/i.test(
        text,
      ),
    )
    .filter(({ text }) => !/:|report$|results?$|bericht$|befund$|informe/i.test(text) && text.length <= 80);
  return candidates.sort((a, b) => b.size - a.size)[0]?.text;
}

/** The day, or day and minute, before which everything on the page was taken. */
export function latestOf({ reported, received, collected }: Facts): string | undefined {
  return reported ?? received ?? collected;
}

/** The day that the report is of, where it is printed. */
export function dayOf({ collected, received, reported }: Facts): string | undefined {
  return (collected ?? received ?? reported)?.slice(0, 10);
}
