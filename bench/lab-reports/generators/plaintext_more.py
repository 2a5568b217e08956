"""More plain text: ward shorthand, tables with tabs, two columns of text, e-mails, a French cumulative."""

from __future__ import annotations

from datetime import timedelta

import catalogue_commonwealth as cw
import catalogue_eu as eu
import catalogue_romance as rom
import catalogue_us as us
from document import Document, day, iso, moment
from people import DOCTORS, LABS, drawn_at, person, phone
from physiology import drift, draw
from plaintext import save
from rows import Style, rows, some


def shorthand(doc: Document) -> None:
    """`Na 138, K 4.1` with a bracket where it was different before."""
    doc.about("shorthand", "text", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    old = drift(doc.rng, state, 0.2)
    lines = {x.key: x for panel in us.C.values() for x in panel}
    short = {"na": "Na", "k": "K", "cl": "Cl", "co2": "CO2", "bun": "BUN", "creat": "Cr", "gluc": "Glu", "ca": "Ca", "mg": "Mg", "wbc": "WBC", "hb": "Hgb", "hct": "Hct", "plt": "Plt", "inr": "INR", "alt": "ALT", "ast": "AST"}

    def item(key: str) -> str:
        row, was = rows([lines[key]], state, us.STYLE_C)[0], rows([lines[key]], old, us.STYLE_C)[0]
        told = doc.rng.random() < 0.35
        doc.add(row, name=short[key], unit=None, range=None, flag=row.flag, previous=was.value if told else None, loinc=row.loinc if key in ("na", "k", "cl", "inr") else None)
        return f"{short[key]} {row.value}{' ' + row.flag if row.flag else ''}{f' (was {was.value})' if told else ''}"

    def line(*keys: str) -> str:
        return ", ".join(item(k) for k in keys)

    out = [f"{LABS['us'][4]} - lab results to chart", f"Patient: {name}   DOB: {day(who.born, 'us')}   MRN: {who.number}", f"Collected: {moment(when, 'us')}   ({doc.sample()})", "",
           f"BMP: {line('na', 'k', 'cl', 'co2')}", f"     {line('bun', 'creat', 'gluc', 'ca', 'mg')}", f"CBC: {line('wbc', 'hb', 'hct', 'plt')}", f"LFT: {line('alt', 'ast')}", f"Coags: {line('inr')}", "", "Plan: recheck BMP at 1800. NS 75 mL/h. KCl 20 mEq once."]
    save(doc, out)


def tabs(doc: Document) -> None:
    """Tab-separated, Portuguese of Brazil, older column first."""
    doc.about("tab-separated-old-first", "text", "pt-BR")
    who, when = person(doc.rng, "pt"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    old, before = drift(doc.rng, state, 0.2), when - timedelta(days=97)
    out = [LABS["br"][0], f"Paciente:\t{name}", f"Data de nascimento:\t{day(who.born, 'gb')}", f"Registro:\t{who.number}", f"Data da coleta:\t{day(when, 'gb')}", doc.sample(), "", f"Exame\t{day(before, 'gb')}\t{day(when, 'gb')}\tUnidade\tReferência"]
    for panel in rom.BR:
        out.append(panel)
        for row, was in zip(rows(rom.BR[panel], state, rom.STYLE_BR, panel), rows(rom.BR[panel], old, rom.STYLE_BR)):
            out.append(f"{row.name}\t{was.value}\t{row.value}\t{row.unit or ''}\t{row.range or ''}")
            doc.add(row, previous=was.value)
    save(doc, out)


def two_columns(doc: Document) -> None:
    """An Indian printer's text with two panels beside each other."""
    doc.about("text-side-by-side", "text", "en-IN")
    who, when = person(doc.rng, "in"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    left = rows(cw.IN["KIDNEY FUNCTION TEST (KFT)"], state, cw.STYLE_IN, "KIDNEY FUNCTION TEST (KFT)")
    right = rows(cw.IN["LIVER FUNCTION TEST (LFT)"][:8], state, cw.STYLE_IN, "LIVER FUNCTION TEST (LFT)")
    out = [f"{LABS['in'][2]:^104}", f"Name : {name}     DOB : {day(who.born, 'gb')}     Lab No : {who.number}     Collected : {moment(when, 'gb')}", "", f"{left[0].panel:<54}{right[0].panel}", f"{'Test':<20}{'Value':>7} {'Unit':<8}{'Range':<18}{'Test':<26}{'Value':>7} {'Unit':<7}{'Range'}"]
    for a, b in zip(left, right):
        out.append(f"{a.name:<20}{a.value:>7} {a.unit or '':<8}{a.range or '':<18}{b.name:<26}{b.value:>7} {b.unit or '':<7}{b.range or ''}")
    for row in [*left, *right]:
        doc.add(row, flag=None)
    out += ["", f"{doc.sample()}     -- End of report --"]
    save(doc, out)


def mail(doc: Document) -> None:
    """A German e-mail: `Name: value unit (limits) flag`, older value after `Vorwert`."""
    doc.about("key-value-vorwert", "text", "de")
    who, when = person(doc.rng, "de"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    old = drift(doc.rng, state, 0.2)
    style = Style(decimal=",", thousands=".", between="{lo} bis {hi}", below="bis {hi}", above="über {lo}", low="erniedrigt", high="erhöht")
    out = [f"Laborbefund {LABS['de'][1]}", f"Patient: {name}, geb. {day(who.born, 'de')}, Nr. {who.number}", f"Entnahme: {moment(when, 'de')}", doc.sample(), ""]
    lines = some(eu.DE["Klinische Chemie"], doc.rng, 12) + eu.DE["Schilddrüse"] + eu.DE["Diabetes"][:1]
    for row, was in zip(rows(lines, state, style), rows(lines, old, style)):
        told = doc.rng.random() < 0.6
        out.append(f"{row.name}: {row.value} {row.unit or ''} ({row.range}){' ' + row.flag if row.flag else ''}{f', Vorwert {was.value}' if told else ''}")
        doc.add(row, previous=was.value if told else None)
    out += ["", f"Rückfragen: {phone(doc.rng, 'de')}, Mo-Fr 8-17 Uhr", "Mit freundlichen Grüßen"]
    save(doc, out)


def italian_width(doc: Document) -> None:
    """Fixed width, the star before the value, long names broken over two lines."""
    doc.about("fixed-width-wrapped", "text", "it")
    who, when = person(doc.rng, "it"), drawn_at(doc.rng)
    name = f"{who.last.upper()} {who.first.upper()}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    out = [LABS["it"][1].upper(), f"Paziente: {name:<28} Nato/a: {day(who.born, 'gb')}   Codice: {who.number}", f"Data prelievo: {day(when, 'gb')}", "", f"{'ESAME':<22}  {'ESITO':>9} {'U.M.':<10}{'INTERVALLO DI RIFERIMENTO'}", "-" * 70]
    for panel in rom.IT:
        out += ["", panel]
        for row in rows(rom.IT[panel], state, rom.STYLE_IT, panel):
            words, first, rest = row.name.split(), "", ""
            for i, word in enumerate(words):
                if len(first) + len(word) > 20:
                    rest = " ".join(words[i:])
                    break
                first = f"{first} {word}".strip()
            out.append(f"{first:<22} {row.flag or ' '}{row.value:>9} {row.unit or '':<10}{row.range or ''}")
            out += [f"  {rest}"] if rest else []
            doc.add(row)
    out += ["", "(*) fuori intervallo", doc.sample()]
    save(doc, out)


def gp_lines(doc: Document) -> None:
    """A British surgery's incoming message: every test a line with the range in brackets and `**` when outside; free text between."""
    doc.about("gp-message", "text", "en-GB")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last.upper()}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    style = Style(between="[{lo} - {hi}]", below="[< {hi}]", above="[> {lo}]", low="**", high="**")
    out = [f"From: {LABS['gb'][2]}", f"Patient: {name}   D.o.B: {day(who.born, 'gb-mon')}   NHS: {who.number}", f"Collected: {moment(when, 'gb-mon')}   Received: {moment(when + timedelta(hours=6), 'gb-mon')}", f"Requested by: {DOCTORS['gb'][1]}   {doc.sample()}", ""]
    for panel in ("Full Blood Count", "Urea and Electrolytes", "Other"):
        heading = panel if panel != "Other" else "Miscellaneous"
        out += [f"{heading} - (AB1) - Abnormal - Contact Patient"]
        for row in rows(some(cw.GB[panel], doc.rng, 9), state, style, heading):
            out.append(f"  {row.name:<30} {row.value} {row.unit or ''} {row.range or ''} {row.flag or ''}".rstrip())
            doc.add(row)
            if row.key == "egfr":
                out += ["      Stage 2 is 60 - 89, stage 3a is 45 - 59 mL/min.", "      Last checked 3 months ago by another laboratory: 61."]
        out.append("")
    save(doc, out)


DESIGNS = {
    "txt-ward": (shorthand, "low-na"), "txt-tabs-br": (tabs, "anaemia"), "txt-two-in": (two_columns, "renal"), "txt-mail-de": (mail, "thyroid"), "txt-it": (italian_width, "diabetes"), "txt-gp": (gp_lines, "mixed"),
}
