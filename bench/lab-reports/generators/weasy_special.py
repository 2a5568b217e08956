"""WeasyPrint: several specimens, serial draws, strips, strata, results that are no numbers."""

from __future__ import annotations

import math
from datetime import timedelta

import catalogue_commonwealth as cw
from document import Document, Row, day, iso, moment
from people import DOCTORS, LABS, drawn_at, person, phone
from physiology import draw
from rows import plain, rows
from weasy import cells, e, write

TABLE = "table{border-collapse:collapse;width:100%} td,th{padding:2px 7px;text-align:left;vertical-align:top} "


def three_specimens(doc: Document) -> None:
    """Serum, urine and CSF in one report; the same names come again under each."""
    doc.about("several-specimens", "weasyprint", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    r, u = doc.rng, doc.rng.uniform
    parts = {
        "SERUM": f"Glucose;{r.randrange(92, 180)};mg/dL;70-139;;2345-7\nProtein, Total;{u(6.2, 7.9):.1f};g/dL;6.0-8.3;;2885-2\nAlbumin;{u(3.1, 4.6):.1f};g/dL;3.5-5.0;;1751-7\n"
                 f"Sodium;{r.randrange(128, 142)};mmol/L;135-145;;2951-2\nCreatinine;{u(0.7, 1.6):.2f};mg/dL;0.60-1.20;;2160-0\nOsmolality;{r.randrange(262, 295)};mOsm/kg;275-295",
        "URINE, RANDOM": f"Sodium;{r.randrange(14, 88)};mmol/L;;;2955-3\nCreatinine;{u(31, 180):.1f};mg/dL;;;2161-8\nProtein, Total;{u(5, 70):.1f};mg/dL;<15;;2888-6\nOsmolality;{r.randrange(190, 720)};mOsm/kg;50-1200\nGlucose;<2;mg/dL;<15;;2350-7",
        "CEREBROSPINAL FLUID": f"Glucose;{r.randrange(18, 66)};mg/dL;40-70;;2342-4\nProtein, Total;{r.randrange(32, 190)};mg/dL;15-45;;2880-3\nWBC;{r.randrange(2, 900)};/uL;0-5\nRBC;{r.randrange(0, 40)};/uL;0\nAppearance;Slightly cloudy;;Clear\nCryptococcal Antigen;Negative;;Negative",
    }
    body = []
    for specimen, text in parts.items():
        body.append(f"<tr><th colspan=4>{specimen}</th></tr>")
        for row in plain(text, specimen=specimen):
            doc.add(row)
            body.append(cells("  " + row.name, row.value, row.unit, row.range))
    css = "@page{size:letter;margin:18mm} body{font:10pt Carlito} " + TABLE + "th{background:#f0f0f0}"
    write(doc, css, f"<h2>{LABS['us'][4]} Laboratory</h2><p>{e(name)} &nbsp; DOB {day(who.born, 'us')} &nbsp; MRN {who.number}<br>Drawn {moment(when, 'us')} &nbsp; Ordered by {DOCTORS['us'][1]}</p>"
          f"<table><tr><td><u>Test</u></td><td><u>Result</u></td><td><u>Units</u></td><td><u>Reference</u></td></tr>{''.join(body)}</table>"
          f"<p>CSF gram stain called to ED at {moment(when + timedelta(minutes=70), 'us')} by tech 4471: no organisms seen.</p><p style='font-size:7pt'>{doc.sample()}</p>")


def serial_troponin(doc: Document) -> None:
    """0, 1 and 3 h: every column is current and has its own time; the panel beneath was drawn once."""
    doc.about("serial-draws", "weasyprint", "en-GB")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last.upper()}, {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    times = [when, when + timedelta(minutes=62), when + timedelta(minutes=184)]
    body = []
    for label, unit, low, spread, code, limits in (("High sensitivity troponin I", "ng/L", 14, (18, 160), "89579-7", "<16"), ("CK-MB", "ug/L", 3, (2, 12), None, "<5.0"), ("Potassium", "mmol/L", 4, (0.1, 0.4), "2823-3", "3.5 - 5.3")):
        values = [low + doc.rng.uniform(0.1, 0.8), low + doc.rng.uniform(*spread) / 2, low + doc.rng.uniform(*spread)]
        shown = [f"{v:.0f}" if unit == "ng/L" else f"{v:.1f}" for v in values]
        body.append(cells(label, *shown, unit, limits))
        for t, v in zip(times, shown):
            doc.add(Row(label, v, unit, limits, loinc=code, collected=iso(t)))
    single = []
    for row in rows(cw.GB["Full Blood Count"], state, cw.STYLE_GB, "Full Blood Count"):
        doc.add(row)
        single.append(cells(row.name, f"{row.value}{row.flag or ''}", row.unit, row.range))
    css = "@page{size:A4;margin:16mm} body{font:9.5pt 'Open Sans'} " + TABLE + "th{border-bottom:1px solid #000}"
    heads = "".join(f"<th>{label}<br>{moment(t, 'gb')}</th>" for label, t in zip(("0 h", "1 h", "3 h"), times))
    write(doc, css, f"<h3>{LABS['gb'][1]} — Emergency chemistry</h3><p>{e(name)} &nbsp; Born {day(who.born, 'gb')} &nbsp; Unit no. {who.number}</p>"
          f"<table><tr><th>Serial cardiac markers</th>{heads}<th>Units</th><th>Reference</th></tr>{''.join(body)}</table><p>Delta 0/1 h above 6 ng/L: acute myocardial injury likely. Delta 0/3 h above 20%.</p>"
          f"<h4>Full Blood Count</h4><p>Collected {moment(when, 'gb')}</p><table>{''.join(single)}</table><p style='font-size:7pt'>{doc.sample()}</p>")


STRIP = """
    Colour;Pale yellow;;Pale yellow;;5778-6
    Appearance;Slightly turbid;;Clear;;5767-9
    Specific Gravity;1.025;;1.003 - 1.030
    pH;5.5;;4.6 - 8.0
    Protein;2+;;Nil;;20454-5
    Glucose;3+;;Nil;;25428-4
    Ketone Bodies;Trace;;Nil
    Bilirubin;Negative;;Negative
    Urobilinogen;Normal;;Normal
    Nitrite;Positive;;Negative;;5802-4
    Leucocyte Esterase;++;;Negative
    Pus Cells;15-20;/hpf;0 - 5
    Red Blood Cells;2-4;/hpf;0 - 2
    Epithelial Cells;3-5;/hpf;0 - 5
    Casts;Hyaline;/lpf;Nil
    Crystals;Not seen;;Nil
    Bacteria;Present (+);;Absent
    Yeast Cells;Absent;;Absent"""


def urine_routine(doc: Document) -> None:
    """Indian urine routine in three blocks; words, pluses and ranges as values."""
    doc.about("urine-semiquantitative", "weasyprint", "en-IN")
    who, when = person(doc.rng, "in"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    found = plain(STRIP, specimen="Urine")
    groups = {"PHYSICAL EXAMINATION": found[:3], "CHEMICAL EXAMINATION (Reflectance photometry)": found[3:11], "MICROSCOPIC EXAMINATION": found[11:]}
    body = []
    for group, members in groups.items():
        body.append(f"<tr><th colspan=4>{group}</th></tr>")
        for row in members:
            doc.add(row, panel=group)
            body.append(cells(row.name, row.value, row.unit, row.range))
    css = "@page{size:A4;margin:20mm} body{font:10.5pt 'Noto Serif'} " + TABLE + "th{text-decoration:underline;padding-top:9px}"
    write(doc, css, f"<h2 style='text-align:center'>{LABS['in'][2]}</h2><p>Name : {e(name)} &nbsp; Age/Sex : {who.age(when)} Yrs/{who.sex} &nbsp; DOB : {day(who.born, 'gb')}<br>Reg. No : {who.number} &nbsp; Collected On : {moment(when, 'gb')}<br>Sample : Urine &nbsp; Ref By : {DOCTORS['in'][1]}</p>"
          f"<h4 style='text-align:center'>URINE ROUTINE AND MICROSCOPY</h4><table><tr><td><b>Test</b></td><td><b>Observed Value</b></td><td><b>Unit</b></td><td><b>Biological Ref. Interval</b></td></tr>{''.join(body)}</table>"
          f"<p>Note: Pus cells above 5/hpf suggest infection; culture advised. Call {phone(doc.rng, 'in')}.</p><p style='font-size:7pt'>{doc.sample()}</p>")


STRATA = """
    FSH;{fsh};mIU/mL;Follicular: 3.5-12.5~Ovulation: 4.7-21.5~Luteal: 1.7-7.7~Postmenopausal: 25.8-134.8;;15067-2
    LH;{lh};mIU/mL;Follicular: 2.4-12.6~Ovulation: 14.0-95.6~Luteal: 1.0-11.4~Postmenopausal: 7.7-58.5;;10501-5
    Estradiol;{e2};pg/mL;Follicular: 12.4-233~Ovulation: 41.0-398~Luteal: 22.3-341~Postmenopausal: <138
    Prolactin;{prl};ng/mL;Non-pregnant: 4.8-23.3~Men: 4.0-15.2;;2842-3
    Cortisol;{cort};ug/dL;AM: 6.2-19.4~PM: 2.3-11.9;;2143-6
    Ferritin;{ferr};ng/mL;Male: 30-400~Female: 15-150;;2276-4
    Vitamin D, 25-OH;{vitd};ng/mL;Deficient <20~Insufficient 20-29~Sufficient 30-100
    Alkaline Phosphatase;{alp};U/L;Adults: 44-121~13-16 y: 78-227;;6768-6"""


def strata(doc: Document) -> None:
    """Ranges of several lines, by phase, sex or age."""
    doc.about("stratified-ranges", "weasyprint", "en-US")
    who, when = person(doc.rng, "en", "F"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    s = draw(doc.rng, doc.profile)
    text = STRATA.format(fsh=f"{s['fsh']:.1f}", lh=f"{s['lh']:.1f}", e2="<5.0", prl=f"{s['prl']:.1f}", cort=f"{s['cort']:.1f}", ferr=f"{s['ferr']:.0f}", vitd=f"{s['vitd']:.1f}", alp=f"{s['alp']:.0f}")
    body = []
    for row in plain(text):
        lines = (row.range or "").split("~")
        doc.add(row, range=" ".join(lines))
        body.append(f"<tr><td>{e(row.name)}</td><td>{e(row.value)}</td><td>{e(row.unit)}</td><td>{'<br>'.join(map(e, lines))}</td></tr>")
    css = "@page{size:letter;margin:18mm} body{font:10pt 'Liberation Sans'} " + TABLE + "td{border-top:.5px solid #aaa}"
    write(doc, css, f"<h3>{LABS['us'][1]}: Endocrinology</h3><p>Patient: {e(name)} &nbsp; DOB: {day(who.born, 'us')} &nbsp; Sex: Female &nbsp; ID: {who.number} &nbsp; Collected: {moment(when, 'us')}</p>"
          f"<table><tr><th>Analyte</th><th>Result</th><th>Unit</th><th>Reference Range</th></tr>{''.join(body)}</table><p style='font-size:7pt'>{doc.sample()}</p>")


NO_NUMBERS = """
    HIV AG/AB, 4TH GEN;NON-REACTIVE;;NON-REACTIVE
    HEPATITIS C ANTIBODY;REACTIVE;;NON-REACTIVE;A
    HCV RNA, QUANTITATIVE;{viral}E+06;IU/mL;NOT DETECTED;H
    HCV RNA, LOG;{log};Log IU/mL;NOT DETECTED;H
    RPR (DX) W/REFL TITER;REACTIVE;;NON-REACTIVE;A
    RPR TITER;1:{titre};;<1:1;A
    VARICELLA ZOSTER IGG;SEE NOTE
    ANTI-DNA (DS) AB QN;<1;IU/mL;0-9
    TSH;{tsh};mIU/L;0.40-4.50;L;3016-3
    T4, FREE;Pending
    CULTURE, URINE;QNS
    LEAD, BLOOD;<{lead};mcg/dL;<3.5
    IMMUNOGLOBULIN E;>5000;kU/L;<OR=114;H
    TESTOSTERONE, TOTAL;<10;ng/dL;250-1100;L;2986-8
    CEA;{cea};ng/mL;<2.5;H"""


def no_numbers(doc: Document) -> None:
    """Comparators, titres, exponents, words and results that are not there; a footnote for 'see note'."""
    doc.about("non-numeric", "weasyprint", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last.upper()}, {who.first.upper()}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    body = []
    viral = doc.rng.randrange(11, 90) / 10
    text = NO_NUMBERS.format(viral=viral, log=f"{6 + math.log10(viral):.2f}", titre=2 ** doc.rng.randrange(2, 8), cea=f"{doc.rng.uniform(1000, 2400):.1f}",
                             tsh=f"{doc.rng.uniform(0.01, 0.09):.2f}", lead=doc.rng.choice(("1.0", "2.0")))
    for row in plain(text):
        doc.add(row)
        body.append(cells(row.name, row.value, row.flag, row.unit, row.range))
        if row.name == "VARICELLA ZOSTER IGG":
            body.append("<tr><td></td><td colspan=4><i>NOTE: index 0.91-1.09 equivocal; retest in 10 to 14 days. Specimen 2 of 2.</i></td></tr>")
        if row.name == "HCV RNA, LOG":
            body.append("<tr><td></td><td colspan=4><i>Reportable range 15 IU/mL (1.18 Log) to 100,000,000 IU/mL (8.00 Log).</i></td></tr>")
    css = "@page{size:letter;margin:15mm} body{font:9.5pt 'Liberation Mono'} " + TABLE
    write(doc, css, f"<p><b>{LABS['us'][2].upper()}</b></p><p>{name}<br>DOB: {day(who.born, 'us')} ID: {who.number}<br>COLLECTED: {moment(when, 'us')} STATUS: PARTIAL</p>"
          f"<table><tr><th>TEST</th><th>RESULT</th><th>FLAG</th><th>UNITS</th><th>REFERENCE</th></tr>{''.join(body)}</table><p style='font-size:7pt'>{doc.sample()}</p>")


DESIGNS = {
    "us-specimens": (three_specimens, "well"), "us-specimens-2": (three_specimens, "well"), "gb-serial": (serial_troponin, "heart"), "in-urine": (urine_routine, "well"),
    "us-strata": (strata, "mixed"), "us-words": (no_numbers, "well"),
}
