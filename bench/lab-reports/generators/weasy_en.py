"""WeasyPrint, English: cards, one test a block, side-by-side panels, odd column orders, a letter, an antibiogram."""

from __future__ import annotations

from datetime import timedelta

import catalogue_commonwealth as cw
import catalogue_us as us
from document import Document, Row, day, iso, moment
from people import DOCTORS, LABS, drawn_at, person, phone
from physiology import drift, draw
from rows import Style, plain, rows, some
from weasy import e, write


def cards(doc: Document) -> None:
    """A patient portal: two cards a line; value with unit, the normal range below, the last value in a sentence."""
    doc.about("cards", "weasyprint", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    old = drift(doc.rng, state, 0.2)
    lines = us.C["Basic Metabolic Panel"][:9] + us.C["CBC with Auto Differential"][:9]
    found = []
    for row, was in zip(rows(lines, state, us.STYLE_C), rows(lines, old, us.STYLE_C)):
        told = doc.rng.random() < 0.5
        limits = f"{row.range} {row.unit or ''}".strip()
        found.append(f"""<div class=card><div class=n>{e(row.name)}</div><div class=r>Normal range: {e(limits)}</div>
            <div class='v s{row.side + 1}'>{e(row.value)} <small>{e(row.unit)}</small>{' <b>' + ('High' if row.side > 0 else 'Low') + '</b>' if row.side else ''}</div>
            {'<div class=p>Last result: ' + e(was.value) + ' on ' + day(when - timedelta(days=91), 'us-mon') + '</div>' if told else ''}</div>""")
        doc.add(row, flag=("High" if row.side > 0 else "Low") if row.side else None, previous=was.value if told else None)
    css = """@page{size:letter;margin:14mm} body{font:9pt Lato;color:#222} h1{font-size:15pt;color:#1d5c87;margin:0} .card{display:inline-block;width:41%;
        border:1px solid #bbb;border-radius:6px;padding:6px 10px;margin:4px;vertical-align:top;height:52px} .n{font-weight:bold;font-size:10pt} .r,.p{font-size:7.5pt;color:#555}
        .v{font-size:13pt} .s0,.s2{color:#b3261e} small{font-size:8pt}"""
    write(doc, css, f"<h1>Test Results</h1><p>{e(name)} | DOB: {day(who.born, 'us')} | MRN: {who.number}<br>Collected on {day(when, 'us-mon')} {when:%I:%M %p}</p>"
          f"{''.join(found)}<p style='font-size:6.5pt'>{doc.sample()}. Results have been released to you before your clinician saw them. Questions? {phone(doc.rng, 'us')}</p>")


def component_blocks(doc: Document) -> None:
    """A portal's printout: each test is a block of labelled lines, four blocks would fill a screen."""
    doc.about("blocks-labelled", "weasyprint", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    found = rows(us.C["Cardiac"] + us.C["Coagulation"], state, us.STYLE_C)
    found += plain("""
        Hepatitis B Surface Antigen;Non-Reactive;;Non-Reactive;;5196-1
        Rubella Antibody, IgG;>33.0;IU/mL;>=10.0
        ANA Pattern;Speckled
        ANA Titer;1:640;;<1:40;Abnormal
        D-Dimer, Quantitative;<0.27;mg/L FEU;<=0.49""")
    blocks = []
    for row in found:
        page = 1 if len(blocks) < 9 else 2
        parts = [("Component", row.name), ("Your Value", f"{row.value} {row.unit or ''}".strip()), ("Standard Range", f"{row.range} {row.unit or ''}".strip() if row.range else None),
                 ("Flag", row.flag)]
        blocks.append(f"<div class='b{' brk' if len(blocks) == 9 else ''}'>" + "".join(f"<div><span>{k}</span>{e(v)}</div>" for k, v in parts if v) + "</div>")
        doc.add(row, page)
    css = """@page{size:letter;margin:16mm;@bottom-right{content:'Page ' counter(page) ' of ' counter(pages);font-size:7pt}} body{font:9.5pt 'Open Sans'}
        .b{border-top:1px solid #999;padding:5px 0} .b span{display:inline-block;width:130px;color:#444} .brk{break-before:page}"""
    write(doc, css, f"<h2>{LABS['us'][4]}</h2><p>Name: {e(name)} &nbsp; DOB: {day(who.born, 'us')} &nbsp; MRN: {who.number} &nbsp; PCP: {DOCTORS['us'][1]}</p>"
          f"<p>Collected: {moment(when, 'us')} &nbsp; Resulted: {moment(when + timedelta(hours=3), 'us')}</p>{''.join(blocks)}<p style='font-size:7pt'>{doc.sample()}</p>")


def side_by_side(doc: Document) -> None:
    """Two tables beside each other; abnormal values are red and bold and nothing else says so."""
    doc.about("side-by-side", "weasyprint", "en-GB")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last.upper()} {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)

    def table(*panels: str) -> str:
        out = []
        for panel in panels:
            out.append(f"<tr class=h><td colspan=4>{e(panel)}</td></tr><tr class=t><td>Test</td><td>Result</td><td>Units</td><td>Ref. range</td></tr>")
            for row in rows(cw.GB[panel], state, cw.STYLE_GB, panel):
                doc.add(row, flag=None)
                out.append(f"<tr><td>{e(row.name)}</td><td class={'bad' if row.side else 'ok'}>{e(row.value)}</td><td>{e(row.unit)}</td><td>{e(row.range)}</td></tr>")
        return f"<table>{''.join(out)}</table>"

    css = """@page{size:A4;margin:12mm} body{font:8pt 'Liberation Sans'} .two{display:flex;gap:8mm} table{border-collapse:collapse;width:88mm} td{padding:1.5px 3px}
        .h td{background:#005a70;color:white;font-weight:bold} .t td{font-size:6.5pt;color:#555;border-bottom:.5px solid #999} .bad{color:#c00;font-weight:bold}"""
    left, right = table("Full Blood Count", "Lipids"), table("Urea and Electrolytes", "Liver Function Tests", "Bone Profile")
    write(doc, css, f"<h2>{LABS['gb'][2]}</h2><p>Patient: {e(name)} &nbsp; D.O.B. {day(who.born, 'gb')} &nbsp; Sex: {who.sex} &nbsp; Hosp no. {who.number}<br>"
          f"Collected: {moment(when, 'gb')} &nbsp; Received: {moment(when + timedelta(hours=2), 'gb')} &nbsp; Requested by {DOCTORS['gb'][1]}</p><div class=two>{left}{right}</div>"
          f"<p style='font-size:6.5pt'>Values outside the reference range are shown in red. UKAS Medical 0000. Tel {phone(doc.rng, 'gb')}. {doc.sample()}</p>")


def reversed_columns(doc: Document) -> None:
    """Range, unit, flag, value, and the name last."""
    doc.about("columns-reversed", "weasyprint", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    body = []
    for panel in ("Comp. Metabolic Panel (14)", "Iron and TIBC"):
        body.append(f"<tr class=h><td colspan=5>{e(panel)}</td></tr>")
        for row in rows(us.A[panel], state, Style(between="{lo}–{hi}", below="≤ {hi}", above="≥ {lo}", low="L", high="H"), panel):
            doc.add(row)
            body.append("<tr>" + "".join(f"<td>{e(v)}</td>" for v in (row.range, row.unit, row.flag, row.value, row.name)) + "</tr>")
    css = """@page{size:letter;margin:18mm} body{font:9.5pt Roboto} table{width:100%;border-collapse:collapse} td,th{border:.5px solid #bbb;padding:2.5px 6px;text-align:left}
        .h td{background:#eee;font-weight:bold} td:nth-child(4){text-align:right}"""
    write(doc, css, f"<h3>{LABS['us'][3]} — Final report</h3><p>Patient {e(name)}, born {day(who.born, 'us')}, ID {who.number}. Specimen collected {moment(when, 'us')}.</p>"
          f"<table><tr><th>Reference</th><th>Unit</th><th>Flag</th><th>Value</th><th>Analyte</th></tr>{''.join(body)}</table><p style='font-size:7pt'>{doc.sample()}</p>")


def letter(doc: Document) -> None:
    """A letter to a patient: what was found in sentences, with other numbers in the same paragraph."""
    doc.about("narrative-letter", "weasyprint", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    s = draw(doc.rng, doc.profile)
    style = Style(between="{lo} to {hi}", below="below {hi}", above="above {lo}")
    found = {r.key: r for r in rows(us.A["Comp. Metabolic Panel (14)"] + us.A["Lipid Panel"] + us.A["CBC With Differential/Platelet"][:9] + us.A["Other"], s, style)}

    def say(key: str, called: str, joint: str, ranged: bool) -> str:
        row = doc.add(found[key].but(name=called, flag=None), range=found[key].range if ranged else None)
        return f"{called} {joint} {row.value} {row.unit}" + (f" (normal {row.range})" if ranged else "")

    text = [f"Dear {who.first},", f"Here are the results of your blood test of {day(when, 'us-mon')}. "
            f"Your {say('hb', 'hemoglobin', 'was', True)}, and the {say('wbc', 'white cell count', 'was', False)}. {say('plt', 'Platelets', 'were', True)}.",
            f"{say('gluc', 'Glucose', 'was', True)}. The kidneys: {say('creat', 'creatinine', 'of', True)}; {say('na', 'sodium', 'was', False)} and {say('k', 'potassium', 'was', False)}.",
            f"For the liver, {say('alt', 'ALT', 'measured', True)} and {say('ast', 'AST', 'measured', True)}. {say('vitd', 'Vitamin D', 'came to', True)}: please take 1000 IU daily for 3 months.",
            "Your blood pressure was 142/86 and your weight 81 kg. See me again in 6 weeks or call our office at " + phone(doc.rng, "us") + "."]
    css = "@page{size:letter;margin:28mm} body{font:11.5pt/1.5 'Liberation Serif'}"
    write(doc, css, f"<p><b>{LABS['us'][3]}</b><br>100 Nowhere Street, Suite 210</p><p>RE: {e(name)}, DOB {day(who.born, 'us')}, MRN {who.number}</p>"
          + "".join(f"<p>{e(t)}</p>" for t in text) + f"<p>Sincerely,<br>{DOCTORS['us'][0]}</p><p style='font-size:7pt'>{doc.sample()}</p>")


def glued_units(doc: Document) -> None:
    """Value and unit glued, ranges without units below the value; long names wrap in a narrow column."""
    doc.about("glued-wrapped", "weasyprint", "en-IN")
    who, when = person(doc.rng, "in"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state, old = (s := draw(doc.rng, doc.profile)), drift(doc.rng, s, 0.2)
    before = when - timedelta(days=120)
    body = []
    lines = cw.IN["KIDNEY FUNCTION TEST (KFT)"] + cw.IN["LIPID PROFILE"] + cw.IN["DIABETES AND VITAMINS"]
    for row, was in zip(rows(lines, state, cw.STYLE_IN), rows(lines, old, cw.STYLE_IN)):
        doc.add(row, previous=was.value, flag=None)
        unit = (row.unit or "").replace(" ", " ")
        body.append(f"<tr><td>{e(row.name)}</td><td class=p>{e(was.value)}{e(unit)}</td><td><b class=s{row.side + 1}>{e(row.value)}{e(unit)}</b><br><small>{e(row.range)}</small></td></tr>")
    css = """@page{size:A4;margin:15mm} body{font:9pt 'Noto Sans'} table{border-collapse:collapse} td{padding:2px 8px;vertical-align:top} td:first-child{width:34mm}
        .s0,.s2{text-decoration:underline} small{font-size:7pt;color:#444} .p{color:#777;width:34mm}"""
    write(doc, css, f"<h3 style='text-align:center'>{LABS['in'][0]}</h3><p>Name: {e(name)} | DOB: {day(who.born, 'gb')} | Lab ID: {who.number} | Sample drawn: {moment(when, 'gb')}</p>"
          f"<table><tr><th>Investigation</th><th>Previous<br>{day(before, 'gb')}</th><th>Current<br>{day(when, 'gb')}</th></tr>{''.join(body)}</table>"
          f"<p style='font-size:7pt'>Underlined: outside the biological reference interval. {doc.sample()}</p>")


def antibiogram(doc: Document) -> None:
    """A urine culture with two isolates; the letters S, I, R are the results."""
    doc.about("antibiogram-two-isolates", "weasyprint", "en-GB")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last.upper()}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    first, second = "Escherichia coli", "Enterococcus faecalis"
    for row in plain("White cells;>100;x10^6/L\nRed cells;10-20;x10^6/L\nEpithelial cells;Scanty\nCulture;>10^5;cfu/mL", specimen="Mid-stream urine"):
        doc.add(row, panel="Microscopy and culture")
    body = []
    for drug in ("Amoxicillin", "Co-amoxiclav", "Cefalexin", "Ciprofloxacin", "Gentamicin", "Nitrofurantoin", "Trimethoprim", "Vancomycin"):
        letters = [doc.rng.choice("SSSRI"), doc.rng.choice("SSR")]
        letters[0] = "-" if drug == "Vancomycin" else letters[0]
        letters[1] = "-" if drug in ("Cefalexin", "Gentamicin") else letters[1]
        for letter_, isolate in zip(letters, (first, second)):
            if letter_ != "-":
                doc.add(Row(drug, letter_, panel=isolate, specimen="Mid-stream urine"))
        body.append(f"<tr><td>{drug}</td><td>{letters[0]}</td><td>{letters[1]}</td></tr>")
    css = "@page{size:A4;margin:20mm} body{font:10pt 'Liberation Sans'} td,th{padding:2px 14px;border:.5px solid #777} table{border-collapse:collapse} td+td{text-align:center}"
    write(doc, css, f"<h3>{LABS['gb'][1]} Microbiology</h3><p>{e(name)} &nbsp; DOB {day(who.born, 'gb')} &nbsp; NHS {who.number}<br>Specimen: Mid-stream urine &nbsp; Collected {moment(when, 'gb')}</p>"
          "<h4>Microscopy and culture</h4><p>White cells: &gt;100 x10^6/L<br>Red cells: 10-20 x10^6/L<br>Epithelial cells: Scanty<br>Culture: &gt;10^5 cfu/mL</p>"
          f"<p>1) {first}<br>2) {second}</p><table><tr><th></th><th>1) {first}</th><th>2) {second}</th></tr>{''.join(body)}</table>"
          f"<p>S = susceptible, I = susceptible, increased exposure, R = resistant</p><p style='font-size:7pt'>{doc.sample()}</p>")


DESIGNS = {
    "us-cards": (cards, "sepsis"), "us-blocks": (component_blocks, "heart"), "gb-sides": (side_by_side, "liver"), "us-reversed": (reversed_columns, "anaemia"),
    "us-letter": (letter, "mixed"), "in-glued": (glued_units, "diabetes"), "gb-antibiogram": (antibiogram, "well"),
}
