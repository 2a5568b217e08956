/**
 * More ways in which laboratories print units: German, French, Spanish, Italian, Portuguese and Indian forms. Spellings
 * stand between bars; matched as those of `printedUnits`.
 */
const spellings: Readonly<Record<string, string>> = {
  '10*3/uL': `migl/ul|migliaia/ul|migliaia/mmc|mila/ul|mila/mmc|10^3/mmc|x10^3/mmc|10*3/mmc|10e3/mmc|x1000/mmc|1000/mmc|
    x1000/mm3|x1000/mm^3|milhares/mm3|milhares/mm^3|milhares/uL|thous/cumm|thous/uL|thou/uL|10^3/cu mm|10^3/cu.mm|
    x10^3/cu mm|x10^3/cu.mm|10^3/cells/uL|10^3 /mm3|K/mmc|G/L (10^9/L)|Giga/L|giga/litre|10^3/microL`,
  '10*9/L': `x10^9/Lt|10^9/Lt|E9/L|x 10e9/L|x10^9/l.|10*9/litre|10^9/litre|10^9/litro|x10^9 cells/L|10 9/l`,
  '10*6/uL': `milhões/mm3|milhões/mm^3|milhões/uL|milhoes/mm3|milhoes/mm^3|milhoes/uL|milioni/mmc|milioni/ul|milioni/mm3|
    milioni/mm^3|mln/mmc|mln/ul|mill/mmc|x10^6/mmc|10^6/mmc|10*6/mmc|10e6/mmc|x1000000/mmc|million/cu.mm|millions/cu.mm|
    millones/ul|millones/mm cubo|mill/mm^3|mill/ul|millions/mm^3|million/mm^3|M/cu.mm|10^6/cu mm|10^6/cu.mm|x10^6/cu mm|
    mill/mm cubo|mi/mm3|mi/mm^3|Tera/litre|mills/cumm|mill.cumm|milj/ul`,
  '10*12/L': `x10^12/Lt|10^12/Lt|E12/L|x 10e12/L|10*12/litre|10^12/litre|10^12/litro`,
  '10*6/mL': `milioni/ml|mill/ml|milhões/mL|milhoes/mL|M/ml|millones/mL|10*6/mL|mill/mL.|mil/ml`,
  '10*5/uL': `lakhs/cu.mm.|lakh/cu.mm|lakh/cu mm|lac/cu.mm|lac/cu mm|lakhs/mm^3|lakhs per cumm|lakhs/c.mm|lacs/cmm|lakh/cmm|
    lakhs/ cumm|lacs cells/cumm|x10^5/cumm|10^5/cumm|lakhs /cu.mm`,
  '/uL': `/mmc|cell/mmc|cellule/ul|cellule/mmc|cell/mm3|/mm cubo|/mmcu|células/mm^3|células por mm3|celulas/mm3|celulas/uL|
    céls/uL|cél/uL|elementi/ul|elementi/mmc|el/ul|/microlitro|/microlitre|/microl|/c.mm|c.mm|/cubic mm|cells per cu mm|
    per cu mm|per cu.mm|per microliter|per microlitre|cells/c.mm|leu/mmc|leucócitos/uL|hemácias/uL|/mm3.|/cumm.|cells/cumm.|
    células/mcL|cells /cumm|cell/cumm|cells/mm cu|leucocytes/uL|hématies/uL|leucocytes/mm3|hématies/mm3|Zell./ul|Anz./ul`,
  '/mL': `leucócitos/mL|hemácias/mL|células/mL|células por mL|céls/mL|cellule/ml|leucocytes/mL|hématies/mL|leucocitos/mL|hematíes/mL`,
  '/[HPF]': `p/c|p/campo|pc|per campo|campo|x campo 400x|por campo 400x|/c.p.m.|/HPF.|per h.p.f|per h.p.f.|per high power field|
    pro GF|pro Gesichtsfeld|p.GF|/chp|par champ|/camp|/campo 400x|/campo microscopico|/ campo|/hpf (400x)|/400x|/H.P.F|por CGA|
    /CGA|/CAP|Hpf|cells/HPF.|x HPF|/hp field|por campo de gran aumento|a forte ingrandimento|p. campo`,
  '/[LPF]': `per l.p.f|per low power field|/LPF.|/campo 100x|per lpf.`,
  '%': `por cento|p.cento|per cento|%vol|Vol.%|% vol|pour cent|por ciento (%)|%.|per cent.`,
  '1': `S/Co|C.O.I.|S/C.O.|cutoff index|Index value|index.|Indice|Índice|rapporto|relação|razón|ISR|S/Cutoff|Verhältnis|
    Ratio.|quotient|rapport|ratio units|s/co.|Ratio (S/CO)`,
  '[pH]': `pH units|unità pH|unidades pH|pH`,
  '{titer}': `titer|titre|titolo|título|Titer.|titer (1:x)`,
  'mL/min/{1.73_m2}': `ml/min/1,73 mq|ml/min/1,73mq|ml/min/1.73 mq|ml/min/1.73mq|ml/min/1,73 m|ml/min x 1,73 m2|ml/min/1,73 m^2 SC|
    ml/min/1,73m^2 de SC|ml/mn/1,73m2|ml/mn/1,73 m2|ml/mn/1,73m^2|ml/mn/1,73 m^2|ml/min por 1,73 m2|mL/min/1,73m^2 (SC)`,
  'g/dL': `gr%|gr %|gram%|g/100 ml|gr/100ml|g/dL.|Gm%|Gm %|gm/dl.|gms/dl.|g/decilitre|gr./dl|gm%.|gms%.|grams%|g/cl`,
  'g/L': `gr/l|gr./l|g/Lt|g/lt|gm/l|grammi/l`,
  'mg/dL': `mgs/100ml|mgr%|mgr/100ml|mg/dL.|mgs/dl.|mg/decilitre|mg%.|mgm%|mgms/dl|mgms%|mg.dl|mg/100 ml.|milligrams/dl`,
  'mg/L': `mg/Lt|mg/lt|mgr/l|mg/litro|mgs/l`,
  'ug/dL': `ug/100ml|µg %|mcgs/dl|microgr/dl|mcg/100ml|mcg %|ugm/dl|microgms/dl|microgram/dl|mcgm/dL`,
  'ug/L': `microgr/l|ug/Lt|mcg/Lt|microgram/l|ug/litro`,
  'ug/mL': `mcgs/ml|microgram/ml|microgr/ml|ugm/ml`,
  'ng/mL': `nanogr/ml|nanogram/ml|nanograms/ml|ngms/ml|ng/mL.|nanog/ml`,
  'pg/mL': `picogr/ml|picogram/ml|picograms/ml|pgms/ml|pg/mL.|picog/ml`,
  'mmol/L': `mmol/Lt|mmol/lt|m.mol/L|mmols/l|mmoles/l|mmol/litro|mMol/l|mmol/L.|millimol/l|milimoles/L|mmol/dm3`,
  'umol/L': `µmol/lt|umol/Lt|micromoles/L|micromol/l.|umoles/l|mmicromol/l|mcmol/l`,
  'meq/L': `mEq/Lt.|mEq/ltr|mEq/lt.|meq/lt|mEq/litro|meq/ltr|m Eq/L|mEq/L.|mEqu/l|mEq/1`,
  'U/L': `U/Lt|U/lt|UI/Lt|UI/lt|IU/ltr|U/ltr|IU/Lt.|units/l|Unid/L|U.I/L|U/litro|UI/litro|IU/L.|U/L.|Units/Lt|I U/L|U/l (37 °C)|U/l 37°C|
    U/L 37°C|U/L 37 C|UI/L 37°C|unidades/L|Einheiten/l`,
  'kU/L': `kUA/L|kUA/l|KUA/L|kU A/L|kUa/l|KUa/L|kU/l.|KU/l|kUA/Lt|kilo U/L|kU(A)/L|kU/litre`,
  'U/mL': `EliA U/mL|EliA U/ml|Elia U/ml|U/mL.|unidades/mL|U.I/ml`,
  '[IU]/mL': `U.I./ml|UI/ml.|IU/ml.|I.U/ml|I U/mL|UI /ml`,
  'm[IU]/mL': `mUI/ml.|m UI/mL|mIU/ml.|m.UI/ml|mU.I./ml|mUI /ml|mlU/mL|mlU/ml`,
  'm[IU]/L': `mUI/l.|m UI/L|m.UI/L|mU.I./L|mlU/L|mlU/l`,
  'u[IU]/mL': `µUI/mL|µUI/ml|uUI/mL.|mcUI/ml|mcUI/mL|microUI/ml|micro UI/mL|µU.I./ml|micro IU/ml|mcIU/mL.|uIU/ml.|microIU/ml|µlU/mL`,
  'U/g{Hb}': `U/gHb|U/g Hb|U/g.Hb|U/gr Hb|IU/g Hb|UI/g Hb|U/gm Hb|IU/gHb|UI/gHb|U/g HB|U/gr.Hb|mU/mg Hb`,
  '{copies}/mL': `copie/ml|cópias/mL|copias/ml|copie/mL|cps/ml|cópias/ml|copies/mL.`,
  '{Log_copies}/mL': `log copie/ml|log10 copie/ml|log cópias/mL|log copias/mL|log10 copias/mL|lg copies/ml|log (copies/mL)|logcopies/mL`,
  '{Log_IU}/mL': `log UI/mL|log10 UI/mL|log UI/ml|lg IU/ml|log10 IU/ml|log 10 UI/mL|log IU/ml|log (IU/mL)|logIU/mL|log10IU/mL`,
  fL: `micra cúbica|micron3|um^3|µ^3|u^3|µ3|cu.microns|cu microns|cubic microns|femtolitri|femtolitros|fL.|fentolitros|cu.micron`,
  pg: `picogrammi|picogr|µµg|uug.|picogramas|pg.|picograms.|picogr.|pgs.`,
  'mm/h': `mm/1 h|mm 1h|mm/1a ora|mm/1a hora|mm/1° h|mm/1°h|mm/1ora|mm/ora|mm 1a ora|mm/1.h|mm/1ère heure|mm/1re h|mm/1re heure|
    mm 1ère heure|mm (1h)|mm/1°ora|mm/1° ora|mm/1 hora|mm/I ora|mm 1a hora|mm/hr.|mm 1 h|mm/1st hr.|mm/1Std|mm/1.Std|mm/1. Std|
    mm in 1h|mm/1a h|mm/1ah|mm 1ª hora|mm at 1hr|mm/first hour|mm/1 hr.|mm at end of 1 hr|mm fall/hr|mm after 1 hr|mm/1ST HOUR|
    mm 1. Std|mm n. 1h|mm/h.|mm/1°Ora|mm/1h.|mm nach 1h|mm/1ère h.|mm/1e heure|mm (1ère h)|mm / 1h`,
  s: `segs|segundo|secondi|secondes.|s.|Secs.|Sec.|segundos.|second(s)|secs.|seg`,
  min: `minuti|minutos|mins.|minute(s)|mn|Minuten`,
  d: `giorni|dias|días|jours|Tage|Tag`,
  h: `ore|horas|heures|Stunden|hrs.|hora`,
  mL: `ml.|cc.|cm3|cm^3|mls.`,
  'L/min': `L/min|l/min|lpm|LPM|l/mn`,
  Cel: `°C|degC|deg C|° C`,
  '[degF]': `°F|degF|deg F|° F`,
  'cm[H2O]': `cmH2O|cm H2O|cmH20|cm H20`,
  'mm[Hg]': `mm/Hg|mm.Hg|mmHg.|mm Hg.|millimetri Hg`,
  'mosm/kg': `mOsm/Kg|mOsm/kg H20|mosm/kg H2O|mOsm/kgH20|mOsmol/Kg|mosmol/Kg|mOsm/kg.|mOsm/kg agua|mOsm/kg acqua`,
  'mmol/mol': `mmol/mol Hb A1c|mmol/molHb.|mmol/mol.|mmol/mol HbA|mmol/moli|mmol/mol (IFCC).`,
  'mg/g': `mg/g di creatinina|mg/g de creatinina|mg/g de créatinine|mg/g cr.|mg/gCrea|mg/gcr|mg/g Kreat|mg/g Kreat.|mg/g Krea.|mg/gr|
    mg/gr creat|mg/g CR|mg/g creat.|mg/g crt|mg/gr creatinina|ug/mg creatinina|mcg/mg Cr|mcg/mg cr|mg/g Creatinine|ug/mg Creatinine|
    mg albumina/g creatinina|mg/g urinary creatinine|mg/g Creatinine.`,
  'mg/mmol': `mg/mmol creat.|mg/mmol de créatinine|mg/mmol créatinine|mg/mmol creatinina|mg/mmol Kreatinin|mg/mmol Krea.|mg/mmol crea|mg/mmol cr`,
  'ug/g': `ug/g feci|ug/g fezes|ug/g heces|ug/g selles|mcg/g feci|mcg/g fezes|ug/g of stool|ug/gr|mcg/gr|µg/g de fezes|µg/g faeces|ug/g feces`,
  'mg/kg': `mg/Kg|mg/kg Stuhl|mg/kg feci`,
  'nmol/mmol': `nmol BCE/mmol|nM BCE/mM creat|nmol/mmol creat|nmol BCE/mmol creat|nM BCE/mM`,
  'ng/mL/h': `ng/mL/hr|ng/ml/hr|ng/mL/hour|ng/ml/hora|ng/ml/ora|ng/ml/h`,
  "[arb'U]/mL": `UA/ml|AU/mL.|Arb.U/ml|UR/mL|UR/ml|RE/ml|Uarb/mL`,
  "[GPL'U]": `GPL-U/ml|U GPL/mL|U GPL/ml|GPL U/ml|UGPL/mL|GPLU/mL|GPL-U/mL.|GPL/ml|UGPL/ml`,
  "[MPL'U]": `MPL-U/ml|U MPL/mL|U MPL/ml|MPL U/ml|UMPL/mL|MPLU/mL|MPL/ml|UMPL/ml`,
  'mg/L{FEU}': `mg/l (FEU)|mg FEU/l|mg/L FEU.|mg/L(FEU)`,
  'ng/mL{FEU}': `ng/ml (FEU)|ng FEU/ml|ng/mL FEU.|ng/mL(FEU)|ngFEU/ml|ng/ml-FEU`,
  'ug/mL{FEU}': `ug/ml FEU|ug/ml (FEU)|ug FEU/ml|mcg/ml FEU|mcg FEU/ml|µg/mL(FEU)|mcg/mL(FEU)`,
  'ug/L{FEU}': `ug/l FEU|ug/l (FEU)|µg FEU/l`,
  'ug/min': `ug/min|mcg/min|µg/minuto|ug/minuto`,
};

const day = `24h|24 h|24hr|24 hr|24hrs|24 hrs|24 hours|24hours|24ore|24 ore|24horas|24 horas|24 heures|24heures|24 Std|24 Std.|24Std|
  24 Stunden|die|dì|giorno|día|dia|Tag|day|d|jour|24 hour|24 h.|24h.|24 hs|24hs|24 oras`;
const perDay: Readonly<Record<string, string>> = {
  mg: 'mg|mgs',
  g: 'g|gm|gr|gms',
  ug: 'ug|mcg',
  mmol: 'mmol',
  umol: 'umol|micromol',
  nmol: 'nmol',
  meq: 'mEq|meq',
  mL: 'mL|ml|cc',
};

const list = (text: string) => text.split('|').map((spelling) => spelling.trim().replace(/\s+/g, ' '));

/** UCUM code → spellings, as in `printedUnits`. */
export const localUnits: Readonly<Record<string, readonly string[]>> = Object.fromEntries([
  ...Object.entries(spellings).map(([code, text]) => [code, list(text)] as const),
  ...Object.entries(perDay).map(
    ([unit, forms]) =>
      [`${unit}/(24.h)`, list(forms).flatMap((form) => list(day).map((per) => `${form}/${per}`))] as const,
  ),
]);
