import type { Role } from './roles.ts';

/**
 * Role of a column by the words over it. `unclear`: a value column of which nothing says whether it is current;
 * `unknown`: a heading in no list, told by what stands under it.
 */
export type ColumnRole = Role | 'in-range' | 'out-of-range' | 'dated' | 'current' | 'unclear' | 'unknown';

/** English, German, Spanish, French, Italian and Portuguese column headings, folded. */
const words: Readonly<Partial<Record<ColumnRole, string>>> = {
  name: `test|tests|test name|name of test|analyte|analytes|investigation|investigations|examination|parameter|parameters|component|
    determination|test description|description|assay|procedure|lab test|observation|test/analyte|tests ordered|biomarker|
    analyse|analysen|untersuchung|bestimmung|messgrosse|bezeichnung|laborwert|kenngrosse|laborparameter|prueba|pruebas|analisis|
    determinacion|determinaciones|examen|examenes|estudio|parametro|parametros|parametre|parametres|dosage|analyses|
    esame|esami|exame|exames|analisi`,
  value: `result|results|value|values|observed value|patient value|your value|your result|test result|finding|findings|result value|measured|
    ergebnis|ergebnisse|messwert|wert|befund|resultado|resultados|valor|valor obtenido|resultat|resultats|valeur|valeurs|
    risultato|risultati|valore`,
  current: `current|current result|current value|today|latest|new result|aktuell|aktueller wert|aktuelles ergebnis|actual|resultado actual|
    actuel|resultat actuel|attuale|atual|this visit`,
  previous: `previous|previous result|previous value|previous results|prior|prior result|prior results|last|last result|last value|historical|history|
    previous result and date|previous/date|prev|prev.|prev result|earlier|old result|trend|
    vorwert|vorwerte|vorbefund|vorergebnis|letzter wert|vorheriges ergebnis|anterior|anteriores|resultado anterior|valor anterior|
    previo|resultado previo|resultados anteriores|anteriorite|anteriorites|precedent|resultat precedent|valeur precedente|
    resultat anterieur|valore precedente|precedente|previous date`,
  unit: `unit|units|uom|unit of measure|einheit|einheiten|masseinheit|unidad|unidades|u.|unite|unites|unita|unidade`,
  range: `reference|reference range|reference ranges|reference interval|reference intervals|ref|ref.|ref range|ref. range|ref interval|ref. interval|
    normal range|normal ranges|normal values|normal value|normal|normals|range|ranges|interval|intervals|limits|expected|expected range|expected values|
    bio. ref. interval|biological reference interval|biological ref. interval|biological reference range|bio ref interval|ref. limits|
    standard range|referenzbereich|referenzbereiche|normbereich|normalbereich|normwert|normwerte|normalwert|normalwerte|referenz|referenzwert|referenzwerte|
    sollwert|valores de referencia|valor de referencia|rango|rango de referencia|intervalo de referencia|valores normales|rango normal|
    referencia|v. referencia|v.referencia|valeurs de reference|valeur de reference|intervalle|intervalle de reference|valeurs usuelles|
    normes|norme|references|valori di riferimento|intervallo di riferimento|valores referencia|reference values|reference value`,
  flag: `flag|flags|abn|abnormal|status|h/l|abnormal flag|ind|indicator|alert|note|markierung|bewertung|kennz|kennz.|hinweis|marca|indicador|alerta|alerte|
    anomalie|interpretation`,
  'in-range': `in range|within range|in-range|im normbereich|dentro de rango`,
  'out-of-range': `out of range|out-of-range|outside range|abnormal result|abnormal results|ausserhalb|fuera de rango|hors norme|hors normes`,
  specimen: `specimen|sample|material|sample type|specimen type|probe|probenmaterial|muestra|prelevement|echantillon|campione`,
  date: `date|collected|collection date|sample date|drawn|date/time|time|datum|entnahme|abnahme|fecha|data|date collected|uhrzeit|hora`,
  other: `lab|site|performing lab|code|test code|loinc|loinc code|id|no|no.|sr. no|s.no|s. no.|#|lab id|perf|accr|tech|performed by|verified by|method|methode|metodo|comment|comments|remarks|kommentar`,
};

export const headerPhrases: ReadonlyMap<string, ColumnRole> = new Map(
  Object.entries(words).flatMap(([role, list]) =>
    list!.split('|').map((phrase) => [phrase.trim().replace(/\s+/g, ' '), role as ColumnRole] as const),
  ),
);

/** Lower case, no accents, no trailing colon; the form in which phrases are kept. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replace(/[:*]+$/, '')
    .replace(/\s+/g, ' ')
    .trim();
}
