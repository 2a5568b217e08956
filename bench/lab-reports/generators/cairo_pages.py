"""cairo: pages drawn word by word – shaded bands, boxed panels, letters spaced by hand, vertical dividers."""

from __future__ import annotations

import os
from datetime import timedelta

os.environ.setdefault("SOURCE_DATE_EPOCH", "1735689600")

import cairocffi as cairo

import catalogue_commonwealth as cw
import catalogue_romance as rom
import catalogue_us as us
from document import Document, day, iso, moment
from people import DOCTORS, LABS, drawn_at, person, phone
from physiology import drift, draw
from rows import Style, rows, some


class Pen:
    """A cairo page; points, y down."""

    def __init__(self, path, width: float, height: float, family: str) -> None:
        self.surface = cairo.PDFSurface(str(path), width, height)
        self.context = cairo.Context(self.surface)
        self.family = family

    def text(self, x: float, y: float, words: str | None, size=9.0, bold=False, align="left", color=(0, 0, 0)) -> None:
        """Prints; `align` says which edge `x` is."""
        if not words:
            return
        c = self.context
        c.select_font_face(self.family, cairo.FONT_SLANT_NORMAL, cairo.FONT_WEIGHT_BOLD if bold else cairo.FONT_WEIGHT_NORMAL)
        c.set_font_size(size)
        width = c.text_extents(words)[4]
        c.set_source_rgb(*color)
        c.move_to(x - (width if align == "right" else width / 2 if align == "center" else 0), y)
        c.show_text(words)

    def box(self, x, y, w, h, fill=None, line=None) -> None:
        """A rectangle."""
        self.context.rectangle(x, y, w, h)
        if fill:
            self.context.set_source_rgb(*fill)
            self.context.fill_preserve() if line else self.context.fill()
        if line:
            self.context.set_source_rgb(0.3, 0.3, 0.3)
            self.context.set_line_width(line)
            self.context.stroke()

    def done(self) -> None:
        """Closes the file."""
        self.context.show_page()
        self.surface.finish()


def bands(doc: Document) -> None:
    """Italian, shaded bands, the value centred, the earlier one in grey before it with its date in the heading, a star column."""
    doc.about("shaded-bands-previous-left", "cairo", "it")
    who, when = person(doc.rng, "it"), drawn_at(doc.rng)
    name = f"{who.last.upper()} {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    old, before = drift(doc.rng, state, 0.2), when - timedelta(days=210)
    pen = Pen(doc.path("pdf"), 595, 842, "Liberation Sans")
    pen.text(40, 50, LABS["it"][0], 15, True)
    pen.text(555, 50, f"Tel. {phone(doc.rng, 'it')}", 8, align="right")
    pen.text(40, 72, f"{name}   nato/a il {day(who.born, 'gb')}   Tessera {who.number}   Prelievo del {day(when, 'gb')}")
    y = 100
    for x, words in ((44, "Esame"), (252, f"Prec. {day(before, 'gb')}"), (345, "Risultato"), (420, "Unità"), (490, "Riferimento")):
        pen.text(x, y, words, 8.5, True)
    y += 6
    n = 0
    for panel in rom.IT:
        y += 16
        pen.text(44, y, panel, 9.5, True)
        for row, was in zip(rows(rom.IT[panel], state, rom.STYLE_IT, panel), rows(rom.IT[panel], old, rom.STYLE_IT)):
            y += 15.5
            n += 1
            pen.box(40, y - 11, 515, 15.5, (0.88, 0.93, 0.97) if n % 2 else (1, 1, 1))
            pen.text(44, y, row.name)
            pen.text(300, y, was.value, align="right", color=(0.45, 0.45, 0.45))
            pen.text(336, y, row.flag, 11, True)
            pen.text(380, y, row.value, bold=bool(row.flag), align="right")
            pen.text(420, y, row.unit)
            pen.text(490, y, row.range)
            doc.add(row, previous=was.value)
    pen.text(40, 825, doc.sample(), 6.5)
    pen.done()


def boxes(doc: Document) -> None:
    """Four boxed panels in two columns, each with its own heading line; flags in the margin of the box."""
    doc.about("boxed-panels", "cairo", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    pen = Pen(doc.path("pdf"), 612, 792, "DejaVu Sans")
    pen.text(306, 46, LABS["us"][4], 14, True, "center")
    pen.text(306, 62, f"Clinical Laboratory · {phone(doc.rng, 'us')} · CAP 0000000", 7.5, align="center")
    pen.text(36, 84, f"Patient: {name}    DOB: {day(who.born, 'us')}    MRN: {who.number}", 8.5)
    pen.text(36, 97, f"Collected: {moment(when, 'us')}    Provider: {DOCTORS['us'][0]}", 8.5)
    places = {"Basic Metabolic Panel": (34, 112), "CBC with Auto Differential": (312, 112), "Hepatic Function Panel": (34, 330), "Coagulation": (34, 490), "Cardiac": (312, 500)}
    for panel, (x, y) in places.items():
        found = rows(us.C[panel], state, us.STYLE_C, panel)
        pen.box(x, y, 266, 36 + 14 * len(found), None, 0.8)
        pen.box(x, y, 266, 16, (0.85, 0.85, 0.85), 0.8)
        pen.text(x + 6, y + 11.5, panel, 8.5, True)
        y += 27
        for dx, words in ((6, "Test"), (138, "Result"), (164, "Units"), (204, "Range")):
            pen.text(x + dx, y, words, 6.5)
        for row in found:
            y += 14
            label = row.name.replace("Troponin I, High Sensitivity", "Troponin I HS")
            pen.text(x + 6, y, label, 7.5)
            pen.text(x + 140, y, row.value, 7.5, bool(row.flag), "right")
            pen.text(x + 145, y, row.flag, 7.5, True)
            pen.text(x + 164, y, row.unit, 7)
            pen.text(x + 204, y, row.range, 7)
            doc.add(row.but(name=label))
    pen.text(36, 775, doc.sample(), 6)
    pen.done()


def unit_before(doc: Document) -> None:
    """British ward print: unit, then value, then name; the normal range is in the heading of each test's own line, in brackets."""
    doc.about("unit-value-name", "cairo", "en-GB")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last.upper()} {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    style = Style(between="[{lo} to {hi}]", below="[under {hi}]", above="[over {lo}]", low="LOW", high="HIGH")
    pen = Pen(doc.path("pdf"), 595, 842, "Noto Sans")
    pen.text(40, 50, LABS["gb"][1], 13, True)
    pen.text(40, 70, f"{name}   {day(who.born, 'gb')}   Hosp. no. {who.number}   Taken {moment(when, 'gb')}", 9)
    y = 95
    for panel in ("Urea and Electrolytes", "Liver Function Tests", "Bone Profile", "Other"):
        lines = cw.GB[panel] if panel != "Other" else some(cw.GB[panel], doc.rng, 8)
        y += 10
        pen.text(297, y, panel if panel != "Other" else "Further tests", 9.5, True, "center")
        for row in rows(lines, state, style, panel if panel != "Other" else "Further tests"):
            y += 15
            pen.text(120, y, row.unit, align="right")
            pen.text(175, y, row.value, bold=True, align="right")
            pen.text(182, y, row.flag, 7)
            pen.text(215, y, row.name)
            pen.text(430, y, row.range)
            doc.add(row)
        y += 12
    pen.text(40, 825, doc.sample(), 6.5)
    pen.done()


DESIGNS = {"it-bands": (bands, "liver"), "us-boxes": (boxes, "heart"), "gb-unit-first": (unit_before, "thyroid")}
