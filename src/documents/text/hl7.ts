import { IntervalError } from '../../errors.ts';
import {
  codedText,
  component,
  type Message,
  parseHl7,
  repetitions,
  type Segment,
  type Separators,
} from './hl7-message.ts';
import { type Embedded, embeddedFile, observedText, specimenText } from './hl7-values.ts';
import { printedTime, type ReportText, type ResultRow, reportLines, systemOfName, withSign } from './report-text.ts';

/** Status (OBX-11) of what is no result: deleted, wrong, cannot be obtained, not asked, an order's detail. */
const withdrawn = new Set(['D', 'W', 'X', 'N', 'O']);
const preliminary = new Set(['P', 'R', 'S']);
/** A longer text stands below the table. */
const longest = 60;

/** One OBR with what follows it. */
interface Order {
  readonly obr?: Segment;
  readonly observations: Segment[];
  readonly notes: string[];
  readonly specimens: Segment[];
}

/** What one patient has in a message. */
interface Chart {
  readonly pid?: Segment;
  readonly orders: Order[];
}

/** Groups the segments of a message by patient and order. Notes before the first order are about the patient. */
function charts({ segments, separators }: Message): readonly Chart[] {
  const all: Chart[] = [];
  let order: Order | undefined;
  const begin = (obr?: Segment): Order => {
    const made: Order = { ...(obr ? { obr } : {}), observations: [], notes: [], specimens: [] };
    if (all.length === 0) {
      all.push({ orders: [] });
    }
    all.at(-1)!.orders.push(made);
    return made;
  };
  for (const segment of segments) {
    if (segment.name === 'PID') {
      all.push({ pid: segment, orders: [] });
      order = undefined;
    } else if (segment.name === 'OBR') {
      order = begin(segment);
    } else if (segment.name === 'OBX') {
      // What stands before the first order is no result of one, but a file may stand there.
      order ??= begin();
      order.observations.push(segment);
    } else if (segment.name === 'NTE') {
      const text = repetitions(segment, 3, separators).map((part) => component(part, 1, separators) ?? '');
      order?.notes.push(text.join('\n'));
    } else if (segment.name === 'SPM') {
      order?.specimens.push(segment);
    } else if (segment.name === 'ORC') {
      order = undefined;
    }
  }
  return all;
}

function personName(pid: Segment | undefined, separators: Separators): string | undefined {
  const [name] = repetitions(pid, 5, separators);
  const [family, given, middle] = [1, 2, 3].map((index) =>
    component(name, index, separators)?.split(separators.subcomponent)[0]?.trim(),
  );
  const first = [given, middle].filter(Boolean).join(' ');
  return [family, first].filter(Boolean).join(', ') || undefined;
}

/** The medical record number among PID-3, else the first identifier there, else PID-2. */
function identifier(pid: Segment | undefined, separators: Separators): string | undefined {
  const all = [...repetitions(pid, 3, separators), ...repetitions(pid, 2, separators)];
  const record = all.find((one) => component(one, 5, separators) === 'MR') ?? all[0];
  return component(record, 1, separators)?.split(separators.subcomponent)[0];
}

/** The name of a test: what the laboratory calls it where a LOINC name and its own stand side by side. */
function nameOf(field: string | undefined, separators: Separators): string | undefined {
  const [text, other] = [2, 5].map((index) => component(field, index, separators));
  const [system, otherSystem] = [3, 6].map((index) => component(field, index, separators));
  return (system === 'LN' && otherSystem !== 'LN' ? other : undefined) ?? text ?? codedText(field, separators);
}

function specimenOf(order: Order, separators: Separators): string | undefined {
  const [spm] = order.specimens.length === 1 ? order.specimens : [];
  const [type] = repetitions(spm, 4, separators);
  const source = order.obr?.fields[15]?.split(separators.component)[0]?.split(separators.subcomponent);
  return (
    specimenText(component(type, 1, separators), component(type, 2, separators)) ??
    specimenText(source?.[0] || undefined, source?.[1] || undefined)
  );
}

/** Results that a later one of the same test, sub-identifier and time corrects are left out. */
function current(observations: readonly Segment[]): readonly Segment[] {
  const key = ({ fields }: Segment) => [fields[3], fields[4], fields[14]].join('\n');
  const corrected = new Map(observations.filter(({ fields }) => fields[11] === 'C').map((one) => [key(one), one]));
  return observations.filter((one) => {
    const better = corrected.get(key(one));
    return !withdrawn.has(one.fields[11] ?? '') && (better === undefined || better === one);
  });
}

function toGroup(order: Order, separators: Separators): ReportText['groups'][number] {
  const { obr, notes } = order;
  const comments: string[] = [];
  const specimen = specimenOf(order, separators);
  const taken = order.specimens.length === 1 ? order.specimens[0]!.fields[17] : undefined;
  const shown = current(order.observations);
  const rows = shown.flatMap((segment): readonly ResultRow[] => {
    const value = observedText(segment, separators);
    const [field] = repetitions(segment, 3, separators);
    const name = nameOf(field, separators);
    if (value === undefined || name === undefined) {
      return [];
    }
    if (value.length > longest || value.includes('\n')) {
      comments.push(`${name}:\n${value}`);
      return [];
    }
    const [unit] = repetitions(segment, 6, separators);
    const [range] = repetitions(segment, 7, separators);
    const [flag] = repetitions(segment, 8, separators);
    const time = [segment.fields[14], obr?.fields[7], taken].map(printedTime).find(Boolean);
    const own = specimen ?? systemOfName(component(field, 2, separators));
    return [
      {
        name,
        ...withSign(value, component(flag, 1, separators)),
        ...only('unit', component(unit, 1, separators) ?? component(unit, 2, separators)),
        ...only('range', component(range, 1, separators)?.replace(/^([\d.,]+)_([\d.,]+)$/, '$1-$2')),
        ...only('specimen', own),
        ...only('collected', time),
      },
    ];
  });
  const open = shown.filter(({ fields }) => preliminary.has(fields[11] ?? '')).length;
  return {
    ...only('heading', nameOf(repetitions(obr, 4, separators)[0], separators)),
    rows,
    comments: [...comments, ...notes.filter((note) => note !== ''), ...(open > 0 ? ['Preliminary results'] : [])],
  };
}

function only<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });
}

function toReport(chart: Chart, message: Message): ReportText {
  const { separators, segments } = message;
  const msh = segments[0];
  const { pid, orders } = chart;
  const [facility] = repetitions(msh, 4, separators);
  const received = orders.map(({ obr, specimens }) => obr?.fields[14] || specimens[0]?.fields[18]).find(Boolean);
  const reported = orders.map(({ obr }) => obr?.fields[22]).find(Boolean) ?? msh?.fields[7];
  return {
    patient: {
      ...only('name', personName(pid, separators)),
      ...only('birthDate', printedTime(pid?.fields[7])?.slice(0, 10)),
      ...only('identifier', identifier(pid, separators)),
      ...only('sex', pid?.fields[8]),
    },
    ...only('laboratory', component(facility, 1, separators)),
    ...only('received', printedTime(received)),
    ...only('reported', printedTime(reported)),
    groups: orders
      .map((order) => toGroup(order, separators))
      .filter(({ rows, comments }) => rows.length > 0 || comments.length > 0),
  };
}

/**
 * Result messages (ORU) as lines of text, "\f" between patients and messages; or the file that a message carries, when
 * it has no results of its own. Throws `document-damaged`, `document-unsupported` for other messages, `document-empty`
 * for a message without results.
 */
export function hl7Content(bytes: Uint8Array): readonly string[] | Embedded {
  const messages = parseHl7(bytes);
  const results = messages.filter(({ segments, separators }) =>
    ['ORU', 'OUL', 'ORF', 'OPR'].includes(component(segments[0]?.fields[9], 1, separators) ?? ''),
  );
  if (results.length === 0) {
    throw new IntervalError('document-unsupported', 'The HL7 message is no result message (ORU).');
  }
  const reports = results
    .flatMap((message) => charts(message).map((chart) => toReport(chart, message)))
    .filter(({ groups }) => groups.length > 0);
  if (!reports.some(({ groups }) => groups.some(({ rows }) => rows.length > 0))) {
    const files = results.flatMap(({ segments, separators }) =>
      segments.filter(({ name }) => name === 'OBX').flatMap((segment) => embeddedFile(segment, separators) ?? []),
    );
    if (files.length === 1) {
      return files[0]!;
    }
    if (files.length > 1) {
      throw new IntervalError('document-unsupported', `The HL7 message holds ${files.length} files; one is read.`);
    }
  }
  if (reports.length === 0) {
    throw new IntervalError('document-empty', 'The HL7 message holds no results.');
  }
  return reports.flatMap((report, index) => [...(index > 0 ? ['\f'] : []), ...reportLines(report)]);
}
