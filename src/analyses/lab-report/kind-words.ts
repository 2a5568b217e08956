/** Phrases, folded, that documents of another kind are full of; as sources of patterns. */
const foreign: Readonly<Record<string, string>> = {
  imaging: `technique|impression|comparison|(?:iv|iodinated|oral) contrast|with contrast|ct|mri|pet|x-?ray|chest radiograph|ultrasound|sonograph\\w*|scanner|irm|echograph\\w*|
    tomograf\\w*|tomograph\\w*|resonancia magnetica|risonanza|radiograf\\w*|ecograf\\w*|rontgen\\w*|computertomo\\w*|mrt|radiolog\\w*|imaging|imagerie|beurteilung|klinische angaben|
    nodules?|lesions?|lower lobe|upper lobe|lobe|axial|helicoidale|epanchement|injection|milz|gallenblase|nieren beidseits|bazo|vesicula biliar`,
  prescription: `rx|dispense|refills?|tablets?|capsules?|once daily|twice daily|three times daily|qty|rezept|tabletten|filmtabletten|kapseln|aut idem|\\d-\\d-\\d|ordonnance|comprimes?|gelules?|
    ampoules?|posologie|par jour|renouvelable|substituable|receta|comprimidos?|capsulas?|cada \\d+ horas|ricetta|compresse|posologia|receita|embalagens?|wochentlich`,
  invoice: `invoice|bill to|unit price|amount due|total due|subtotal|vat|iban|payment|rechnung\\w*|gesamtbetrag|betrag|mwst|goa|goa-ziffer|uberweisen|facture|montant|tva|factura|importe|iva|
    precio|base imponible|fattura|importo|fatura|preco|eur|usd|gbp|inr \\d+`,
  letter: `dear dr|dear colleague|dear doctor|dear (?:mr|mrs|ms)|sehr geehrte\\w*|liebe kollegin|kind regards|yours sincerely|mit freundlichen|chere? (?:confrere|consoeur|collegue)|
    confraternellement|estimad[oa]|atentamente|gentile collega|cordiali saluti|car[oa] colega|melhores cumprimentos|discharge summary|entlassungsbrief|arztbrief|lettre de sortie|
    informe de alta|lettera di dimissione|nota de alta|was admitted|stationaren|hospitalis\\w+|ingreso hospitalario|past history|medical history|anamnese|anamnesi|antecedent\\w*|
    medication at discharge|entlassmedikation|entlassungsmedikation|follow-?up visit|physical examination|esame obiettivo|exploracion fisica|diagnosen|we (?:saw|treated|kindly)|
    blood pressure|pulse|wir (?:berichten|bitten)|in terapia|riferisce`,
  goods: `menu|starters|mains|desserts|nutrition facts|serving size|servings?|calories|ingredients|zutaten|nahrwert\\w*|valeurs nutritionnelles|informacion nutricional|valori nutrizionali|
    recipe|price`,
  care: `appointment|terminvergabe|ihr termin|rendez-vous|marcacao|consulta|cita|appuntamento|vaccine|vaccination|immunization|impf\\w*|left arm|right arm|consent|einwilligung|insurance card`,
};

/** Phrases, folded, of the letterheads, headings and columns of laboratory reports. */
const laboratory = `reference (?:range|interval|value)s?|ref\\.? (?:range|interval)|normal (?:range|values?)|bio\\.? ref|specimen|sample (?:type|collected|received)|laborator\\w*|lab report|pathology|
  collected|collection|test name|results?|units?|referenz\\w*|normbereich|labor\\w*|probenmaterial|entnahme|probeneingang|einheit|messwert|ergebnis\\w*|valores? (?:de )?referencia|muestra|
  resultados?|unidades|valeurs? de reference|prelevement|laboratoire|biologi\\w*|analyses|valori di riferimento|prelievo|campione|referto|colheita|amostra|urinalysis|urinstatus|serum|plasma|
  ha?ematolog\\w*|biochemi\\w*|clinical chemistry|klinische chemie|serolog\\w*|microbiolog\\w*|immunolog\\w*|full blood count|complete blood count|blutbild|hemogram\\w*|emocromo`;

const pattern = (source: string) =>
  new RegExp(`(?<![\\p{L}\\d])(?:${source.replace(/\s*\n\s*/g, '')})(?![\\p{L}\\d])`, 'gu');
const foreignPatterns = Object.values(foreign).map(pattern);
const laboratoryPattern = pattern(laboratory);

const distinct = (text: string, phrases: RegExp) => new Set([...text.matchAll(phrases)].map(([phrase]) => phrase)).size;

/** How many different phrases of laboratory reports, and of the one other kind that has most, stand in a folded text. */
export function phrasesOf(folded: string): { readonly laboratory: number; readonly foreign: number } {
  return {
    laboratory: distinct(folded, laboratoryPattern),
    foreign: Math.max(...foreignPatterns.map((phrases) => distinct(folded, phrases))),
  };
}
