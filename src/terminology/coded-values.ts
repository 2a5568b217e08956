/** A word of the semi-quantitative scale, with its SNOMED CT concept where it is certain. */
export interface CodedValue {
  readonly code: string;
  readonly display: string;
  readonly snomed?: { readonly code: string; readonly display: string };
  /** Whether the word by itself says abnormal, normal or nothing. */
  readonly sense: 'absent' | 'present' | 'borderline' | 'neutral';
}

const negative = { code: '260385009', display: 'Negative' };
const positive = { code: '10828004', display: 'Positive' };
const detected = { code: '260373001', display: 'Detected' };
const notDetected = { code: '260415000', display: 'Not detected' };
const reactive = { code: '11214006', display: 'Reactive' };
const nonReactive = { code: '131194007', display: 'Non-reactive' };
const present = { code: '52101004', display: 'Present' };
const absent = { code: '2667000', display: 'Absent' };
const trace = { code: '260405006', display: 'Trace' };
const indeterminate = { code: '82334004', display: 'Indeterminate' };
const equivocal = { code: '42425007', display: 'Equivocal' };
const normal = { code: '17621005', display: 'Normal' };
const abnormal = { code: '263654008', display: 'Abnormal' };
const noGrowth = { code: '264868006', display: 'No growth' };
const onePlus = { code: '260347006', display: 'Present +' };
const twoPlus = { code: '260348001', display: 'Present ++' };
const threePlus = { code: '260349009', display: 'Present +++' };
const fourPlus = { code: '260350009', display: 'Present ++++' };

const table: readonly (CodedValue & { readonly words: readonly string[] })[] = [
  {
    code: 'negative',
    display: 'Negative',
    snomed: negative,
    sense: 'absent',
    words: [
      'negative',
      'neg',
      'negativ',
      'negativo',
      'negativa',
      'negatif',
      '(-)',
      '-ve',
      'nég',
      'négatif',
      'négative',
    ],
  },
  {
    code: 'positive',
    display: 'Positive',
    snomed: positive,
    sense: 'present',
    words: ['positive', 'pos', 'positiv', 'positivo', 'positiva', 'positif', '(+)', '+ve'],
  },
  {
    code: 'not-detected',
    display: 'Not detected',
    snomed: notDetected,
    sense: 'absent',
    words: [
      'not detected',
      'none detected',
      'undetected',
      'undetectable',
      'not det',
      'nicht nachweisbar',
      'nicht nachgewiesen',
      'no detectado',
      'no detectable',
      'non détecté',
      'non detecte',
      'target not detected',
    ],
  },
  {
    code: 'detected',
    display: 'Detected',
    snomed: detected,
    sense: 'present',
    words: ['detected', 'nachweisbar', 'nachgewiesen', 'detectado', 'détecté'],
  },
  {
    code: 'non-reactive',
    display: 'Non-reactive',
    snomed: nonReactive,
    sense: 'absent',
    words: [
      'non-reactive',
      'non reactive',
      'nonreactive',
      'not reactive',
      'nr',
      'nicht reaktiv',
      'no reactivo',
      'non réactif',
    ],
  },
  {
    code: 'reactive',
    display: 'Reactive',
    snomed: reactive,
    sense: 'present',
    words: ['reactive', 'reaktiv', 'reactivo', 'réactif'],
  },
  {
    code: 'absent',
    display: 'Absent',
    snomed: absent,
    sense: 'absent',
    words: [
      'absent',
      'nil',
      'none',
      'none seen',
      'not seen',
      'not present',
      'ausente',
      'ausencia',
      'keine',
      'nicht vorhanden',
      'absence',
      'aucun',
    ],
  },
  {
    code: 'present',
    display: 'Present',
    snomed: present,
    sense: 'present',
    words: ['present', 'seen', 'presente', 'vorhanden', 'présent', 'présence'],
  },
  {
    code: 'trace',
    display: 'Trace',
    snomed: trace,
    sense: 'borderline',
    words: ['trace', 'traces', 'tr', 'tr.', 'trazas', 'spur', 'spuren', '+/-', '±'],
  },
  { code: '1+', display: '1+', snomed: onePlus, sense: 'present', words: ['1+', '+1', '+', '1 +', '+ 1'] },
  { code: '2+', display: '2+', snomed: twoPlus, sense: 'present', words: ['2+', '+2', '++', '2 +'] },
  { code: '3+', display: '3+', snomed: threePlus, sense: 'present', words: ['3+', '+3', '+++', '3 +'] },
  { code: '4+', display: '4+', snomed: fourPlus, sense: 'present', words: ['4+', '+4', '++++', '4 +'] },
  {
    code: 'indeterminate',
    display: 'Indeterminate',
    snomed: indeterminate,
    sense: 'borderline',
    words: ['indeterminate', 'indéterminé', 'indeterminado'],
  },
  {
    code: 'equivocal',
    display: 'Equivocal',
    snomed: equivocal,
    sense: 'borderline',
    words: ['equivocal', 'borderline', 'grenzwertig', 'grey zone', 'gray zone', 'dudoso', 'douteux', 'limite'],
  },
  {
    code: 'normal',
    display: 'Normal',
    snomed: normal,
    sense: 'absent',
    words: ['normal', 'norm', 'unauffällig', 'o.b.', 'within normal limits', 'wnl'],
  },
  {
    code: 'abnormal',
    display: 'Abnormal',
    snomed: abnormal,
    sense: 'present',
    words: ['abnormal', 'auffällig', 'anormal'],
  },
  {
    code: 'no-growth',
    display: 'No growth',
    snomed: noGrowth,
    sense: 'absent',
    words: ['no growth', 'sterile', 'kein wachstum', 'sin crecimiento'],
  },
  {
    code: 'few',
    display: 'Few',
    sense: 'neutral',
    words: ['few', 'einzelne', 'vereinzelt', 'escasos', 'escasas', 'rares', 'quelques', 'rare', 'occasional', 'occ'],
  },
  { code: 'some', display: 'Some', sense: 'neutral', words: ['some', 'several'] },
  {
    code: 'moderate',
    display: 'Moderate',
    sense: 'neutral',
    words: ['moderate', 'mod', 'mäßig', 'moderado', 'moderados', 'modéré'],
  },
  {
    code: 'many',
    display: 'Many',
    sense: 'neutral',
    words: [
      'many',
      'plenty',
      'numerous',
      'reichlich',
      'massenhaft',
      'abundantes',
      'abundante',
      'nombreux',
      'nombreuses',
      'tntc',
      'too numerous to count',
    ],
  },
  {
    code: 'clear',
    display: 'Clear',
    sense: 'neutral',
    words: ['clear', 'klar', 'claro', 'límpido', 'transparente', 'limpide', 'clair'],
  },
  {
    code: 'slightly-cloudy',
    display: 'Slightly cloudy',
    sense: 'neutral',
    words: [
      'slightly cloudy',
      'slightly turbid',
      'sl cloudy',
      'slightly hazy',
      'leicht trüb',
      'ligeramente turbio',
      'légèrement trouble',
    ],
  },
  {
    code: 'cloudy',
    display: 'Cloudy',
    sense: 'neutral',
    words: ['cloudy', 'turbid', 'hazy', 'trüb', 'turbio', 'trouble'],
  },
  {
    code: 'colourless',
    display: 'Colourless',
    sense: 'neutral',
    words: ['colourless', 'colorless', 'farblos', 'incoloro', 'incolore'],
  },
  { code: 'straw', display: 'Straw', sense: 'neutral', words: ['straw', 'strohgelb', 'pajizo', 'paille'] },
  {
    code: 'pale-yellow',
    display: 'Pale yellow',
    sense: 'neutral',
    words: [
      'pale yellow',
      'light yellow',
      'hellgelb',
      'amarillo claro',
      'amarillo pálido',
      'jaune pâle',
      'jaune clair',
    ],
  },
  { code: 'yellow', display: 'Yellow', sense: 'neutral', words: ['yellow', 'gelb', 'amarillo', 'jaune'] },
  {
    code: 'dark-yellow',
    display: 'Dark yellow',
    sense: 'neutral',
    words: ['dark yellow', 'dunkelgelb', 'amarillo oscuro', 'jaune foncé'],
  },
  { code: 'amber', display: 'Amber', sense: 'neutral', words: ['amber', 'bernstein', 'ámbar', 'ambre'] },
  { code: 'red', display: 'Red', sense: 'neutral', words: ['red', 'rot', 'rojo', 'rouge'] },
  { code: 'brown', display: 'Brown', sense: 'neutral', words: ['brown', 'braun', 'marrón', 'brun'] },
  // Blood groups keep their printed words: the SNOMED CT concepts differ between result and finding, so none is given.
  { code: 'group-a', display: 'A', sense: 'neutral', words: ['group a', 'blutgruppe a'] },
  { code: 'group-b', display: 'B', sense: 'neutral', words: ['group b', 'blutgruppe b'] },
  { code: 'group-ab', display: 'AB', sense: 'neutral', words: ['ab', 'group ab', 'blutgruppe ab'] },
  { code: 'group-o', display: 'O', sense: 'neutral', words: ['group o', 'blutgruppe 0'] },
  {
    code: 'a-positive',
    display: 'A positive',
    sense: 'neutral',
    words: ['a positive', 'a pos', 'a+', 'a rh positive', 'a rhd positive', 'a rh(d) positive'],
  },
  {
    code: 'a-negative',
    display: 'A negative',
    sense: 'neutral',
    words: ['a negative', 'a neg', 'a-', 'a rh negative', 'a rhd negative', 'a rh(d) negative'],
  },
  {
    code: 'b-positive',
    display: 'B positive',
    sense: 'neutral',
    words: ['b positive', 'b pos', 'b+', 'b rh positive', 'b rhd positive', 'b rh(d) positive'],
  },
  {
    code: 'b-negative',
    display: 'B negative',
    sense: 'neutral',
    words: ['b negative', 'b neg', 'b-', 'b rh negative', 'b rhd negative', 'b rh(d) negative'],
  },
  {
    code: 'ab-positive',
    display: 'AB positive',
    sense: 'neutral',
    words: ['ab positive', 'ab pos', 'ab+', 'ab rh positive', 'ab rhd positive', 'ab rh(d) positive'],
  },
  {
    code: 'ab-negative',
    display: 'AB negative',
    sense: 'neutral',
    words: ['ab negative', 'ab neg', 'ab-', 'ab rh negative', 'ab rhd negative', 'ab rh(d) negative'],
  },
  {
    code: 'o-positive',
    display: 'O positive',
    sense: 'neutral',
    words: ['o positive', 'o pos', 'o+', 'o rh positive', 'o rhd positive', 'o rh(d) positive'],
  },
  {
    code: 'o-negative',
    display: 'O negative',
    sense: 'neutral',
    words: ['o negative', 'o neg', 'o-', 'o rh negative', 'o rhd negative', 'o rh(d) negative'],
  },
];

function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/[.;:]$/, '')
    .trim();
}

const byWord: ReadonlyMap<string, CodedValue> = new Map(
  table.flatMap(({ words, ...value }) => words.map((word) => [fold(word), value] as const)),
);

/** The coded value of a printed word, exact after folding of case and spaces; undefined when it is not on the list. */
export function codedValue(text: string): CodedValue | undefined {
  return byWord.get(fold(text));
}
