import { type DayOrder, findDate } from './dates.ts';
import { fold } from './header-words.ts';
import { joined, type Line, type PageLayout } from './layout.ts';

/** What the document says about itself, as printed. */
export interface Facts {
  readonly reported?: string;
  readonly collected?: string;
  readonly received?: string;
  readonly laboratory?: string;
  readonly patient: { readonly name?: string; readonly birthDate?: string; readonly identifier?: string };
  /** Lines that hold facts and therefore no results. */
  readonly lines: ReadonlySet<Line>;
}

type Label = 'name' | 'birthDate' | 'identifier' | 'collected' | 'received' | 'reported' | 'specimen' | 'other';

const labels: Readonly<Record<Label, string>> = {
  name: `patient name|name of patient|patient|name|pt name|patient's name|patientenname|patient/in|nombre|paciente|nombre del paciente|nom|nom du patient|
    nom et prenom|nombre y apellidos|apellidos y nombre|name, vorname|nachname, vorname|patientin|re|regarding|subject name|cognome e nome|paziente`,
  birthDate: `dob|d.o.b.|d.o.b|date of birth|birth date|birthdate|born|geb.|geb. am|geb.am|geboren am|nacido el|nacida el|geb.-datum|geburtsdatum|geboren|geb.datum|geb.dat.|fecha de nacimiento|f. nacimiento|f.nacimiento|
    fecha nac.|f. nac.|nacimiento|date de naissance|ne le|nee le|ne(e) le|data di nascita|nato il`,
  identifier: `mrn|patient id|patient no|patient no.|patient number|medical record number|record number|record no|record no.|medical record no|medical record no.|uhid|hospital no|hospital no.|hospital number|nhs no|nhs number|pid|
    patienten-nr.|patienten-nr|pat.-nr.|pat-nr|pat.nr.|patientennummer|patienten-id|nhc|no historia|n. historia|historia clinica|n° historia|ipp|n° patient|no patient|numero patient|id|unit no|chart no|chart number`,
  collected: `collected|collection date|date collected|collected on|collection date/time|date/time collected|collection time|collected date|specimen collected|sample collected|sample date|
    drawn|date drawn|specimen date|sampled|date of collection|taken|date taken|abnahme|abnahmedatum|entnahme|entnahmedatum|entnahmezeit|abgenommen|probenentnahme|fecha de extraccion|fecha extraccion|extraccion|
    fecha de toma|fecha toma|toma de muestra|fecha de la muestra|prelevement|preleve le|date de prelevement|date du prelevement|prelevement du|prelevement le|data prelievo`,
  received: `received|date received|received on|received date|date/time received|specimen received|sample received|eingang|eingangsdatum|probeneingang|eingegangen|recepcion|fecha de recepcion|fecha recepcion|recibido|
    recu le|reception|date de reception`,
  reported: `reported|report date|date reported|reported on|date of report|date/time reported|issued|report issued|result date|printed|befunddatum|befund vom|berichtsdatum|ausgabe|fecha de informe|fecha informe|fecha del informe|informe|fecha de emision|
    fecha resultado|edite le|date d'edition|date du compte rendu|valide le|fecha de validacion|authorised|authorised on|date of issue`,
  specimen: `specimen|specimen type|sample type|sample|material|probenmaterial|muestra|tipo de muestra|nature du prelevement|echantillon`,
  other: `age|sex|gender|age/sex|sex/age|phone|tel|tel.|fax|telephone|address|accession|accession no|accession no.|accession number|lab no|lab no.|lab number|lab id|order no|order number|request no|request no.|requisition|
    order|ref by|referred by|ordering physician|ordering provider|physician|doctor|provider|requested by|consultant|client|account|account no|account number|page|clia|director|ward|location|fasting|status|alter|geschlecht|auftrag|auftragsnr.|auftragsnummer|
    auftrags-nr.|einsender|arzt|station|sexo|edad|medico|solicitado por|n peticion|peticion|n° peticion|sexe|age (ans)|medecin|prescripteur|dossier|n° dossier|no dossier|dr|report status|sample no|sample id|specimen id|barcode|ssn|zip|iban|ust-id|
    kasse|versicherung|insurance|bill|visit|encounter|room|bed|report|laboratory|lab|seite|pagina|folio|pathologist|scan|copy to|cc|e-mail|email|web|version`,
};
const labelOf: ReadonlyMap<string, Label> = new Map(
  Object.entries(labels).flatMap(([label, list]) =>
    list.split('|').map((phrase) => [phrase.trim().replace(/\s+/g, ' '), label as Label] as const),
  ),
);

interface Found {
  readonly label: Label;
  readonly text: string;
}

/** Labelled facts of all pages; the first print of each fact counts. */
export function readFacts(layouts: readonly PageLayout[], order: DayOrder): Facts {
  const lines = new Set<Line>();
  const found: Found[] = [];
  for (const layout of layouts) {
    layout.lines.forEach((line, index) => {
      const here = labelled(line, layout.lines[index + 1]);
      if (here.length > 0) {
        lines.add(line);
        found.push(...here);
      }
    });
  }
  const dated = (label: Label) => {
    for (const fact of found) {
      const date = fact.label === label ? findDate(fact.text, order, label === 'birthDate' ? 26 : 40) : undefined;
      if (date) return date.iso;
    }
    return undefined;
  };
  const unlabelled = bareName(layouts[0], lines);
  if (unlabelled) lines.add(unlabelled.line);
  const named = found.map(({ label, text }) => (label === 'name' ? personName(text) : undefined)).find(Boolean);
  const name = named ?? unlabelled?.text;
  const identifier = found
    .filter(({ label }) => label === 'identifier')
    .map(({ text }) => /^[#:\s]*([A-Z0-9][A-Z0-9\-/.]{2,}(?: \d{3,4}){0,3})/i.exec(text)?.[1])
    .find((text) => text !== undefined && /\d/.test(text));
  const laboratory = letterhead(layouts[0]);
  return {
    ...only('reported', dated('reported')),
    ...only('collected', dated('collected')),
    ...only('received', dated('received')),
    ...only('laboratory', laboratory),
    patient: {
      ...only('name', name),
      ...only('birthDate', dated('birthDate')?.slice(0, 10)),
      ...only('identifier', identifier),
    },
    lines,
  };
}

function only<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

/** "Label: value" pairs of a line; a label without a value takes what stands right below it. */
function labelled(line: Line, below: Line | undefined): readonly Found[] {
  const marks: { label: Label; from: number; to: number; colon: boolean }[] = [];
  const { tokens } = line;
  for (let from = 0; from < tokens.length; from++) {
    for (let to = Math.min(tokens.length, from + 5); to > from; to--) {
      const raw = joined(tokens.slice(from, to));
      const cell = line.cells.find((c) => c.from <= from && c.to > from)!;
      if (to > cell.to) continue;
      const colon = /:\s*$/.test(raw) || tokens[to]?.text.startsWith(':') === true;
      const label = labelOf.get(fold(raw.replace(/\s*[:#]+\s*$/, '')));
      // Without a colon a label counts only as a cell of its own or at the start of one that goes on with a value.
      const ends = to === cell.to && from === cell.from;
      const starts =
        from === cell.from &&
        /^#?(?=\S*\d)[\p{L}\d][\w./-]*$/u.test(tokens[to]?.text ?? '') &&
        label !== 'name' &&
        label !== 'other' &&
        label !== 'specimen';
      if (
        label &&
        (colon || (ends && label !== 'other' && label !== 'specimen' && line.cells.length % 2 === 0) || starts)
      ) {
        marks.push({ label, from, to, colon });
        from = to - 1;
        break;
      }
    }
  }
  if (
    !marks.some(
      ({ colon, label }) => colon || ['birthDate', 'identifier', 'collected', 'received', 'reported'].includes(label),
    )
  ) {
    return [];
  }
  return marks.flatMap(({ label, to }, index): readonly Found[] => {
    const end = marks[index + 1]?.from ?? tokens.length;
    let text = joined(tokens.slice(to, end)).replace(/^[:\s]+/, '');
    if (text === '' && below) {
      const [x0] = tokens[marks[index]!.from]!.box;
      const next = marks[index + 1] ? tokens[marks[index + 1]!.from]!.box[0] : Number.POSITIVE_INFINITY;
      text = joined(below.tokens.filter(({ box }) => box[2] > x0 && box[0] < next));
    }
    if (label === 'specimen') return [];
    return [{ label, text }];
  });
}

/** "Marsh, Elena" without a label, on or right beside a line that says when somebody was born or which number they have. */
function bareName(
  layout: PageLayout | undefined,
  facts: ReadonlySet<Line>,
): { readonly text: string; readonly line: Line } | undefined {
  const lines = layout?.lines.slice(0, 20) ?? [];
  for (const [index, line] of lines.entries()) {
    const beside = [line, lines[index - 1], lines[index + 1]].some((one) => one !== undefined && facts.has(one));
    const cell = beside
      ? line.cells.find(({ text }) => /^\p{L}[\p{L}'’-]+,\s?\p{L}[\p{L}'’. -]+$/u.test(text) && text.length < 50)
      : undefined;
    const name =
      cell && !/\b(?:lab|street|road|avenue|director|clinic|nowhere|suite)\b/i.test(cell.text)
        ? personName(cell.text)
        : undefined;
    if (name) return { text: name, line };
  }
  return undefined;
}

function personName(text: string): string | undefined {
  const cut = text
    .split(/\s{2,}|\s[-|/(]\s|\(|\d/)[0]!
    .replace(/\b(?:mr|mrs|ms|miss|dr|herr|frau|sr|sra|mme|m)\.?\s+/i, '')
    .trim()
    .replace(/[,;]$/, '');
  return /^\p{L}[\p{L}'’., -]{1,60}$/u.test(cut) && cut.split(/\s+/).length <= 6 ? cut : undefined;
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
