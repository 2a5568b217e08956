"""ReportLab, Germany, France, India, Spain, Italy, Brazil: tables with earlier values, grids, methods under names, leaders."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import catalogue_commonwealth as cw
import catalogue_eu as eu
import catalogue_romance as rom
from codes import factor
from document import Document, day, iso, moment
from people import DOCTORS, LABS, drawn_at, person, phone
from physiology import drift, draw
from rows import Style, limit, number, rows, some
from sheet import A4, Sheet, wrapped


def german_previous(doc: Document) -> None:
    """Untersuchung, Ergebnis, Einheit, Referenzbereich, Vorwert; the flag stands before the value."""
    doc.about("table-vorwert", "reportlab", "de")
    who, when = person(doc.rng, "de"), drawn_at(doc.rng)
    name = f"{who.last}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    old, before = drift(doc.rng, state, 0.25), when - timedelta(days=doc.rng.randrange(30, 300))
    sheet = Sheet(doc.path("pdf"), A4, "Sans", 8.5)
    sheet.text(297, LABS["de"][0], bold=True, size=14, align="center")
    sheet.down(12)
    sheet.text(297, f"Am Erfundenen Platz 7 · 00000 Musterstadt · Tel. {phone(doc.rng, 'de')} · DAkkS D-ML-00000-01-00", size=7.5, align="center")
    sheet.down(26)
    for left, right in ((f"Patient: {name}", f"Auftragsnr.: {who.number}"), (f"geb.: {day(who.born, 'de')}  ({'w' if who.sex == 'F' else 'm'})", f"Entnahme: {day(when, 'de')}"),
                        (f"Einsender: {DOCTORS['de'][0]}", f"Eingang: {moment(when + timedelta(hours=4), 'de')}"), ("Kasse: Beispielkasse", f"Befund vom: {day(when + timedelta(days=1), 'de')}   Endbefund")):
        sheet.text(50, left)
        sheet.text(340, right)
        sheet.down(12)
    sheet.down(10)
    sheet.box(46, sheet.y - 10, 505, 15, fill="#eeeeee")
    for x, title in ((50, "Untersuchung"), (216, "Ergebnis"), (290, "Einheit"), (372, "Referenzbereich"), (468, f"Vorwert {day(before, 'de2')}")):
        sheet.text(x, title, bold=True)
    sheet.down(16)
    for panel in ("Kleines Blutbild", "Differentialblutbild", "Klinische Chemie", "Schilddrüse"):
        lines = some(eu.DE[panel], doc.rng, 14)
        if sheet.y > 640:
            sheet.text(545, "Fortsetzung auf Seite 2", size=7.5, align="right", y=800)
            sheet.turn()
            sheet.text(50, f"{name}, geb. {day(who.born, 'de')}   Auftragsnr.: {who.number}   Seite 2")
            sheet.down(20)
        sheet.text(50, panel, bold=True)
        sheet.down(12.5)
        for row, was in zip(rows(lines, state, eu.STYLE_DE, panel), rows(lines, old, eu.STYLE_DE)):
            sheet.text(56, row.name)
            sheet.text(212, row.flag, bold=True, align="right")
            sheet.text(258, row.value, bold=bool(row.flag), align="right")
            sheet.text(290, row.unit)
            sheet.text(372, row.range)
            sheet.text(510, was.value, align="right")
            doc.add(row, sheet.page, previous=was.value)
            sheet.down(12)
        sheet.down(4)
    sheet.down(8)
    for line in wrapped("Kommentar: Bei einer GFR unter 60 ml/min/1,73 m² über mehr als 3 Monate liegt eine chronische Niereninsuffizienz vor (Stadium 3a: 45 - 59). "
                        "Bitte Kontrolle in 4 Wochen.", 105):
        sheet.text(50, line, size=7.5)
        sheet.down(10)
    sheet.text(50, f"{doc.sample()}   Befund maschinell erstellt und ohne Unterschrift gültig.", size=6.5, y=820)
    sheet.save()


def german_cumulative(doc: Document) -> None:
    """Kumulativbefund: limits and unit first, then four days, the newest at the right; landscape."""
    doc.about("time-grid-newest-right", "reportlab", "de")
    who, when = person(doc.rng, "de"), drawn_at(doc.rng)
    name = f"{who.last.upper()} {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    states, times = [draw(doc.rng, doc.profile)], [when]
    for _ in range(3):
        states.insert(0, drift(doc.rng, states[0], 0.2))
        times.insert(0, times[0] - timedelta(days=doc.rng.randrange(1, 9), minutes=doc.rng.randrange(200)))
    sheet = Sheet(doc.path("pdf"), (842, 595), "Deja", 8)
    sheet.text(40, f"{LABS['de'][1]} – Kumulativbefund", bold=True, size=12)
    sheet.down(15)
    sheet.text(40, f"{name}   *{day(who.born, 'de')}   Fallnr. {who.number}   Station: Innere 3 B   Tel. {phone(doc.rng, 'de')}")
    sheet.down(18)
    xs = (460, 550, 640, 730)
    for x, t in zip(xs, times):
        sheet.text(x, day(t, "de"), bold=True, align="right")
        sheet.text(x, t.strftime("%H:%M"), align="right", y=sheet.y + 10)
    for x, title in ((44, "Parameter"), (220, "Einheit"), (290, "Normbereich")):
        sheet.text(x, title, bold=True)
    sheet.down(16)
    style = Style(decimal=",", thousands=".", between="{lo}-{hi}", below="bis {hi}", above="ab {lo}", low="↓", high="↑")
    for panel, count in (("Kleines Blutbild", 9), ("Gerinnung", 4), ("Klinische Chemie", 18)):
        sheet.rule(40, 800, y=sheet.y + 3, weight=0.4)
        sheet.down(13)
        lines = some(eu.DE[panel], doc.rng, count)
        columns = [rows(lines, s, style, panel) for s in states]
        for i, row in enumerate(columns[-1]):
            sheet.text(44, row.name)
            sheet.text(220, row.unit)
            sheet.text(290, row.range)
            holes = doc.rng.random() < 0.25
            for n, (x, column) in enumerate(zip(xs, columns)):
                if holes and n == 1:
                    continue
                sheet.text(x, column[i].value, bold=bool(column[i].flag), align="right")
                sheet.text(x + 3, column[i].flag, bold=True)
            doc.add(row, previous=columns[-2][i].value, panel=None)
            sheet.down(11.5)
    sheet.text(40, doc.sample(), size=6.5, y=580)
    sheet.save()


SECOND = {"gluc": "mmol/L", "glucf": "g/L", "creat": "mg/L", "urea": "mmol/L", "chol": "mmol/L", "hdl": "mmol/L", "ldlc": "mmol/L", "tg": "mmol/L", "uric": "mg/L", "bt": "mg/L"}
MASS = {"glucf": 0.01, "creat": 10, "uric": 10, "bt": 10}


def french_double(doc: Document) -> None:
    """Names in leaders, limits in brackets, the earlier value under its date, a second line in the other unit."""
    doc.about("dual-units-anteriorites", "reportlab", "fr")
    who, when = person(doc.rng, "fr"), drawn_at(doc.rng)
    name = f"{who.last.upper()} {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    old, before = drift(doc.rng, state, 0.2), when - timedelta(days=doc.rng.randrange(90, 500))
    style = Style(decimal=",", thousands=" ", between="({lo} à {hi})", below="(Inf. à {hi})", above="(Sup. à {lo})", low=None, high=None)
    sheet = Sheet(doc.path("pdf"), A4, "Times-Roman", 10)
    sheet.text(40, LABS["fr"][2].upper(), bold=True, size=13)
    sheet.text(555, f"Tél : {phone(doc.rng, 'fr')}", size=9, align="right")
    sheet.down(12)
    sheet.text(40, "2, rue Imaginaire – 00000 VILLE-EXEMPLE   Accréditation Cofrac Examens médicaux n° 8-0000", size=8)
    sheet.down(30)
    for line in (f"{'Madame' if who.sex == 'F' else 'Monsieur'} {name}", f"Né(e) le : {day(who.born, 'gb')}    ({who.age(when)} ans)", f"Dossier : {who.number}",
                 f"Prélevé le {day(when, 'gb')} à {when:%Hh%M}   Édité le {day(when + timedelta(days=1), 'gb')}"):
        sheet.text(300, line)
        sheet.down(13)
    sheet.down(8)
    sheet.text(385, "Valeurs de référence", bold=True, size=8)
    sheet.text(555, "Antériorités", bold=True, size=8, align="right")
    sheet.down(10)
    sheet.text(555, day(before, "gb"), size=8, align="right")
    for panel in ("BIOCHIMIE SANGUINE", "BILAN LIPIDIQUE", "HORMONOLOGIE"):
        sheet.down(16)
        sheet.text(297, panel, bold=True, align="center")
        sheet.down(16)
        lines = eu.FR[panel]
        for line, row, was in zip(lines, rows(lines, state, style, panel), rows(lines, old, style)):
            width = sheet.text(40, row.name)
            dots = "." * int((236 - 44 - width) / 2.5)
            sheet.text(44 + width, dots)
            sheet.text(284, row.value, bold=bool(row.side), align="right")
            sheet.text(290, row.unit)
            sheet.text(385, row.range)
            sheet.text(555, was.value, align="right")
            doc.add(row, previous=was.value)
            sheet.down(12)
            if line.key in SECOND:
                unit = SECOND[line.key]
                times = MASS.get(line.key, factor(line.key, unit))
                sheet.text(284, number(state[line.key] * times, 2, style), align="right", size=9)
                sheet.text(290, unit, size=9)
                ends = [None if v is None else limit(round(v / factor(line.key, line.unit) * times, 2), 2, style) for v in (line.lo, line.hi)]
                sheet.text(385, style.between.format(lo=ends[0], hi=ends[1]) if None not in ends else None, size=9)
                sheet.down(12)
    sheet.text(40, f"{doc.sample()}    Page 1 / 1", size=7, y=815)
    sheet.save()


METHODS = {"hb": "Cyanide-free SLS", "rbc": "Electrical impedance", "wbc": "Flow cytometry", "plt": "Electrical impedance", "bt": "Diazo", "ast": "IFCC without P5P",
           "alt": "IFCC without P5P", "urea": "Urease, GLDH", "creat": "Jaffe, kinetic", "na": "ISE, indirect", "k": "ISE, indirect", "chol": "CHOD-PAP", "tsh": "CLIA",
           "glucf": "Hexokinase", "a1c": "HPLC", "alb": "BCG", "tp": "Biuret", "ft4": "CLIA", "ft3": "CLIA", "uric": "Uricase"}


def indian_methods(doc: Document) -> None:
    """Centred panel names, the method in small print under the name, lakhs in Indian groups, bold for abnormal; pages repeat the heading."""
    doc.about("table-method-line", "reportlab", "en-IN")
    who, when = person(doc.rng, "in"), drawn_at(doc.rng)
    title = "Mrs." if who.sex == "F" else "Mr."
    name = f"{title} {who.first.upper()} {who.last.upper()}"
    doc.patient, doc.collected = who.truth(f"{who.first.upper()} {who.last.upper()}"), iso(when)
    state = draw(doc.rng, doc.profile)
    sheet = Sheet(doc.path("pdf"), A4, "Carlito", 9.5)
    lab, call, barcode = LABS["in"][1], phone(doc.rng, "in"), doc.rng.random()

    def head() -> None:
        sheet.text(40, lab, bold=True, size=16, color="#7a1f1f")
        sheet.text(555, f"NABL MC-0000 | ISO 15189:2022 | {call}", size=8, align="right")
        sheet.bars(452, sheet.y + 10, Random(barcode), height=30)
        sheet.down(28)
        for left, right in ((f"Patient Name : {name}", f"Collected : {moment(when, 'gb-mon')}"), (f"DOB/Age/Sex : {day(who.born, 'gb-mon')} / {who.age(when)} Y / {'Female' if who.sex == 'F' else 'Male'}", f"Received : {moment(when + timedelta(hours=2), 'gb-mon')}"),
                            (f"UHID : {who.number}", f"Reported : {moment(when + timedelta(hours=7), 'gb-mon')}"), (f"Ref. By : {DOCTORS['in'][0]}", "Status : Final Report")):
            sheet.text(40, left)
            sheet.text(290, right)
            sheet.down(12)
        sheet.rule()
        sheet.down(13)
        for x, t in ((40, "Test Name"), (262, "Results"), (350, "Units"), (430, "Bio. Ref. Interval")):
            sheet.text(x, t, bold=True)
        sheet.down(5)
        sheet.rule()
        sheet.down(16)

    head()
    for panel in ("COMPLETE BLOOD COUNT (CBC)", "LIVER FUNCTION TEST (LFT)", "KIDNEY FUNCTION TEST (KFT)", "THYROID PROFILE (T3, T4, TSH)"):
        if sheet.y > 560:
            sheet.text(40, f"{doc.sample()}    Page {sheet.page} of 2", size=7, y=822)
            sheet.turn()
            head()
        sheet.text(297, panel, bold=True, size=10.5, align="center")
        sheet.down(14)
        for row in rows(cw.IN[panel], state, cw.STYLE_IN, panel):
            method = METHODS.get(row.key)
            sheet.text(40, row.name)
            sheet.text(262, row.value, bold=bool(row.side))
            sheet.text(350, row.unit)
            sheet.text(430, row.range)
            if method:
                sheet.down(8.5)
                sheet.text(40, f"Method: {method}", size=6.5, color="#555555")
            doc.add(row, sheet.page, flag=None, method=method)
            sheet.down(12.5)
        sheet.down(6)
    sheet.text(297, "*** End Of Report ***", bold=True, align="center")
    sheet.text(40, f"{doc.sample()}    Page {sheet.page} of 2", size=7, y=822)
    sheet.save()


DESIGNS = {
    "de-vorwert": (german_previous, "renal"), "de-vorwert-2": (german_previous, "lipids"), "de-kumulativ": (german_cumulative, "bleed"), "fr-double": (french_double, "diabetes"), "fr-double-2": (french_double, "mixed"),
    "in-method": (indian_methods, "mixed"), "in-method-2": (indian_methods, "sepsis"),
}
