"""Unusual designs with a text layer: special laboratories of Egypt, the Gulf, Australia, Ireland, Brazil, Mexico, Canada."""

from __future__ import annotations

from document import Document, Row
from x_base import design, page, rows, small, table, who, words


@design("x-eg-semen", "x-semen-analysis", "en-EG")
def eg_semen(doc: Document) -> None:
    """Physical examination as name : value, motility with times, limits in words on the right."""
    who(doc, "Mr. Sherif Khayali", "1987-06-23", "2024-5512", "2024-05-02T12:30")
    s = page(doc, points=10, face="Serif")
    words(s, 50, (298, "Nile Imaginary Laboratories – Cairo", "cb"))
    words(s, 70, (60, "Name: Mr. Sherif Khayali"), (535, "Lab ID: 2024-5512", "r"))
    words(s, 84, (60, "Born: 23/6/1987"), (535, "Sampled: 2/5/2024 12:30", "r"))
    words(s, 110, (298, "SEMEN ANALYSIS", "cb"))
    s.y = 132
    parts = {"Physical Examination": """Volume|2.1|mL|≥ 1.4
Colour|Greyish white||
Liquefaction time|40|min|up to 60
Viscosity|Normal||
Reaction (pH)|7.8||≥ 7.2""", "Count": """Sperm concentration|11.5|million/mL|≥ 16
Total sperm number|24.2|million/ejaculate|≥ 39
Pus cells|4 - 6|/HPF|0 - 5
RBCs|0 - 1|/HPF|""", "Motility (after 60 minutes)": """Progressive (PR)|21|%|≥ 30
Non-progressive (NP)|9|%|
Immotile (IM)|70|%|
Total motility (PR + NP)|30|%|≥ 42""", "Morphology": """Normal forms|3|%|≥ 4
Head defects|62|%|
Vitality|51|%|≥ 54"""}
    for panel, block in parts.items():
        words(s, s.y, (60, panel, "b"))
        s.down(15)
        for row in rows(block, panel=panel):
            row = doc.add(row)
            words(s, s.y, (74, row.name), (250, ":"), (262, row.value, "b"), (330, row.unit), (440, f"N: {row.range}" if row.range else None))
            s.down(15)
        s.down(5)
    words(s, s.y + 4, (60, "Comment: Oligoasthenozoospermia. Repeat after 2 - 3 months. Limits: 5th centile, WHO 6th ed."))
    small(s, 810, 60, doc.sample())
    s.save()


@design("x-ae-stool", "x-stool-three-blocks", "en-AE")
def ae_stool(doc: Document) -> None:
    """Words and counts without units, in three blocks; limits printed only where there are any."""
    who(doc, "TESTCASE, OMAR", "2015-09-14", "784-00-1190", "2024-01-30")
    s = page(doc, points=9)
    words(s, 46, (40, "Gulf Mock Medical Centre — Laboratory (DHA-F-0000000)", "b"))
    words(s, 60, (40, "TESTCASE, OMAR | DOB 14/09/2015 | File 784-00-1190 | Sample date 30/01/2024 | Stool"))
    s.y = 90
    parts = {"MACROSCOPIC": "Colour|Brown\nConsistency|Semi-formed\nMucus|Present (+)||Absent\nBlood|Absent||Absent\nWorms|Not seen",
             "CHEMICAL": "Reaction|Acidic\nOccult blood|Negative||Negative\nReducing substances|0.25|%|< 0.5\nCalprotectin|142|µg/g|< 50|H",
             "MICROSCOPIC": "Pus cells|8-10|/HPF|0-5|H\nRed cells|2-3|/HPF|0-2|H\nFat globules|+\nStarch granules|Nil\nOva|Not seen\nCysts|Giardia lamblia cysts seen (2+)|||*\nTrophozoites|Not seen\nYeast|Few"}
    for panel, block in parts.items():
        s.box(40, s.y - 10, 515, 13, fill="#dddddd", stroke=False)
        words(s, s.y, (46, panel, "b"), (220, "Finding"), (400, "Units"), (450, "Ref."), (520, "Flag"))
        s.down(15)
        table(s, doc, rows(block, panel=panel, specimen="Stool"), {"name": (46, ""), "value": (220, ""), "unit": (400, ""), "range": (450, ""), "flag": (520, "")}, 14)
        s.down(6)
    small(s, 815, 40, doc.sample() + " · 1 of 1")
    s.save()


@design("x-au-trough", "x-drug-trough-peak", "en-AU")
def au_trough(doc: Document) -> None:
    """Drug levels with time of dose, therapeutic and toxic limits in two columns."""
    who(doc, "MOCKRIDGE, Walter", "1952-03-03", "UR 118827", "2024-06-13T07:45")
    s = page(doc, points=9)
    words(s, 44, (40, "Southern Pretend Pathology", "b"), (555, "NATA/RCPA Accreditation No 00000", "r"))
    words(s, 58, (40, "MOCKRIDGE, Walter   D.O.B. 03/03/1952   UR 118827   Collected 13/06/2024 07:45"))
    words(s, 84, (40, "Therapeutic Drug Monitoring", "b"))
    words(s, 100, (40, "Drug", "b"), (170, "Last dose", "b"), (270, "Level", "br"), (280, "Units", "b"), (350, "Therapeutic", "b"), (450, "Toxic", "b"))
    s.rule(y=104)
    s.y = 118
    for dose, line in (("12/06 20:00", "Vancomycin trough|11.4|mg/L|10.0 - 20.0||4092-3"), ("12/06 20:00", "Gentamicin trough|1.6|mg/L|< 1.0|H|3665-7"), ("13/06 06:45", "Gentamicin peak|8.2|mg/L|5.0 - 10.0||3663-2"),
                       ("13/06 06:00", "Digoxin|1.9|nmol/L|0.6 - 1.2|H|"), ("12/06 21:00", "Phenytoin|31|umol/L|40 - 80|L|"), ("12/06 21:00", "Carbamazepine|28|umol/L|17 - 50||"),
                       ("12/06 21:00", "Valproate|402|umol/L|350 - 700||"), ("12/06 22:00", "Lithium|0.82|mmol/L|0.50 - 1.00||14334-7"), ("12/06 20:00", "Tacrolimus|7.3|ug/L|5.0 - 15.0||11253-2"), ("unknown", "Paracetamol|< 20|umol/L|see comment||")):
        row = doc.add(rows(line)[0], panel="Therapeutic Drug Monitoring")
        toxic = {"Digoxin": "> 2.6", "Phenytoin": "> 80", "Carbamazepine": "> 65", "Lithium": "> 1.50", "Vancomycin trough": "> 25"}.get(row.name)
        words(s, s.y, (40, row.name), (170, dose), (262, row.value, "rb" if row.flag else "r"), (266, row.flag), (280, row.unit), (350, row.range), (450, toxic))
        s.down(14)
    words(s, s.y + 8, (40, "Comment: Digoxin 1.9 nmol/L taken 1 h 45 min after dose - not a trough. Suggest repeat > 6 h post dose."))
    small(s, 815, 40, doc.sample() + " · Page 1 of 1")
    s.save()


@design("x-ie-booking", "x-antenatal-booking", "en-IE")
def ie_booking(doc: Document) -> None:
    """Booking bloods in three boxes of different shape, among them group and antibody screen."""
    who(doc, "SYNTHWELL, Martha", "1993-04-30", "RH-229187", "2024-02-06T10:30")
    s = page(doc, points=9, face="Lato")
    words(s, 44, (40, "Rotunda Nowhere Maternity — ANTENATAL BOOKING BLOODS", "b"))
    words(s, 58, (40, "SYNTHWELL, Martha · 30/04/1993 · RH-229187 · taken 06/02/2024 10:30 · gestation 12+3"))
    s.box(40, 72, 250, 110)
    words(s, 86, (48, "Transfusion Medicine", "b"))
    s.y = 102
    table(s, doc, rows("ABO Group|O||||883-9\nRh(D) Type|Negative||||10331-7\nAntibody Screen|POSITIVE||||890-4\nAntibody Identified|Anti-K\nAnti-K titre|1:8"),
          {"name": (48, ""), "value": (170, "")}, 14, panel="Transfusion Medicine", bold=lambda r: True)
    s.box(305, 72, 250, 110)
    words(s, 86, (313, "Virology / Serology", "b"), (547, "S/CO", "rb"))
    s.y = 102
    for name, value, ratio in (("HBsAg", "Not detected", "0.21"), ("HIV 1/2 Ag/Ab", "Not detected", "0.08"), ("Syphilis Ab", "Not detected", "0.05"), ("HCV Ab", "Not detected", "0.11"), ("Rubella IgG", "41 IU/mL", "")):
        value, _, unit = value.partition(" IU") if "IU" in value else (value, "", "")
        row = doc.add(Row(name, value, "IU/mL" if unit else None, panel="Virology / Serology"))
        words(s, s.y, (313, row.name), (405, row.value + (" " + row.unit if row.unit else "")), (547, ratio, "r"))
        s.down(14)
    words(s, 204, (40, "Haematology", "b"), (200, "(12+3 weeks)"))
    s.y = 220
    table(s, doc, rows("""Hb|11.2|g/dL|11.0 – 14.0||hb
MCV|79.4|fL|81.0 – 98.0|*|mcv
MCH|25.9|pg|27.0 – 32.0|*|mch
WCC|9.1|x10⁹/L|5.7 – 15.0||wbc
Platelets|244|x10⁹/L|150 – 400||plt
Ferritin|9|µg/L|> 30|*|ferr
HbA2|2.4|%|2.0 – 3.3||
Random glucose|4.9|mmol/L|≤ 6.8||"""), {"flag": (40, ""), "name": (50, ""), "value": (170, "r"), "unit": (180, ""), "range": (240, "")}, 13, panel="Haematology")
    small(s, 815, 40, doc.sample() + " · Page 1 / 1")
    s.save()


@design("x-br-viral", "x-two-tables-sco-and-log", "pt-BR")
def br_viral(doc: Document) -> None:
    """Two tables with other columns: index with interpretation, and viral loads with copies and log10 on two lines."""
    who(doc, "Caio Fictício Pereira", "1984-10-10", "4-0081-22", "2024-05-15T09:05")
    s = page(doc, points=9)
    words(s, 46, (40, "Diagnósticos Serra Azul", "b"), (555, "Coleta 15/05/2024 09:05", "r"))
    words(s, 60, (40, "Caio Fictício Pereira  Nasc.: 10/10/1984  Atend.: 4-0081-22"))
    words(s, 90, (40, "SOROLOGIA", "b"))
    words(s, 104, (40, "Exame", "b"), (200, "Interpretação", "b"), (360, "Índice (S/CO)", "br"), (400, "Ponto de corte", "b"))
    s.y = 118
    note = {"Anti-HBc total": "REAGENTE", "HBsAg": "REAGENTE", "HBeAg": "Não reagente", "Anti-HCV": "Indeterminado"}
    for row in rows("HBsAg|412,30|S/CO|< 1,00\nAnti-HBc total|9,87|S/CO|< 1,00\nAnti-HBc IgM|0,09|S/CO|< 1,00\nHBeAg|0,31|S/CO|< 1,00\nAnti-HBe|0,02|S/CO|> 1,00\nAnti-HCV|0,97|S/CO|< 1,00\nHIV 1/2|0,10|S/CO|< 1,00"):
        row = doc.add(row, panel="SOROLOGIA", unit=None)
        words(s, s.y, (40, row.name), (200, note.get(row.name, "Não reagente")), (360, row.value, "r"), (400, row.range))
        s.down(13)
    s.down(16)
    words(s, s.y, (40, "BIOLOGIA MOLECULAR", "b"))
    s.down(14)
    for name, method, lines in (("HBV-DNA quantitativo", "PCR em tempo real", [("24.350", "UI/mL"), ("4,39", "log10")]), ("HCV-RNA quantitativo", "PCR em tempo real", [("Não detectado", None)]), ("HDV-RNA", "PCR", [("< 100", "cópias/mL")])):
        words(s, s.y, (40, name, "b"))
        for value, unit in lines:
            row = doc.add(Row(name, value, unit, method=method, panel="BIOLOGIA MOLECULAR"))
            words(s, s.y, (200, row.value), (290, row.unit))
            s.down(12)
        words(s, s.y, (40, "Método: " + method))
        s.down(16)
    small(s, 815, 40, doc.sample() + "  |  Pág. 1/1  |  PALC 000")
    s.save()


@design("x-mx-ego", "x-urinalysis-unequal-halves", "es-MX")
def mx_urine(doc: Document) -> None:
    """Left half with name, value and limits; right half with name, value and unit; other row heights."""
    who(doc, "RAÚL INVENTADO MODELO", "1968-02-29", "F-77310", "2024-03-08")
    s = page(doc, size="letter", points=9)
    words(s, 46, (306, "LABORATORIO SIERRA INVENTADA, S.A. DE C.V.", "cb"))
    words(s, 60, (306, "RAÚL INVENTADO MODELO   Nac. 29/02/1968   Folio F-77310   Fecha 08/03/2024", "c"))
    words(s, 84, (306, "EXAMEN GENERAL DE ORINA", "cb"))
    words(s, 104, (40, "EXAMEN QUÍMICO", "b"), (180, "RESULTADO"), (240, "V. REF."), (330, "SEDIMENTO", "b"), (470, "RESULTADO"))
    s.y = 120
    table(s, doc, rows("""DENSIDAD|1.020||1.005 - 1.030
pH|6.0||5.0 - 7.5
GLUCOSA|Neg||Neg
PROTEÍNAS|30||Neg|
CETONAS|Neg||Neg
BILIRRUBINA|Neg||Neg
UROBILINÓGENO|0.2||0.2 - 1.0
SANGRE|+||Neg
NITRITOS|Positivo||Neg
ESTERASA LEUC.|2+||Neg"""), {"name": (40, ""), "value": (180, ""), "range": (240, "")}, 13, panel="EXAMEN QUÍMICO")
    s.y = 123
    table(s, doc, rows("""Leucocitos|25-30|/campo
Eritrocitos|5-8|/campo
Células epiteliales|escasas|
Cilindros hialinos|0-1|/campo
Cristales|no se observan|
Bacterias|abundantes|
Levaduras|no se observan|
Filamento mucoide|moderado|"""), {"name": (330, ""), "value": (470, ""), "unit": (545, "")}, 15.5, panel="SEDIMENTO")
    words(s, 280, (40, "Color ámbar, aspecto turbio. Proteínas en mg/dL. Urocultivo sugerido si > 10 leucocitos/campo."))
    small(s, 770, 40, doc.sample() + "   Hoja 1 de 1")
    s.save()


@design("x-ca-landscape", "x-landscape-two-tables", "en-CA")
def ca_landscape(doc: Document) -> None:
    """Landscape: left a table with flag first, right one with site codes and limits before the value; two pages."""
    who(doc, "SAMPLER, Denise", "1980-07-07", "PHN 9000 000 118", "2024-01-25T08:05")
    s = page(doc, size="letter", landscape=True, points=8.5)
    parts = [[("HEMATOLOGY PROFILE", """WBC|3.4|x10 9/L|4.0-11.0|L|wbc
RBC|3.81|x10 12/L|3.80-5.20||rbc
Hemoglobin|121|g/L|115-160||hb
Hematocrit|0.36|L/L|0.35-0.48||hct
MCV|94|fL|80-100||mcv
Platelet Count|138|x10 9/L|150-400|L|plt
Neutrophils|1.7|x10 9/L|2.0-7.5|L|neut
Lymphocytes|1.2|x10 9/L|1.0-4.0||lym"""), ("GENERAL CHEMISTRY", """Sodium|141|mmol/L|135-145||na
Potassium|4.0|mmol/L|3.5-5.0||k
Creatinine|63|umol/L|45-90||creat
ALT|58|U/L|<36|H|alt
GGT|71|U/L|<50|H|ggt
Albumin|41|g/L|35-50||alb""")],
             [("ENDOCRINE", "TSH|0.21|mU/L|0.32-5.04|L|tsh\nFree T4|22.8|pmol/L|10.6-19.7|H|ft4\nFree T3|6.1|pmol/L|3.0-6.5||ft3"),
              ("IRON STUDIES", "Ferritin|402|ug/L|15-200|H|ferr\nIron|19|umol/L|10-33||fe\nTIBC|52|umol/L|45-77||tibc")]]
    for number, halves in enumerate(parts, 1):
        words(s, 36, (40, "Pacific Make-Believe Laboratories", "b"), (752, f"Page {number} of 2", "r"))
        words(s, 50, (40, "SAMPLER, Denise   DOB: 07-Jul-1980   PHN 9000 000 118   Collected: 25-Jan-2024 08:05"))
        for side, (panel, block) in enumerate(halves):
            x = 40 + side * 380
            words(s, 80, (x, panel, "b"))
            s.y = 110
            if side == 0:
                words(s, 94, (x, "A"), (x + 14, "Test"), (x + 180, "Result", "r"), (x + 190, "Reference"), (x + 260, "Units"))
                columns = {"flag": (x, "b"), "name": (x + 14, ""), "value": (x + 180, "r"), "range": (x + 190, ""), "unit": (x + 260, "")}
            else:
                words(s, 94, (x, "Test"), (x + 120, "Site"), (x + 150, "Reference"), (x + 270, "Result", "r"), (x + 278, "Units"), (x + 330, "Flag"))
                columns = {"name": (x, ""), "range": (x + 150, ""), "value": (x + 270, "r"), "unit": (x + 278, ""), "flag": (x + 330, "b")}
            for row in rows(block, panel=panel):
                if side:
                    words(s, s.y, (x + 120, "V2"))
                table(s, doc, [row], columns, 13)
        small(s, 590, 40, doc.sample() + " · DAP accredited · end of page")
        if number == 1:
            s.turn()
    s.save()
