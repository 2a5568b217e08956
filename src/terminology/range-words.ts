/** The words of reference ranges in seven languages, as sources of patterns; accents may be missing in a scan. */

const list = (words: string) =>
  words
    .trim()
    .split(/\s*\|\s*/)
    .join('|');

/** Below, without the limit itself. */
export const below = list(`
  < | less than | lower than | below | under | unter | kleiner(?: als)? | weniger als | niedriger als |
  inf(?:\\.|[ée]rieure?s?)? ?[àa] | moins de | au-dessous de |
  inferior(?:es)? a | menor(?:es)?(?: (?:de|que|a))? | menos de | por debajo de |
  inferior(?:es)? [aà] | abaixo de | menor que |
  inf(?:\\.|eriore?|eriori)? ?a | minore?(?: di)? | minori di | meno di | sotto i | al di sotto di`);

/** Up to the limit, which still belongs to it. */
export const upTo = list(`
  up ?to | upto | bis(?: zu)? | max\\.?(?=[ :\\d]) | maximum | maximal | hasta(?: el)? | m[áa]x(?:imo|\\.)? | jusqu'[àa] |
  at[ée] | fino a | sino a | massimo`);

export const orBelow = list(`
  <= | =< | ≤ | ⩽ | < ?(?:or|o|ou|oder)? ?= ? | < ?/ ?= | no more than | not more than | less than or equal to | höchstens |
  kleiner(?: oder)? gleich | inf[ée]rieure?s? ou [ée]gale?s? [àa] | menor o igual (?:a|que) | menor ou igual (?:a|que) |
  inferior o igual a | inferior ou igual a | minore o uguale (?:a|di) | inferiore o uguale a`);

/** Above, without the limit itself. */
export const above = list(`
  > | greater than | higher than | more than | above | over | über | größer(?: als)? | grösser(?: als)? | mehr als |
  höher als | sup(?:\\.|[ée]rieure?s?)? ?[àa] | plus de | au-dessus de |
  superior(?:es)? [aà] | mayor(?:es)?(?: (?:de|que|a))? | m[áa]s de | por encima de |
  acima de | maior(?:es)?(?: (?:do )?(?:de|que))? | mais de |
  sup(?:\\.|eriore?|eriori)? ?a | maggiore?(?: di)? | maggiori di | pi[ùu] di | oltre(?: i)? | sopra i | al di sopra di`);

/** From the limit on, which belongs to it. */
export const from = list(`
  ab | from | desde | [àa] partir de | min\\.?(?=[ :\\d]) | minimum | mindestens | at least | m[íi]n(?:imo|\\.)? | a partire da |
  almeno | au moins | al menos | pelo menos`);

export const orAbove = list(`
  >= | => | ≥ | ⩾ | > ?(?:or|o|ou|oder)? ?= ? | > ?/ ?= | not less than | no less than | greater than or equal to |
  größer(?: oder)? gleich | sup[ée]rieure?s? ou [ée]gale?s? [àa] | mayor o igual (?:a|que) | maior ou igual (?:a|que) |
  superior o igual a | superior ou igual a | maggiore o uguale (?:a|di) | superiore o uguale a`);

/** Between two limits. */
export const dash = '(?:-|–|—|→|…|\\.\\.+|;|to|bis|à|a|ad|al|hasta|até|ate|fino a|until|till|~|÷|y|et|e|und|and|/)';
export const opening = '(?:de |da |dal |von |from |entre |between |zwischen |tra |fra |comprised between )?';

/** Said before the numbers and saying nothing of them. */
export const lead = new RegExp(
  `^(?:${list(`
  ref(?:erence)?\\.?(?: range| interval| values?)? | biological ref(?:erence|\\.)? (?:range|interval) |
  normal(?: range| values?| adult)? | normale? | normali | normais | normales | nv | vn | v\\.? ?n\\.? | rr | ri | normwert | normbereich |
  referenzbereich | referenz | v\\.? ?r\\.? | v\\.? ?rif\\.? | vr | valor(?:es)? de refer[eê]ncia | valor(?:es)? normal(?:es)? |
  valores normais | valori? di riferimento | valori normali | intervallo di riferimento | valeurs? (?:de r[ée]f[ée]rence|usuelles?|normales?) |
  norme | desirable | optimal | desejável | deseable | desiderabile | souhaitable | ótimo | ottimale | negative? | negativ | negativ[oa] | négatif | non[- ]reactive | não reagente | non reattivo | no reactivo`)})\\s*(?:[:=]\\s*(?=[\\p{L}\\d<>≤≥[(])|\\s(?=[\\d<>≤≥[(]))`,
  'iu',
);

const men = list(`
  m | male | males | man | men | adult males? | adult men | boys? | männer | männlich | mann | jungen | herren | hombres? | varon(?:es)? | varón | niños |
  masculinos? | hommes? | masculins? | h | homme adulte | gar[çc]ons? | uomo | uomini | maschio | maschi | maschile |
  homem | homens | sexo masculino | masc | meninos | sesso maschile | adult \\(male\\)`);
const women = list(`
  f | w | female | females | woman | women | adult females? | adult women | girls? | frauen | weiblich | frau | mädchen | damen | mujer(?:es)? |
  niñas | femeninos? | femenina | femmes? | féminins? | h?embras? | filles? | donna | donne | femmina | femmine | femminile |
  mulher | mulheres | feminin[oa]s? | sexo feminino | fem | meninas | sesso femminile`);
export const male = new RegExp(`^(?:${men})$`, 'iu');
export const female = new RegExp(`^(?:${women})$`, 'iu');
/** Where a new group begins though no mark parts it from the one before; only with a colon or equals sign behind. */
export const groupStart = new RegExp(
  `\\s+(?=(?:${list(`
  m | f | w | h | male | female | males | females | men | women | männer | frauen | hombres? | mujer(?:es)? | hommes? | femmes? |
  uomo | uomini | donna | donne | maschi | femmine | homens? | mulher(?:es)? | masculino | femin?enino | feminino | femenino |
  adults? | children | adulti | bambini | adultos | crian[çc]as | niños | adultes | enfants | erwachsene | kinder |
  newborns?`)})\\s*[:=])`,
  'iu',
);

export const years = '(?:y|yrs?|years?|j|jahren?|jahre|lj|años?|anos?|ans?|anni|anno|a)(?![\\p{L}])';
export const olderThan =
  '(?:>=?|≥|over|above|über|ab|älter als|más de|mayor(?:es)? de|plus de|oltre(?: i)?|maggiore di|sopra i|acima de|mais de|maiores de|from)';
export const youngerThan =
  '(?:<=?|≤|under|below|unter|bis|up to|jünger als|menos de|menor(?:es)? de|moins de|meno di|inferiore a|sotto i|fino a|abaixo de|até)';
