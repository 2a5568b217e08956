import type { Role } from '../../src/analyses/lab-report/role.ts';
import type { Content, TruthRow } from './generate.ts';
import { measure, type Piece, type Run, type Sheet } from './sheet.ts';
import { comments, facts, headings, methods, panels } from './vocabulary.ts';

export type Family =
  | 'table'
  | 'previous'
  | 'split'
  | 'glued'
  | 'leaders'
  | 'key-value'
  | 'side-by-side'
  | 'text'
  | 'no-header'
  | 'blocks'
  | 'dated-grid'
  | 'pipes';

export interface Laid {
  readonly sheets: readonly Sheet[];
  readonly truth: readonly TruthRow[];
}

type Field = 'name' | 'value' | 'unit' | 'range' | 'flag' | 'previous' | 'other' | 'in-range' | 'out-of-range';

interface Column {
  readonly field: Field;
  readonly x: number;
  readonly width: number;
  readonly align: 'left' | 'right' | 'center';
  readonly heading: string;
}

/** Puts runs on sheets from top to bottom; turns the page when it is full. */
class Pen {
  readonly sheets: { width: number; height: number; mono: boolean; runs: Run[] }[] = [];
  y: number;
  readonly size: number;
  readonly step: number;
  readonly mono: boolean;
  readonly top: number;
  readonly #bottom: number;
  onTurn: (() => void) | undefined;

  constructor(mono: boolean, size: number, step: number) {
    this.mono = mono;
    this.size = mono ? 1 : size;
    this.step = mono ? 1 : step;
    this.top = mono ? 0 : 40;
    this.#bottom = mono ? 200 : 770;
    this.y = this.top;
    this.#turn();
  }

  #turn(): void {
    this.sheets.push(
      this.mono
        ? { width: 100, height: 200, mono: true, runs: [] }
        : { width: 595, height: 842, mono: false, runs: [] },
    );
    this.y = this.top;
  }

  down(steps = 1): void {
    this.y += this.step * steps;
    if (this.y > this.#bottom) {
      this.#turn();
      this.onTurn?.();
    }
  }

  put(x: number, pieces: readonly Piece[], options: { bold?: boolean; size?: number; dy?: number } = {}): number {
    const size = this.mono ? 1 : (options.size ?? this.size);
    this.sheets.at(-1)!.runs.push({
      x: this.mono ? Math.round(x) : x,
      y: this.y + (options.dy ?? 0),
      size,
      bold: options.bold ?? false,
      pieces,
    });
    return x + measure(pieces.map(({ text }) => text).join(''), size, this.mono);
  }

  text(x: number, text: string, role: Role, options: { bold?: boolean; size?: number } = {}): number {
    return this.put(x, [{ text, role }], options);
  }

  width(text: string): number {
    return measure(text, this.size, this.mono);
  }
}

function newPen(content: Content, mono = false): Pen {
  const { random } = content;
  const size = random.pick([8, 9, 9, 10, 11]);
  return new Pen(mono, size, size * (1.25 + random.next() * 0.7));
}

/** Wordings that no table of headings holds: only the place and the content of the columns tell what they are. */
const odd: Readonly<Record<string, readonly string[]>> = {
  name: ['Item', 'Measure', 'Substance', 'Messung', 'Elemento'],
  value: ['Outcome', 'Reading', 'Level', 'Concentration', 'Dato'],
  unit: ['In', 'Scale', 'Dim.', 'Mass'],
  range: ['Target', 'Healthy', 'Usual', 'Bereich', 'Limites'],
  flag: ['!', 'Mark', 'Rem.', 'S'],
};

const heading = (content: Content, key: keyof (typeof headings)['en']): string => {
  if (content.oddHeadings && odd[key]) return content.random.pick(odd[key]);
  const list = headings[content.language][key];
  return content.heldOut ? list.at(-1)! : content.random.pick(list.length > 1 ? list.slice(0, -1) : list);
};

/** Letterhead and the labelled facts of patient and dates. */
function head(pen: Pen, content: Content): void {
  const { random, language, patient, dates } = content;
  const words = facts[language];
  const x = pen.mono ? 0 : 40;
  const second = pen.mono ? 48 : 300;
  pen.text(random.chance(0.5) ? x : second / 1.5, content.laboratory, 'heading', {
    bold: true,
    size: pen.mono ? 1 : 14,
  });
  pen.down(1.8);
  if (random.chance(0.5)) {
    pen.text(
      x,
      random.pick(['124 Example Street, Sampletown', '9 Sample Road', 'Tel 555-0142  Fax 555-0143']),
      'other',
    );
    pen.down(1.2);
  }
  const pairs: [string, string, Role][] = [
    [random.pick(words.name), patient.name, 'other'],
    [random.pick(words.born), patient.printedBirth, 'date'],
    [random.pick(words.id), patient.identifier, 'other'],
    [words.sex, random.pick(['F', 'M']), 'other'],
    [random.pick(words.collected), dates.collected, 'date'],
    [random.pick(words.received), dates.received, 'date'],
    [random.pick(words.reported), dates.reported, 'date'],
    [words.doctor, 'Dr. R. Example', 'other'],
  ];
  const kept = pairs.filter((_, index) => index < 3 || index === 4 || random.chance(0.75));
  const two = random.chance(0.6);
  const gap = random.chance(0.5);
  const place = (at: number, [label, value, role]: [string, string, Role]) => {
    const end = pen.text(at, `${label}:`, 'other');
    pen.text(
      gap ? Math.max(end + pen.width('  '), at + pen.width('xxxxxxxxxxxxxxxxxxxx')) : end + pen.width(' '),
      value,
      role,
    );
  };
  for (let index = 0; index < kept.length; index += two ? 2 : 1) {
    place(x, kept[index]!);
    if (two && kept[index + 1]) place(second, kept[index + 1]!);
    pen.down();
  }
  pen.down();
}

function foot(pen: Pen, content: Content): void {
  pen.down(1.5);
  if (content.random.chance(0.5))
    pen.text(
      pen.mono ? 0 : 40,
      content.random.pick(['Page 1 of 1', 'End of report', '--- End of Report ---']),
      'other',
    );
}

function comment(pen: Pen, content: Content, x: number): void {
  const limit = pen.mono ? 88 : 520;
  let line = '';
  for (const word of content.random.pick(comments[content.language]).split(' ')) {
    if (x + pen.width(`${line} ${word}`) > limit) {
      pen.text(x, line, 'comment');
      pen.down();
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  pen.text(x, line, 'comment');
  pen.down();
}

/** Columns from left to right over the page, with a width each and jitter. */
function columnsOf(content: Content, fields: readonly Field[], mono: boolean, from: number, to: number): Column[] {
  const { random } = content;
  const weights: Record<Field, number> = {
    name: 2.6,
    value: 1.2,
    unit: 1.1,
    range: 1.7,
    flag: 0.7,
    previous: 1.5,
    other: 0.6,
    'in-range': 1.2,
    'out-of-range': 1.3,
  };
  const parts = fields.map((field) => weights[field] * (0.85 + random.next() * 0.3));
  const total = parts.reduce((sum, part) => sum + part, 0);
  const align = random.pick(['left', 'right', 'center'] as const);
  let x = from;
  return fields.map((field, index) => {
    const width = (parts[index]! / total) * (to - from);
    const column: Column = {
      field,
      x,
      width: width - (mono ? 2 : 8),
      align: ['value', 'previous', 'in-range', 'out-of-range'].includes(field) ? align : 'left',
      heading: heading(content, field),
    };
    x += width;
    return column;
  });
}

function cell(pen: Pen, column: Column, pieces: readonly Piece[], options: { bold?: boolean } = {}): void {
  const width = pen.width(pieces.map(({ text }) => text).join(''));
  const x =
    column.align === 'right'
      ? column.x + column.width - width
      : column.align === 'center'
        ? column.x + (column.width - width) / 2
        : column.x;
  pen.put(Math.max(column.x, x), pieces, options);
}

const roleOf: Readonly<Record<Field, Role>> = {
  name: 'name',
  value: 'value',
  unit: 'unit',
  range: 'range',
  flag: 'flag',
  previous: 'previous',
  other: 'other',
  'in-range': 'value',
  'out-of-range': 'value',
};

function tableRows(
  pen: Pen,
  content: Content,
  columns: readonly Column[],
  rows: readonly TruthRow[],
  glue: 'none' | 'unit' | 'flag' | 'range-unit' = 'none',
): void {
  const { random } = content;
  const boldAbnormal = random.chance(0.3);
  const wraps = random.chance(0.15) ? 0.4 : 0;
  for (const row of rows) {
    const abnormal = row.flag !== undefined;
    let wrapped = false;
    for (const column of columns) {
      const { field } = column;
      if (field === 'in-range' && abnormal) continue;
      if (field === 'out-of-range' && !abnormal) continue;
      if (field === 'other') {
        pen.text(column.x, random.pick(['01', '02', 'NL', 'A1']), 'other');
        continue;
      }
      const isValue = field === 'value' || field === 'in-range' || field === 'out-of-range';
      const text = isValue ? row.value : row[field as 'name'];
      if (text === undefined) continue;
      let pieces: Piece[] = [{ text, role: roleOf[field] }];
      if (isValue && glue === 'unit' && row.unit)
        pieces = [...pieces, { text: random.chance(0.5) ? ` ${row.unit}` : row.unit, role: 'unit' }];
      if (isValue && glue !== 'none' && row.flag && !columns.some((c) => c.field === 'flag'))
        pieces = [
          ...pieces,
          { text: random.chance(0.6) || row.flag.length > 2 ? ` ${row.flag}` : row.flag, role: 'flag' },
        ];
      if (field === 'range' && glue === 'range-unit' && row.unit)
        pieces = [...pieces, { text: ` ${row.unit}`, role: 'unit' }];
      if (field === 'range' && pieces.length === 1 && random.chance(0.05))
        pieces = [{ text: `[${text}]`, role: 'range' }];
      if (field === 'name' && !pen.mono && /\s/.test(text) && random.chance(wraps)) {
        const at = text.indexOf(' ');
        pen.put(column.x, [{ text: text.slice(0, at), role: 'name' }]);
        pen.put(column.x, [{ text: text.slice(at + 1), role: 'name' }], { dy: pen.step * 0.8 });
        wrapped = true;
        continue;
      }
      cell(pen, column, pieces, { bold: (boldAbnormal && abnormal && isValue) || false });
    }
    pen.down(wrapped ? 1.9 : 1);
    if (random.chance(0.04)) {
      pen.put(
        columns.find(({ field }) => field === 'name')!.x + (pen.mono ? 2 : 6),
        [{ text: random.pick(methods), role: 'comment' }],
        { size: pen.size * 0.85 },
      );
      pen.down();
    }
  }
}

function headerLine(pen: Pen, columns: readonly Column[], bold = true): void {
  for (const column of columns) cell(pen, column, [{ text: column.heading, role: 'heading' }], { bold });
  pen.down(1.3);
}

function table(
  content: Content,
  fields: readonly Field[],
  options: { mono?: boolean; header?: boolean; glue?: 'none' | 'unit' | 'flag' | 'range-unit' } = {},
): Laid {
  const { random } = content;
  const mono = options.mono ?? false;
  const pen = newPen(content, mono);
  head(pen, content);
  const columns = columnsOf(content, fields, mono, mono ? 0 : 40, mono ? 98 : 555);
  const left = columns[0]!.x;
  const withHeader = options.header ?? true;
  const once = random.chance(0.6);
  pen.onTurn = () => {
    if (withHeader && random.chance(0.7)) headerLine(pen, columns);
  };
  if (withHeader && once) headerLine(pen, columns);
  const kept = (row: TruthRow): TruthRow => {
    const glued = options.glue ?? 'none';
    const has = (field: Field) => fields.includes(field);
    const unit = has('unit') || glued === 'unit' || (glued === 'range-unit' && row.range !== undefined);
    const flag = has('flag') || (glued !== 'none' && !has('out-of-range'));
    return { ...row, unit: unit ? row.unit : undefined, flag: flag ? row.flag : undefined };
  };
  for (const group of content.groups) {
    const title = random.pick(panels[content.language][group.panel]);
    pen.text(left, title, 'heading', { bold: random.chance(0.8) });
    pen.down(1.15);
    if (withHeader && !once) headerLine(pen, columns);
    tableRows(pen, content, columns, group.rows, options.glue);
    if (random.chance(0.3)) comment(pen, content, left);
    pen.down(0.6);
  }
  foot(pen, content);
  return { sheets: pen.sheets, truth: content.groups.flatMap(({ rows }) => rows.map(kept)) };
}

const stripped = (content: Content, without: readonly (keyof TruthRow)[]): readonly TruthRow[] =>
  content.groups.flatMap(({ rows }) =>
    rows.map((row) => ({ ...row, ...Object.fromEntries(without.map((key) => [key, undefined])) })),
  );

function lineForms(content: Content, kind: 'leaders' | 'key-value'): Laid {
  const { random } = content;
  const pen = newPen(content, random.chance(0.4));
  head(pen, content);
  const left = pen.mono ? 0 : 40;
  const at = pen.mono ? 40 : 260;
  const brackets = random.chance(0.5);
  const word = random.pick(['', 'Ref: ', 'Normal: ']);
  for (const group of content.groups) {
    pen.text(left, random.pick(panels[content.language][group.panel]), 'heading', { bold: true });
    pen.down(1.2);
    for (const row of group.rows) {
      let x: number;
      if (kind === 'leaders') {
        const end = pen.text(left, row.name, 'name');
        const dots = Math.max(3, Math.floor((at - end) / pen.width('.')) - 2);
        x = pen.text(end + pen.width(' '), '.'.repeat(dots), 'other');
      } else {
        x = pen.text(left, `${row.name}:`, 'name');
      }
      const space = pen.width(' ');
      x = pen.text(x + space, row.value, 'value');
      if (row.unit) x = pen.text(x + space, row.unit, 'unit');
      if (row.flag && random.chance(0.5)) {
        x = pen.text(x + space * 1.2, row.flag, 'flag');
        if (row.range) pen.text(x + space * 2, brackets ? `(${word}${row.range})` : `${word}${row.range}`, 'range');
      } else {
        if (row.range) x = pen.text(x + space * 2, brackets ? `(${word}${row.range})` : `${word}${row.range}`, 'range');
        if (row.flag) pen.text(x + space * 2, row.flag, 'flag');
      }
      pen.down();
    }
    if (random.chance(0.3)) comment(pen, content, left);
    pen.down(0.5);
  }
  return { sheets: pen.sheets, truth: stripped(content, []) };
}

/** Every layout by name: content in, sheets and what stands on them out. */
export const layouts: Readonly<Record<Family, (content: Content) => Laid>> = {
  table: (content) => {
    const orders: readonly (readonly Field[])[] = [
      ['name', 'value', 'flag', 'unit', 'range'],
      ['name', 'value', 'unit', 'range', 'flag'],
      ['name', 'value', 'unit', 'range'],
      ['name', 'value', 'flag', 'range', 'unit'],
      ['name', 'value', 'unit', 'flag', 'range', 'other'],
      ['range', 'unit', 'value', 'name'],
      ['name', 'flag', 'value', 'unit', 'range'],
    ];
    return table(content, content.random.pick(orders));
  },
  previous: (content) => {
    const orders: readonly (readonly Field[])[] = [
      ['name', 'value', 'previous', 'unit', 'range'],
      ['name', 'value', 'flag', 'previous', 'unit', 'range'],
      ['name', 'value', 'unit', 'range', 'flag', 'previous'],
      ['name', 'previous', 'value', 'unit', 'range'],
    ];
    return table(content, content.random.pick(orders));
  },
  split: (content) =>
    table(
      content,
      content.random.pick([
        ['name', 'in-range', 'out-of-range', 'range', 'other'],
        ['name', 'in-range', 'out-of-range', 'unit', 'range'],
      ]),
    ),
  glued: (content) => {
    const glue = content.random.pick(['unit', 'flag', 'range-unit'] as const);
    return table(
      content,
      glue === 'unit'
        ? ['name', 'value', 'range']
        : glue === 'flag'
          ? ['name', 'value', 'unit', 'range']
          : ['name', 'value', 'range'],
      { glue },
    );
  },
  text: (content) =>
    table(
      content,
      content.random.pick([
        ['name', 'value', 'flag', 'unit', 'range'],
        ['name', 'value', 'unit', 'range', 'flag'],
        ['name', 'value', 'unit', 'range', 'previous'],
      ]),
      { mono: true },
    ),
  'no-header': (content) => {
    const seen: readonly (readonly Field[])[] = [
      ['name', 'value', 'flag', 'unit', 'range'],
      ['name', 'value', 'unit', 'range', 'flag'],
      ['name', 'value', 'unit', 'range'],
      ['name', 'range', 'value', 'unit'],
      ['name', 'unit', 'range', 'value'],
      ['other', 'name', 'value', 'unit', 'range'],
    ];
    const unseen: readonly (readonly Field[])[] = [
      ['name', 'unit', 'value', 'range'],
      ['name', 'flag', 'value', 'unit', 'range'],
      ['name', 'range', 'unit', 'value', 'flag'],
    ];
    return table(content, content.random.pick(content.heldOut ? unseen : seen), { header: false });
  },
  leaders: (content) => lineForms(content, 'leaders'),
  'key-value': (content) => lineForms(content, 'key-value'),
  'side-by-side': (content) => {
    const { random } = content;
    const pen = newPen(content);
    head(pen, content);
    const fields: readonly Field[] = ['name', 'value', 'unit', 'range'];
    const bands = [columnsOf(content, fields, false, 30, 295), columnsOf(content, fields, false, 310, 575)].map(
      (columns) =>
        // Half a page has room for short headings only.
        columns.map((column) => {
          const room = (text: string) => measure(text, Math.min(pen.size, 8), false) < column.width;
          const short = headings[content.language][column.field as 'name'].filter(room);
          return room(column.heading) || short.length === 0 ? column : { ...column, heading: random.pick(short) };
        }),
    );
    const small = Math.min(pen.size, 8);
    const rows = content.groups.flatMap((group) => group.rows);
    const half = Math.ceil(rows.length / 2);
    const put = (band: readonly Column[], column: Column, text: string | undefined, role: Role, bold = false) => {
      if (text !== undefined) pen.put(column.x, [{ text, role }], { size: small, bold });
      void band;
    };
    for (const band of bands) for (const column of band) put(band, column, column.heading, 'heading', true);
    pen.down(1.3);
    for (let index = 0; index < half; index++) {
      bands.forEach((band, side) => {
        const row = rows[index + side * half];
        if (!row) return;
        for (const column of band) put(band, column, row[column.field as 'name'], roleOf[column.field]);
      });
      pen.down();
    }
    return { sheets: pen.sheets, truth: rows.map((row) => ({ ...row, flag: undefined })) };
  },
  blocks: (content) => {
    const { random, language } = content;
    const pen = newPen(content);
    head(pen, content);
    const label = { value: heading(content, 'value'), range: heading(content, 'range') };
    const indent = random.chance(0.5) ? 60 : 40;
    for (const group of content.groups) {
      pen.text(40, random.pick(panels[language][group.panel]), 'heading', { bold: true, size: pen.size * 1.2 });
      pen.down(1.4);
      for (const row of group.rows) {
        pen.text(40, row.name, 'name', { bold: true });
        pen.down();
        let x = pen.text(indent, `${label.value}:`, 'other');
        x = pen.text(x + pen.width(' '), row.value, 'value');
        if (row.unit) x = pen.text(x + pen.width(' '), row.unit, 'unit');
        if (row.flag) pen.text(x + pen.width('  '), row.flag, 'flag');
        pen.down();
        if (row.range) {
          x = pen.text(indent, `${label.range}:`, 'other');
          pen.text(x + pen.width(' '), row.range, 'range');
          pen.down();
        }
        pen.down(0.4);
      }
    }
    return { sheets: pen.sheets, truth: stripped(content, []) };
  },
  'dated-grid': (content) => {
    const { random } = content;
    const pen = newPen(content);
    head(pen, content);
    const newestLeft = random.chance(0.5);
    const fields: readonly Field[] = newestLeft
      ? ['name', 'value', 'previous', 'unit', 'range']
      : ['name', 'previous', 'value', 'unit', 'range'];
    const day = (text: string) => text.split(' ')[0]!;
    const columns = columnsOf(content, fields, false, 40, 555).map((column) =>
      column.field === 'value'
        ? { ...column, heading: day(content.dates.collected) }
        : column.field === 'previous'
          ? { ...column, heading: day(content.dates.previous) }
          : column,
    );
    headerLine(pen, columns);
    for (const group of content.groups) {
      pen.text(40, random.pick(panels[content.language][group.panel]), 'heading', { bold: true });
      pen.down(1.2);
      tableRows(pen, content, columns, group.rows);
      pen.down(0.5);
    }
    return { sheets: pen.sheets, truth: stripped(content, ['flag']) };
  },
  pipes: (content) => {
    const pen = newPen(content, true);
    head(pen, content);
    const fields: readonly Field[] = content.random.pick([
      ['name', 'value', 'unit', 'range', 'flag'],
      ['name', 'value', 'flag', 'unit', 'range'],
    ]);
    const line = (texts: readonly (readonly [string, Role])[]) => {
      let x = 0;
      texts.forEach(([text, role], index) => {
        if (index > 0) x = pen.text(x + 1, '|', 'other') + 1;
        if (text !== '') x = pen.text(x, text, role);
      });
      pen.down();
    };
    for (const group of content.groups) {
      pen.text(0, content.random.pick(panels[content.language][group.panel]), 'heading', { bold: false });
      pen.down();
      line(fields.map((field) => [heading(content, field as 'name'), 'heading']));
      for (const row of group.rows) line(fields.map((field) => [row[field as 'name'] ?? '', roleOf[field]]));
      pen.down();
    }
    return { sheets: pen.sheets, truth: stripped(content, []) };
  },
};
