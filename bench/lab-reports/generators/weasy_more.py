"""WeasyPrint: cut-off tables between the rows, long reports, dates without words, lakhs, codes to scan."""

from __future__ import annotations

import base64
import io
from datetime import timedelta

import qrcode

import catalogue_commonwealth as cw
import catalogue_eu as eu
import catalogue_romance as rom
import catalogue_us as us
from document import Document, day, iso, moment
from people import DOCTORS, LABS, drawn_at, person, phone
from physiology import drift, draw
from rows import Style, plain, rows, some
from weasy import cells, e, write

TABLE = "table{border-collapse:collapse;width:100%} td,th{padding:2px 6px;text-align:left;vertical-align:top} "

CUTOFFS = {
    "a1c": [("HbA1c (%)", "Interpretation"), ("< 5.7", "Non-diabetic"), ("5.7 - 6.4", "Prediabetes"), (">= 6.5", "Diabetes")],
    "vitd": [("Level (ng/mL)", "Status"), ("< 20", "Deficiency"), ("20 - 29.9", "Insufficiency"), ("30 - 100", "Sufficiency"), ("> 100", "Toxicity possible")],
    "ldlc": [("NCEP ATP III", "Total Cholesterol", "LDL Cholesterol", "Triglycerides"), ("Optimal", "< 200", "< 100", "< 150"), ("Borderline high", "200 - 239", "130 - 159", "150 - 199"), ("High", ">= 240", "160 - 189", "200 - 499"), ("Very high", "", ">= 190", ">= 500")],
    "tsh": [("Trimester", "TSH (µIU/mL)"), ("First", "0.1 - 2.5"), ("Second", "0.2 - 3.0"), ("Third", "0.3 - 3.0")],
}


def cutoff_tables(doc: Document) -> None:
    """A test or a small panel a page part, each followed by its table of cut-offs and a paragraph with numbers."""
    doc.about("cut-off-tables", "weasyprint", "en-IN")
    who, when = person(doc.rng, "in"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    image = qrcode.make(f"SAMPLE {who.number}", box_size=2, border=1)
    held = io.BytesIO()
    image.save(held, "PNG")
    code = base64.b64encode(held.getvalue()).decode()
    body = []
    pick = {"LIPID PROFILE": None, "DIABETES AND VITAMINS": ("glucf", "a1c", "eag", "vitd", "b12"), "THYROID PROFILE (T3, T4, TSH)": None}
    for i, (panel, keys) in enumerate(pick.items()):
        lines = [x for x in cw.IN[panel] if keys is None or x.key in keys]
        body.append(f"<h4 class={'k' if i else ''}>{e(panel)}</h4><table><tr><th>Investigation</th><th>Observed Value</th><th>Unit</th><th>Biological Reference Interval</th></tr>")
        for row in rows(lines, state, cw.STYLE_IN, panel):
            doc.add(row, i + 1, flag=None)
            body.append(f"<tr><td>{e(row.name)}</td><td>{f'<b>{row.value}</b>' if row.side else row.value}</td><td>{e(row.unit)}</td><td>{e(row.range)}</td></tr>")
        body.append("</table>")
        for line in lines:
            if line.key in CUTOFFS:
                head, *rest = CUTOFFS[line.key]
                body.append(f"<p class=i>Interpretation – {e(line.name)}:</p><table class=c>{cells(*head, tag='th')}{''.join(cells(*r) for r in rest)}</table>")
        body.append("<p class=i>Clinical notes: 1. Values change by 10 to 15 % over the day. 2. A repeat after 8-12 weeks is advised. 3. Biotin above 5 mg/day interferes for 8 hours.</p>")
    css = """@page{size:A4;margin:16mm;@bottom-right{content:'Page ' counter(page) ' of ' counter(pages);font-size:7pt}} body{font:10pt Carlito} .c{width:auto;margin-left:10mm;font-size:8.5pt} .c td,.c th{border:.5px solid #888}
        .i{font-size:8.5pt;margin:6px 0 2px} .k{break-before:page}""" + TABLE
    write(doc, css, f"<img style='float:right' src='data:image/png;base64,{code}'><h2>{LABS['in'][0]}</h2><p>Patient: {e(name)} &nbsp; DOB: {day(who.born, 'gb-mon')} &nbsp; Sex: {who.sex}<br>Barcode No: {who.number} &nbsp; Sample Collected: {moment(when, 'gb-mon')} &nbsp; Ref. Dr: {DOCTORS['in'][0]}<br><small>{doc.sample()} {phone(doc.rng, 'in')}</small></p>{''.join(body)}")


def long_report(doc: Document) -> None:
    """Five pages and more than seventy rows; the heading of the columns stands on the first page alone."""
    doc.about("headings-on-first-page", "weasyprint", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    body, page = [], 1
    pages = [("CBC With Differential/Platelet",), ("Comp. Metabolic Panel (14)",), ("Lipid Panel", "Iron and TIBC"), ("Thyroid Panel With TSH", "Other")]
    for panels in pages:
        mark = " class=k" if page > 1 else ""
        for panel in panels:
            body.append(f"<tr{mark}><td colspan=5><b>{e(panel)}</b></td></tr>")
            mark = ""
            for row in rows(us.A[panel], state, Style(between="{lo}-{hi}"), panel):
                doc.add(row, page)
                body.append(cells(row.name, row.value, row.flag, row.range, row.unit))
        page += 1
    stool = plain("Fecal Calprotectin;<16;ug/g;0-120\nOccult Blood, Fecal, IA;Negative;;Negative\nH. pylori Stool Ag;Positive;;Negative;H", "Stool", "Stool")
    body.append("<tr class=k><td colspan=5><b>Stool</b></td></tr>")
    for row in stool:
        doc.add(row, page)
        body.append(cells(row.name, row.value, row.flag, row.range, row.unit))
    css = "@page{size:letter;margin:16mm;@top-right{content:'" + name + "  continued'}} @page:first{@top-right{content:''}} body{font:10pt 'Liberation Serif'} .k{break-before:page} td:nth-child(2){text-align:right}" + TABLE
    write(doc, css, f"<h3>{LABS['us'][3]}</h3><p>{e(name)} &nbsp; DOB: {day(who.born, 'us')} &nbsp; MRN: {who.number} &nbsp; Collected: {moment(when, 'us')} &nbsp; {phone(doc.rng, 'us')}</p><table>{cells('Test', 'Value', 'Flag', 'Reference', 'Units')}{''.join(body)}</table><p><small>{doc.sample()}</small></p>")


def bare_dates(doc: Document) -> None:
    """Two value columns headed by nothing but dates; the older one at the left. German."""
    doc.about("bare-dates-newest-right", "weasyprint", "de")
    who, when = person(doc.rng, "de"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    old, before = drift(doc.rng, state, 0.2), when - timedelta(days=14)
    body = []
    for panel in ("Klinische Chemie", "Gerinnung"):
        body.append(f"<tr><th colspan=5>{e(panel)}</th></tr>")
        for row, was in zip(rows(eu.DE[panel], state, eu.STYLE_DE, panel), rows(eu.DE[panel], old, eu.STYLE_DE)):
            doc.add(row, previous=was.value)
            body.append(f"<tr><td>{e(row.name)}</td><td>{e(row.unit)}</td><td>{e(row.range)}</td><td class=r>{e(was.value)} <s>{was.flag or ''}</s></td><td class=r>{e(row.value)} <s>{row.flag or ''}</s></td></tr>")
    css = "@page{size:A4;margin:14mm} body{font:9pt 'Noto Sans'} .r{text-align:right} s{text-decoration:none;display:inline-block;width:14px} tr:nth-child(odd){background:#e4e4e4}" + TABLE
    write(doc, css, f"<h3>{LABS['de'][0]}</h3><p>{e(name)}, {day(who.born, 'de')}, {who.number} &nbsp; Entnahme {day(when, 'de')}</p><table><tr><td>Analyt</td><td>Einheit</td><td>Referenz</td><td class=r>{day(before, 'de')}</td><td class=r>{day(when, 'de')}</td></tr>{''.join(body)}</table><p><small>{doc.sample()}, Tel. {phone(doc.rng, 'de')}</small></p>")


def lakhs(doc: Document) -> None:
    """'H' and 'L' before the value, platelets in lakhs, a differential in per cent and absolute under the same names."""
    doc.about("lakhs-and-doubles", "weasyprint", "en-IN")
    who, when = person(doc.rng, "in"), drawn_at(doc.rng)
    name = f"{who.last.upper()} {who.first.upper()}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    s = draw(doc.rng, doc.profile)
    red = rows(cw.IN["COMPLETE BLOOD COUNT (CBC)"][:7], s, cw.STYLE_IN, "Erythrocytes")
    body = []

    def add(row) -> None:
        doc.add(row)
        body.append(f"<tr><td>{e(row.name)}</td><td class=f>{row.flag or ''}</td><td>{e(row.value)}</td><td>{e(row.unit)}</td><td>{e(row.range)}</td></tr>")

    body.append("<tr><th colspan=5>Erythrocytes</th></tr>")
    for row in red:
        add(row)
    tlc = s["wbc"]
    body.append("<tr><th colspan=5>Leucocytes</th></tr>")
    add(red[0].but(name="TLC", value=f"{tlc:.2f}", unit="thou/mm3", range="4.00 - 10.00", flag="H" if round(tlc, 2) > 10 else None, loinc="6690-2", panel="Leucocytes"))
    kinds = (("Neutrophils", "neutp", "neut", "40.00 - 80.00", "2.00 - 7.00", "770-8", "751-8"), ("Lymphocytes", "lymp", "lym", "20.00 - 40.00", "1.00 - 3.00", "736-9", "731-0"),
             ("Monocytes", "monp", "mon", "2.00 - 10.00", "0.20 - 1.00", "5905-5", "742-7"), ("Eosinophils", "eosp", "eos", "1.00 - 6.00", "0.02 - 0.50", "713-8", "711-2"), ("Basophils", "basp", "bas", "0.00 - 2.00", "0.02 - 0.10", "706-2", "704-7"))

    def flagged(value: float, limits: str) -> str | None:
        lo, hi = map(float, limits.split(" - "))
        return "L" if round(value, 2) < lo else "H" if round(value, 2) > hi else None

    body.append("<tr><th colspan=5>Differential Leucocyte Count (DLC)</th></tr>")
    for label, percent, _, limits, _, code, _ in kinds:
        add(red[0].but(name=label, value=f"{s[percent]:.2f}", unit="%", range=limits, flag=flagged(s[percent], limits), loinc=code, panel="Differential Leucocyte Count (DLC)"))
    body.append("<tr><th colspan=5>Absolute Leucocyte Count</th></tr>")
    for label, _, count, _, limits, _, code in kinds:
        add(red[0].but(name=label, value=f"{s[count]:.2f}", unit="thou/mm3", range=limits, flag=flagged(s[count], limits), loinc=code, panel="Absolute Leucocyte Count"))
    body.append("<tr><th colspan=5>Platelets</th></tr>")
    lakh = s["plt"] / 100
    add(red[0].but(name="Platelet Count", value=f"{lakh:.2f}", unit="lakhs/cumm", range="1.50 - 4.10", flag=flagged(lakh, "1.50 - 4.10"), loinc="777-3", panel="Platelets"))
    css = "@page{size:A4;margin:16mm} body{font:10pt 'Open Sans'} .f{width:10px;color:#c00;font-weight:bold} th{border-bottom:1px solid #333;padding-top:8px}" + TABLE
    write(doc, css, f"<h3 style='text-align:center'>{LABS['in'][1]}</h3><p>NAME: {e(name)} &nbsp; AGE: {who.age(when)} YRS &nbsp; SEX: {who.sex} &nbsp; DOB: {day(who.born, 'gb')}<br>LAB NO: {who.number} &nbsp; COLLECTED: {moment(when, 'gb')}</p><table><tr><td><b>TEST</b></td><td></td><td><b>RESULT</b></td><td><b>UNIT</b></td><td><b>NORMAL RANGE</b></td></tr>{''.join(body)}</table>"
          f"<p>Sample: EDTA whole blood. Smear reviewed, 100 cells counted. Critical values are telephoned ({phone(doc.rng, 'in')}) within 30 minutes.</p><p><small>{doc.sample()}</small></p>")


def callbacks(doc: Document) -> None:
    """Spanish emergency report: after each critical value a line on who was told when; the previous in brackets in the value cell."""
    doc.about("call-back-lines", "weasyprint", "es")
    who, when = person(doc.rng, "es"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    old, before = drift(doc.rng, state, 0.15), when - timedelta(days=3)
    style = Style(decimal=",", thousands=".", between="{lo} - {hi}", below="< {hi}", above="> {lo}", low="B", high="A", panic_low="BB", panic_high="AA")
    body = []
    lines = some(rom.ES["HEMOGRAMA"], doc.rng, 9) + [x for x in rom.ES["BIOQUÍMICA"] if x.key in ("gluc", "urea", "creat", "na", "k", "cl", "ca", "crp", "ldh", "bt")]
    for row, was in zip(rows(lines, state, style), rows(lines, old, style)):
        doc.add(row, previous=was.value)
        body.append(f"<tr><td>{e(row.name)}</td><td><b>{e(row.value)}</b> {row.flag or ''} <small>(previo {e(was.value)} el {day(before, 'gb')})</small></td><td>{e(row.unit)}</td><td>{e(row.range)}</td></tr>")
        if row.flag in ("AA", "BB"):
            told = when + timedelta(minutes=41)
            body.append(f"<tr><td colspan=4 class=n>Valor crítico comunicado a enfermería (ext. 3317) el {moment(told, 'gb')} h; confirmado por lectura, 2.ª determinación.</td></tr>")
    css = "@page{size:A4;margin:16mm} body{font:9.5pt Lato} small{color:#777} .n{font-style:italic;font-size:8pt}" + TABLE
    write(doc, css, f"<h3>{LABS['es'][1]} – Urgencias</h3><p>Paciente: {e(name)} &nbsp; Nacimiento: {day(who.born, 'gb')} &nbsp; NHC: {who.number} &nbsp; Extracción: {moment(when, 'gb')}</p><table><tr><th>Prueba</th><th>Resultado</th><th>Unidades</th><th>Intervalo</th></tr>{''.join(body)}</table><p><small>{doc.sample()}</small></p>")


DESIGNS = {
    "in-cutoffs": (cutoff_tables, "diabetes"), "us-long": (long_report, "mixed"), "de-dates": (bare_dates, "sepsis"), "in-lakhs": (lakhs, "sepsis"), "es-calls": (callbacks, "renal"),
    "es-calls-2": (callbacks, "low-gluc"),
}
