import { codedText, component, repetitions, type Segment, type Separators, unescaped } from './hl7-message.ts';

/** A file inside a message or document. */
export interface Embedded {
  readonly bytes: Uint8Array;
  readonly contentType?: string;
}

/** The file in an OBX of type ED (or of text that is a PDF in base64); undefined where there is none. */
export function embeddedFile(segment: Segment, separators: Separators): Embedded | undefined {
  if (segment.fields[2] !== 'ED') {
    return undefined;
  }
  const [first] = repetitions(segment, 5, separators);
  // Some systems put the base64 into component 5, as they should, others leave components out.
  const data = (first ?? '').split(separators.component).findLast((part) => part.length > 100);
  const compact = data === undefined ? '' : unescaped(data, separators).replace(/\s+/g, '');
  if (compact === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) {
    return undefined;
  }
  return { bytes: new Uint8Array(Buffer.from(compact, 'base64')) };
}

/** Structured numeric: ">^100", "^1^:^128", "^2^+", "^5^-^10". */
function structured(text: string, separators: Separators): string {
  const [comparator, first, sign, second] = [1, 2, 3, 4].map((index) => component(text, index, separators) ?? '');
  return comparator === '<>' || comparator === '='
    ? `${first}${sign}${second}`
    : `${comparator}${first}${sign}${second}`;
}

const coded = new Set(['CE', 'CWE', 'CNE', 'CF', 'IS', 'ID']);
const times = new Set(['DT', 'TS', 'DTM']);

/** What an OBX says, by its type (OBX-2); repetitions of text are lines. Undefined for an empty value. */
export function observedText(segment: Segment, separators: Separators): string | undefined {
  const type = segment.fields[2] ?? '';
  if (type === 'ED' || type === 'RP') {
    return undefined;
  }
  const parts = repetitions(segment, 5, separators)
    .map((part) => {
      if (type === 'SN') return structured(part, separators);
      if (coded.has(type)) return codedText(part, separators) ?? '';
      if (times.has(type)) return part.replace(/^(\d{4})(\d{2})(\d{2}).*$/, '$1-$2-$3');
      // A text in which somebody forgot to escape a separator is still a text.
      return unescaped(part, separators).trim();
    })
    .filter((part) => part !== '');
  const whole = parts.join(['TX', 'FT'].includes(type) ? '\n' : ', ');
  return whole === '' ? undefined : whole;
}

/** Codes of specimens in tables 0070 and 0487 that laboratories send without a text. */
const specimens: Readonly<Record<string, string>> = {
  BLD: 'Blood',
  WB: 'Whole blood',
  BLDA: 'Arterial blood',
  BLDC: 'Capillary blood',
  BLDV: 'Venous blood',
  BLDCO: 'Cord blood',
  SER: 'Serum',
  PLAS: 'Plasma',
  PLR: 'Pleural fluid',
  PRT: 'Peritoneal fluid',
  UR: 'Urine',
  URC: 'Urine',
  CSF: 'CSF',
  STL: 'Stool',
  SAL: 'Saliva',
  SNV: 'Synovial fluid',
  SPT: 'Sputum',
  SMN: 'Semen',
};

/** The specimen of a coded field (SPM-4, OBR-15.1), in words where it is one of the usual codes. */
export function specimenText(code: string | undefined, text: string | undefined): string | undefined {
  return [text, code].flatMap((one) => specimens[one?.toUpperCase() ?? ''] ?? [])[0] ?? text ?? code;
}
