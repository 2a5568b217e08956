"""WeasyPrint: Spain, Italy, Brazil, France – nested headings, method lines, blocks, times across."""

from __future__ import annotations

from datetime import timedelta

import catalogue_eu as eu
import catalogue_romance as rom
from document import Document, day, iso, moment
from people import DOCTORS, LABS, drawn_at, person, phone
from physiology import drift, draw
from rows import Style, plain, rows, some
from weasy import e, write


def nested_headings(doc: Document) -> None:
    """Two rows of headings: result (value, unit) – previous (value, date) – reference (min., max.)."""
    doc.about("nested-headings", "weasyprint", "es")
    who, when = person(doc.rng, "es"), drawn_at(doc.rng)
    name = f"{who.last}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    old, before = drift(doc.rng, state, 0.2), when - timedelta(days=170)
    style = Style(decimal=",", thousands=".", between="{lo}|{hi}", below="0|{hi}", low="*", high="*")
    body = []
    for panel in ("HEMOGRAMA", "BIOQUÍMICA"):
        body.append(f"<tr class=h><td colspan=7>{e(panel)}</td></tr>")
        lines = some([x for x in rom.ES[panel] if x.hi is not None], doc.rng, 16)
        for row, was in zip(rows(lines, state, style, panel), rows(lines, old, style)):
            lo, hi = row.range.split("|")
            doc.add(row, previous=was.value, range=f"{lo} - {hi}")
            body.append(f"<tr><td>{e(row.name)}</td><td class=r>{row.flag or ''} {e(row.value)}</td><td>{e(row.unit)}</td><td class=r>{e(was.value)}</td><td>{day(before, 'fr2')}</td><td class=r>{lo}</td><td class=r>{hi}</td></tr>")
    css = """@page{size:A4;margin:14mm} body{font:8.5pt 'Liberation Sans'} table{border-collapse:collapse;width:100%} td,th{border:.4px solid #888;padding:1.5px 5px} .r{text-align:right} .h td{font-weight:bold;background:#eef}"""
    write(doc, css, f"<h3>{LABS['es'][0]}</h3><p>Paciente: {e(name)} &nbsp; F. nacimiento: {day(who.born, 'gb')} &nbsp; Sexo: {'Mujer' if who.sex == 'F' else 'Varón'}<br>Nº petición: {who.number} &nbsp; Fecha de extracción: {moment(when, 'gb')} &nbsp; Médico: {DOCTORS['es'][0]}</p>"
          "<table><tr><th rowspan=2>Determinación</th><th colspan=2>Resultado</th><th colspan=2>Anterior</th><th colspan=2>Valores de referencia</th></tr><tr><th>Valor</th><th>Unidad</th><th>Valor</th><th>Fecha</th><th>Mín.</th><th>Máx.</th></tr>"
          f"{''.join(body)}</table><p style='font-size:7pt'>* Fuera de los valores de referencia. Tel. {phone(doc.rng, 'es')}. {doc.sample()}</p>")


def italian_methods(doc: Document) -> None:
    """Asterisk before the value, method in italics under the name, prefix of the specimen in the name of a urine panel."""
    doc.about("table-method-asterisk", "weasyprint", "it")
    who, when = person(doc.rng, "it"), drawn_at(doc.rng)
    name = f"{who.last.upper()} {who.first.upper()}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    state = draw(doc.rng, doc.profile)
    methods = {"gluc": "Esochinasi", "creat": "Enzimatico", "na": "ISE", "k": "ISE", "chol": "CHOD-PAP", "tsh": "Chemiluminescenza", "crp": "Immunoturbidimetria"}
    body = []

    def add(row, method=None, specimen=None) -> None:
        doc.add(row, method=method, specimen=specimen)
        small = f"<br><i>Metodo: {method}</i>" if method else ""
        body.append(f"<tr><td>{e(row.name)}{small}</td><td class=f>{row.flag or ''}</td><td class=r>{e(row.value)}</td><td>{e(row.unit)}</td><td>{e(row.range)}</td></tr>")

    for panel in rom.IT:
        body.append(f"<tr><th colspan=5>{panel}</th></tr>")
        for row in rows(rom.IT[panel], state, rom.STYLE_IT, panel):
            add(row, methods.get(row.key))
    body.append("<tr><th colspan=5>ESAME URINE</th></tr>")
    for row in plain("Colore;giallo paglierino;;\nPeso specifico;1.018;;1.005 - 1.030\npH;6,0;;5,0 - 7,5\nProteine;assenti;mg/dL;assenti\nGlucosio;50;mg/dL;assente;*\nNitriti;negativo;;negativo\nLeucociti;75;/µL;< 25;*", panel="ESAME URINE", specimen="URINE"):
        add(row, specimen=row.specimen)
    css = """@page{size:A4;margin:12mm 16mm} body{font:8pt/1.15 Carlito} table{width:100%;border-spacing:0} td{padding:.6px 5px} i{font-size:6pt;color:#555} th{text-align:left;border-bottom:.5px solid #000} .r{text-align:right} .f{color:#b00;width:8px}"""
    write(doc, css, f"<h3>{LABS['it'][0]}</h3><p>Sig.{'ra' if who.sex == 'F' else ''} {e(name)} &nbsp; nat{'a' if who.sex == 'F' else 'o'} il {day(who.born, 'gb')} &nbsp; Cod. {who.number}<br>Data prelievo: {day(when, 'gb')} &nbsp; Referto del {day(when + timedelta(days=1), 'gb')} &nbsp; Tel. {phone(doc.rng, 'it')}</p>"
          f"<table><tr><td><u>Esame</u></td><td></td><td class=r><u>Esito</u></td><td><u>U.M.</u></td><td><u>Valori di riferimento</u></td></tr>{''.join(body)}</table><p>* valore fuori dai limiti di riferimento. {doc.sample()}</p>")


def brazilian_blocks(doc: Document) -> None:
    """One test per block: name, material, method, result, reference, and 'Resultado anterior' in small print."""
    doc.about("blocks-resultado-anterior", "weasyprint", "pt-BR")
    who, when = person(doc.rng, "pt"), drawn_at(doc.rng)
    name = f"{who.first.upper()} {who.last.upper()}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    old, before = drift(doc.rng, state, 0.2), when - timedelta(days=133)
    lines = some([x for x in rom.BR["BIOQUÍMICA"] if x.key != "a1c"], doc.rng, 15)
    methods = {"gluc": "Enzimático", "creat": "Jaffé", "tsh": "Eletroquimioluminescência", "na": "Eletrodo seletivo", "k": "Eletrodo seletivo"}
    body = []
    for i, (row, was) in enumerate(zip(rows(lines, state, rom.STYLE_BR), rows(lines, old, rom.STYLE_BR))):
        method = methods.get(row.key, "Colorimétrico")
        doc.add(row, 1 + i // 8, method=method, specimen="Soro", previous=was.value)
        body.append(f"<div class='{'k' if i and i % 8 == 0 else ''}'><b>{e(row.name.upper())}</b><p>Material: Soro &nbsp;&nbsp; Método: {method}</p><p class=v>Resultado <span>{e(row.value)} {e(row.unit)}</span></p>"
                    f"<p>Valor de referência: {e(row.range)} {e(row.unit)}</p><p class=s>Resultado anterior ({day(before, 'gb')}): {e(was.value)} {e(row.unit)}</p></div>")
        doc.tests[-1]["name"] = row.name.upper()
    css = """@page{size:A4;margin:18mm;@bottom-center{content:'Página ' counter(page) ' de ' counter(pages);font-size:7pt}} body{font:9.5pt 'Open Sans'} p{margin:1px 0} .v{margin:3px 0} .v span{font-weight:bold;margin-left:40mm} .s{font-size:7.5pt;color:#666}
        div{border-bottom:.5px solid #999;padding:5px 0} .k{break-before:page}"""
    write(doc, css, f"<h3>{LABS['br'][1]}</h3><p>Paciente: {e(name)}</p><p>Nascimento: {day(who.born, 'gb')} &nbsp; Prontuário: {who.number} &nbsp; Solicitante: {DOCTORS['br'][0]}</p><p>Coleta: {moment(when, 'gb')} &nbsp; Emissão: {moment(when + timedelta(days=1), 'gb')}</p>{''.join(body)}<p class=s>{doc.sample()} Fone {phone(doc.rng, 'br')}</p>")


def brazilian_count(doc: Document) -> None:
    """A haemogram with dotted leaders, per cent and absolute in two value columns of one row."""
    doc.about("percent-and-absolute", "weasyprint", "pt-BR")
    who, when = person(doc.rng, "pt"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    s = draw(doc.rng, doc.profile)
    blood = "sangue total com EDTA"
    red = rows(rom.BR["HEMOGRAMA COMPLETO"][:7], s, rom.STYLE_BR, "ERITROGRAMA", blood)
    white, plate = rows(rom.BR["HEMOGRAMA COMPLETO"][7:], s, rom.STYLE_BR, None, blood)
    body = ["<h4>ERITROGRAMA</h4>"]
    for row in red:
        doc.add(row)
        body.append(f"<p class=l><span>{row.name} </span><span class=d></span><span class=x>{row.value} {row.unit}</span><span class=y>{row.range}</span></p>")
    body.append("<h4>LEUCOGRAMA</h4>")
    doc.add(white, panel="LEUCOGRAMA")
    body.append(f"<p class=l><span>{white.name} </span><span class=d></span><span class=x>{white.value} {white.unit}</span><span class=y>{white.range}</span></p><table><tr><th></th><th>%</th><th>/mm³</th><th>Referência (%)</th><th>Referência (/mm³)</th></tr>")
    for label, percent, count, pr, ar in (("Neutrófilos", "neutp", "neut", "40,0 a 75,0", "1.500 a 7.500"), ("Eosinófilos", "eosp", "eos", "1,0 a 6,0", "40 a 500"), ("Basófilos", "basp", "bas", "0,0 a 2,0", "0 a 200"), ("Linfócitos", "lymp", "lym", "20,0 a 45,0", "1.000 a 4.500"), ("Monócitos", "monp", "mon", "2,0 a 10,0", "200 a 1.000")):
        codes = {"neutp": "770-8", "neut": "751-8", "eosp": "713-8", "eos": "711-2", "basp": "706-2", "bas": "704-7", "lymp": "736-9", "lym": "731-0", "monp": "5905-5", "mon": "742-7"}
        p, a = f"{s[percent]:.1f}".replace(".", ","), f"{s[count] * 1000:,.0f}".replace(",", ".")
        base = red[0].but(name=label, panel="LEUCOGRAMA", flag=None)
        doc.add(base, value=p, unit="%", range=pr, loinc=codes[percent])
        doc.add(base, value=a, unit="/mm³", range=ar, loinc=codes[count])
        body.append(f"<tr><td>{label}</td><td>{p}</td><td>{a}</td><td>{pr}</td><td>{ar}</td></tr>")
    doc.add(plate, panel="PLAQUETAS")
    body.append(f"</table><h4>PLAQUETAS</h4><p class=l><span>{plate.name} </span><span class=d></span><span class=x>{plate.value} {plate.unit}</span><span class=y>{plate.range}</span></p>")
    css = """@page{size:A4;margin:18mm} body{font:10pt 'Liberation Serif'} .l{display:flex;margin:2px 0} .d{flex:1;border-bottom:1px dotted #000;margin:0 4px} .x{width:40mm} .y{width:52mm} td,th{padding:1px 12px;text-align:right} td:first-child{text-align:left}"""
    write(doc, css, f"<h3>{LABS['br'][0]}</h3><p>Nome: {e(name)} &nbsp; Data de nascimento: {day(who.born, 'gb')}<br>Registro: {who.number} &nbsp; Data da coleta: {moment(when, 'gb')}</p><b>HEMOGRAMA COMPLETO</b> (Material: {blood}){''.join(body)}<p style='font-size:7pt'>{doc.sample()}</p>")


def french_grid(doc: Document) -> None:
    """Dates across, the newest at the left, under 'Résultats' and 'Antériorités'."""
    doc.about("time-grid-newest-left", "weasyprint", "fr")
    who, when = person(doc.rng, "fr"), drawn_at(doc.rng)
    name = f"{who.first} {who.last.upper()}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    states, times = [draw(doc.rng, doc.profile)], [when]
    for _ in range(2):
        states.append(drift(doc.rng, states[-1], 0.2))
        times.append(times[-1] - timedelta(days=doc.rng.randrange(20, 120)))
    body = []
    for panel in ("NUMERATION GLOBULAIRE", "BIOCHIMIE SANGUINE", "BILAN MARTIAL"):
        body.append(f"<tr><th colspan=6>{panel}</th></tr>")
        for a, b, c in zip(*(rows(eu.FR[panel], s, eu.STYLE_FR, panel) for s in states)):
            doc.add(a, previous=b.value, flag=None)
            body.append(f"<tr><td>{e(a.name)}</td><td>{f'<b>{e(a.value)}</b>' if a.side else e(a.value)}</td><td>{e(a.unit)}</td><td>{e(a.range)}</td><td>{e(b.value)}</td><td>{e(c.value)}</td></tr>")
    css = "@page{size:A4;margin:15mm} body{font:9pt Lato} table{width:100%;border-collapse:collapse} tr:nth-child(even){background:#eef3ee} td,th{padding:2px 6px;text-align:left}"
    write(doc, css, f"<h3>{LABS['fr'][1]}</h3><p>{e(name)}, né(e) le {day(who.born, 'gb')} — N° patient {who.number} — Prélèvement : {day(when, 'gb')} — {phone(doc.rng, 'fr')}</p>"
          f"<table><tr><td></td><td colspan=2><u>Résultats</u></td><td><u>Normales</u></td><td colspan=2><u>Antériorités</u></td></tr><tr><td></td><td>{day(when, 'gb')}</td><td></td><td></td><td>{day(times[1], 'gb')}</td><td>{day(times[2], 'gb')}</td></tr>{''.join(body)}</table><p style='font-size:7pt'>{doc.sample()}</p>")


DESIGNS = {
    "es-nested": (nested_headings, "liver"), "es-nested-2": (nested_headings, "low-na"), "it-method": (italian_methods, "mixed"), "br-blocks": (brazilian_blocks, "diabetes"), "br-count": (brazilian_count, "sepsis"),
    "fr-grid": (french_grid, "anaemia"),
}
