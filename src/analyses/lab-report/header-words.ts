import type { Role } from './role.ts';

/**
 * Role of a column by the words over it. `unclear`: a value column of which nothing says whether it is current;
 * `unknown`: a heading in no list, told by what stands under it.
 */
export type ColumnRole = Role | 'in-range' | 'out-of-range' | 'dated' | 'current' | 'unclear' | 'unknown';

/** English, German, Spanish, French, Italian and Portuguese column headings, Indian and British forms included; folded. */
const words: Readonly<Partial<Record<ColumnRole, string>>> = {
  name: `test|tests|test name|name of test|analyte|analytes|investigation|investigations|examination|parameter|parameters|component|
    determination|test description|description|assay|procedure|lab test|observation|test/analyte|tests ordered|biomarker|
    analyse|analysen|untersuchung|bestimmung|messgrosse|bezeichnung|laborwert|kenngrosse|laborparameter|prueba|pruebas|analisis|
    determinacion|determinaciones|examen|examenes|estudio|parametro|parametros|parametre|parametres|dosage|analyses|
    esame|esami|exame|exames|analisi|analise|estudio solicitado|
    test performed|tests performed|test requested|tests requested|investigation name|investigation(s)|test(s)|
    test parameter|test parameters|name of the test|name of investigation|name of examination|examinations|
    test/investigation|laboratory test|lab tests|analyte name|analysis|marker|markers|clinical test|study|
    studies|measurement|measurements|result name|parameter name|description of test|untersuchungen|
    parametername|messgrossen|analyt|analyten|laboruntersuchung|test/parameter|analysenname|laborwerte|
    determinacion analitica|nombre de la prueba|nombre del examen|analito|analitos|practica|practicas|estudios|ensayo|
    descripcion|analyse demandee|examens|examen demande|designation|libelle|nom de l'analyse|dosages|esame richiesto|
    esami richiesti|nome esame|descrizione esame|denominazione|prestazione|prestazioni|accertamento|indagine|
    exame solicitado|nome do exame|analises|determinacao|determinacoes|descricao|ensaio`,
  value: `indice s/co|indice (s/co)|ratio (s/co)|s/co|index|indice|result|results|value|values|observed value|patient value|your value|your result|test result|finding|findings|result value|measured|
    ergebnis|ergebnisse|messwert|wert|befund|resultado|resultados|valor|valor obtenido|resultat|resultats|valeur|valeurs|
    risultato|risultati|valore|
    observed values|observation value|result obtained|result found|results obtained|obtained value|value obtained|
    patient results|patient's value|patient's result|your results|your values|observed result|observed results|
    measured value|test value|test results|result(s)|value(s)|obs. value|result/value|reported value|numeric result|
    messergebnis|messwerte|werte|befunde|ihr wert|ist-wert|istwert|resultat/wert|valores|valor encontrado|
    valor observado|valores obtenidos|resultado obtenido|hallazgo|hallazgos|valor hallado|resultat obtenu|
    vos resultats|votre resultat|valeur mesuree|valeurs mesurees|esito|esiti|valore riscontrato|valori riscontrati|
    valore misurato|valori ottenuti|referto|risultato ottenuto|valores obtidos|valor obtido|resultado obtido|
    resultado(s)|valores encontrados|achado|achados`,
  current: `current|current result|current value|today|latest|new result|aktuell|aktueller wert|aktuelles ergebnis|actual|resultado actual|
    actuel|resultat actuel|attuale|atual|this visit|
    current results|current values|result (current)|present result|present value|recent result|latest result|
    most recent|this result|heute|aktuelle werte|neuer wert|hoy|valor actual|resultado atual|valor atual|
    risultato attuale|valore attuale|valeur actuelle|resultats du jour|resultat du jour|ce jour|oggi|hoje`,
  previous: `previous|previous result|previous value|previous results|prior|prior result|prior results|last|last result|last value|historical|history|
    previous result and date|previous/date|prev|prev.|prev result|earlier|old result|trend|
    vorwert|vorwerte|vorbefund|vorergebnis|letzter wert|vorheriges ergebnis|anterior|anteriores|resultado anterior|valor anterior|
    previo|resultado previo|resultados anteriores|anteriorite|anteriorites|precedent|resultat precedent|valeur precedente|
    resultat anterieur|valore precedente|precedente|previous date|
    previous values|past result|past results|past value|previous visit|last visit|prior value|prior values|
    result (previous)|prev results|previous date/result|historic|historical results|previously|vorbefunde|
    voriger wert|alter wert|letzte werte|fruhere werte|fruhere ergebnisse|vorherige werte|verlauf|valores anteriores|
    ultimo resultado|ultimo valor|resultados previos|historico|historial|valor previo|antecedent|antecedents|
    resultats anterieurs|resultats precedents|valeurs anterieures|valeurs precedentes|dernier resultat|historique|
    precedenti|risultato precedente|risultati precedenti|valori precedenti|esito precedente|storico|ultimo risultato|
    dato precedente|laudo evolutivo|evolutivo|exame anterior`,
  unit: `unit|units|uom|unit of measure|einheit|einheiten|masseinheit|unidad|unidades|u.|unite|unites|unita|unidade|
    units of measure|unit of measurement|units of measurement|measuring unit|unit(s)|meas. unit|si unit|si units|
    conventional units|u/m|u.m.|u.m|einh.|einh|mass-einheit|messeinheit|unidad de medida|
    unidades de medida|unid.|unid|und.|ud.|uds.|unite de mesure|unites de mesure|unite(s)|unita di misura|
    unita' di misura|unita misura|unita'|un. mis.|un.mis.|u. mis.|u. di m.|unidade de medida|unidade(s)|un.|
    un. medida|u. medida`,
  range: `seuil|grenzwert|punto de corte|valor de corte|cut off|cutoff|cut-off|ponto de corte|v. ref.|v.ref.|v. ref|val. ref.|vr|v.r.|vn|v.n.|v. rif.|val. rif.|rif.|min|min.|max|max.|minimum|maximum|minimo|maximo|lower limit|upper limit|untergrenze|obergrenze|lim. inf.|lim. sup.|reference|reference range|reference ranges|reference interval|reference intervals|ref|ref.|ref range|ref. range|ref interval|ref. interval|
    normal range|normal ranges|normal values|normal value|normal|normals|range|ranges|interval|intervals|limits|expected|expected range|expected values|
    bio. ref. interval|biological reference interval|biological ref. interval|biological reference range|bio ref interval|ref. limits|
    standard range|referenzbereich|referenzbereiche|normbereich|normalbereich|normwert|normwerte|normalwert|normalwerte|referenz|referenzwert|referenzwerte|
    sollwert|valores de referencia|valor de referencia|rango|rango de referencia|intervalo de referencia|valores normales|rango normal|
    referencia|v. referencia|v.referencia|valeurs de reference|valeur de reference|intervalle|intervalle de reference|valeurs usuelles|
    normes|norme|references|valori di riferimento|intervallo di riferimento|valores referencia|reference values|reference value|
    bio. ref. range|bio.ref.interval|bio.ref.range|bio ref. interval|bio. ref interval|bio. ref. intervals|
    bio ref range|bio-ref. interval|bio-ref. range|biological ref range|biological ref. range|biological ref interval|
    biological ref. intervals|biological reference intervals|biological reference ranges|biological reference|
    biological reference values|biological reference value|biological ref. value|biological interval|
    bio. reference interval|bio. reference range|normal reference range|normal reference ranges|normal ref. range|
    normal limits|reference limits|ref. values|ref. value|ref values|ref. ranges|reference (range)|
    reference interval (adult)|reference range & units|reference range/units|units & reference range|expected value|
    normal interval|desired range|desirable range|target range|ref-range|ref.range|ref.int.|ref int|ref. int.|
    ref. interval/units|healthy range|optimal range|standard reference|reference data|referenz-bereich|ref.-bereich|
    ref. bereich|ref.bereich|ref-bereich|ref.-wert|ref.wert|ref. wert|referenzintervall|referenzgrenzen|
    normalbereiche|norm-bereich|sollbereich|normgrenzen|zielbereich|valores ref.|valores de ref.|
    valor de ref.|valor ref.|val. referencia|vlr. referencia|rangos|rangos de referencia|rango ref.|rango biologico|
    rango biologico de referencia|intervalo de referencia biologico|intervalo biologico de referencia|
    intervalos de referencia|intervalo|limites de referencia|valores biologicos de referencia|intervalo ref.|
    int. ref.|limites|valeurs normales|valeur normale|valeurs ref.|val. de reference|intervalles de reference|
    intervalles de ref.|valeurs de ref.|val. normales|bornes|limites de reference|domaine de reference|norme(s)|
    valori normali|valore normale|valore di riferimento|valori rif.|valori di rif.|valori riferimento|
    val. di riferimento|val.riferimento|val. normali|intervalli di riferimento|intervallo riferimento|intervallo rif.|
    int. di riferimento|int. rif.|limiti di riferimento|range di riferimento|range riferimento|riferimento|
    riferimenti|limiti|val. rifer.|valores referenciais|valor referencia|valor referencial|vl. referencia|vlr. ref.|
    vr.|valores de referencia biologicos|faixa de referencia|faixa normal|valores desejaveis|valor desejavel|
    intervalo biologico`,
  flag: `interpretazione|flag|flags|abn|abnormal|status|h/l|abnormal flag|ind|indicator|alert|note|markierung|bewertung|kennz|kennz.|hinweis|marca|indicador|alerta|alerte|
    anomalie|interpretation|
    flag(s)|abnormality|high/low|hi/lo|h / l|l/h|normal/abnormal|result flag|interp|interp.|comment flag|abn. flag|
    abn flag|res. flag|bew.|beurteilung|auffallig|pathol.|interpretacion|senal|bandera|alarma|valoracion|
    signal|alertes|anomalies|appreciation|segnalazione|allarme|asterisco|segn.|valutazione|alarme|sinal|sinalizacao|
    alteracao|interpretacao|interpretazione`,
  'in-range': `in range|within range|in-range|im normbereich|dentro de rango|
    result in range|results in range|in normal range|normal results|normal result|dans les normes|nella norma|
    dentro do intervalo|dentro del rango`,
  'out-of-range': `out of range|out-of-range|outside range|abnormal result|abnormal results|ausserhalb|fuera de rango|hors norme|hors normes|
    result out of range|results out of range|outside normal range|out of limits|ausserhalb des normbereichs|
    fuori norma|fuori range|fora do intervalo|fora da faixa|fuera del rango|hors limites`,
  specimen: `produto|mat.|mat|spec.|spec|specimen|sample|material|sample type|specimen type|probe|probenmaterial|muestra|prelevement|echantillon|campione|
    specimen sample name|specimen name|sample/specimen|materialart|untersuchungsmaterial|probenart|
    tipo de muestra|material biologico|tipo de material|amostra|tipo de amostra|nature du prelevement|
    materiale|mat. biologico|materiale biologico|tipo campione|tipo di campione`,
  date: `date|collected|collection date|sample date|drawn|date/time|time|datum|entnahme|abnahme|fecha|data|date collected|uhrzeit|hora|
    collected on|collected date|date of collection|collection time|date & time|date and time|sample date/time|
    drawn date|reported|report date|resulted|result date|entnahmedatum|abnahmedatum|entnahmezeit|datum/zeit|
    fecha de toma|fecha de extraccion|fecha y hora|date de prelevement|date du prelevement|heure|preleve le|
    data prelievo|data di prelievo|data del prelievo|data esame|ora|data da coleta|data de coleta|data da colheita|
    coleta|colheita|data/hora|data coleta`,
  heading: `panel|profile|department|section|category|group|test group|bereich|gruppe|perfil|seccion|bilan|pannello|setor|painel|
    subgroup|sub group|test panel|test profile|discipline|fachbereich|abschnitt|rubrik|kategorie|grupo|
    categoria|chapitre|rubrique|famille|secteur|settore|sezione|gruppo|profilo|secao|grupo de exames`,
  other: `lab|site|performing lab|code|test code|loinc|loinc code|id|no|no.|sr. no|s.no|s. no.|#|lab id|perf|accr|tech|performed by|verified by|method|methode|metodo|comment|comments|remarks|kommentar|
    s.n.|sl. no|sl no|sl.no|sl. no.|sl.no.|sr.no|sr.no.|sr no|s no|serial no|serial no.|no. of test|item no|
    lab code|performing site|lab name|analyzer|analyser|instrument|equipment|technique|test method|methodology|
    method name|method used|kit|remarks/comments|notes|codigo|cod.|cod|metodologia|tecnica|observaciones|observacion|
    equipo|metodo analitico|methodes|commentaire|commentaires|observations|automate|codice|metodica|metodo di analisi|
    technology|tecnologia|strumento|commenti|osservazioni|annotazioni|note di laboratorio|lab.|observacoes|observacao|obs.|obs|equipamento|
    bemerkung|bemerkungen|kommentare|anmerkung|verfahren|gerat|status of result|validated by|acreditado|
    accredited|akkreditiert|accredite`,
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
