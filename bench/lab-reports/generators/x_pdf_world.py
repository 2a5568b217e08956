"""Unusual designs with a text layer: UK, Ireland, US, India."""

from __future__ import annotations

from document import Document, Row
from x_base import design, page, rows, small, table, who, words


@design("x-gb-below", "x-previous-block-below", "en-GB")
def gb_below(doc: Document) -> None:
    """The current table; earlier results in a block of their own below, which are no results of this report."""
    who(doc, "DUMMETT, Harold", "1947-05-12", "RX1 440 218", "2024-03-11T09:10")
    s = page(doc, points=8.5)
    words(s, 40, (40, "FENWICK VALE PATHOLOGY — Clinical Biochemistry", "b"), (555, "UKAS 0000", "r"))
    words(s, 54, (40, "DUMMETT, Harold   DoB 12/05/1947   Hosp No RX1 440 218"), (555, "Collected 11/03/2024 09:10", "r"))
    s.rule(y=62)
    s.y = 78
    words(s, s.y, (40, "Serum", "b"), (200, "Result", "br"), (210, "Units", "b"), (290, "Reference", "b"))
    s.down(14)
    current = rows("""Sodium|131|mmol/L|133 - 146|L|na
Potassium|5.2|mmol/L|3.5 - 5.3||k
Urea|11.4|mmol/L|2.5 - 7.8|H|urea
Creatinine|148|umol/L|64 - 104|H|creat
Albumin|38|g/L|35 - 50||alb
Alk Phos|96|U/L|30 - 130||alp
ALT|22|U/L|<50||alt
Total bilirubin|9|umol/L|<21||bt
Adj. calcium|2.41|mmol/L|2.20 - 2.60||
CRP|14|mg/L|<5|H|crp""")
    table(s, doc, current, {"name": (40, ""), "value": (200, "r"), "unit": (210, ""), "range": (290, ""), "flag": (380, "")}, specimen="Serum")
    s.down(14)
    words(s, s.y, (40, "Previous results", "b"))
    s.down(13)
    old = ["Date", "Sodium", "Potassium", "Urea", "Creat", "ALT", "CRP"]
    for line in (old, ["14/01/2024", "134", "4.9", "9.8", "131", "25", "<1"], ["02/10/2023", "137", "4.7", "8.1", "119", "24", "3"], ["19/06/2023", "138", "4.4", "7.7", "112", "21", "<1"]):
        words(s, s.y, *[(40 + 62 * i, cell, "b" if line is old else "") for i, cell in enumerate(line)])
        s.down(12)
    small(s, 815, 40, doc.sample() + " · Page 1 of 1 · printed 11/03/2024 16:02")
    s.save()


@design("x-ie-middle", "x-dates-unsorted-newest-marked", "en-IE")
def ie_middle(doc: Document) -> None:
    """Five dated columns out of order; the current one, in the middle, is marked by a frame."""
    who(doc, "PLACEHOLDER Joan", "1959-09-09", "MRN 0610233", "2024-04-22T06:30")
    s = page(doc, landscape=True, points=8.5)
    words(s, 40, (40, "St Fictitious University Hospital, Laboratory Summary", "b"), (800, "Accred. INAB 000MT", "r"))
    words(s, 54, (40, "PLACEHOLDER Joan  DOB 09/09/1959  MRN 0610233  Ward ST LUKE'S"))
    heads = ["15/04/24 06:40", "19/04/24 07:05", "22/04/24 06:30", "30/01/24 11:20", "08/11/23 10:00"]
    xs = [300, 380, 460, 540, 620]
    words(s, 84, (40, "Test", "b"), (140, "Units", "b"), (200, "Ref", "b"), *[(x, h.split()[0], "br") for x, h in zip(xs, heads)])
    words(s, 94, *[(x, h.split()[1], "r") for x, h in zip(xs, heads)])
    words(s, 63, (462, "THIS REPORT", "br"))
    s.box(408, 66, 58, 190)
    s.y = 110
    grid = [("Hb", "g/dL", "12.0-15.0", "8.1 8.8 9.4 11.9 12.3", "hb"), ("WCC", "x10^9/L", "4.0-11.0", "14.2 11.6 9.9 7.4 6.8", "wbc"),
            ("Plt", "x10^9/L", "140-400", "512 488 431 301 288", "plt"), ("Na", "mmol/L", "135-145", "132 134 136 140 139", "na"), ("K", "mmol/L", "3.5-5.1", "3.1 3.3 3.9 4.4 4.2", "k"),
            ("Urea", "mmol/L", "2.8-8.1", "9.9 8.2 6.0 5.5 5.1", "urea"), ("Creat", "umol/L", "45-84", "104 92 81 77 74", "creat"), ("CRP", "mg/L", "0-5", "188 96 41 3 -", "crp"), ("PCT", "ug/L", "<0.5", "2.41 0.90 0.31 - -", "")]
    for name, unit, span, values, key in grid:
        values = values.split()
        old = values[1]
        row = doc.add(rows(f"{name}|{values[2]}|{unit}|{span}||{key}")[0], previous=old)
        words(s, s.y, (40, row.name), (140, row.unit), (200, row.range), *[(x, v, "rb" if x == 460 else "r") for x, v in zip(xs, values)])
        s.down(16)
    small(s, 575, 40, doc.sample() + " · columns as stored, not in order of time · p. 1/1")
    s.save()


@design("x-us-repeat", "x-far-right-headings-repeated", "en-US")
def us_repeat(doc: Document) -> None:
    """Value and unit right-aligned far from each other; headings repeated within the table; abnormal values bold."""
    who(doc, "TESTERMAN, RUTH", "1972-08-31", "W00431190", "2024-01-09T10:12")
    s = page(doc, size="letter", points=8.5, face="Helvetica")
    words(s, 40, (40, "PRAIRIE DIAGNOSTICS LLC", "b"), (572, "CLIA 00D0000000  CAP 0000000", "r"))
    words(s, 53, (40, "TESTERMAN, RUTH"), (220, "DOB 08/31/1972"), (360, "MRN W00431190"), (572, "Coll 01/09/2024 10:12", "r"))
    s.y = 76
    parts = {"COMPREHENSIVE METABOLIC": """Glucose|143|mg/dL|70-99||gluc
BUN|18|mg/dL|7-25||bun
Creatinine|0.88|mg/dL|0.50-1.05||creat
Sodium|140|mmol/L|135-146||na
Potassium|4.1|mmol/L|3.5-5.3||k
Carbon Dioxide|24|mmol/L|20-32||co2
Calcium|9.6|mg/dL|8.6-10.4||ca
Albumin|4.3|g/dL|3.6-5.1||alb
AST|19|U/L|10-35||ast
ALT|44|U/L|6-29||alt""", "LIPIDS": """Cholesterol|231|mg/dL|<200||chol
HDL Cholesterol|47|mg/dL|>=50||hdl
Triglycerides|188|mg/dL|<150||tg""", "OTHER": """Hemoglobin A1c|6.8|% of total Hgb|<5.7||a1c
TSH|see comment|mIU/L|0.40-4.50||tsh
Vitamin B12|402|pg/mL|200-1100||b12"""}
    abnormal = {"143", "44", "231", "47", "188", "6.8"}
    for n, (panel, block) in enumerate(parts.items()):
        words(s, s.y, (40, "TEST", "b"), (300, "RESULT", "br"), (420, "REF RANGE", "br"), (572, "UNITS", "br"))
        s.down(12)
        words(s, s.y, (40, panel, "b"))
        s.down(12)
        for i, row in enumerate(rows(block, panel=panel)):
            if n == 0 and i == 6:
                words(s, s.y, (40, "TEST", "b"), (300, "RESULT", "br"), (420, "REF RANGE", "br"), (572, "UNITS", "br"))
                s.down(12)
            row = doc.add(row)
            words(s, s.y, (50, row.name), (300, row.value, "rb" if row.value in abnormal else "r"), (420, row.range, "r"), (572, row.unit, "r"))
            s.down(12)
            if row.name == "TSH":
                words(s, s.y, (62, "Comment: TSH specimen insufficient; TSH 2.31 mIU/L on 11/02/2023. Please recollect 1 gold-top."))
                s.down(12)
    small(s, 770, 40, doc.sample())
    s.text(572, "Page 1 of 1", size=7, y=770, align="right")
    s.save()


@design("x-in-strip", "x-analyser-strip", "en-IN")
def in_strip(doc: Document) -> None:
    """Printout of a cell counter on narrow paper: letter first, then parameter, value, unit, limits; three histograms."""
    who(doc, "Kavita Namoona", "1988-12-12", "0314", "2024-02-20T11:47")
    s = page(doc, size=(226, 600), face="Mono", points=7)
    for y, line in zip(range(20, 80, 10), ["* Suvarna Clinic Hematology *", "ID: 0314    Mode: WB", "Name: Kavita Namoona", "DOB: 12-12-1988  Sex: F", "Run: 20-02-2024 11:47"]):
        words(s, y, (8, line))
    s.y = 80
    words(s, s.y, (8, "  Para   Result  Unit     Range", "b"))
    s.down(11)
    for row in rows("""WBC|11.2|10^9/L|4.0-10.0|H|wbc
Lymph#|2.9|10^9/L|0.8-4.0||lym
Mid#|0.7|10^9/L|0.1-0.9||
Gran#|7.6|10^9/L|2.0-7.0|H|
Lymph%|25.9|%|20.0-40.0||lymp
Mid%|6.3|%|3.0-9.0||
Gran%|67.8|%|50.0-70.0||
HGB|94|g/L|110-150|L|hb
RBC|4.02|10^12/L|3.50-5.00||rbc
HCT|30.1|%|37.0-48.0|L|hct
MCV|74.9|fL|82.0-95.0|L|mcv
MCH|23.4|pg|27.0-31.0|L|mch
MCHC|312|g/L|320-360|L|mchc
RDW-CV|17.8|%|11.5-14.5|H|rdw
RDW-SD|46.2|fL|35.0-56.0||
PLT|402|10^9/L|100-300|H|plt
MPV|8.1|fL|7.0-11.0||mpv
PDW|15.9||15.0-17.0||
PCT|0.325|%|0.108-0.282|H|"""):
        row = doc.add(row)
        words(s, s.y, (8, row.flag), (18, row.name), (86, row.value, "r"), (92, row.unit), (218, row.range, "r"))
        s.down(10)
    for label, peaks in (("WBC", (30, 60, 110)), ("RBC", (95,)), ("PLT", (25,))):
        s.down(10)
        base = s.height - s.y - 46
        s.canvas.setLineWidth(0.5)
        p = s.canvas.beginPath()
        p.moveTo(20, base)
        for peak in peaks:
            p.curveTo(peak, base, peak, base + 40, peak + 14, base + 36)
            p.curveTo(peak + 26, base + 30, peak + 26, base, peak + 40, base)
        s.canvas.drawPath(p)
        s.canvas.line(20, base, 205, base)
        words(s, s.y + 8, (8, label))
        words(s, s.y + 54, (20, "50"), (80, "150"), (140, "250"), (205, "fL", "r"))
        s.down(56)
    small(s, 590, 8, doc.sample())
    s.save()


@design("x-in-gtt", "x-glucose-tolerance-times", "en-IN")
def in_gtt(doc: Document) -> None:
    """One test at several times, blood and urine; a time column first."""
    who(doc, "Mrs. Anita Udaharan", "1995-01-17", "SD/24/00931", "2024-03-14T08:00")
    s = page(doc, points=9.5)
    words(s, 50, (298, "NIDAAN PATH LABS PVT. LTD.", "cb"))
    words(s, 64, (298, "NABL MC-0000 | ISO 15189:2012", "c"))
    words(s, 90, (50, "Patient : Mrs. Anita Udaharan"), (545, "Reg No : SD/24/00931", "r"))
    words(s, 104, (50, "DOB : 17/01/1995"), (545, "Date : 14/03/2024", "r"))
    words(s, 130, (298, "GLUCOSE TOLERANCE TEST (75 g oral)", "cb"))
    s.rule(50, 545, 138)
    words(s, 152, (50, "Time", "b"), (110, "Investigation", "b"), (320, "Observed value", "br"), (335, "Unit", "b"), (400, "Biological Ref. Interval", "b"))
    s.y = 172
    for time, name, value, unit, span in (("08:00", "Plasma Glucose, Fasting", "91", "mg/dL", "< 92"), ("08:00", "Urine Sugar, Fasting", "Nil", None, "Nil"),
                                          ("09:00", "Plasma Glucose, 1 hour", "194", "mg/dL", "< 180"), ("09:00", "Urine Sugar, 1 hour", "Trace", None, "Nil"),
                                          ("10:00", "Plasma Glucose, 2 hours", "151", "mg/dL", "< 153"), ("10:00", "Urine Sugar, 2 hours", "Nil", None, "Nil"),
                                          ("11:00", "Plasma Glucose, 3 hours", "108", "mg/dL", "< 140"), ("11:00", "Urine Sugar, 3 hours", "Nil", None, "Nil"),):
        row = doc.add(Row(name, value, unit, span, panel="GLUCOSE TOLERANCE TEST (75 g oral)", collected=f"2024-03-14T{time}"))
        words(s, s.y, (50, time), (110, row.name), (320, row.value, "r"), (335, row.unit), (400, row.range))
        s.down(16)
    words(s, s.y + 6, (50, "Interpretation (75 g, pregnancy): any one value at or above 92 / 180 / 153 mg/dL = GDM."))
    small(s, 800, 50, doc.sample() + " | Page 1 of 1")
    s.save()
