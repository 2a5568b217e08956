"""LaTeX and groff: reports as a small laboratory's own scripts would set them."""

from __future__ import annotations

import os
import subprocess
import tempfile
from datetime import timedelta
from pathlib import Path

import catalogue_commonwealth as cw
import catalogue_eu as eu
import catalogue_romance as rom
import catalogue_us as us
from document import Document, day, iso, moment
from people import DOCTORS, LABS, drawn_at, person, phone
from physiology import drift, draw
from rows import Style, rows, some

ENV = {**os.environ, "SOURCE_DATE_EPOCH": "1735689600", "FORCE_SOURCE_DATE": "1"}
ESCAPES = {"%": r"\%", "_": r"\_", "&": r"\&", "#": r"\#", "^": r"\textasciicircum{}", "<": r"$<$", ">": r"$>$", "µ": r"$\mu$", "²": r"\texttwosuperior{}", "³": r"\textthreesuperior{}", "°": r"$^\circ$", "–": "--"}


def t(words: str | None) -> str:
    """Escaped for LaTeX."""
    return "".join(ESCAPES.get(c, c) for c in words or "")


def latex(doc: Document, body: str, face: str, options: str = "10pt,a4paper") -> None:
    """Typesets and puts the PDF in place."""
    text = rf"""\documentclass[{options}]{{article}}\usepackage[utf8]{{inputenc}}\usepackage[T1]{{fontenc}}\usepackage[margin=18mm]{{geometry}}\usepackage{{longtable}}\usepackage{{{face}}}\input{{glyphtounicode}}\pdfgentounicode=1
\pagestyle{{empty}}\setlength\parindent{{0pt}}\begin{{document}}
{body}
\vfill{{\tiny {t(doc.sample())}}}\end{{document}}"""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "r.tex").write_text(text, encoding="utf-8")
        done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "r.tex"], cwd=folder, env=ENV, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-1500:]
        doc.path("pdf").write_bytes((Path(folder) / "r.pdf").read_bytes())


def latex_rules(doc: Document) -> None:
    """Serif, horizontal rules alone, units in parentheses behind the name."""
    doc.about("unit-in-name", "latex", "en-GB")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    style = Style(between="{lo}--{hi}", below="<{hi}", above=">{lo}", low="L", high="H")
    body = []
    for panel in ("Full Blood Count", "Urea and Electrolytes", "Bone Profile", "Lipids"):
        body.append(rf"\multicolumn{{4}}{{l}}{{\textit{{{t(panel)}}}}}\\")
        for row in rows(cw.GB[panel], state, style, panel):
            body.append(rf"\quad {t(row.name)}{f' ({t(row.unit)})' if row.unit else ''} & {row.value} & {row.flag or ''} & {t(row.range)}\\")
            doc.add(row, range=(row.range or "").replace("--", "–"))
    latex(doc, rf"""{{\Large {t(LABS['gb'][0])}}}\hfill Tel.\ {phone(doc.rng, 'gb')}\par\medskip\hrule\medskip
Patient: {name} \hfill Date of birth: {day(who.born, 'gb-words')} \hfill Number: {who.number}\par Specimen taken: {moment(when, 'gb-words')} \hfill Requested by: {DOCTORS['gb'][0]}\par\bigskip
\begin{{tabular}}{{lrll}}\hline Analyte & Result & & Reference interval\\\hline {' '.join(body)} \hline\end{{tabular}}""", "mathpazo")


def latex_leaders(doc: Document) -> None:
    """German, one line a test with \\dotfill, value and unit after, limits in brackets; no table at all."""
    doc.about("dotted-leaders", "latex", "de")
    who, when = person(doc.rng, "de"), drawn_at(doc.rng)
    name = f"{who.last}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    style = Style(decimal=",", thousands=".", between="[{lo} - {hi}]", below="[< {hi}]", above="[> {lo}]", low="!L", high="!H")
    body = []
    for panel in ("Klinische Chemie", "Gerinnung", "Vitamine", "Diabetes"):
        body.append(rf"\par\medskip\textbf{{{t(panel)}}}\par")
        for row in rows(some(eu.DE[panel], doc.rng, 14), state, style, panel):
            shown = rf"\textbf{{{row.value}}}" if row.flag else row.value
            body.append(rf"\makebox[95mm]{{{t(row.name)} \dotfill}} {shown} {t(row.unit)} {row.flag or ''}\hfill {t(row.range)}\par")
            doc.add(row)
    latex(doc, rf"""\begin{{center}}\textbf{{\large {t(LABS['de'][0])}}}\\ \footnotesize Telefon {phone(doc.rng, 'de')} \end{{center}}
Patient: {t(name)}\quad geb.\ {day(who.born, 'de')}\quad Auftrag {who.number}\quad Abnahme: {day(when, 'de')}\par {' '.join(body)}""", "charter", "11pt,a4paper")


def latex_landscape(doc: Document) -> None:
    """Italian, landscape, three dates with the newest in the middle of units and limits: at the right of two older ones."""
    doc.about("time-grid-newest-right", "latex", "it")
    who, when = person(doc.rng, "it"), drawn_at(doc.rng)
    name = f"{who.last} {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    states, times = [draw(doc.rng, doc.profile)], [when]
    for _ in range(2):
        states.insert(0, drift(doc.rng, states[0], 0.2))
        times.insert(0, times[0] - timedelta(days=doc.rng.randrange(20, 90)))
    body = []
    for panel in rom.IT:
        body.append(rf"\multicolumn{{6}}{{|l|}}{{\textbf{{{t(panel)}}}}}\\\hline")
        columns = [rows(rom.IT[panel][:13], s, rom.STYLE_IT, panel) for s in states]
        for a, b, c in zip(*columns):
            body.append(rf"{t(c.name)} & {a.value} & {b.value} & {'* ' if c.flag else ''}{c.value} & {t(c.unit)} & {t(c.range)}\\\hline")
            doc.add(c, previous=b.value)
    heads = " & ".join(day(x, "gb") for x in times)
    latex(doc, rf"""\textsf{{\large {t(LABS['it'][1])}}}\hfill \textsf{{Tel.\ {phone(doc.rng, 'it')}}}\par Paziente: {name}, nato/a il {day(who.born, 'gb')}, codice {who.number}\par\medskip
\small\begin{{longtable}}{{|l|r|r|r|l|l|}}\hline Esame & {heads} & Unit\`a & Intervallo di riferimento\\\hline {' '.join(body)}\end{{longtable}}""", "helvet}\\renewcommand\\familydefault{\\sfdefault", "10pt,a4paper,landscape")


def roff(doc: Document, source: str, device: str = "pdf", paper: str = "letter") -> None:
    """groff with tbl."""
    done = subprocess.run(["groff", "-k", "-t", "-ms", f"-T{device}", f"-P-p{paper}"] if device == "pdf" else ["groff", "-k", "-t", f"-T{device}", "-P-c"],
                          input=source.encode("utf-8"), capture_output=True, env=ENV, check=True)
    if device == "pdf":
        doc.path("pdf").write_bytes(done.stdout)
    else:
        doc.path("txt").write_text(done.stdout.decode("latin-1").rstrip() + "\n", encoding="utf-8")


def groff_box(doc: Document) -> None:
    """A boxed table in Times; flag column first."""
    doc.about("flag-first", "groff", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    body = []
    for panel in ("Basic Metabolic Panel", "Hepatic Function Panel", "Coagulation"):
        body.append(f"@\\fB{panel}\\fP\n_")
        for row in rows(us.C[panel], state, us.STYLE_C, panel):
            body.append("@".join((row.flag or "", row.name, row.value, row.unit or "", row.range or "")))
            doc.add(row)
    table = "\n".join(body)
    roff(doc, f""".nr PS 10
.LP
.ps 14
\\fB{LABS['us'][3]}\\fP
.ps 10
.LP
Patient: {name}   Date of birth: {day(who.born, 'us')}   Record: {who.number}
.br
Collected: {moment(when, 'us')}   Physician: {DOCTORS['us'][2]}
.TS
box tab(@);
lb lb rb lb lb
l l r l l.
Flag@Test@Result@Units@Reference
=
{table}
.TE
.LP
.ps 7
{doc.sample().replace('–', '-')}
""")


def groff_tty(doc: Document) -> None:
    """nroff to text: a drawn table as a terminal shows it, Spanish."""
    doc.about("tty-table", "groff", "es")
    who, when = person(doc.rng, "es"), drawn_at(doc.rng)
    name = f"{who.last}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    body = []
    for row in rows(some(rom.ES["BIOQUÍMICA"], doc.rng, 20), state, rom.STYLE_ES, "BIOQUÍMICA"):
        body.append("@".join((row.name, f"{row.value} {row.unit}", row.flag or "", row.range or "")))
        doc.add(row)
    text = "\n".join(body)
    roff(doc, f""".pl 70
.nh
.na
{LABS['es'][1]}
.br
Paciente: {name}    Nacimiento: {day(who.born, 'gb')}    Historia: {who.number}
.br
Fecha de toma de muestra: {day(when, 'gb')}
.sp
BIOQUÍMICA
.TS
tab(@);
l l l l
l l c l.
Prueba@Resultado@@Intervalo de referencia
_
{text}
.TE
.sp
{doc.sample().replace('–', '-')}
""", "latin1")


DESIGNS = {
    "gb-latex": (latex_rules, "anaemia"), "de-latex": (latex_leaders, "diabetes"), "it-latex": (latex_landscape, "lipids"), "us-groff": (groff_box, "liver"), "es-tty": (groff_tty, "renal"),
}
