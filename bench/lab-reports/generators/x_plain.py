"""Unusual designs without pages: plain text and HTML."""

from __future__ import annotations

from html import escape

from document import Document, Row
from x_base import design, rows, who


def save(doc: Document, lines: list[str], extension="txt") -> None:
    """Writes the file."""
    doc.path(extension).write_text("\n".join(lines) + "\n", encoding="utf-8")


@design("x-txt-kuerzel", "x-txt-flag-letter-first", "de", "text")
def kuerzel(doc: Document) -> None:
    """Sign before an abbreviation, colon, value, unit, limits as `< oder = 5`."""
    who(doc, "Probst-Muster, Jürgen", "1957-11-23", "88120", "2024-02-14")
    out = ["Labor Weidenfiktion / Kurzbefund", "Pat: Probst-Muster, Jürgen  geb: 23.11.1957  ID: 88120  Abn: 14.02.2024", "-" * 60]
    for row in rows("""LEU|10,9|Gpt/l|3,8 bis 9,8|+|wbc
ERY|4,7|Tpt/l|4,5 bis 5,9||rbc
HB|8,9|mmol/l|8,7 bis 10,9||hb
THR|148|Gpt/l|150 bis 400|-|plt
CRP|48,2|mg/l|< oder = 5|++|crp
KREA|118|µmol/l|< oder = 104|+|creat
NA|134|mmol/l|136 bis 145|-|na
K|4,4|mmol/l|3,5 bis 5,1||k
ALAT|0,55|µkat/l|< oder = 0,74||
BILI|14|µmol/l|< oder = 21||bt
INR|2,6||||inr
TSH|0,9|mU/l|0,4 bis 4,0||tsh"""):
        row = doc.add(row)
        out.append(f"{row.flag or '':<3}{row.name}: {row.value} {row.unit or ''} ({row.range})" if row.range else f"{row.flag or '':<3}{row.name}: {row.value}")
    save(doc, [*out, "-" * 60, "CRP-Kontrolle in 3 Tagen. INR-Ziel 2,0-3,0.", doc.sample()])


@design("x-txt-fleches", "x-txt-arrow-limits", "fr", "text")
def arrows(doc: Document) -> None:
    """Limits as `0 → 5` before the value, the unit in brackets behind the name."""
    who(doc, "FICTIF Étienne", "1963-08-17", "240311-0092", "2024-03-11T07:50")
    out = ["LABORATOIRE DU VIEUX PONT (COFRAC 0-0000)", "Patient : FICTIF Étienne, né le 17/08/1963   Dossier : 240311-0092", "Prélèvement du 11/03/2024 à 07h50", ""]
    for row in rows("""Sodium|139|mmol/L|136 → 145||na
Potassium|4,9|mmol/L|3,5 → 5,1||k
Créatinine|131|µmol/L|59 → 104|H|creat
DFG estimé (CKD-EPI)|52|mL/mn|> 90|B|
Urée|9,1|mmol/L|2,8 → 7,2|H|urea
CRP|3|mg/L|0 → 5||crp
Gamma GT|118|UI/L|0 → 55|H|ggt
ASAT|33|UI/L|0 → 50||ast
ALAT|41|UI/L|0 → 50||alt
TSH|1,45|mUI/L|0,27 → 4,20||tsh
Ac anti-TPO|12|UI/mL|0 → 34||
PSA total|5,81|ng/mL|0 → 4,00|H|psa
25-OH vitamine D|41|nmol/L|75 → 150|B|"""):
        row = doc.add(row)
        out.append(f"{row.name + ' [' + row.unit + ']':<34}{row.range:<16}{row.flag or '':<3}{row.value:>8}")
    save(doc, [*out, "", "Commentaire : PSA total 4,10 ng/mL le 02/09/2023.", doc.sample()])


@design("x-txt-semikolon", "x-txt-semicolons-low-high", "de-CH", "text")
def semicolons(doc: Document) -> None:
    """Fields between semicolons, lower and upper limit in one field, decimal point."""
    who(doc, "Beispiel Erika", "1990-02-02", "P-30021", "2024-01-18T09:00")
    out = ["Praxislabor Beispielwil;Patient: Beispiel Erika;Geburtsdatum: 02.02.1990;Pat-Nr: P-30021;Entnahme: 18.01.2024 09:00", "Analyse;Material;Einheit;Wert;Referenz;Bew."]
    for row in rows("""Hämoglobin|109|g/l|117-153|L|hb
Hämatokrit|0.33|l/l|0.35-0.46|L|hct
Leukozyten|6.8|×10⁹/l|3.0-9.6||wbc
Thrombozyten|354|×10⁹/l|143-400||plt""", specimen="Vollblut") + rows("""Ferritin|6|µg/l|15-200|L|ferr
Transferrin|3.6|g/l|2.0-3.6||trf
Glukose|5.1|mmol/l|3.9-5.6||gluc
Kreatinin|61|µmol/l|44-80||creat
CRP|<1|mg/l|<5||crp
TSH|2.2|mU/l|0.27-4.2||tsh""", specimen="Serum") + rows("Albumin|9|mg/l|<20\nKreatinin|7.1|mmol/l|", specimen="Urin"):
        row = doc.add(row)
        out.append(";".join((row.name, row.specimen, row.unit or "", row.value, row.range or "", row.flag or "")))
    save(doc, [*out, f"Ende;{doc.sample()}"])


@design("x-txt-comments", "x-txt-comment-lines-with-numbers", "en-AU", "text")
def comments(doc: Document) -> None:
    """Every group followed by comment lines that hold test names and numbers."""
    who(doc, "FAKENHAM, Samuel", "1949-10-25", "SP 771 028", "2024-05-29T08:25")
    out = ["Outback Invented Pathology            Lab Ref: 24-771028", "FAKENHAM, Samuel   DOB: 25/10/1949   UR: SP 771 028", "Collected: 29-May-2024 08:25", ""]
    groups = [("LIPID STUDIES", "Cholesterol|5.9|mmol/L|(3.9-5.5)|*|chol\nTriglycerides|2.4|mmol/L|(0.5-1.7)|*|tg\nHDL Chol|1.1|mmol/L|(>1.0)||hdl\nLDL Chol (calc)|3.7|mmol/L|(<3.0)|*|39469-2", ["Targets if high risk: LDL <1.8 mmol/L, Triglycerides <2.0 mmol/L,", "non-HDL <2.5 mmol/L. Previous cholesterol 6.3 on 12-Dec-2023."]),
              ("IRON STUDIES", "Ferritin|488|ug/L|(30-400)|*|ferr\nIron|21|umol/L|(9-30)||fe\nTransferrin Sat|46|%|(15-50)||tsat", ["Ferritin 400 to 1000 ug/L with normal saturation: consider", "ALT 62, BMI 31 or alcohol. HFE genotyping if Transferrin Sat >45% twice."]),
              ("DIABETES", "Fasting Glucose|6.4|mmol/L|(3.0-5.4)|*|glucf\nHbA1c (NGSP)|6.3|%|||a1c\nHbA1c (IFCC)|45|mmol/mol|||a1cm", ["HbA1c 6.5% (48 mmol/mol) or more is diagnostic of diabetes.", "Glucose 5.5 - 6.9 fasting: OGTT suggested."])]
    for panel, block, notes in groups:
        out.append(panel)
        for row in rows(block, panel=panel):
            row = doc.add(row)
            out.append(f"  {row.name:<20}{row.flag or ' ':>2} {row.value:>7} {row.unit:<9} {row.range or ''}".rstrip())
        out += ["  Comment: " + notes[0], *["  " + n for n in notes[1:]], ""]
    save(doc, [*out, "NATA 00000. " + doc.sample()])


@design("x-txt-group", "x-txt-group-and-screen", "en-GB", "text")
def group(doc: Document) -> None:
    """Transfusion report with crossmatched units; red cell units are no results."""
    who(doc, "SAMPLETON ALICE", "1936-06-06", "9990001188", "2024-04-03T13:15")
    out = ["KIRKBRIDE HEALTH LABORATORIES", "BLOOD TRANSFUSION", "SAMPLETON ALICE  06/06/1936  NHS 9990001188", "Sample taken 03/04/2024 13:15   Valid until 06/04/2024 23:59", ""]
    for row in rows("""ABO Group|A||||883-9
RhD|Positive||||10331-7
Antibody Screen|Positive||||890-4
Antibody Identified|Anti-E, Anti-c
Direct Antiglobulin Test|Negative||||1007-4
Rh phenotype|C+c-E-e+
K antigen|Negative
Historical Group Check|Agrees
Anti-E titre|1:16
Haemoglobin (near patient)|78|g/L|120 to 150|LOW|hb"""):
        row = doc.add(row)
        out.append(f"{row.name}: {row.value}" + (f" {row.unit} Normal {row.range} {row.flag}" if row.unit else ""))
    save(doc, [*out, "", "Units issued: G091 224 118 802 A RhD Pos E-neg c-neg; G091 224 118 947", "Previous group 14/11/2019: A RhD Positive. DAT 2019: Negative.", "Page 1 of 1", doc.sample()])


@design("x-txt-24h", "x-txt-timed-urine", "en-CH", "text")
def timed(doc: Document) -> None:
    """Concentration and amount a day as two results of one name; decimal comma in English."""
    who(doc, "Testfall Otto", "1971-01-09", "ZH-40077", "2024-06-04")
    out = ["Limmat Phantom Laboratory", "Testfall Otto, born 09.01.1971, No ZH-40077, collection ended 04.06.2024", "", "24-h urine                     result      unit          reference", "=" * 64]
    out.append("Collection volume 2450 mL, time 24 h, body weight 84 kg")
    for name, *pairs in (("U-Creatinine", "6,1|mmol/L|", "14,9|mmol/24 h|[9,0;19,0]"), ("U-Protein", "0,42|g/L|[< 0,14]|H", "1,03|g/24 h|[< 0,15]|H"), ("U-Sodium", "88|mmol/L|", "216|mmol/24 h|[40;220]"),
                         ("U-Potassium", "31|mmol/L|", "76|mmol/24 h|[25;125]"), ("U-Calcium", "3,9|mmol/L|", "9,6|mmol/24 h|[2,5;7,5]|H"), ("U-Urate", "1,5|mmol/L|", "3,7|mmol/24 h|[1,5;4,5]"), ("U-Oxalate", "", "0,31|mmol/24 h|[≤ 0,46]"), ("U-Citrate", "", "1,02|mmol/24 h|[≥ 1,67]|L")):
        label = name
        for pair in filter(None, pairs):
            row = doc.add(rows(f"{name}|{pair}", specimen="24-h urine")[0])
            out.append(f"{label:<31}{row.value:<12}{row.unit:<14}{row.range or '':<14}{row.flag or ''}".rstrip())
            label = ""
    out.append("Creatinine clearance           118         mL/min        [> 90]")
    doc.add(Row("Creatinine clearance", "118", "mL/min", "[> 90]", loinc="2164-2"))
    save(doc, [*out, "=" * 64, "Remark: U-Calcium 8,1 mmol/24 h in 2022.", doc.sample()])


@design("x-txt-hallado", "x-txt-value-found", "es-AR", "text")
def hallado(doc: Document) -> None:
    """Name alone, then `Valor hallado` and `V.R.` with units in both, method last."""
    who(doc, "EJEMPLO FICTICIO, ANDRÉS", "1976-04-04", "PROT 20240", "2024-07-02")
    out = ["ANÁLISIS CLÍNICOS RIBERA - Bioquímica Dra. Fábula M.P. 0000", "Paciente: EJEMPLO FICTICIO, ANDRÉS   F.Nac.: 04/04/1976", "Protocolo: PROT 20240   Fecha: 02/07/2024", ""]
    how = iter(["Enzimático UV", "Ureasa", "Jaffé cinético", "Enzimático", "Enzimático", "IFCC", "IFCC", "IFCC", "Quimioluminiscencia"])
    for row in rows("""GLUCEMIA|1,08|g/l|0,70 - 1,10||
UREMIA|0,38|g/l|0,15 - 0,50||
CREATININEMIA|11,2|mg/l|7,0 - 13,0||
COLESTEROL TOTAL|2,14|g/l|hasta 2,00||
TRIGLICERIDOS|1,77|g/l|hasta 1,50||
T.G.O.|21|U/l|hasta 40||ast
T.G.P.|38|U/l|hasta 41||alt
FOSFATASA ALCALINA|188|U/l|65 - 300||alp
T.S.H.|3,40|µUI/ml|0,40 - 4,50||tsh"""):
        row = doc.add(row, method=next(how))
        out += [row.name, f"      Valor hallado: {row.value} {row.unit}", f"      V.R.: {row.range} {row.unit}      Método: {row.method}", ""]
    save(doc, [*out, doc.sample()])


@design("x-txt-rep", "x-txt-poc-equals-signs", "en-US", "text")
def poc(doc: Document) -> None:
    """Line printout of a bedside analyser: flag, abbreviation=value unit, limits behind `Ref`."""
    who(doc, "Sampler, Ivan", "1939-02-18", "E0091124", "2024-08-08T15:40")
    out = ["POINT OF CARE RESULT", "Sampler, Ivan | DOB: 02/18/1939 | Acct E0091124 | 08/08/2024 15:40 | Operator 0417", ""]
    for row in rows("""NA|129|mmol/L|138..146|LO|
K|3.3|mmol/L|3.5..4.9|LO|
CL|98|mmol/L|98..109||
TCO2|22|mmol/L|24..29|LO|
GLU|203|mg/dL|70..105|HI|
BUN|31|mg/dL|8..26|HI|
CREA|1.6|mg/dL|0.6..1.3|HI|
ICA|1.09|mmol/L|1.12..1.32|LO|
HCT|33|%PCV|38..51|LO|
HGB|11.2|g/dL|12..17|LO|
ANGAP|13|mmol/L|10..20||"""):
        row = doc.add(row)
        out.append(f"{row.flag or '--'} {row.name}={row.value} {row.unit} Ref {row.range}")
    save(doc, [*out, "", "HGB via HCT. CPB: No. Cartridge CHEM8 lot 00000. Simulator 07/30/2024 PASS.", doc.sample()])


STYLE = "<style>body{font:14px sans-serif}td,th{padding:2px 10px;text-align:left}.n{text-align:right}</style>"


@design("x-html-dl", "x-html-definition-list", "en-US", "html")
def html_dl(doc: Document) -> None:
    """Portal page: every test a heading, then labelled lines; the word Normal is no flag."""
    who(doc, "Joan Placeholder", "1984-12-24", "MRN 55019", "2024-02-29T09:05")
    out = ["<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>Test results</title>" + STYLE + "</head><body>", "<header>MyPretendChart · Joan Placeholder · DOB: 12/24/1984 · MRN 55019</header>", "<h1>Test Results</h1><p>Collected on Feb 29, 2024 9:05 AM</p>"]
    for panel, block in (("CBC with Differential", "WBC|5.1|K/uL|4.0 - 10.5||wbc\nHemoglobin|11.4|g/dL|12.0 - 15.5|Low|hb\nHematocrit|34.8|%|35.0 - 45.0|Low|hct\nMCV|77|fL|80 - 100|Low|mcv\nPlatelets|412|K/uL|150 - 400|High|plt"),
                         ("Iron and Vitamins", "Iron|28|ug/dL|50 - 170|Low|fe\nTIBC|455|ug/dL|250 - 450|High|tibc\nFerritin|7|ng/mL|10 - 150|Low|ferr\nVitamin D, 25-Hydroxy|34|ng/mL|30 - 100||")):
        out.append(f"<section><h2>{panel}</h2>")
        for row in rows(block, panel=panel):
            row = doc.add(row)
            out.append(f"<article><h3>{row.name}</h3><dl><dt>Normal range</dt><dd>{row.range} {row.unit}</dd><dt>Your value</dt><dd>{row.value} {row.unit}</dd>" + (f"<dt>Flag</dt><dd>{row.flag}</dd>" if row.flag else "") + "</dl></article>")
        out.append("</section>")
    save(doc, [*out, f"<footer>{doc.sample()}</footer></body></html>"], "html")


@design("x-html-rowspan", "x-html-rowspan-specimen", "fr-BE", "html")
def html_rowspan(doc: Document) -> None:
    """The specimen spans rows at the left; unit before value."""
    who(doc, "Camille Exemple", "1969-09-19", "69.09.19-111", "2024-03-27")
    out = ["<!DOCTYPE html><html lang='fr'><head><meta charset='utf-8'>" + STYLE + "</head><body>", "<p><b>Labo de la Meuse Imaginaire</b></p><p>Camille Exemple, née le 19/09/1969, dossier 69.09.19-111. Prélèvement : 27/03/2024</p>", "<table border='1'><tr><th>Échantillon</th><th>Analyse</th><th>Unité</th><th>Résultat</th><th></th><th>Valeurs de référence</th></tr>"]
    for specimen, block in (("Sang", "Hémoglobine|13,9|g/dL|12,0–15,5||hb\nLeucocytes|4,4|10³/µL|3,9–10,2||wbc\nPlaquettes|201|10³/µL|150–370||plt\nVS|31|mm/h|≤ 20|↑|"),
                            ("Sérum", "Glucose|96|mg/dL|70–100||gluc\nCréatinine|0,83|mg/dL|0,51–0,95||creat\nCholestérol|224|mg/dL|≤ 190|↑|chol\nFerritine|22|µg/L|15–150||ferr\nFacteur rhumatoïde|< 10|UI/mL|≤ 14||"),
                            ("Urine", "Protéines|0,09|g/L|≤ 0,15\nCréatinine|122|mg/dL|")):
        found = rows(block, specimen=specimen)
        for n, row in enumerate(found):
            row = doc.add(row)
            cell = f"<td rowspan='{len(found)}'>{specimen}</td>" if n == 0 else ""
            out.append(f"<tr>{cell}<td>{row.name}</td><td>{row.unit}</td><td class='n'>{escape(row.value)}</td><td>{row.flag or ''}</td><td>{row.range or ''}</td></tr>")
    save(doc, [*out, f"</table><p>{doc.sample()}</p></body></html>"], "html")


@design("x-html-trend", "x-html-arrows-and-trend", "en-CH", "html")
def html_trend(doc: Document) -> None:
    """Current value with arrow in a cell of its own, then a trend of three earlier values in one cell."""
    who(doc, "Sabine Erfunden", "1960-03-15", "BE-2091", "2024-06-18")
    out = ["<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>" + STYLE + "</head><body>", "<h2>Aare Fantasy Diagnostics</h2><p>Patient: Sabine Erfunden<br>Date of birth: 15.03.1960<br>Patient no.: BE-2091<br>Sampling date: 18.06.2024</p>", "<table><thead><tr><th>Analyte</th><th>Value</th><th></th><th>Unit</th><th>Target</th><th>Last (12.03.2024)</th><th>Trend 2023</th></tr></thead><tbody>"]
    trend = iter(["141 140 142", "4,0 4,2 4,1", "88 91 84", "7,1 7,0 6,9", "4,4 4,1 4,6", "2,6 2,4 2,9", "38 44 41", "2,2 2,0 1,9", "70 66 61"])
    last = iter(["140", "4,3", "93", "7,2", "4,9", "3,1", "47", "2,5", "58"])
    for row in rows("""Sodium|139|mmol/l|135..145||na
Potassium|5,2|mmol/l|3,5..5,1|↑|k
Creatinine|97|µmol/l|45..84|↑|creat
HbA1c|7,4|%|4,8..5,9|↑|a1c
Cholesterol|4,6|mmol/l|..5,0||chol
LDL cholesterol|2,7|mmol/l|..1,8|↑|ldl
ALT|51|U/l|..35|↑|alt
TSH|2,31|mU/l|0,27..4,20||tsh
25-OH vitamin D|48|nmol/l|75..|↓|"""):
        row = doc.add(row, previous=next(last))
        out.append(f"<tr><td>{row.name}</td><td class='n'>{row.value}</td><td>{row.flag or ''}</td><td>{row.unit}</td><td>{row.range}</td><td>{row.previous}</td><td>{' · '.join(next(trend).split())}</td></tr>")
    save(doc, [*out, f"</tbody></table><p>{doc.sample()}</p></body></html>"], "html")


@design("x-html-nested", "x-html-nested-tables", "en-IN", "html")
def html_nested(doc: Document) -> None:
    """Tables within a table, method below the name in the same cell, one row `see comment`."""
    who(doc, "Mr. Suresh Pariksha", "1978-11-11", "AK24-3310", "2024-04-25T07:20")
    out = ["<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>" + STYLE + "</head><body><table width='100%'><tr><td>", "<table><tr><td>Name</td><td>: Mr. Suresh Pariksha</td><td>Lab No.</td><td>: AK24-3310</td></tr><tr><td>DOB</td><td>: 11/11/1978</td><td>Collected</td><td>: 25/04/2024 07:20</td></tr></table>", "</td></tr>"]
    for panel, block in (("LIVER FUNCTION TEST", "Bilirubin Total|1.9|mg/dl|0.2 - 1.2|H|bt|Diazo\nSGOT|64|U/L|Upto 40|H|ast|IFCC\nSGPT|88|U/L|Upto 41|H|alt|IFCC\nAlkaline Phosphatase|121|U/L|53 - 128||alp|PNPP\nTotal Protein|7.0|g/dl|6.4 - 8.3||tp|Biuret\nAlbumin|3.3|g/dl|3.5 - 5.2|L|alb|BCG"),
                         ("THYROID PROFILE", "T3|1.01|ng/ml|0.8 - 2.0||3053-6|CLIA\nT4|7.9|ug/dl|5.1 - 14.1||3026-2|CLIA\nTSH (Ultrasensitive)|see comment|uIU/ml|0.27 - 4.20||3016-3|CLIA")):
        out.append(f"<tr><td><b>{panel}</b><table border='1' width='100%'><tr><th>Test</th><th>Flag</th><th>Result</th><th>Unit</th><th>Range</th></tr>")
        for line in block.splitlines():
            line, _, method = line.rpartition("|")
            row = doc.add(rows(line)[0], method=method, panel=panel)
            out.append(f"<tr><td>{row.name}<br><small>Method : {row.method}</small></td><td>{row.flag or ''}</td><td><b>{row.value}</b></td><td>{row.unit}</td><td>{row.range}</td></tr>")
        out.append("</table></td></tr>")
    save(doc, [*out, "<tr><td>Comment: TSH being repeated in dilution; last TSH 6.81 uIU/ml (12/01/2024).</td></tr>", f"<tr><td>{doc.sample()} &middot; Page 1 of 1</td></tr></table></body></html>"], "html")
