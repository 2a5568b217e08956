"""What interfaces attach: HL7 v2 messages, RTF, HTML and a C-CDA results section."""

from __future__ import annotations

from datetime import timedelta

import catalogue_commonwealth as cw
import catalogue_eu as eu
import catalogue_romance as rom
import catalogue_us as us
from document import Document, day, iso, moment
from people import DOCTORS, LABS, Person, drawn_at, person, phone
from physiology import drift, draw
from rows import Style, plain, rows, some
from weasy import cells, e, page_of


def hl7_head(doc: Document, who: Person, when, version: str) -> list[str]:
    """MSH and PID."""
    doc.patient, doc.collected = who.truth(f"{who.last}, {who.first}"), iso(when)
    return [f"MSH|^~\\&|LAB|{LABS['us'][2].upper()}|EHR|CLINIC|{when + timedelta(hours=5):%Y%m%d%H%M%S}||ORU^R01|{doc.rng.randrange(10**6)}|P|{version}",
            f"PID|1||{who.number}^^^MRN^MR||{who.last}^{who.first}||{who.born:%Y%m%d}|{who.sex}|||1 NOWHERE ST^^SAMPLE CITY^KY^00000||{phone(doc.rng, 'us')}"]


def hl7_loinc(doc: Document) -> None:
    """Version 2.5.1, one OBX a test, LOINC where there is one."""
    doc.about("hl7-oru", "hl7", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    out = hl7_head(doc, who, when, "2.5.1")
    state = draw(doc.rng, doc.profile)
    for n, panel in enumerate(("Basic Metabolic Panel", "CBC with Auto Differential"), 1):
        out.append(f"OBR|{n}||{doc.rng.randrange(10**8)}|P{n}^{panel}^L|||{when:%Y%m%d%H%M}|||||||||{DOCTORS['us'][0]}||||||{when + timedelta(hours=4):%Y%m%d%H%M}|||F")
        for i, row in enumerate(rows(us.C[panel], state, us.STYLE_C, panel), 1):
            what = f"{row.loinc}^{row.name}^LN" if row.loinc else f"L{i:03d}^{row.name}^L"
            out.append(f"OBX|{i}|NM|{what}||{row.value}|{row.unit or ''}|{row.range or ''}|{row.flag or 'N'}|||F|||{when:%Y%m%d%H%M}")
            doc.add(row, flag=row.flag or "N")
    out.append(f"NTE|1|L|{doc.sample()}. Specimen was received at 4 C.")
    doc.path("hl7").write_text("\r".join(out) + "\r", encoding="utf-8")


def hl7_local(doc: Document) -> None:
    """Version 2.3, local codes, structured numerics, titres, notes with numbers, escapes."""
    doc.about("hl7-oru-local", "hl7", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    out = hl7_head(doc, who, when, "2.3")
    found = plain("""
        Troponin T, High Sens;<6;ng/L;<=19
        ANA Screen;Positive;;Negative;A
        ANA Titer;1:160;;<1:40;A
        HCV RNA PCR;>100000000;IU/mL;Not Detected;H
        HBsAg;Nonreactive;;Nonreactive
        Rheumatoid Factor;<10;IU/mL;0-14;;11572-5
        Sed Rate & Morphology;48;mm/hr;0-20;H
        Vitamin D, 25-OH;QNS""")
    out.append(f"OBR|1|{doc.rng.randrange(10**6)}|{doc.rng.randrange(10**8)}|IMM^IMMUNOLOGY|||{when:%Y%m%d%H%M%S}||||||||BLD|{DOCTORS['us'][1]}")
    for i, row in enumerate(found, 1):
        value = f"SN|{i:04d}^{row.name.replace('&', chr(92) + 'T' + chr(92))}||{row.value[0]}^{row.value[1:]}" if row.value[0] in "<>" else f"ST|{i:04d}^{row.name.replace('&', chr(92) + 'T' + chr(92))}||{row.value}"
        out.append(f"OBX|{i}|{value}|{row.unit or ''}|{row.range or ''}|{row.flag or ''}|||F")
        doc.add(row, panel="IMMUNOLOGY")
        if row.name == "HCV RNA PCR":
            out.append("NTE|1|L|Linear range of the assay is 15 to 100000000 IU/mL. Previous: 2300000 on 01/04/2022.")
    out.append(f"NTE|2|L|{doc.sample()}")
    doc.path("hl7").write_text("\r\n".join(out) + "\r\n", encoding="utf-8")


def hl7_display(doc: Document) -> None:
    """A printed report inside OBX lines of type TX, with the repeat of a page heading."""
    doc.about("hl7-display-text", "hl7", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    out = hl7_head(doc, who, when, "2.3")
    out.append(f"OBR|1||{doc.rng.randrange(10**8)}|CHEM^CHEMISTRY|||{when:%Y%m%d%H%M}")
    state = draw(doc.rng, doc.profile)
    lines = [f"{LABS['us'][1].upper()}", f"COLLECTED: {moment(when, 'us')}", "", f"{'TEST':<30}{'RESULT':>10}  {'FLAG':<6}{'UNITS':<14}REFERENCE"]
    for row in rows(us.B["COMPREHENSIVE METABOLIC PANEL"], state, us.STYLE_B):
        lines.append(f"{row.name:<30}{row.value:>10}  {row.flag or '':<6}{row.unit or '':<14}{row.range or ''}")
        doc.add(row)
    lines += ["", "GLUCOSE: 100 - 125 mg/dL IS CONSISTENT WITH PREDIABETES", doc.sample()]
    out += [f"OBX|{i}|TX|CHEM^CHEMISTRY||{line}||||||F" for i, line in enumerate(lines, 1)]
    doc.path("hl7").write_text("\r".join(out) + "\r", encoding="utf-8")


def rtf_text(words: str | None) -> str:
    """Escaped for RTF."""
    out = []
    for c in words or "":
        out.append("\\" + c if c in "\\{}" else c if ord(c) < 128 else f"\\u{ord(c)}?")
    return "".join(out)


def rtf_tabs(doc: Document) -> None:
    """German, tab stops, bold for abnormal, the earlier value last."""
    doc.about("rtf-tabs-vorwert", "rtf", "de")
    who, when = person(doc.rng, "de"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    old, before = drift(doc.rng, state), when - timedelta(days=44)
    out = [r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Arial;}}\fs20", rf"\pard\b {rtf_text(LABS['de'][2])}\b0\par",
           rf"Patient: {rtf_text(name)}\tab geb. am {day(who.born, 'de')}\tab Nr. {who.number}\par Material vom {day(when, 'de')}\par\par",
           r"\pard\tx2900\tx4300\tx5900\tx7700\b Analyse\tab Wert\tab Einheit\tab Normalwert\tab " + day(before, "de") + r"\b0\par"]
    style = Style(decimal=",", thousands=".", between="{lo}-{hi}", below="<{hi}", above=">{lo}", low="L", high="H")
    for panel in ("Klinische Chemie", "Fettstoffwechsel", "Diabetes"):
        lines = some(eu.DE[panel], doc.rng, 12)
        out.append(rf"\ul {rtf_text(panel)}\ulnone\par")
        for row, was in zip(rows(lines, state, style, panel), rows(lines, old, style)):
            value = rf"\b {row.value} {row.flag}\b0 " if row.flag else row.value
            out.append(rf"{rtf_text(row.name)}\tab {value}\tab {rtf_text(row.unit)}\tab {rtf_text(row.range)}\tab {was.value}\par")
            doc.add(row, previous=was.value)
    out.append(rf"\par {rtf_text(doc.sample())}\par}}")
    doc.path("rtf").write_text("\n".join(out), encoding="ascii")


def rtf_table(doc: Document) -> None:
    """Spanish, a table with cells."""
    doc.about("rtf-table", "rtf", "es")
    who, when = person(doc.rng, "es"), drawn_at(doc.rng)
    name = f"{who.last}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    edges = "".join(rf"\cellx{x}" for x in (3400, 4700, 6200, 9000))

    def line(*cells_: str | None) -> str:
        return rf"\trowd\trgaph70{edges}\pard\intbl " + "".join(rf"{rtf_text(c)}\cell " for c in cells_) + r"\row"

    out = [r"{\rtf1\ansi\deff0{\fonttbl{\f0\froman Times New Roman;}}\fs22", rf"{{\b {rtf_text(LABS['es'][0])}}}\par Paciente: {rtf_text(name)}\par Fecha de nacimiento: {day(who.born, 'gb')}\par",
           rf"N\'ba de historia: {who.number}\par Fecha de extracci\'f3n: {day(when, 'gb')}\par\par", line("Prueba", "Resultado", "Unidades", "Valores de referencia")]
    for panel in ("HEMOGRAMA", "HORMONAS"):
        out.append(line(panel, "", "", ""))
        for row in rows(rom.ES[panel], state, rom.STYLE_ES, panel):
            out.append(line(row.name, f"{row.flag or ''} {row.value}".strip(), row.unit, row.range))
            doc.add(row)
    out.append(rf"\pard\par {rtf_text(doc.sample())}\par}}")
    doc.path("rtf").write_text("\n".join(out), encoding="ascii")


def html_table(doc: Document) -> None:
    """An e-mail's HTML, Portuguese of Portugal: two dates, the newer one first, arrows as flags."""
    doc.about("html-two-dates", "html", "pt-PT")
    who, when = person(doc.rng, "pt"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    old, before = drift(doc.rng, state), when - timedelta(days=201)
    body = []
    for panel in rom.PT:
        body.append(f"<tr><td colspan=5><b>{e(panel)}</b></td></tr>")
        for row, was in zip(rows(rom.PT[panel], state, rom.STYLE_PT, panel), rows(rom.PT[panel], old, rom.STYLE_PT)):
            body.append(cells(row.name, f"{row.value} {row.flag or ''}".strip(), was.value, row.unit, row.range))
            doc.add(row, previous=was.value)
    html = page_of(doc, "td{padding:2px 9px;font:12px sans-serif}", f"<h3>{LABS['pt'][0]}</h3><p>Nome: {e(name)}<br>Data de nascimento: {day(who.born, 'gb')}<br>Processo: {who.number}<br>Colheita: {day(when, 'gb')}</p>"
                   f"<table>{cells('Análise', day(when, 'gb'), day(before, 'gb'), 'Unidades', 'Valores de referência', tag='th')}{''.join(body)}</table><p><small>{doc.sample()}</small></p>")
    doc.path("html").write_text(html, encoding="utf-8")


def html_definitions(doc: Document) -> None:
    """A portal's page without a table: definition lists, one a panel."""
    doc.about("html-key-value", "html", "en-GB")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    body = []
    for panel in ("Urea and Electrolytes", "Liver Function Tests", "Other"):
        body.append(f"<h4>{e(panel)}</h4><dl>")
        for row in rows(cw.GB[panel], state, Style(between="{lo} to {hi}", below="below {hi}", above="above {lo}", low="below range", high="above range"), panel):
            limits = f"<dd class=r>Range: {e(row.range)}</dd>" if row.range else ""
            body.append(f"<dt>{e(row.name)}</dt><dd>{e(row.value)} {e(row.unit)}{f' <em>{row.flag}</em>' if row.flag else ''}</dd>{limits}")
            doc.add(row)
        body.append("</dl>")
    html = page_of(doc, "dt{font-weight:bold}", f"<h2>{LABS['gb'][0]}</h2><p>{e(name)}, born {day(who.born, 'gb-words')}, NHS number {who.number}</p><p>Sample collected: {moment(when, 'gb-words')}</p>{''.join(body)}<footer>{doc.sample()}</footer>")
    doc.path("html").write_text(html, encoding="utf-8")


def ccda(doc: Document) -> None:
    """A C-CDA document with a results section: the entries and a table that tells the same."""
    doc.about("ccda-results", "xml", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    doc.patient, doc.collected = who.truth(f"{who.first} {who.last}"), iso(when)
    state = draw(doc.rng, doc.profile)
    table, entries = [], []
    for row in rows(us.C["Basic Metabolic Panel"], state, us.STYLE_C, "Basic Metabolic Panel"):
        table.append(cells(row.name, f"{row.value} {row.unit}", row.range, row.flag))
        coded = f'<code code="{row.loinc}" codeSystem="2.16.840.1.113883.6.1" displayName="{e(row.name)}"/>' if row.loinc else f'<code nullFlavor="OTH"><originalText>{e(row.name)}</originalText></code>'
        low, high = (row.range or "").split(" - ")
        entries.append(f'<component><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.2"/>{coded}<statusCode code="completed"/>'
                       f'<effectiveTime value="{when:%Y%m%d%H%M}"/><value xsi:type="PQ" value="{row.value}" unit="{row.unit}"/>'
                       + (f'<interpretationCode code="{row.flag}" codeSystem="2.16.840.1.113883.5.83"/>' if row.flag else "")
                       + f'<referenceRange><observationRange><text>{row.range}</text><value xsi:type="IVL_PQ"><low value="{low}"/><high value="{high}"/></value></observationRange></referenceRange></observation></component>')
        doc.add(row)
    xml = f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><templateId root="2.16.840.1.113883.10.20.22.1.2"/><title>{doc.sample()}</title>
<recordTarget><patientRole><id extension="{who.number}" root="1.2.3"/><patient><name><given>{who.first}</given><family>{who.last}</family></name><birthTime value="{who.born:%Y%m%d}"/></patient></patientRole></recordTarget>
<component><structuredBody><component><section><templateId root="2.16.840.1.113883.10.20.22.2.3.1"/><code code="30954-2" codeSystem="2.16.840.1.113883.6.1"/><title>Results</title>
<text><table>{cells('Test', 'Result', 'Reference range', 'Flag', tag='th')}{''.join(table)}</table></text>
<entry><organizer classCode="BATTERY" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.1"/><code nullFlavor="OTH"><originalText>Basic Metabolic Panel</originalText></code><statusCode code="completed"/>{''.join(entries)}</organizer></entry>
</section></component></structuredBody></component></ClinicalDocument>
"""
    doc.path("xml").write_text(xml, encoding="utf-8")


DESIGNS = {
    "hl7-loinc": (hl7_loinc, "renal"), "hl7-local": (hl7_local, "mixed"), "hl7-text": (hl7_display, "diabetes"), "rtf-de": (rtf_tabs, "liver"), "rtf-es": (rtf_table, "anaemia"),
    "html-pt": (html_table, "lipids"), "html-gb": (html_definitions, "thyroid"), "xml-ccda": (ccda, "low-gluc"),
}
