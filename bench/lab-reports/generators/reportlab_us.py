"""ReportLab, United States: reference laboratories and a hospital, each with a design of its own."""

from __future__ import annotations

from datetime import timedelta

import catalogue_us as us
from document import Document, day, iso, moment
from people import DOCTORS, LABS, drawn_at, person, phone
from physiology import drift, draw
from rows import rows, some
from sheet import Sheet, wrapped


def codes_and_intervals(doc: Document) -> None:
    """Tests, result, flag, units, interval, with a small laboratory code behind the name; runs over pages."""
    doc.about("table-labcode", "reportlab", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    sheet = Sheet(doc.path("pdf"), face="Helvetica", points=8.5)
    cols = (44, 240, 295, 385, 455)
    specimen, account, call = doc.rng.randrange(1000, 9999), doc.rng.randrange(10**7, 10**8), phone(doc.rng, "us")

    def head() -> None:
        sheet.text(44, LABS["us"][0], bold=True, size=13)
        sheet.text(568, "Patient Report", size=12, align="right")
        sheet.down(14)
        sheet.text(44, f"Specimen ID: {who.number[:3]}-{who.number[3:6]}-{specimen}-0")
        sheet.text(330, f"Acct #: {account}   Phone: {call}")
        sheet.down(10)
        sheet.box(40, sheet.y - 4, 532, 50)
        sheet.down(8)
        for left, middle, right in (
            (f"Patient: {name}", f"Date collected: {moment(when, 'us')} Local", f"Ordering: {DOCTORS['us'][0]}"),
            (f"DOB: {day(who.born, 'us')}   Sex: {who.sex}", f"Date received: {day(when, 'us')}", "NPI: 0000000000"),
            (f"Patient ID: {who.number}", f"Date reported: {moment(when + timedelta(days=1), 'us')} ET", "Fasting: Yes"),
        ):
            sheet.text(46, left)
            sheet.text(226, middle)
            sheet.text(420, right)
            sheet.down(13)
        sheet.down(14)
        sheet.box(40, sheet.y - 10, 532, 14, fill="#d8dde6", stroke=False)
        for x, title in zip(cols, ("TESTS", "RESULT", "FLAG", "UNITS", "REFERENCE INTERVAL")):
            sheet.text(x, title, bold=True, size=7.5)
        sheet.text(568, "LAB", bold=True, size=7.5, align="right")
        sheet.down(14)

    head()
    for panel in ("CBC With Differential/Platelet", "Comp. Metabolic Panel (14)", "Lipid Panel", "Thyroid Panel With TSH", "Other"):
        lines = us.A[panel] if panel != "Other" else some(us.A[panel], doc.rng, 4)
        if sheet.y > 600:
            foot(sheet, doc)
            sheet.turn()
            head()
        heading = None if panel == "Other" else panel
        if heading:
            sheet.text(44, heading, bold=True)
            sheet.down(13)
        for row in rows(lines, state, us.STYLE_A, heading):
            if sheet.y > 715:
                foot(sheet, doc)
                sheet.turn()
                head()
                sheet.text(44, f"{panel} (Continued)", bold=True)
                sheet.down(13)
            out = bool(row.flag)
            width = sheet.text(cols[0] + 6, row.name)
            sheet.text(cols[0] + 7 + width, "01", size=5.5, y=sheet.y - 3)
            sheet.text(cols[1], row.value, bold=out)
            sheet.text(cols[2], row.flag, bold=out)
            sheet.text(cols[3], row.unit)
            sheet.text(cols[4], row.range)
            sheet.text(568, "01", align="right")
            doc.add(row, sheet.page)
            sheet.down(12)
            if row.key == "a1c":
                for note in ("Prediabetes: 5.7 - 6.4", "Diabetes: >6.4", "Glycemic control for adults with diabetes: <7.0"):
                    sheet.text(cols[1], note, size=7.5)
                    sheet.down(10)
        sheet.down(6)
    sheet.text(44, f"01   BG   {LABS['us'][0]}, 1447 Invented Court, Nowhere, KY 00000-3361   Lab Director: {DOCTORS['us'][1]}", size=7)
    foot(sheet, doc)
    sheet.save()


def foot(sheet: Sheet, doc: Document) -> None:
    """The line at the bottom."""
    sheet.rule(y=750)
    sheet.text(44, f"{doc.sample()}   This document contains private and confidential health information.", size=6.5, y=760)
    sheet.text(568, f"Page {sheet.page}", size=6.5, y=760, align="right")


def in_out_of_range(doc: Document) -> None:
    """Two value columns; which one is filled is the flag. Unit stands with the range."""
    doc.about("in-out-of-range", "reportlab", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last.upper()},{who.first.upper()}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    sheet = Sheet(doc.path("pdf"), face="Courier", points=9)
    sheet.text(40, LABS["us"][2].upper(), bold=True, size=12)
    sheet.text(572, "REPORT STATUS: FINAL", bold=True, align="right")
    sheet.down(20)
    for left, right in (
        ("PATIENT INFORMATION", f"ORDERING PHYSICIAN: {DOCTORS['us'][0].upper()}"), (name, f"CLIENT: {doc.rng.randrange(10**7, 10**8)}"),
        (f"DOB: {day(who.born, 'us')} AGE: {who.age(when)}", f"SPECIMEN: {doc.rng.choice('KTB')}{doc.rng.randrange(10**5, 10**6)}Q"),
        (f"GENDER: {who.sex}  FASTING: Y", f"COLLECTED: {moment(when, 'us')}"),
        (f"ID: {who.number}", f"REPORTED:  {moment(when + timedelta(days=1, minutes=77), 'us')}"),
    ):
        sheet.text(40, left)
        sheet.text(310, right)
        sheet.down(12)

    def titles() -> None:
        sheet.down(8)
        sheet.rule()
        sheet.down(11)
        for x, title in ((40, "Test Name"), (232, "In Range"), (308, "Out Of Range"), (402, "Reference Range"), (552, "Lab")):
            sheet.text(x, title, bold=True, size=8.5)
        sheet.down(4)
        sheet.rule()
        sheet.down(13)

    titles()
    for panel in ("LIPID PANEL, STANDARD", "COMPREHENSIVE METABOLIC PANEL", "CBC (INCLUDES DIFF/PLT)"):
        sheet.text(40, panel, bold=True)
        sheet.text(552, "AT")
        sheet.down(12)
        for row in rows(us.B[panel], state, us.STYLE_B, panel):
            if sheet.y > 720:
                sheet.text(40, ">> REPORT CONTINUED ON NEXT PAGE <<", bold=True)
                sheet.text(40, doc.sample(), size=7, y=765)
                sheet.turn()
                sheet.text(40, f"{name}   DOB: {day(who.born, 'us')}   COLLECTED: {moment(when, 'us')}   Page 2")
                titles()
            row = row.but(flag=None)
            sheet.text(50, row.name)
            if row.side:
                sheet.text(308, f"{row.value} {'H' if row.side > 0 else 'L'}", bold=True)
                row = row.but(flag="H" if row.side > 0 else "L")
            else:
                sheet.text(232, row.value)
            beside = f"{row.range} {row.unit or ''}".strip() if row.range else row.unit
            sheet.text(402, beside, size=8.5)
            doc.add(row, sheet.page)
            sheet.down(12)
            if row.key == "gluc":
                for note in ("            Fasting reference interval", "  For someone without known diabetes, a glucose value",
                             "  between 100 and 125 mg/dL is consistent with", "  prediabetes and should be confirmed."):
                    sheet.text(232, note, size=7.5)
                    sheet.down(10)
        sheet.down(6)
    sheet.text(40, f"PERFORMING SITE: AT  {LABS['us'][2].upper()}, 4770 NOWHERE BLVD, TUCKER-ON-PAPER, GA 00000  CLIA: 00D0000000", size=7)
    sheet.text(40, doc.sample(), size=7, y=765)
    sheet.save()


def previous_and_date(doc: Document) -> None:
    """Current result and flag, then previous result and date, then units."""
    doc.about("table-previous-date", "reportlab", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last}, {who.first} {doc.rng.choice('ABCD')}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    old, before = drift(doc.rng, state, 0.2), when - timedelta(days=doc.rng.randrange(60, 400))
    sheet = Sheet(doc.path("pdf"), face="Lato", points=8.5)
    sheet.box(0, 0, 612, 54, fill="#12395b", stroke=False)
    sheet.text(40, LABS["us"][1], bold=True, size=16, y=34, color="white")
    sheet.text(572, f"{phone(doc.rng, 'us')} · CLIA 00D0000000", size=8, y=34, color="white", align="right")
    sheet.y = 74
    for left, right in ((f"Patient  {name}", f"Collected  {day(when, 'us')}"), (f"DOB  {day(who.born, 'us')}", f"Received  {day(when, 'us')}"),
                        (f"Patient ID  {who.number}", f"Reported  {day(when + timedelta(days=2), 'us')}")):
        sheet.text(40, left)
        sheet.text(330, right)
        sheet.down(13)
    titles = ((40, "Test"), (196, "Current Result and Flag"), (312, "Previous Result and Date"), (428, "Units"), (496, "Reference Interval"))
    for panel in ("Comp. Metabolic Panel (14)", "Lipid Panel", "Iron and TIBC"):
        sheet.down(12)
        sheet.text(40, panel, bold=True, size=11, color="#12395b")
        sheet.down(14)
        for x, title in titles:
            sheet.text(x, title, bold=True, size=7)
        sheet.down(3)
        sheet.rule(weight=0.3)
        sheet.down(11)
        now, past = rows(us.A[panel], state, us.STYLE_A, panel), rows(us.A[panel], old, us.STYLE_A)
        for row, was in zip(now, past):
            if was.key in ("tsat", "egfr", "vldl"):
                was = was.but(value="")
            sheet.text(40, row.name)
            sheet.text(196, row.value, bold=bool(row.flag))
            sheet.text(240, row.flag, bold=True, color="#b00020")
            if was.value:
                sheet.text(312, f"{was.value}  {was.flag or ''}".strip())
                sheet.text(360, day(before, "us"), size=7.5)
            sheet.text(428, row.unit)
            sheet.text(496, row.range)
            doc.add(row, sheet.page, previous=was.value or None)
            sheet.down(12.5)
    sheet.down(10)
    sheet.text(40, "Disclaimer", bold=True)
    for line in wrapped("Please note this information is provided to compare the current result with the one of an earlier visit; 1 of 3 earlier "
                        "results is shown. Reference intervals are those in effect on the day of collection.", 110):
        sheet.down(10)
        sheet.text(40, line, size=7.5)
    sheet.text(40, doc.sample(), size=6.5, y=770)
    sheet.save()


def grid_newest_left(doc: Document) -> None:
    """A hospital's flowsheet: five days, the newest at the left, range and unit behind."""
    doc.about("time-grid-newest-left", "reportlab", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    states = [draw(doc.rng, doc.profile)]
    times = [when]
    for _ in range(4):
        states.append(drift(doc.rng, states[-1], 0.15))
        times.append(times[-1] - timedelta(hours=doc.rng.choice((22, 24, 25))))
    sheet = Sheet(doc.path("pdf"), size=(792, 612), face="Carlito", points=9)
    sheet.text(40, LABS["us"][4], bold=True, size=13)
    sheet.text(752, "Results Review", size=11, align="right")
    sheet.down(14)
    sheet.text(40, f"{name}   MRN: {who.number}   DOB: {day(who.born, 'us')}   {who.sex}   Loc: 4 West / 412-B")
    sheet.down(20)
    xs = [214, 294, 374, 454, 534]
    sheet.box(40, sheet.y - 11, 712, 27, fill="#e6eef5", stroke=False)
    sheet.text(44, "Component", bold=True)
    for x, t in zip(xs, times):
        sheet.text(x, day(t, "us"), bold=True)
        sheet.text(x, t.strftime("%H:%M"), bold=True, y=sheet.y + 11)
    sheet.text(620, "Ref Range", bold=True)
    sheet.text(700, "Units", bold=True)
    sheet.down(28)
    for panel in ("Basic Metabolic Panel", "CBC with Auto Differential"):
        sheet.text(44, panel, bold=True, color="#205080")
        sheet.down(12)
        columns = [rows(us.C[panel], s, us.STYLE_C, panel) for s in states]
        for i, row in enumerate(columns[0][:13]):
            for x, column in zip(xs, columns):
                sheet.text(x, f"{column[i].value} {column[i].flag or ''}".strip(), bold=bool(column[i].flag),
                           color="#b00020" if column[i].flag else None)
            sheet.text(52, row.name)
            sheet.text(620, row.range)
            sheet.text(700, row.unit)
            doc.add(row, previous=columns[1][i].value)
            sheet.down(13)
            sheet.rule(40, 752, y=sheet.y - 9.5, weight=0.2, gray=0.7)
        sheet.down(4)
    sheet.text(40, f"L = below range, H = above range, LL/HH = critical. {doc.sample()}", size=7, y=590)
    sheet.save()


DESIGNS = {
    "us-code": (codes_and_intervals, "mixed"), "us-code-2": (codes_and_intervals, "diabetes"), "us-inout": (in_out_of_range, "lipids"), "us-prev": (previous_and_date, "anaemia"),
    "us-grid": (grid_newest_left, "renal"),
}
