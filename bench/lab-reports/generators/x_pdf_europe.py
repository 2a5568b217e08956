"""Unusual designs with a text layer: general chemistry and gases of Austria, Switzerland, Spain, Germany, Belgium."""

from __future__ import annotations

from document import Document, Row
from x_base import design, page, rows, small, table, who, words


@design("x-at-methode", "x-method-between-name-and-value", "de-AT")
def at_methode(doc: Document) -> None:
    """Method between name and value, limits as `3,5 bis 5,1`."""
    who(doc, "BEISPIEL Lotte", "1961-04-19", "7714220", "2024-02-12T07:40")
    s = page(doc, points=8.5)
    words(s, 40, (40, "Landesklinikum Erfundenau", "b"), (555, "Zentrallabor · Akkr.-Nr. 0412 (ISO 15189)", "r"))
    words(s, 56, (40, "Patient: BEISPIEL Lotte   geb. 19.04.1961   Fallzahl 7714220"))
    words(s, 68, (40, "Abnahme: 12.02.2024 07:40   Eingang: 12.02.2024 08:05   Befund: 12.02.2024 10:31"))
    s.rule(y=76)
    words(s, 88, (40, "Analyse", "b"), (150, "Verfahren", "b"), (330, "Resultat", "br"), (340, "Einheit", "b"), (410, "Normalwert", "b"), (520, "Bew.", "b"))
    s.y = 104
    data = rows("""Natrium|141|mmol/l|136 bis 145||na
Kalium|5,4|mmol/l|3,5 bis 5,1|+|k
Chlorid|103|mmol/l|98 bis 107||cl
Kalzium|2,31|mmol/l|2,20 bis 2,55||ca
Kreatinin|1,42|mg/dl|0,50 bis 0,90|++|creat
Harnsäure|6,9|mg/dl|2,4 bis 5,7|+|uric
GOT (AST)|28|U/l|bis 35||ast
GPT (ALT)|31|U/l|bis 35||alt
Gamma-GT|61|U/l|bis 40|+|ggt
LDH|212|U/l|135 bis 214||ldh
CRP|0,31|mg/dl|< 0,50||crp
Ferritin|88|µg/l|13 bis 150||ferr""")
    how = ["ISE indirekt"] * 3 + ["NM-BAPTA", "Jaffé kompensiert", "Uricase PAP", "IFCC 37 °C", "IFCC 37 °C", "IFCC 37 °C", "IFCC L-P", "Immunturbidimetrie 2", "ECLIA"]
    data = [r.but(method=m) for r, m in zip(data, how)]
    table(s, doc, data, {"name": (40, ""), "method": (150, ""), "value": (330, "r"), "unit": (340, ""), "range": (410, ""), "flag": (520, "")})
    words(s, s.y + 8, (40, "Kalium 5,4 mmol/l: Probe nicht hämolytisch, Kontrolle in 2 Tagen empfohlen."))
    small(s, 800, 40, doc.sample() + " · Tel. 02999 555 01 · Seite 1 von 1")
    s.save()


@design("x-ch-unite", "x-unit-left-of-value", "fr-CH")
def ch_unite(doc: Document) -> None:
    """Name, limits in brackets, unit, then the value at the right edge; flag first of all."""
    who(doc, "Imaginaire Odile", "1979-11-03", "CH-55120", "2024-05-06T08:15")
    s = page(doc, points=9, face="Carlito")
    words(s, 44, (298, "Labo du Lac Fictif SA — Lausanne", "cb"))
    words(s, 60, (298, "Imaginaire Odile, F, 03.11.1979 — n° CH-55120", "c"))
    words(s, 72, (298, "Prélevé le 06.05.2024 à 08:15", "c"))
    s.y = 100
    columns = {"flag": (50, ""), "name": (66, ""), "range": (250, ""), "unit": (430, "r"), "value": (540, "r")}
    parts = {
        "Hématologie": """Hémoglobine|118|g/l|[120;160]|↓|hb
Hématocrite|0,36|l/l|[0,35;0,47]||hct
Erythrocytes|4,21|T/l|[4,00;5,20]||rbc
Leucocytes|11,8|G/l|[4,0;10,0]|↑|wbc
Thrombocytes|389|G/l|[150;400]||plt""",
        "Chimie": """S-Glucose|5,3|mmol/l|[3,9;6,1]||gluc
S-Créatinine|71|µmol/l|[44;80]||creat
S-Urée|4,9|mmol/l|[2,5;7,5]||urea
S-Potassium|3,4|mmol/l|[3,5;5,1]|↓|k
S-ALAT|0,42|µkat/l|[0,17;0,58]||
S-Phosphatase alcaline|1,12|µkat/l|[0,58;1,75]||
S-Protéine C-réactive|12|mg/l|[< 5]|↑|crp""",
    }
    for heading, block in parts.items():
        words(s, s.y, (66, heading, "b"), (250, "[réf.]"), (430, "unité", "r"), (540, "résultat", "r"))
        s.down(14)
        table(s, doc, rows(block, panel=heading), columns, 12.5)
        s.down(8)
    small(s, 815, 298, doc.sample() + " — STS 0000 — page 1/1", "center")
    s.save()


@design("x-es-minmax", "x-range-two-columns-around-value", "es-ES")
def es_minmax(doc: Document) -> None:
    """Lower limit, value, upper limit: the value stands between its limits."""
    who(doc, "FICTICIO SOÑADO, PILAR", "1955-02-27", "NHC 448812", "2023-10-17")
    s = page(doc, points=8)
    s.box(36, 30, 523, 44)
    words(s, 45, (44, "HOSPITAL VALDEFICTO · LABORATORIO", "b"), (550, "Fecha extracción: 17/10/2023", "r"))
    words(s, 60, (44, "FICTICIO SOÑADO, PILAR  (M)  F. nac. 27/02/1955"), (550, "NHC 448812", "r"))
    words(s, 94, (40, "Determinación", "b"), (265, "Mínimo", "br"), (335, "Resultado", "br"), (405, "Máximo", "br"), (425, "Unidades", "b"))
    s.rule(y=98)
    s.y = 112
    data = """Glucosa|112|mg/dL|74 - 106||gluc
Urea|61|mg/dL|17 - 49||urea
Creatinina|0,98|mg/dL|0,50 - 0,90||creat
Sodio|139|mmol/L|136 - 145||na
Potasio|4,6|mmol/L|3,5 - 5,1||k
Calcio|9,4|mg/dL|8,6 - 10,2||ca
Fósforo|3,1|mg/dL|2,5 - 4,5||phos
Albúmina|4,1|g/dL|3,5 - 5,2||alb
Bilirrubina total|0,54|mg/dL|0,10 - 1,20||bt
ALT (GPT)|55|U/L|0 - 33||alt
Fosfatasa alcalina|97|U/L|35 - 105||alp
Tirotropina (TSH)|2,84|mUI/L|0,27 - 4,20||tsh"""
    for row in rows(data):
        row = doc.add(row)
        low, high = row.range.split(" - ")
        words(s, s.y, (40, row.name), (265, low, "r"), (335, row.value, "rb"), (405, high, "r"), (425, row.unit))
        s.down(12)
    small(s, 810, 40, doc.sample() + "   Acreditación ENAC 000/LE0000   Pág. 1 de 1")
    s.save()


@design("x-de-dicht", "x-tight-single-spaces", "de")
def de_dicht(doc: Document) -> None:
    """Whole lines in one string, single blanks only, small print; old East German units."""
    who(doc, "Testfall, Horst", "1948-09-30", "A1180245", "2024-01-22")
    s = page(doc, points=7)
    words(s, 40, (40, "Praxislabor Dr. Niemand - Laborblatt Testfall, Horst *30.09.1948 Pat-Nr A1180245 Abnahme 22.01.2024", "b"))
    s.y = 52
    for row in rows("""LEUK|6,2|Gpt/l|3,9-10,2||wbc
ERY|4,31|Tpt/l|4,30-5,75||rbc
HB|8,1|mmol/l|8,6-12,1|-|hb
HKT|0,39|l/l|0,395-0,505|-|hct
MCV|90|fl|80-99||mcv
MCH|1,88|fmol|1,70-2,05||
THRO|251|Gpt/l|150-370||plt
BSG|24|mm/h|<20|+|
ASAT|0,51|µkat/l|<0,85||
ALAT|0,93|µkat/l|<0,83|+|
GGT|1,04|µkat/l|<1,00|+|
KREA|104|µmol/l|62-106||creat
HST|6,8|mmol/l|3,0-9,2||urea
HSRE|455|µmol/l|220-420|+|uric
CHOL|5,9|mmol/l|<5,2|+|chol
HDL|1,12|mmol/l|>1,00||hdl
TRIG|2,31|mmol/l|<1,70|+|tg"""):
        row = doc.add(row)
        words(s, s.y, (40, " ".join(c for c in (row.name, row.value, row.unit, row.range, row.flag) if c)))
        s.down(8.2)
    words(s, s.y + 4, (40, "Bem.: CHOL zuletzt 6,4 am 11.10.2023, unter Statin. Kontrolle ALAT in 4 Wo."))
    small(s, 820, 40, doc.sample())
    s.save()


@design("x-be-specimens", "x-specimen-columns", "en-BE")
def be_specimens(doc: Document) -> None:
    """One row a test, a column each for serum, urine and fluid; decimal comma in English."""
    who(doc, "DUTEST Mireille", "1970-06-15", "BE 90 1123", "2024-03-04T14:20")
    s = page(doc, landscape=True, points=9)
    words(s, 40, (40, "Clinlab Imaginair / Brussels — Paired specimens report", "b"), (800, "Page 1/1", "r"))
    words(s, 55, (40, "DUTEST Mireille   DOB 15/06/1970   File BE 90 1123   Sampled 04/03/2024 14:20"))
    places = {"Serum": 270, "Urine": 440, "Ascitic fluid": 610}
    words(s, 85, (40, "Test", "b"), (150, "Unit", "b"), *[(x, n, "br") for n, x in places.items()])
    words(s, 96, *[(x + 10, "reference") for x in places.values()])
    s.rule(y=100)
    s.y = 114
    grid = [("Sodium", "mmol/L", ("133", "136–145"), ("41", None), ("134", None)),
            ("Potassium", "mmol/L", ("3,3", "3,5–5,1"), ("38,2", None), ("3,4", None)),
            ("Creatinine", "mg/dL", ("1,31", "0,50–0,90"), ("96,4", "28–217"), ("1,29", None)),
            ("Urea", "mg/dL", ("52", "17–43"), ("1204", None), ("53", None)),
            ("Total protein", "g/L", ("58", "64–83"), ("0,12", "< 0,15"), ("14", None)),
            ("Albumin", "g/L", ("27", "35–52"), None, ("6", None)),
            ("LDH", "U/L", ("241", "< 250"), None, ("88", None)),
            ("Glucose", "mg/dL", ("101", "70–100"), ("< 2", "< 15"), ("108", None)),
            ("Amylase", "U/L", ("44", "28–100"), ("190", "< 460"), ("31", None))]
    known = {("Sodium", "Serum"): "2951-2", ("Potassium", "Serum"): "2823-3", ("Creatinine", "Serum"): "2160-0", ("Urea", "Serum"): "3091-6",
             ("Total protein", "Serum"): "2885-2", ("Albumin", "Serum"): "1751-7", ("LDH", "Serum"): "2532-0", ("Glucose", "Serum"): "2345-7",
             ("Sodium", "Urine"): "2955-3", ("Potassium", "Urine"): "2828-2", ("Creatinine", "Urine"): "2161-8"}
    for name, unit, *cells in grid:
        words(s, s.y, (40, name), (150, unit))
        for (specimen, x), cell in zip(places.items(), cells):
            if not cell:
                words(s, s.y, (x, "—", "r"))
                continue
            row = doc.add(Row(name, cell[0], unit, cell[1], specimen=specimen, loinc=known.get((name, specimen))))
            words(s, s.y, (x, row.value, "r"), (x + 10, row.range))
        s.down(15)
    words(s, s.y + 10, (40, "SAAG 21 g/L (> 11 suggests portal hypertension). Values of Ascitic fluid are outside accreditation."))
    small(s, 570, 40, doc.sample() + " · BELAC 000-MED")
    s.save()


@design("x-at-bga", "x-gas-sections-calculated", "de-AT")
def at_bga(doc: Document) -> None:
    """Slip of a gas analyser in sections, calculated values marked with a small c behind the unit column."""
    who(doc, "Fiktiv, Otto", "1950-12-01", "20031188", "2024-06-09T03:52")
    s = page(doc, size=(240, 560), face="Mono", points=7.5)
    for y, line in zip(range(22, 90, 10), ["BGA-Messgerät ICU 2", "Protokoll   arteriell", "09.06.2024  03:52", "Pat.-ID     20031188", "Name  Fiktiv, Otto", "Geb.  01.12.1950", "FO2(I) 40 %   T 37,0 °C"]):
        words(s, y, (12, line))
    s.y = 104
    known = {"pH": "2744-1", "pCO2": "2019-8", "pO2": "2703-7"}
    parts = {
        "Blutgaswerte": """ pH|7,31||(7,350 - 7,450)|↓|
 pCO2|51,3|mmHg|(35,0 - 45,0)|↑|
 pO2|68,0|mmHg|(75,0 - 100)|↓|""",
        "Oxymetrie": """ctHb|10,9|g/dl|(12,0 - 16,0)|↓|
sO2|92,6|%|(94,0 - 98,0)|↓|
FCOHb|1,1|%|(0,5 - 1,5)||
FMetHb|0,6|%|(0,0 - 1,5)||""",
        "Elektrolyte": """cNa+|138|mmol/l|(136 - 146)||
cK+|4,9|mmol/l|(3,4 - 4,5)|↑|
cCa2+|1,14|mmol/l|(1,15 - 1,29)|↓|
cCl-|107|mmol/l|(98 - 106)|↑|""",
        "Metabolite": """cGlu|171|mg/dl|(70 - 105)|↑|
cLac|3,2|mmol/l|(0,5 - 1,6)|↑|""",
        "Berechnete Werte": """cBase(Ecf)|-1,4|mmol/l||c|
cHCO3-(P,st)|22,6|mmol/l||c|
Anionenlücke|7,9|mmol/l||c|
ctO2|14,1|Vol%||c|""",
    }
    for heading, block in parts.items():
        words(s, s.y, (12, heading, "b"))
        s.down(10)
        calculated = heading.startswith("Ber")
        for row in rows(block, panel=heading):
            mark = "c" if calculated else row.flag
            row = doc.add(row, flag=None if calculated else row.flag, loinc=known.get(row.name))
            words(s, s.y, (12, mark), (24, row.name), (120, row.value, "r"), (124, row.unit), (232, row.range, "r"))
            s.down(10)
        s.down(4)
    words(s, s.y + 4, (12, "↑ ↓ Wert außerhalb Referenz"), )
    words(s, s.y + 14, (12, "c  Berechnete(r) Wert(e)"))
    small(s, 550, 12, doc.sample())
    s.save()
