/**
 * Words of coded results in seven languages, by the code of `codedValue`; between bars, folded to lower case there. Only
 * words that name one value whatever the test: a single letter such as S, I or R is no result word.
 */
export const codedWords: Readonly<Record<string, string>> = {
  negative: `negative|neg|neg.|negativ|negativo|negativa|negativi|negative (-)|negatif|(-)|-ve|nég|négatif|négative|negativos|negativas|
    negativ (-)|neg (-)|n e g a t i v e|negatief|weakly negative|negativo (-)|prova negativa|esito negativo|resultado negativo|
    test negativo|résultat négatif|ergebnis negativ`,
  positive: `positive|pos|pos.|positiv|positivo|positiva|positivi|positif|(+)|+ve|positivos|positivas|positive (+)|positiv (+)|pos (+)|
    positivo (+)|p o s i t i v e|esito positivo|resultado positivo|test positivo|résultat positif|ergebnis positiv`,
  'weakly-positive': `weakly positive|weak positive|low positive|schwach positiv|débilmente positivo|positivo débil|faiblement positif|
    faible positif|debolmente positivo|positivo debole|debole positivo|fracamente positivo|positivo fraco|fraco positivo`,
  'strongly-positive': `strongly positive|strong positive|stark positiv|fuertemente positivo|fortement positif|fortemente positivo|
    positivo forte`,
  'not-detected': `not detected|none detected|undetected|undetectable|not detectable|not det|nicht nachweisbar|nicht nachgewiesen|
    nicht detektiert|no detectado|no detectada|no detectable|no se detecta|no se detectó|indetectable|non détecté|non détectée|
    non detecte|non détectable|indétectable|target not detected|non rilevato|non rilevata|non rilevabile|non rilevati|
    non determinato|não detectado|não detectada|não detetado|não detetada|não detectável|não detetável|indetectável|indetetável|
    not isolated|rna not detected|dna not detected|viral rna not detected|not found`,
  detected: `detected|detectable|nachweisbar|nachgewiesen|detektiert|detectado|detectada|detectable|se detecta|détecté|détectée|
    rilevato|rilevata|rilevati|detetado|detetada|detectável|target detected`,
  'non-reactive': `non-reactive|non reactive|nonreactive|not reactive|nr|nicht reaktiv|no reactivo|no reactiva|non réactif|
    non réactive|non reattivo|non reattiva|não reagente|nao reagente|não reativo|não reativa|não reactivo|não reactiva|
    non-réactif|non-reattivo|não-reagente`,
  reactive: `reactive|reaktiv|reactivo|reactiva|réactif|réactive|reattivo|reattiva|reagente|reativo|reativa`,
  absent: `absent|nil|none|none seen|not seen|not present|not observed|no cells seen|nil.|ausente|ausentes|ausencia|ausência|
    keine|keine nachweisbar|nicht vorhanden|fehlend|absence|absents|absente|absentes|aucun|aucune|assente|assenti|assenza|
    no se observan|no se observa|no se observaron|no presenta|sin evidencia|nessuno|nessuna|non presente|non presenti|
    non osservati|não observado|não observados|não observadas|não presente|não se observa|não se observam|nenhum|nenhuma|
    negative for parasites|none found|nihil|non visti|non observé|non retrouvé|non observés`,
  present: `present|seen|observed|presente|presenti|presentes|presenza|presença|presencia|vorhanden|présent|présente|présents|
    présentes|présence|se observan|se observa|observado|observados`,
  trace: `trace|traces|tr|tr.|trazas|spur|spuren|+/-|±|(+/-)|(±)|tracce|traccia|in tracce|traços|tracos|traço|vestígios|
    vestigios|vestígio|indicios|indícios|trace amount|trace (+/-)|présence de traces`,
  '1+': `1+|+1|+|1 +|+ 1|1+ (+)|(1+)|+ (1+)|pos 1+|positive 1+|1 plus|one plus|+---|+--|present +|present (+)|positive +|presente +|
    presenti +|presente (+)|positivo +|positivo (+) 1|(+)---`,
  '2+': `2+|+2|++|2 +|(2+)|(++)|++ (2+)|pos 2+|positive 2+|2 plus|two plus|++--|++-|present ++|present (++)|positive ++|
    presente ++|presenti ++|presente (++)|positivo ++`,
  '3+': `3+|+3|+++|3 +|(3+)|(+++)|+++ (3+)|pos 3+|positive 3+|3 plus|three plus|+++-|present +++|present (+++)|positive +++|
    presente +++|presenti +++|presente (+++)|positivo +++`,
  '4+': `4+|+4|++++|4 +|(4+)|(++++)|pos 4+|positive 4+|4 plus|four plus|present ++++|positive ++++|presente ++++|presenti ++++|
    positivo ++++`,
  indeterminate: `indeterminate|inconclusive|undetermined|indéterminé|indéterminée|indeterminado|indeterminada|indeterminato|
    indeterminata|unbestimmt|nicht eindeutig|no concluyente|non concluant|non conclusivo|inconclusivo|inconcludente`,
  equivocal: `equivocal|borderline|grenzwertig|grey zone|gray zone|dudoso|dudosa|douteux|douteuse|limite|equivoco|équivoque|
    dubbio|dubbia|duvidoso|zona grigia|zona gris|zona cinzenta|zone grise|grauzone|fraglich|fraglich positiv|borderline positive|
    límite|limítrofe`,
  normal: `normal|norm|unauffällig|o.b.|o. b.|within normal limits|wnl|normale|normali|normales|normais|nella norma|
    dentro de límites normales|dentro da normalidade|dentro de la normalidad|ohne befund|unremarkable|regolare|nei limiti|
    nei limiti della norma|sin alteraciones|sem alterações|sans anomalie|non pathologique|sin particularidades`,
  abnormal: `abnormal|auffällig|anormal|pathologisch|anormale|anormales|alterato|alterata|alterado|alterada|anomalo|anómalo|
    patologico|patológico|pathologique`,
  'no-growth': `no growth|sterile|kein wachstum|kein keimwachstum|steril|sin crecimiento|sin desarrollo|no hubo crecimiento|
    no hay crecimiento|no se observa crecimiento|estéril|cultivo negativo|culture stérile|culture négative|absence de culture|
    pas de croissance|stérile|nessuna crescita|nessuno sviluppo|sviluppo assente|sterile (nessuna crescita)|coltura negativa|
    negativo allo sviluppo|não houve crescimento|sem crescimento|ausência de crescimento|cultura negativa|
    não houve crescimento bacteriano|no growth seen|no bacterial growth|no growth to date|no aerobic growth|growth: nil`,
  growth: `growth|growth seen|growth present|wachstum|keimwachstum|crecimiento|croissance|crescita|crescimento`,
  few: `few|einzelne|vereinzelt|wenig|wenige|spärlich|escasos|escasas|escaso|escasa|rares|quelques|rare|rari|raro|rara|raras|
    raros|occasional|occ|occasionally|scanty|scant|scarsi|scarse|scarso|scarsa|pochi|poche|poca|algunos aislados|aislados|
    aisladas|alguns|raras células|poucos|poucas|escassos|escassas|peu|peu nombreux|très rares|rarissimi|molto rari|very few|
    a few|sporadici|isolées|isolés`,
  some: `some|several|einige|alcuni|alcune|diversi|algunos|algunas|algumas|vários|várias|plusieurs`,
  moderate: `moderate|mod|mod.|mäßig|mässig|mäßig viele|moderado|moderados|moderada|moderadas|modéré|modérée|moderato|moderata|
    moderati|moderate amount|regular cantidad|assez nombreux|assez nombreuses|discreto numero|discreta quantità|discreti`,
  many: `many|plenty|numerous|reichlich|massenhaft|viele|zahlreich|zahlreiche|abundantes|abundante|nombreux|nombreuses|tntc|
    too numerous to count|numerosi|numerose|numeroso|abbondanti|abbondante|molti|molte|numerosos|numerosas|incontables|
    incontáveis|innumerevoli|muchos|muchas|muitos|muitas|très nombreux|très nombreuses|packed|full field|loaded|
    tappeto|campo pieno|campo lleno|moltissimi`,
  clear: `clear|klar|claro|límpido|límpida|limpido|limpida|transparente|transparent|limpide|clair|claire|chiaro|chiara|
    límpio|traslúcido|ligeramente claro|cristalino`,
  'slightly-cloudy': `slightly cloudy|slightly turbid|sl cloudy|sl. cloudy|sl turbid|sl. turbid|slightly hazy|sl hazy|sl. hazy|
    slight hazy|slight turbid|leicht trüb|leicht getrübt|ligeramente turbio|ligeramente turbia|lig. turbio|semi turbio|
    légèrement trouble|lievemente torbido|lievemente torbida|leggermente torbido|leggermente torbida|velato|opalescente|
    opalescent|ligeiramente turvo|ligeiramente turva|levemente turvo|lig. turvo|semi-turvo|semi turvo|subtorbido`,
  cloudy: `cloudy|turbid|hazy|trüb|getrübt|turbio|turbia|trouble|torbido|torbida|turvo|turva|very cloudy|flockig`,
  bloody: `bloody|blutig|sanguinolento|sanguinolenta|hemático|hemática|hématique|sanglant|ematico|ematica|sanguinolent|
    blood stained|blood-stained|haemorrhagic|hemorrhagic|hemorrágico|emorragico|haémorragique|xanthochrome hématique`,
  xanthochromic: `xanthochromic|xanthochrom|xantocrómico|xanthochromique|xantocromico|xantocrômico`,
  colourless: `colourless|colorless|farblos|incoloro|incolora|incolore|incolor`,
  straw: `straw|straw yellow|straw coloured|straw colored|strohgelb|pajizo|amarillo pajizo|amarillo paja|paille|jaune paille|
    giallo paglierino|paglierino|amarelo palha|amarelo-palha`,
  'pale-yellow': `pale yellow|light yellow|p. yellow|p yellow|paleyellow|pale-yellow|hellgelb|blassgelb|amarillo claro|
    amarillo pálido|jaune pâle|jaune clair|giallo chiaro|giallo pallido|giallo scarico|amarelo claro|amarelo-claro|amarelo pálido`,
  yellow: `yellow|yellowish|gelb|amarillo|amarilla|amarillento|jaune|giallo|gialla|giallastro|amarelo|amarela|amarelada|amarelado|
    citrino|amarelo citrino|amarelo-citrino|jaune citron|amarillo citrino|amarillo limón|giallo citrino`,
  'dark-yellow': `dark yellow|deep yellow|dunkelgelb|amarillo oscuro|amarillo intenso|amarillo intensa|jaune foncé|giallo scuro|
    giallo intenso|giallo carico|amarelo escuro|amarelo-escuro|amarelo intenso|amarelo ouro`,
  amber: `amber|bernstein|bernsteinfarben|ámbar|ambar|ambre|ambré|ambra|ambrato|giallo ambra|âmbar|amarelo âmbar|amarillo ámbar`,
  orange: `orange|naranja|anaranjado|arancione|aranciato|laranja|alaranjado|alaranjada`,
  red: `red|reddish|rot|rötlich|rojo|roja|rojizo|rouge|rougeâtre|rosso|rossa|rossastro|vermelho|vermelha|avermelhado|avermelhada`,
  brown: `brown|brownish|braun|bräunlich|marrón|brun|brune|marron|marrone|bruno|castanho|castanha|acastanhado|café|pardo|parda`,
  green: `green|greenish|grün|grünlich|verde|vert|verdâtre|verdastro|esverdeado|verdoso`,
  susceptible: `susceptible|sensitive|sensibel|sensible|sensibile|sensível|susceptível|suscetível|sensibles|sensibili`,
  'susceptible-increased-exposure': `susceptible, increased exposure|susceptible increased exposure|
    sensibel bei erhöhter exposition|sensible à forte posologie|sensible à forte exposition|sensibile ad alte dosi|
    sensibile con aumentata esposizione|sensível aumentando exposição|sensible cuando se incrementa la exposición`,
  resistant: `resistant|resistente|résistant|résistante|résistants|resistenti`,
  intermediate: `intermediate|intermediär|intermedio|intermedia|intermédiaire|intermediário|intermédio`,
  soft: `soft|weich|blando|blanda|molle|mole|pastoso|pastosa|pastös|semi-solid|semisolid|semi solid|semisólida|semi formed|
    semi-formed|poltacea|pastoso/mole`,
  formed: `formed|well formed|geformt|formado|formada|moulé|formato|formate|moldada|solid|sólida|sólido|solide|solida`,
  liquid: `liquid|watery|loose|flüssig|dünnflüssig|líquida|liquide|liquida|acquoso|acquosa|aquosa|acuosa`,
  mucoid: `mucoid|mucous|schleimig|mucoso|mucosa|muqueux|mucoide`,
  acidic: `acidic|sauer|ácido|ácida|acide|acido|acida`,
  alkaline: `alkaline|alkalisch|alcalino|alcalina|alcalin|alcaline|basico|básico`,
  neutral: `neutral|neutro|neutra|neutre`,
  'group-a': `group a|blutgruppe a|grupo a|groupe a|gruppo a|"a"`,
  'group-b': `group b|blutgruppe b|grupo b|groupe b|gruppo b|"b"`,
  'group-ab': `ab|group ab|blutgruppe ab|grupo ab|groupe ab|gruppo ab|"ab"`,
  'group-o': `group o|blutgruppe 0|group 0|grupo o|grupo 0|groupe o|gruppo 0|gruppo o|"o"|blutgruppe o`,
};

const rhesus = {
  positive: ['positive', 'pos', 'pos.', '+ve', '(+)', 'positiv', 'positivo', 'positif', '+'],
  negative: ['negative', 'neg', 'neg.', '-ve', '(-)', 'negativ', 'negativo', 'négatif', '-'],
} as const;
const factors = ['', 'rh ', 'rhd ', 'rh(d) ', 'rh (d) ', 'rh d ', 'rh-', 'rhesus ', 'rh factor ', 'fattore rh '];

/** `A positive`, `0 Rh negativo`, `B Rh(D) pos`: group and factor in one cell. */
export function bloodGroupWords(group: string, factor: keyof typeof rhesus): readonly string[] {
  const letters = group === 'o' ? ['o', '0'] : [group];
  return letters.flatMap((letter) =>
    factors.flatMap((before) =>
      rhesus[factor]
        .filter((word) => !(letter === '0' && word.length === 1 && before === ''))
        .flatMap((word) => [`${letter} ${before}${word}`, ...(before === '' ? [`${letter}${word}`] : [])]),
    ),
  );
}
