"""Designs that only exist on paper: analyser slips, matrix printouts, typed sheets, a ruled form. All are scans."""

from __future__ import annotations

import zlib
from datetime import timedelta

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import catalogue_commonwealth as cw
import catalogue_eu as eu
import catalogue_us as us
import degrade as d
import paper
from document import Document, Row, day, iso, moment
from fonts import font_file
from people import DOCTORS, LABS, drawn_at, person, phone
from physiology import drift, draw
from rows import Style, plain, rows, some

SANS, BOLD = font_file("Liberation Sans"), font_file("Liberation Sans", "Bold")


def start(doc: Document, layout: str, language: str, scan: str, kind: str = "en") -> tuple:
    """Labels, patient, time, noise."""
    doc.about(layout, "pil", language)
    doc.route, doc.scan = "scan", scan
    return person(doc.rng, kind), drawn_at(doc.rng), np.random.default_rng(zlib.crc32(doc.id.encode()))


def gases(doc: Document) -> list[Row]:
    """An arterial blood gas with electrolytes; values that belong together."""
    u = doc.rng.uniform
    ph, co2 = u(7.08, 7.5), u(22, 78)
    hco3 = 0.0307 * co2 * 10 ** (ph - 6.105)
    text = [("pH", f"{ph:.3f}", None, "7.350 - 7.450", 7.35, 7.45, "2744-1"), ("pCO2", f"{co2:.1f}", "mmHg", "35.0 - 45.0", 35, 45, "2019-8"),
            ("pO2", f"{u(48, 110):.1f}", "mmHg", "80.0 - 100.0", 80, 100, "2703-7"), ("HCO3-", f"{hco3:.1f}", "mmol/L", "22.0 - 26.0", 22, 26, "1960-4"),
            ("Na+", f"{u(118, 146):.0f}", "mmol/L", "136 - 145", 136, 145, None), ("K+", f"{u(2.3, 6.9):.1f}", "mmol/L", "3.5 - 5.1", 3.5, 5.1, None),
            ("Ca++", f"{u(0.8, 1.35):.2f}", "mmol/L", "1.15 - 1.33", 1.15, 1.33, None), ("Glu", f"{u(38, 420):.0f}", "mg/dL", "70 - 105", 70, 105, None),
            ("Lac", f"{u(0.6, 9.5):.1f}", "mmol/L", "0.5 - 1.6", 0.5, 1.6, None), ("tHb", f"{u(5.6, 15.5):.1f}", "g/dL", "12.0 - 17.5", 12, 17.5, None)]
    found = []
    for name, value, unit, limits, lo, hi, code in text:
        flag = "↑" if float(value) > hi else "↓" if float(value) < lo else None
        found.append(Row(name, value, unit, limits, flag, loinc=code, specimen="Arterial"))
    return found


def gas_slip(doc: Document) -> None:
    """A blood gas slip: arrows before the values, limits in brackets."""
    who, when, rng = start(doc, "gas-slip", "en-US", "thermal-slip")
    doc.patient, doc.collected = who.truth(f"{who.last}, {who.first}"), iso(when)
    out = ["#BLOOD GAS REPORT", f"{doc.sample().replace('–', '-')}", f"Patient ID   {who.number}", f"Last name    {who.last}", f"First name   {who.first}", f"Birth date   {day(who.born, 'us')}", f"Drawn   {moment(when, 'us')}",
           "Sample type  Arterial", "T 37.0 C   FIO2 0.40", "-" * 34]
    doc.patient["name"] = f"{who.first} {who.last}"
    for row in gases(doc):
        row = row.but(range=f"[{row.range}]")
        out.append(f"{row.flag or ' '} {row.name:<6}{row.value:>7} {row.unit or '':<7}{row.range}")
        doc.add(row)
    out += ["-" * 34, f"Operator 0{doc.rng.randrange(100, 999)}  S/N 1265-{doc.rng.randrange(10**4, 10**5)}", f"Printed {moment(when + timedelta(minutes=6), 'us')}"]
    image = paper.slip(out, rng, 24, 40, paper.MONO)
    done = d.faded(image, rng) if doc.id.endswith("f") else d.wrinkled(paper.on_table(image, rng, 800), rng, 2.5) if doc.id.endswith("w") else paper.on_table(image, rng, 800)
    doc.scan = {"f": "thermal-faded", "w": "thermal-wrinkled"}.get(doc.id[-1], "thermal-slip")
    d.save([done], doc.path("jpg"), 203, 60)


def strip_slip(doc: Document) -> None:
    """A urine strip reader: starred when abnormal, words and pluses, two units."""
    who, when, rng = start(doc, "urine-slip", "en-US", "thermal-slip")
    doc.patient, doc.collected = {"identifier": who.number}, iso(when)
    out = ["  URINALYSIS STRIP 10", doc.sample().replace("–", "-"), f"ID: {who.number}", f"{moment(when, 'us')}", f"Operator: {doc.rng.randrange(100, 999)}   No. 0{doc.rng.randrange(100, 999)}", "COLOR  YELLOW", "CLARITY CLEAR", ""]
    doc.add(Row("COLOR", "YELLOW")), doc.add(Row("CLARITY", "CLEAR"))
    for row in plain("GLU;NEGATIVE\nBIL;SMALL\nKET;40;mg/dL;;*\nSG;1.025\nBLO;MODERATE;;;*\npH;6.0\nPRO;100;mg/dL;;*\nURO;1.0;E.U./dL\nNIT;POSITIVE;;;*\nLEU;TRACE;;;*"):
        doc.add(row)
        out.append(f"{row.flag or ' '}{row.name:<6} {row.value:>10} {row.unit or ''}")
    d.save([d.wrinkled(paper.on_table(paper.slip(out, rng, 28, 30), rng, 800), rng, 3.0, 7)], doc.path("jpg"), 203, 55)


def matrix(doc: Document) -> None:
    """An older hospital's line printer on green bar: two value columns, this and the last."""
    who, when, rng = start(doc, "matrix-previous", "en-US", "dot-matrix")
    name = f"{who.last}, {who.first}".upper()
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    old, before = drift(doc.rng, state, 0.2), when - timedelta(days=2)
    out = [f"{LABS['us'][4].upper():<58}RUN {moment(when + timedelta(hours=3), 'us')}", f"NAME: {name:<30}MR#: {who.number}   DOB: {day(who.born, 'us')}", f"COLLECTED: {moment(when, 'us')}     LOC: 3 EAST   {doc.sample().upper().replace('–', '-')}",
           "", f"{'TEST':<24}{'RESULT':>8} {'FLG':<5}{'PREVIOUS':>9}   {'UNITS':<9}{'NORMAL RANGE'}", f"{'':<39}{day(before, 'us2'):>8}", ""]
    lines = us.C["Basic Metabolic Panel"] + us.C["CBC with Auto Differential"][:9]
    for row, was in zip(rows(lines, state, us.STYLE_C), rows(lines, old, us.STYLE_C)):
        row = row.but(name=row.name.upper(), unit=(row.unit or "").upper() or None)
        out.append(f"{row.name:<24}{row.value:>8} {row.flag or '':<5}{was.value:>9}   {row.unit or '':<9}{row.range or ''}")
        doc.add(row, previous=was.value)
    out += ["", "*** END OF REPORT ***"]
    image = paper.dots(out, rng, 88)
    d.save([image.resize((image.width * 9 // 10, image.height * 9 // 10), Image.LANCZOS)], doc.path("jpg"), 180, 50)


def typewriter(doc: Document) -> None:
    """A typed sheet: colons, sediment per field, a remark with numbers."""
    who, when, rng = start(doc, "typed-key-value", "en-GB", "typewriter")
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    out = [f"{LABS['gb'][2].upper()}", f"Telephone {phone(doc.rng, 'gb')}", "", f"Patient:  {name}", f"Born:     {day(who.born, 'gb-words')}     Number: {who.number}", f"Blood taken on {day(when, 'gb-words')}", doc.sample().replace("–", "-"), "", "HAEMATOLOGY", ""]
    for row in rows(some(cw.GB["Full Blood Count"], doc.rng, 8), state, Style(between="{lo} to {hi}"), "HAEMATOLOGY"):
        out.append(f"{row.name:<22}: {row.value:>6} {row.unit:<9}  (normal {row.range})")
        doc.add(row, flag=None)
    out += ["", "URINE", ""]
    for row in plain("Reaction;acid\nProtein;trace\nSugar;nil\nPus cells;5-10;/HPF\nRed cells;2-3;/HPF\nCasts;occasional hyaline", "URINE", "URINE"):
        out.append(f"{row.name:<22}: {row.value} {row.unit or ''}")
        doc.add(row)
    out += ["", "Remarks:  Film shows slight hypochromia.  Please repeat in", "          6 weeks, after 200 mg ferrous sulphate daily.", "", f"                              {DOCTORS['gb'][0]}"]
    d.save([d.noisy(d.skewed(paper.typed(out, rng, 27), 0.8, 244), rng, 6, 243, 10)], doc.path("jpg"), 200, 45)


def ruled_form(doc: Document) -> None:
    """A printed German form with a grid; the values are typed into it, some cells stay empty; bands of grey."""
    who, when, rng = start(doc, "ruled-form", "de", "form-scan", "de")
    name = f"{who.last}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    image = Image.new("L", (1654, 2339), 248)
    pen, small, normal, head, typed = ImageDraw.Draw(image), ImageFont.truetype(SANS, 22), ImageFont.truetype(SANS, 26), ImageFont.truetype(BOLD, 38), ImageFont.truetype(paper.COURIER, 32)
    pen.text((90, 70), f"{LABS['de'][2]} – Befundbogen", font=head, fill=20)
    for i, words in enumerate((f"Name, Vorname: {name}", f"Geburtsdatum: {day(who.born, 'de')}", f"Patienten-Nr.: {who.number}", f"Entnahmedatum: {day(when, 'de')}    {doc.sample()}")):
        pen.text((90, 140 + i * 36), words, font=normal, fill=30)
    xs, y, step = (90, 600, 800, 1010, 1250, 1560), 310, 48
    for x, title in zip(xs, ("Untersuchung", "Ergebnis", "+/-", "Einheit", "Referenzbereich")):
        pen.text((x + 8, y + 8), title, font=ImageFont.truetype(BOLD, 25), fill=20)
    lines = eu.DE["Kleines Blutbild"] + eu.DE["Klinische Chemie"]
    done = {line.name for line in some(lines, doc.rng, 26)}
    for i, row in enumerate(rows(lines, state, eu.STYLE_DE)):
        top = y + step * (i + 1)
        if i % 2:
            pen.rectangle((xs[0], top, xs[-1], top + step), fill=222)
        pen.text((xs[0] + 8, top + 9), row.name, font=normal, fill=25)
        pen.text((xs[3] + 8, top + 11), row.unit or "", font=small, fill=25)
        pen.text((xs[4] + 8, top + 11), row.range or "", font=small, fill=25)
        if row.name in done:
            pen.text((xs[2] - 14, top + 8 + int(rng.integers(-3, 4))), row.value, font=typed, fill=35, anchor="ra")
            pen.text((xs[2] + 20, top + 8), row.flag or "", font=typed, fill=35)
            doc.add(row)
    bottom = y + step * (len(lines) + 1)
    for i in range(len(lines) + 2):
        pen.line((xs[0], y + step * i, xs[-1], y + step * i), fill=90, width=2)
    for x in xs:
        pen.line((x, y, x, bottom), fill=90, width=2)
    d.save([d.noisy(d.skewed(image, -0.9, 248), rng, 5, 246, 15)], doc.path("jpg"), 200, 50)


DESIGNS = {
    "sl-gas": (gas_slip, "well"), "sl-gas-f": (gas_slip, "well"), "sl-gas-w": (gas_slip, "well"), "sl-urine": (strip_slip, "well"), "sl-matrix": (matrix, "renal"), "sl-matrix-2": (matrix, "bleed"),
    "sl-typed": (typewriter, "anaemia"), "sl-form": (ruled_form, "lipids"),
}
