import { clean } from './groups.ts';
import { fold } from './header-words.ts';
import { joined, type Line } from './layout.ts';
import { isMethod, specimenAndMethod } from './methods.ts';
import { follows, type Place } from './place.ts';
import type { Region } from './regions.ts';
import type { Names } from './role.ts';
import { specimenLabel, specimenOf } from './specimens.ts';

const methodLabel =
  /^\(?\s*(?:(?:method(?:ology)?|meth\.?|methode|metodo|metodologia|metodica|verfahren)(?:\s*[:\-–]\s*|\s+)|(?:assay|procedure|technique|tecnica)\s*[:\-–]\s*)(\S.*?)\)?$/i;
/** Words alone in brackets under a test; words on how the patient or the sample was are no method. */
const bracketed = /^[([](\p{L}[^()[\]]{1,60})[)\]]$/u;
const noMethod =
  /\d|fasting|random|n[uü]chtern|ayunas|jeun|digiuno|jejum|serum|plasma|blood|urine|see |continued|cont\./i;

/**
 * "Method: ISE", "Material: Serum", alone or several in one line, and methods without a label: of the row above where that
 * is near; of what follows under a heading; of the whole panel at its end.
 */
export function labelled(line: Line, place: Place): boolean {
  const { region, state, names, rows } = place;
  const previous = rows.at(-1);
  const near = previous !== undefined && state.last !== undefined && follows(state.last, line, region);
  let found = false;
  for (const text of line.cells.map((cell) => cell.text)) {
    const method = methodIn(text, line, near, names);
    const specimen = isSpecimenLabel(fold(text));
    const both = line.cells.length === 1 ? specimenAndMethod(text) : undefined;
    if (both) {
      state.specimen = both.specimen;
      state.method = both.method;
      found = true;
    } else if (method) {
      tellMethod(method, line, near, place);
      found = true;
    } else if (specimen && specimenOf(specimen)) {
      // In a report of one block a test the specimen stands under the value; elsewhere it heads what follows.
      const { pending } = state;
      if (pending) {
        state.pending = { ...pending, line, specimen: specimenOf(specimen) };
        if (!names.isTest(clean(pending.field.text))) {
          state.specimen = specimenOf(specimen);
          state.told = { specimen: specimenOf(specimen)!, rows: rows.length };
        }
      } else if (near && previous.block) {
        rows[rows.length - 1] = { ...rows.at(-1)!, specimen: specimenOf(specimen) };
      } else {
        state.specimen = specimenOf(specimen);
        state.told = { specimen: specimenOf(specimen)!, rows: rows.length };
      }
      state.implied = false;
      found = true;
    }
  }
  if (found && near && !state.pending) state.last = line;
  return found;
}

/** Where the title of a panel ends and labels of what holds for it begin. */
const behindTitle =
  /\s{2,}|\s[–—|·-]\s|(?<=[\p{L})])\s(?=\(?(?:Specimen|Sample(?: Type)?|Materiale?|Muestra|Pr[eé]l[eè]vement|Echantillon|Campione|Amostra|Produto|Probe(?:nmaterial)?|M[ée]thod[eo]?|M[eé]todo)\s?:)/u;

/** "CHEMISTRY   Specimen: Plasma   Method: ISE", "Renal Profile – Specimen: Serum": a panel with what holds for all its rows. */
export function labelledHeading(line: Line, { state }: Place): boolean {
  const text = line.cells.map((cell) => cell.text).join('  ');
  const parts = text.split(behindTitle).map((part) => part.replace(/^\((.*)\)$/, '$1'));
  const [title, ...rest] = parts;
  const words = title?.replace(/\([^)]*\)/g, '') ?? '';
  if (!title || rest.length === 0 || /[:\d]/.test(words) || specimenLabel.test(fold(title))) return false;
  const said = rest.map((part) => ({ method: methodLabel.exec(part)?.[1], specimen: isSpecimenLabel(part) }));
  if (!said.every(({ method, specimen }) => method || (specimen && specimenOf(specimen)))) return false;
  state.panel = clean(title);
  state.pending = undefined;
  state.method = said.find(({ method }) => method)?.method;
  const specimen = said.find((one) => one.specimen)?.specimen;
  state.specimen = specimen ? specimenOf(specimen) : state.head;
  return true;
}

/** A method behind its label, or, alone right under a row, in brackets or in the words of methods. */
function methodIn(text: string, line: Line, near: boolean, names: Names): string | undefined {
  const plain = fold(text);
  const said = methodLabel.exec(plain)?.[1];
  if (said) return plain.length === text.length ? text.slice(plain.indexOf(said)).replace(/\)$/, '') : said;
  if (!near || line.cells.length !== 1) return undefined;
  const inner = bracketed.exec(text)?.[1];
  if (inner) return !names.isTest(inner) && (isMethod(inner) || !noMethod.test(inner)) ? inner : undefined;
  return !line.bold && isMethod(text, true) && !names.isTest(clean(text)) ? text.replace(/[.,;]$/, '') : undefined;
}

/** Whether what follows is no row: a line without digits, far below, or nothing. */
function endsPanel(line: Line, { lines, layout }: Region): boolean {
  const next = lines[lines.indexOf(line) + 1];
  return (
    !next || next.page !== line.page || next.box[1] - line.box[3] > layout.fontSize || !/\d/.test(joined(next.tokens))
  );
}

/** Whose method it is that was found on this line. */
function tellMethod(method: string, line: Line, near: boolean, { region, state, names, rows }: Place): void {
  const { pending } = state;
  if (pending) {
    state.pending = { ...pending, line, method };
    // A heading over several rows, rather than the name of one.
    if (!names.isTest(clean(pending.field.text))) state.method = method;
    return;
  }
  const first = rows.findLastIndex(({ panel }) => panel !== state.panel) + 1;
  const bare = rows.slice(first).every(({ method: own }) => own === undefined);
  const labelledAtEnd = line.tokens.some(({ text }) => text.endsWith(':')) && bare && endsPanel(line, region);
  if (near && !labelledAtEnd) {
    if (!rows.at(-1)!.method) rows[rows.length - 1] = { ...rows.at(-1)!, method };
  } else if (rows[first]?.page === line.page && bare) {
    for (let at = first; at < rows.length; at++) rows[at] = { ...rows[at]!, method };
  } else {
    state.method = method;
  }
}

/** What stands behind "Specimen:", "Type of sample:" and the like. */
function isSpecimenLabel(printed: string): string | undefined {
  const [, label, text] = /^([^:]{3,40}?)\s*:\s*(\S.*)$/.exec(printed) ?? [];
  return label && specimenLabel.test(fold(label)) ? text : undefined;
}

/** "(EDTA Whole Blood)" under the title of a panel. */
export function specimenAlone(line: Line, { state, names }: Place): boolean {
  const inner = line.cells.length === 1 ? /^[([]([^()[\]]+)[)\]]$/.exec(line.cells[0]!.text)?.[1] : undefined;
  const specimen = inner && specimenOf(inner);
  if (!specimen || !state.pending || names.isTest(clean(state.pending.field.text))) return false;
  state.specimen = specimen;
  state.pending = { ...state.pending, line };
  return true;
}
