"""Designs drawn with fpdf2: split result columns, Brazilian blocks, Mexican leaders, a plain one."""
from fpdf import FPDF

import panels as P
from model import Report, Style, rows
from people import later, moment, patient
from physiology import sample
from registry import design

DEJAVU = "/usr/share/fonts/truetype/dejavu/"
LIB = "/usr/share/fonts/truetype/liberation/Liberation"


def _pdf(fmt="letter", fonts=()):
    pdf = FPDF(format=fmt, unit="mm")
    pdf.set_auto_page_break(False)
    for family, regular, bold in fonts:
        pdf.add_font(family, "", regular)
        pdf.add_font(family, "B", bold)
    pdf.add_page()
    return pdf


def _put(pdf, x, y, text, style="", size=9, family="Helvetica", right=None):
    pdf.set_font(family, style, size)
    if right is not None:
        x = right - pdf.get_string_width(text)
    pdf.text(x, y, text)


@design("us-in-range-out-of-range", "fpdf2", "en-US")
def in_out(rng, out, **fixed):
    p = patient(rng, "us", order="upper", ident=f"{rng.randint(10**6, 10**7 - 1)}")
    at = moment(rng)
    st = Style(both="{lo}-{hi}", below="<{hi}", above="> OR = {lo}", high="", low="")
    v = sample(rng, p.sex, p.age(at), odd=0.25, digits=1, **fixed)
    rs = []
    for title, table in (("LIPID PANEL, STANDARD", "chol | CHOLESTEROL, TOTAL | mg/dL\nhdl | HDL CHOLESTEROL | mg/dL\ntrig | TRIGLYCERIDES | mg/dL\nldlc | LDL-CHOLESTEROL (calc) | mg/dL\nchr | CHOL/HDLC RATIO | \nnhdl | NON HDL CHOLESTEROL | mg/dL"),
                         ("COMPREHENSIVE METABOLIC PANEL", P.US_CMP.replace("IU/L", "U/L").upper().replace("MMOL/L", "mmol/L").replace("MG/DL", "mg/dL").replace("G/DL", "g/dL").replace("ML/MIN/1.73", "mL/min/1.73m2")),
                         ("CBC (INCLUDES DIFF/PLT)", "wbc | WHITE BLOOD CELL COUNT | Thousand/uL\nrbc | RED BLOOD CELL COUNT | Million/uL\nhgb | HEMOGLOBIN | g/dL\nhct | HEMATOCRIT | %\nmcv | MCV | fL\nmch | MCH | pg\nmchc | MCHC | g/dL\nrdw | RDW | %\nplt | PLATELET COUNT | Thousand/uL\nmpv | MPV | fL\nneut_a | ABSOLUTE NEUTROPHILS | cells/uL\nlymph_a | ABSOLUTE LYMPHOCYTES | cells/uL\nmono_a | ABSOLUTE MONOCYTES | cells/uL\neos_a | ABSOLUTE EOSINOPHILS | cells/uL\nbaso_a | ABSOLUTE BASOPHILS | cells/uL\nneut | NEUTROPHILS | %\nlymph | LYMPHOCYTES | %\nmono | MONOCYTES | %\neos | EOSINOPHILS | %\nbaso | BASOPHILS | %")):
        lines = "\n".join("|".join([x.split("|")[0].lower(), *x.split("|")[1:]]) for x in table.strip().splitlines())
        rs += rows(lines, v, st, p.sex, panel=title)
    for r in rs:
        if r.key in ("neut", "lymph", "mono", "eos", "baso"):
            r.range, r.odd = "", False
        if r.unit == "cells/uL":
            r.value = f"{float(r.value):.0f}"
    pdf = _pdf()
    page = 0

    def header():
        nonlocal page
        page += 1
        if page > 1:
            pdf.add_page()
        _put(pdf, 12, 14, "Beacon Ridge Diagnostics", "B", 15)
        _put(pdf, 120, 12, "Report Status: Final", "B", 9)
        _put(pdf, 120, 17, p.name, "B", 10)
        for i, (a, b) in enumerate((("Patient Information", "Specimen Information"), (p.name, f"Specimen: BR{p.identifier}X"), (f"DOB: {p.born:%m/%d/%Y}  AGE: {p.age(at)}", f"Collected: {at:%m/%d/%Y} / {at:%H:%M} PST"), (f"Patient ID: {p.identifier}", f"Received: {later(at, 8):%m/%d/%Y} / {later(at, 8):%H:%M} PST"), (f"Gender: {p.sex.upper()}", f"Reported: {later(at, 20):%m/%d/%Y} / {later(at, 20):%H:%M} PST"))):
            _put(pdf, 12, 24 + i * 4.4, a, "B" if i == 0 else "", 8)
            _put(pdf, 90, 24 + i * 4.4, b, "B" if i == 0 else "", 8)
        pdf.set_fill_color(210, 225, 210)
        pdf.rect(12, 46, 192, 6, "F")
        for x, h in ((13, "Test Name"), (84, "In Range"), (108, "Out Of Range"), (140, "Reference Range"), (192, "Lab")):
            _put(pdf, x, 50, h, "B", 8)
        return 57
    y, seen = header(), ""
    for r in rs:
        if y > 258:
            _put(pdf, 12, 272, f"PAGE {page} - Synthetic report: invented laboratory and patient. CLIENT SERVICES: 555.0100", "", 6.5)
            y, seen = header(), ""
        if r.panel != seen:
            again = " (continued)" if seen == "" and page > 1 and r is not rs[0] and rs[rs.index(r) - 1].panel == r.panel else ""
            seen = r.panel
            _put(pdf, 13, y, seen + again, "B", 8.5)
            y += 5
        _put(pdf, 16, y, r.name, "B" if r.odd else "", 8.5)
        _put(pdf, 110 if r.odd else 86, y, r.value, "B" if r.odd else "", 8.5)
        _put(pdf, 141, y, f"{r.range} {r.unit}".strip(), "", 8.5)
        _put(pdf, 193, y, "EN", "", 7)
        r.page = page
        y += 4.6
        if r.name.startswith("LDL-CHOL"):
            for line in ("Reference range: <100. Desirable range <100 mg/dL for primary prevention;", "<70 mg/dL for patients with CHD or diabetic patients with > or = 2 risk factors."):
                _put(pdf, 30, y, line, "", 7)
                y += 3.8
    _put(pdf, 12, 272, f"PAGE {page} OF {page} - Synthetic report: invented laboratory and patient.", "", 6.5)
    pdf.output(str(out))
    return Report(p, at, rows=rs, omit=("flag",))


BR = (("glu_f", "GLICOSE, JEJUM", "mg/dL", "Soro", "Enzimático - Hexoquinase"), ("urea", "UREIA", "mg/dL", "Soro", "Urease UV"), ("crea", "CREATININA", "mg/dL", "Soro", "Jaffé cinético"),
      ("na", "SÓDIO", "mmol/L", "Soro", "Eletrodo seletivo"), ("k", "POTÁSSIO", "mmol/L", "Soro", "Eletrodo seletivo"), ("ast", "TGO - AST", "U/L", "Soro", "Cinético UV"),
      ("alt", "TGP - ALT", "U/L", "Soro", "Cinético UV"), ("tsh", "TSH ULTRASSENSÍVEL", "µUI/mL", "Soro", "Quimioluminescência"), ("ft4", "T4 LIVRE", "ng/dL", "Soro", "Quimioluminescência"),
      ("ferr", "FERRITINA", "ng/mL", "Soro", "Quimioluminescência"), ("b12", "VITAMINA B12", "pg/mL", "Soro", "Quimioluminescência"), ("a1c", "HEMOGLOBINA GLICADA (HbA1c)", "%", "Sangue total", "HPLC"))


@design("br-one-test-per-block", "fpdf2", "pt-BR")
def br_blocks(rng, out, previous=True, **fixed):
    p = patient(rng, "pt", order="FIRST LAST", ident=f"{rng.randint(10**8, 10**9 - 1)}")
    at = moment(rng)
    st = Style(dec=",", both="De {lo} a {hi}", below="Inferior a {hi}", above="Superior a {lo}", high="", low="", thou=".")
    v = sample(rng, p.sex, p.age(at), odd=0.25, **fixed)
    old = sample(rng, p.sex, p.age(at), odd=0.25)
    rs = []
    for key, name, unit, material, method in BR:
        r = rows(f"{key} | {name} | {unit} | {method}", v, st, p.sex, before=old if previous and key not in ("ft4", "na") else None, specimen=material)[0]
        if key == "tsh":
            r.loinc = ""
        rs.append(r)
    pdf = _pdf("a4", (("dv", DEJAVU + "DejaVuSansCondensed.ttf", DEJAVU + "DejaVuSansCondensed-Bold.ttf"),))
    put = lambda x, y, s, b="", z=9: _put(pdf, x, y, s, b, z, "dv")
    page, y = 1, 0

    def header():
        put(14, 16, "LABORATÓRIO VALE DO ARAÇÁ", "B", 14)
        put(14, 22, f"Paciente: {p.name}     Data de nascimento: {p.born:%d/%m/%Y}", "", 9)
        put(14, 27, f"Pedido: {p.identifier}     Data da coleta: {at:%d/%m/%Y} {at:%H:%M}     Emissão: {later(at, 30):%d/%m/%Y}", "", 9)
        pdf.line(14, 30, 196, 30)
        return 38
    y = header()
    for r in rs:
        if y > 252:
            put(14, 288, f"Página {page} - Laudo sintético, laboratório e paciente inventados.", "", 6.5)
            pdf.add_page()
            page += 1
            y = header()
        r.page = page
        put(14, y, r.name, "B", 10.5)
        put(14, y + 4.6, f"Material: {r.specimen}", "", 8)
        put(70, y + 4.6, f"Método: {r.method}", "", 8)
        put(14, y + 11, "RESULTADO:", "", 9.5)
        put(40, y + 11, f"{r.value} {r.unit}", "B", 10.5)
        put(100, y + 11, "Valores de referência:", "", 8)
        put(134, y + 11, f"{r.range} {r.unit}", "", 8.5)
        if r.previous:
            put(14, y + 15.6, f"Resultado anterior: {r.previous} {r.unit} em {later(at, -24 * 200):%d/%m/%Y}", "", 7.5)
        pdf.line(14, y + 18, 196, y + 18)
        y += 24
    put(14, 288, f"Página {page} - Laudo sintético, laboratório e paciente inventados. Resp. técnica: Dra. Iara Bittencourt CRBM 00000", "", 6.5)
    pdf.output(str(out))
    return Report(p, at, rows=rs)


@design("mx-dotted-leaders", "fpdf2", "es-MX")
def mx_leaders(rng, out, **fixed):
    p = patient(rng, "es", order="FIRST LAST", ident=f"F-{rng.randint(10000, 99999)}")
    at = moment(rng)
    st = Style(both="{lo} a {hi}", below="Menor de {hi}", above="Mayor de {lo}", high="", low="", thou=",")
    v = sample(rng, p.sex, p.age(at), digits=0, **fixed)
    st.digits = dict(neut=0, lymph=0, mono=0, eos=0, baso=0)
    rs = rows("rbc | ERITROCITOS | millones/mm³\nhgb | HEMOGLOBINA | g/dL\nhct | HEMATOCRITO | %\nmcv | V.G.M. | fL\nmch | H.C.M. | pg\nmchc | C.M.H.C. | g/dL\nwbc | LEUCOCITOS | /mm³\nplt | PLAQUETAS | /mm³\nneut | NEUTROFILOS | %\nlymph | LINFOCITOS | %\nmono | MONOCITOS | %\neos | EOSINOFILOS | %\nbaso | BASOFILOS | %", v, st, p.sex, panel="BIOMETRÍA HEMÁTICA")
    rs += rows("glu | GLUCOSA | mg/dL\nurea | UREA | mg/dL\ncrea | CREATININA | mg/dL\nurate | ÁCIDO ÚRICO | mg/dL\nchol | COLESTEROL | mg/dL\ntrig | TRIGLICÉRIDOS | mg/dL", v, st, p.sex, panel="QUÍMICA SANGUÍNEA 6 ELEMENTOS")
    pdf = _pdf("letter", (("lib", LIB + "Mono-Regular.ttf", LIB + "Mono-Bold.ttf"),))
    put = lambda x, y, s, b="", z=9.5, right=None: _put(pdf, x, y, s, b, z, "lib", right)
    put(50, 16, "LABORATORIO CLÍNICO SAN JERÓNIMO", "B", 12)
    put(16, 26, f"PACIENTE: {p.name}")
    put(140, 26, f"FOLIO: {p.identifier}")
    put(16, 31, f"FECHA DE TOMA: {at:%d/%m/%Y} {at:%H:%M}")
    put(125, 31, f"NACIMIENTO: {p.born:%d/%m/%Y}")
    y, seen = 40, ""
    for r in rs:
        if r.panel != seen:
            seen = r.panel
            put(16, y + 2, seen, "B", 10.5)
            y += 9
        dots = "." * (34 - len(r.name))
        put(16, y, r.name + dots)
        put(0, y, r.value, "B", 9.5, right=110)
        put(113, y, r.unit)
        put(146, y, r.range)
        y += 6
    put(16, y + 8, "MUESTRA LIPÉMICA ++. SE SUGIERE AYUNO DE 12 HORAS Y REPETIR EN 30 DÍAS.", "", 8)
    put(16, 268, "Informe sintético: laboratorio y paciente inventados. Q.F.B. A. Loredo, Céd. 0000000", "", 7)
    pdf.output(str(out))
    return Report(p, at, rows=rs)


@design("plain-office-table", "fpdf2", "en-US")
def plain_office(rng, out, country="us", panels=(("CHEMISTRY", P.US_BMP), ("HEPATIC FUNCTION", P.US_HEPATIC), ("LIPIDS", P.US_LIPID), ("IRON STUDIES", P.US_IRON)), grid=False, shade=False, **fixed):
    p = patient(rng, country, order="last-first", ident=f"{rng.randint(10**5, 10**6 - 1)}")
    at = moment(rng)
    st = Style(both="{lo} - {hi}", below="< {hi}", above="> {lo}", high="H", low="L", alert_high="CH", alert_low="CL")
    v = sample(rng, p.sex, p.age(at), odd=0.2, **fixed)
    rs = [r for title, table in panels for r in rows(table, v, st, p.sex, panel=title, specimen="Urine" if title.startswith("URINE") else "")]
    pdf = _pdf("letter", (("lib", LIB + "Sans-Regular.ttf", LIB + "Sans-Bold.ttf"),))
    put = lambda x, y, s, b="", z=9.5: _put(pdf, x, y, s, b, z, "lib")
    put(15, 17, "Juniper Street Family Medicine - In-house Laboratory", "B", 13)
    put(15, 25, f"Patient: {p.name}")
    put(110, 25, f"Chart #: {p.identifier}")
    put(15, 30, f"Date of Birth: {p.born:%m/%d/%Y}")
    put(110, 30, f"Collected: {at:%m/%d/%Y} {at:%I:%M %p}")
    put(15, 35, "Provider: K. Lindholm, NP")
    put(110, 35, f"Reported: {later(at, 6):%m/%d/%Y} {later(at, 6):%I:%M %p}")
    step = 5.5 if len(rs) < 36 else 4.7
    y, seen = 44, ""
    cols = (15, 80, 104, 120, 146)
    for x, h in zip(cols, ("Test", "Result", "Flag", "Units", "Reference Range")):
        put(x, y, h, "B", 9.5)
    y += 2
    pdf.line(15, y, 200, y)
    y += 5
    for n, r in enumerate(rs):
        if r.panel != seen:
            seen = r.panel
            put(15, y, seen, "B")
            y += step
        if shade and n % 2:
            pdf.set_fill_color(222, 222, 222)
            pdf.rect(14, y - 3.8, 187, step - 0.3, "F")
        for x, s in zip(cols, (r.name, r.value, r.flag, r.unit, r.range)):
            put(x + (3 if x == 15 else 0), y, s, "B" if r.odd and x in (80, 104) else "")
        if grid:
            pdf.rect(14, y - 3.9, 187, step)
            for x in cols[1:]:
                pdf.line(x - 1.5, y - 3.9, x - 1.5, y - 3.9 + step)
        y += step
    put(15, y + 6, "H high, L low, CH/CL critical. Synthetic report: invented practice and patient.", "", 7)
    pdf.output(str(out))
    return Report(p, at, rows=rs)
