import { clean, fieldOf } from './groups.ts';
import { fold } from './header-words.ts';
import type { Line } from './layout.ts';
import type { Place } from './place.ts';
import type { RoledLine } from './rows.ts';
import { specimenOf } from './specimens.ts';

/** A line that heads what follows, or is the first half of a name: its panel and specimen hold until the next one. */
export function heading({ line, roles }: RoledLine, { state, names, rows }: Place): void {
  const text = line.cells.map((cell) => cell.text).join(' ');
  const specimen = specimenOf(text);
  const before = { panel: state.panel, specimen: state.specimen };
  const loud = line.bold || /^[^a-zà-ÿ]{4,}$/.test(text);
  const isHeading = loud || roles.includes('heading') || /:$/.test(text) || specimen !== undefined;
  if (isHeading && !(names.isTest(clean(text)) && !specimen && !line.bold)) {
    state.panel = clean(text);
    // "SPECIMEN: SERUM" over "RENAL PROFILE" is of all panels that follow.
    if (loud && state.told && state.told.rows === rows.length) state.head = state.told.specimen;
    const continues = goesOn(text, state.specimen);
    // "Urinalysis" is a panel that implies its specimen: it ends with the panel, whatever the next heading looks like.
    const ends = (loud || state.implied) && !continues;
    state.specimen = specimen ?? (ends ? state.head : state.specimen);
    state.implied = specimen ? text.split(/\s+/).length > 1 || isPanelName(text) : state.implied && continues;
    if (!continues) state.method = undefined;
  }
  const named = line.tokens.filter((_, at) => roles[at] === 'name' || roles[at] === 'heading');
  state.pending = { field: fieldOf(named.length > 0 ? named : line.tokens), line, ...before };
}

const isPanelName = (text: string) => /^(?:urinaly|urinanal|uroan|urinstatus|ecbu|lipid)/i.test(fold(text));

/** Headings that go on with the specimen named above them: parts of a blood count, or of a urinalysis. */
function goesOn(heading: string, specimen: string | undefined): boolean {
  const counts =
    /eritro|eryth|leu[ck]o|plaq|thromb|hemo|haem|hem[aá]t|serie|differen|blutbild|formula|formule|numeration|count/i;
  const urine = /physical|chemical|microscop|macroscop|sediment|f[ií]sic|qu[ií]mic|physikal|chemisch/i;
  return (
    (/blood/i.test(specimen ?? '') && counts.test(heading)) || (/urine/i.test(specimen ?? '') && urine.test(heading))
  );
}

/** A few bold words alone, also where they follow a comment. */
export function isTitle({ bold, cells, tokens }: Line): boolean {
  return bold && cells.length === 1 && tokens.length <= 5 && /^\p{Lu}[^\d:.;!?]*$/u.test(cells[0]!.text);
}
