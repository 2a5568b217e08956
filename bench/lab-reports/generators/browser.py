"""HTML printed to PDF by Chromium: grids without tables, gauges, turned headings, a dark screen, columns."""

from __future__ import annotations

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
from weasy import cells, e, page_of


def chromium(doc: Document, css: str, body: str) -> None:
    """Prints `<id>.pdf` with backgrounds."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "r.html"
        source.write_text(page_of(doc, f"*{{print-color-adjust:exact}} {css}", body), encoding="utf-8")
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={folder}/profile",
                        f"--print-to-pdf={doc.path('pdf')}", source.as_uri()], check=True, capture_output=True, timeout=120)


def gauges(doc: Document) -> None:
    """A wellness report: a bar for each test with the ends of the range printed on the scale."""
    doc.about("gauges", "chromium", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    body = []
    for panel in ("Lipid Panel", "Iron and TIBC", "Thyroid Panel With TSH", "Other"):
        lines = some([x for x in us.A[panel] if x.lo is not None and x.hi is not None], doc.rng, 8)
        body.append(f"<h3>{e(panel if panel != 'Other' else 'More markers')}</h3>")
        for line, row in zip(lines, rows(lines, state, us.STYLE_A, panel if panel != "Other" else "More markers")):
            at = max(2, min(96, 25 + 50 * (row.number - line.lo) / (line.hi - line.lo)))
            word = {-1: "LOW", 0: "OPTIMAL", 1: "HIGH"}[row.side]
            doc.add(row, flag=word, range=row.range)
            lo, hi = row.range.split(" - ")
            body.append(f"<div class=g><div class=n>{e(row.name)}<br><b>{e(row.value)}</b> {e(row.unit)} <span class=w{row.side + 1}>{word}</span></div><div class=b><i style='left:{at:.0f}%'></i><u style='left:25%'>{lo}</u><u style='left:75%'>{hi}</u></div></div>")
    css = """@page{size:letter;margin:12mm} body{font:10px 'Open Sans'} .g{display:flex;align-items:center;border-bottom:1px solid #ddd;padding:3px 0;break-inside:avoid} .n{width:46%} .b{position:relative;flex:1;height:10px;margin-bottom:12px;
        background:linear-gradient(90deg,#e99 25%,#9d9 25% 75%,#e99 75%)} .b i{position:absolute;top:-3px;width:4px;height:16px;background:#222} .b u{position:absolute;top:12px;transform:translateX(-50%);text-decoration:none;font-size:8px} .w0,.w2{color:#c00} .w1{color:#080}"""
    chromium(doc, css, f"<h1>{LABS['us'][1]} Wellness</h1><p>{e(name)} · DOB {day(who.born, 'us')} · ID {who.number} · Collected {day(when, 'us-mon')}</p>{''.join(body)}<p>{doc.sample()}</p>")


def turned_headings(doc: Document) -> None:
    """A flowsheet with dates written upwards; tests are columns' neighbours of their ranges; newest at the left."""
    doc.about("time-grid-turned-headings", "chromium", "en-GB")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last.upper()}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    states, times = [draw(doc.rng, doc.profile)], [when]
    for _ in range(5):
        states.append(drift(doc.rng, states[-1], 0.12))
        times.append(times[-1] - timedelta(hours=doc.rng.randrange(10, 30)))
    body = []
    for panel in ("Urea and Electrolytes", "Full Blood Count", "Liver Function Tests"):
        columns = [rows(cw.GB[panel], s, Style(low="↓", high="↑"), panel) for s in states]
        body.append(f"<tr class=h><td colspan=9>{e(panel)}</td></tr>")
        for parts in zip(*columns):
            row = parts[0]
            doc.add(row, previous=parts[1].value)
            body.append(f"<tr><td>{e(row.name)}</td>" + "".join(f"<td class=r>{p.value}{p.flag or ''}</td>" for p in parts) + f"<td>{e(row.unit)}</td><td>{e(row.range)}</td></tr>")
    css = """@page{size:A4 landscape;margin:10mm} body{font:10px 'Liberation Sans'} td,th{padding:1px 9px;border:.5px solid #ccc} table{border-collapse:collapse} th div{writing-mode:vertical-rl;transform:rotate(180deg);font-weight:normal} .r{text-align:right} .h td{background:#dde8f0;font-weight:bold}"""
    heads = "".join(f"<th><div>{moment(x, 'gb')}</div></th>" for x in times)
    chromium(doc, css, f"<h2>{LABS['gb'][1]}</h2><p>{e(name)} &nbsp; DOB {day(who.born, 'gb')} &nbsp; MRN {who.number} &nbsp; Latest sample: {moment(when, 'gb')}</p><table><tr><th>Test</th>{heads}<th>Unit</th><th>Range</th></tr>{''.join(body)}</table><p>{doc.sample()}</p>")


def css_columns(doc: Document) -> None:
    """German, two newspaper columns of name – value – unit – limits; arrows as flags; a doctor's comment in between with numbers."""
    doc.about("newspaper-columns", "chromium", "de")
    who, when = person(doc.rng, "de"), drawn_at(doc.rng)
    name = f"{who.last}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    style = Style(decimal=",", thousands=".", between="{lo}–{hi}", below="< {hi}", above="> {lo}", low="↓", high="↑")
    body = []
    for panel in ("Kleines Blutbild", "Differentialblutbild", "Klinische Chemie", "Schilddrüse", "Vitamine"):
        body.append(f"<h4>{e(panel)}</h4>")
        for row in rows(eu.DE[panel], state, style, panel):
            doc.add(row)
            body.append(f"<div><span>{e(row.name)}</span><b>{row.value} {row.flag or ''}</b><span>{e(row.unit)}</span><span>{e(row.range)}</span></div>")
    css = """@page{size:A4;margin:12mm} body{font:9.5px Carlito} main{columns:2;column-gap:9mm} h4{margin:6px 0 2px;color:#246} main div{display:grid;grid-template-columns:37% 17% 23% 23%;border-bottom:.5px dotted #aaa;break-inside:avoid} aside{margin-top:8px;border:1px solid #888;padding:4px}"""
    chromium(doc, css, f"<h2>{LABS['de'][1]}</h2><p>{e(name)}, geb. {day(who.born, 'de')}, Nr. {who.number} | Abnahme {moment(when, 'de')} | Einsender {DOCTORS['de'][1]} | Tel. {phone(doc.rng, 'de')}</p><main>{''.join(body)}</main>"
             f"<aside>Beurteilung: LDL-Zielwert bei hohem Risiko &lt; 70 mg/dl, bei sehr hohem &lt; 55 mg/dl. Vitamin D 20 - 30 ng/ml gilt als unzureichend. Kontrolle am {day(when + timedelta(days=90), 'de')}.</aside><p>{doc.sample()}</p>")


def dark_portal(doc: Document) -> None:
    """White on dark, a table of the last visits: the current one in the middle, previous at both sides named so."""
    doc.about("current-in-the-middle", "chromium", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    old = drift(doc.rng, state, 0.2)
    body = []
    for panel in ("Basic Metabolic Panel", "CBC with Auto Differential"):
        body.append(f"<tr><th colspan=5>{e(panel)}</th></tr>")
        for row, was in zip(rows(us.C[panel][:11], state, us.STYLE_C, panel), rows(us.C[panel][:11], old, us.STYLE_C)):
            doc.add(row, previous=was.value)
            body.append(f"<tr><td>{e(row.name)}</td><td class=p>{e(was.value)}</td><td class=c>{e(row.value)} {row.flag or ''}</td><td>{e(row.unit)}</td><td>{e(row.range)}</td></tr>")
    css = """@page{size:letter;margin:0} body{background:#10202c;color:#eef;font:12px Roboto;padding:30px;min-height:100vh;margin:0;box-sizing:border-box} td,th{padding:3px 14px;text-align:left} .p{color:#9ab} .c{background:#1d3b50;font-weight:bold} small{color:#9ab}"""
    chromium(doc, css, f"<h2>Results for {e(name)}</h2><p>Born {day(who.born, 'us-mon')} · Chart {who.number} · Collected {day(when, 'us-mon')}</p><table><tr><td>Test</td><td class=p>Prior ({day(when - timedelta(days=62), 'us2')})</td><td class=c>Current ({day(when, 'us2')})</td><td>Unit</td><td>Reference</td></tr>{''.join(body)}</table><small>{doc.sample()}</small>")


def portuguese_flex(doc: Document) -> None:
    """Portugal: value and unit in one cell, previous value and date in the next, 'V. Ref.' under the name."""
    doc.about("range-under-name", "chromium", "pt-PT")
    who, when = person(doc.rng, "pt"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    old, before = drift(doc.rng, state, 0.2), when - timedelta(days=365)
    body = []
    for panel in rom.PT:
        body.append(f"<tr><th colspan=3>{e(panel)}</th></tr>")
        lines = some(rom.PT[panel], doc.rng, 12)
        for row, was in zip(rows(lines, state, rom.STYLE_PT, panel), rows(lines, old, rom.STYLE_PT)):
            doc.add(row, previous=was.value)
            body.append(f"<tr><td>{e(row.name)}<br><small>V. Ref.: {e(row.range)}</small></td><td><b>{e(row.value)}</b> {e(row.unit)} {row.flag or ''}</td><td class=p>{e(was.value)} ({day(before, 'gb')})</td></tr>")
    css = "@page{size:A4;margin:15mm} body{font:11px 'Noto Sans'} table{width:100%;border-collapse:collapse} td{border-bottom:.5px solid #bbb;padding:2px 5px} small{color:#555;font-size:8.5px} .p{color:#666} th{text-align:left;padding-top:8px}"
    chromium(doc, css, f"<h2>{LABS['pt'][1]}</h2><p>Utente: {e(name)} | Nasc.: {day(who.born, 'gb')} | N.º {who.number} | Data da colheita: {day(when, 'gb')} | Tel. {phone(doc.rng, 'pt')}</p><table>{cells('Análise', 'Resultado', 'Resultado anterior')}{''.join(body)}</table><p><small>{doc.sample()}</small></p>")


DESIGNS = {
    "us-gauges": (gauges, "lipids"), "gb-turned": (turned_headings, "renal"), "de-columns": (css_columns, "mixed"), "us-dark": (dark_portal, "low-gluc"), "pt-under": (portuguese_flex, "thyroid"),
}
