"""Word-processor designs (python-docx, converted by LibreOffice Writer)."""
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

import panels as P
from model import Report, Row, Style, rows
from people import later, moment, patient
from physiology import sample
from registry import design
from routes import office


def _doc(font, size):
    d = Document()
    s = d.sections[0]
    s.page_width, s.page_height = Cm(21), Cm(29.7)
    s.left_margin = s.right_margin = Cm(1.8)
    s.top_margin = s.bottom_margin = Cm(1.6)
    st = d.styles["Normal"]
    st.font.name, st.font.size = font, Pt(size)
    st.paragraph_format.space_after = Pt(2)
    return d


def _par(d, text, bold=False, size=None, center=False):
    par = d.add_paragraph()
    run = par.add_run(text)
    run.bold = bold
    if size:
        run.font.size = Pt(size)
    if center:
        par.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return par


def _table(d, lines, widths, grid=True, bold_rows=(0,)):
    tab = d.add_table(rows=0, cols=len(widths))
    if grid:
        tab.style = "Table Grid"
    tab.autofit = False
    for column, w in zip(tab.columns, widths):
        column.width = Cm(w)
    for i, line in enumerate(lines):
        cells = tab.add_row().cells
        for cell, item, w in zip(cells, line, widths):
            cell.width = Cm(w)
            text, bold = item if isinstance(item, tuple) else (item, i in bold_rows)
            par = cell.paragraphs[0]
            par.paragraph_format.space_after = Pt(0)
            par.add_run(text).bold = bold
    return tab


def _indian(n):
    head, tail = str(n)[:-3], str(n)[-3:]
    while len(head) > 2:
        head, tail = head[:-2], head[-2:] + "," + tail
    return f"{head},{tail}"


@design("in-letterhead-lakhs", "libreoffice-docx", "en-IN")
def in_letterhead(rng, out, grouped=False, **fixed):
    p = patient(rng, "in", order="first-last", ident=f"OPD-{rng.randint(1000, 9999)}")
    at = moment(rng)
    st = Style(both="{lo} - {hi}", below="Upto {hi}", above="> {lo}", high="", low="", thou="")
    v = sample(rng, p.sex, p.age(at), odd=0.25, digits=0, **fixed)
    st.digits = dict(neut=0, lymph=0, mono=0, eos=0, baso=0)
    rs = rows("hgb | Haemoglobin (Hb) | gm%\nwbc | Total Leucocyte Count (TLC) | /cumm", v, st, p.sex, panel="HAEMATOLOGY")
    rs[1].value = f"{int(rs[1].value):,}"
    rs[1].range = "4,000 - 10,800"
    rs += rows("neut | Polymorphs | %\nlymph | Lymphocytes | %\neos | Eosinophils | %\nmono | Monocytes | %\nbaso | Basophils | %\nrbc | R.B.C. Count | mill/cumm\nhct | P.C.V. | %\nplt | Platelet Count | lakhs/cumm\nesr_w | E.S.R. (Westergren) | mm/1hr", v, st, p.sex, panel="HAEMATOLOGY")
    rs += rows("glu_f | Blood Sugar (Fasting) | mg%\nglu_pp | Blood Sugar (PP) | mg%\nurea | Blood Urea | mg%\ncrea | Serum Creatinine | mg%\ntbil | Serum Bilirubin (Total) | mg%\nast | S.G.O.T. | U/L\nalt | S.G.P.T. | U/L\nurate | Serum Uric Acid | mg%", v, st, p.sex, panel="BIOCHEMISTRY")
    for r in rs:
        if grouped and r.key == "plt":      # Indian digit groups: 2,35,000
            r.value, r.unit, r.range = _indian(round(v["plt"]) * 1000), "/cumm", "1,50,000 - 4,00,000"
        if r.key in ("glu_f", "glu_pp"):
            r.loinc = ""    # "blood" sugar: the specimen is not certain
    rs += [Row("Malarial Parasite (MP)", "Not seen", panel="PARASITOLOGY & SEROLOGY"), Row("Widal - S. Typhi 'O'", "1:80", range="< 1:80", panel="PARASITOLOGY & SEROLOGY"), Row("Dengue NS1 Antigen", "Negative", panel="PARASITOLOGY & SEROLOGY"), Row("CRP (Qualitative)", "Positive", panel="PARASITOLOGY & SEROLOGY")]
    d = _doc("Liberation Serif", 11)
    _par(d, "SHREE GANESH PATHOLOGY LABORATORY", True, 16, True)
    _par(d, "Shop 4, Station Road, Kolapur   Dr. N. Bhagwat M.D. (Path)   Reg. 00000", size=9, center=True)
    _table(d, [[f"Patient Name : {p.name}", f"Ref. No. : {p.identifier}"], [f"Date of Birth : {p.born:%d/%m/%Y}    Sex : {p.sex.upper()}", f"Sample Date : {at:%d/%m/%Y}"], ["Ref. by : Dr. P. Wagle", f"Report Date : {later(at, 5):%d/%m/%Y}"]], (9.4, 8), bold_rows=())
    lines, heads = [["INVESTIGATION", "OBSERVED VALUE", "UNIT", "BIOLOGICAL REFERENCE RANGE"]], [0]
    seen = ""
    for r in rs:
        if r.panel != seen:
            seen = r.panel
            heads.append(len(lines))
            lines.append([seen, "", "", ""])
        lines.append([r.name, (r.value, r.odd), r.unit, r.range])
    _par(d, "")
    _table(d, lines, (7, 3.4, 2.8, 4.2), grid=False, bold_rows=heads)
    _par(d, "Remarks: kindly correlate clinically. Blood sugar PP taken 2 hours after 75 g glucose. Synthetic report, invented laboratory and patient.", size=8)
    office(d, "docx", out)
    return Report(p, at, has_time=False, rows=rs)


@design("urinalysis-form", "libreoffice-docx", "en-PH")
def urinalysis(rng, out, spec="Urine, random"):
    p = patient(rng, "us", order="upper", ident=f"U{rng.randint(10000, 99999)}")
    at = moment(rng)
    sg = f"{rng.choice([1.010, 1.015, 1.020, 1.025]):.3f}"
    phys = [Row("Color", "Dark yellow", loinc="5778-6"), Row("Transparency", "Slightly hazy", loinc="5767-9")]
    chem = [Row("Specific Gravity", sg, range="1.005 - 1.030"), Row("pH", "6.0", range="5.0 - 8.0"), Row("Protein", "1+", range="Negative"), Row("Glucose", "Negative", range="Negative"),
            Row("Ketones", "Trace", range="Negative"), Row("Blood", "2+", range="Negative"), Row("Bilirubin", "Negative", range="Negative"), Row("Urobilinogen", "0.2", unit="EU/dL", range="0.2 - 1.0"), Row("Nitrite", "Positive", range="Negative", loinc="5802-4"), Row("Leukocyte Esterase", "3+", range="Negative", loinc="5799-2")]
    mic = [Row("Pus Cells", "25-30", unit="/HPF", range="0 - 5"), Row("Red Blood Cells", "8-10", unit="/HPF", range="0 - 3"), Row("Epithelial Cells", "Few"), Row("Bacteria", "Moderate"), Row("Mucus Threads", "Rare"), Row("Amorphous Urates", "Few"), Row("Hyaline Casts", "0-1", unit="/LPF"), Row("Calcium Oxalate", "None seen")]
    for rs, panel in ((phys, "PHYSICAL EXAMINATION"), (chem, "CHEMICAL EXAMINATION"), (mic, "MICROSCOPIC EXAMINATION")):
        for r in rs:
            r.panel, r.specimen = panel, "Urine, random"
    d = _doc("Carlito", 11)
    _par(d, "BAYANIHAN COMMUNITY DIAGNOSTICS", True, 14, True)
    _par(d, "CLINICAL MICROSCOPY SECTION - URINALYSIS", True, center=True)
    _par(d, f"Name: {p.name}     Birthday: {p.born:%m/%d/%Y}     Case No.: {p.identifier}")
    _par(d, f"Date collected: {at:%m/%d/%Y} {at:%I:%M %p}     Specimen: Urine, random     Physician: Dr. R. Malonzo")
    left, right = phys + chem, mic

    def cell(r):
        return f"{r.name}:", f"{r.value} {r.unit}".strip() + (f"  ({r.range})" if r.range else "")
    lines = []
    lcol = [("PHYSICAL EXAMINATION", "")] + [cell(r) for r in phys] + [("CHEMICAL EXAMINATION", "")] + [cell(r) for r in chem]
    rcol = [("MICROSCOPIC EXAMINATION", "")] + [cell(r) for r in right]
    for i in range(max(len(lcol), len(rcol))):
        a = lcol[i] if i < len(lcol) else ("", "")
        b = rcol[i] if i < len(rcol) else ("", "")
        lines.append([(x, x.isupper() and "EXAM" in x) for x in (*a, *b)])
    _par(d, "")
    _table(d, lines, (4.3, 4.4, 4.3, 4.4), grid=False, bold_rows=())
    _par(d, "Remarks: suggest culture. Synthetic form, invented laboratory and patient.", size=8)
    office(d, "docx", out)
    return Report(p, at, rows=left + right)


ENDO = """
fsh | FSH | mIU/mL | | Follicular: 3.5 - 12.5; Mid-cycle: 4.7 - 21.5; Luteal: 1.7 - 7.7; Postmenopausal: 25.8 - 134.8
lh | LH | mIU/mL | | Follicular: 2.4 - 12.6; Mid-cycle: 14.0 - 95.6; Luteal: 1.0 - 11.4; Postmenopausal: 7.7 - 58.5
e2 | Estradiol (E2) | pg/mL | | Follicular: 12.4 - 233; Ovulation: 41 - 398; Luteal: 22.3 - 341; Postmenopausal: < 138
prog | Progesterone | ng/mL | | Follicular: 0.1 - 0.9; Luteal: 1.8 - 23.9
prl | Prolactin | ng/mL | | Non-pregnant: 4.8 - 23.3
testo | Testosterone, Total | ng/dL
dheas | DHEA-Sulfate | µg/dL
amh | AMH | ng/mL
ins | Insulin, Fasting | µIU/mL
tsh | TSH | µIU/mL
ft4 | Free T4 | ng/dL
ft3 | Free T3 | pg/mL
tpo | Anti-TPO | IU/mL
"""


@design("endocrine-stratified", "libreoffice-docx", "en-US")
def endocrine(rng, out, **fixed):
    p = patient(rng, "us", sex="f", order="last-first", ident=f"{rng.randint(10**5, 10**6 - 1)}")
    p.born = p.born.replace(year=rng.randint(1984, 1999))
    at = moment(rng)
    v = sample(rng, "f", p.age(at), odd=0.2, **{"fsh": 6.1, "lh": 5.4, "e2": 88.0, "prog": 0.4, "dheas": 312.0, **fixed})
    rs = rows(ENDO, v, Style(high="High", low="Low", below="< {hi}", above="> {lo}"), "f", panel="REPRODUCTIVE ENDOCRINOLOGY", specimen="Serum")
    for r in rs:
        if ";" in r.range or ":" in r.range:
            r.flag = ""
        r.extra["lines"], r.range = r.range.replace("; ", "\n"), r.range.replace("; ", " ")
        if r.key == "ins":
            r.loinc = ""
    rs.insert(5, Row("hCG, Quantitative", "<1.2", "mIU/mL", "Non-pregnant: < 5.0", specimen="Serum", panel="REPRODUCTIVE ENDOCRINOLOGY"))
    d = _doc("Lato", 9.5)
    _par(d, "Northlight Fertility & Endocrine Laboratory", True, 15)
    _par(d, f"Patient: {p.name}   DOB: {p.born:%m/%d/%Y}   ID: {p.identifier}   Sex: F")
    _par(d, f"Collected: {at:%m/%d/%Y %H:%M}   Specimen: Serum   Cycle day: 3   Reported: {later(at, 22):%m/%d/%Y}")
    _par(d, "REPRODUCTIVE ENDOCRINOLOGY", True, 11)
    lines = [["Test", "Result", "Flag", "Unit", "Reference interval"]] + [[r.name, (r.value, r.odd and bool(r.flag)), r.flag, r.unit, r.extra.get("lines", r.range)] for r in rs]
    _table(d, lines, (4.6, 2.2, 1.6, 2.2, 6.8))
    _par(d, "Estradiol above 60 - 80 pg/mL on day 3 may lower FSH; read both together. Biotin above 5 mg/day interferes. Synthetic report: invented laboratory and patient.", size=8)
    office(d, "docx", out)
    return Report(p, at, rows=rs)


@design("bold-only-flags", "libreoffice-docx", "en-AU")
def bold_only(rng, out, **fixed):
    p = patient(rng, "uk", order="upper", ident=f"{rng.randint(20, 29)}-{rng.randint(1000000, 9999999)}")
    at = moment(rng)
    v = sample(rng, p.sex, p.age(at), odd=0.3, **fixed)
    st = Style(both="({lo} - {hi})", below="(< {hi})", above="(> {lo})", high="", low="")
    rs = []
    for title, table in (("GENERAL CHEMISTRY", P.UK_UE.replace("eGFR (CKD-EPI 2009)", "eGFR (CKD-EPI 2009)") + P.UK_LFT), ("HAEMATOLOGY", P.UK_FBC), ("IRON STUDIES", "iron | Iron | umol/L\ntrf | Transferrin | g/L\ntsat | Transferrin Saturation | %\nferr | Ferritin | ug/L")):
        rs += rows(table, v, st, p.sex, panel=title)
    d = _doc("Liberation Sans", 9.5)
    _par(d, "WATTLEBANK PATHOLOGY", True, 16)
    _par(d, f"{p.name}    DOB {p.born:%d/%m/%Y}    Sex {p.sex.upper()}    Lab No {p.identifier}")
    _par(d, f"Collected {at:%d/%m/%Y} {at:%H:%M}    Reported {later(at, 19):%d/%m/%Y}    Requested by Dr G Hensley")
    seen, block = "", []
    for r in rs + [None]:
        if r is None or r.panel != seen:
            if block:
                _par(d, seen, True)
                _table(d, block, (6.2, 2.6, 3.6, 4.6), grid=False, bold_rows=())
            if r is None:
                break
            seen, block = r.panel, []
        block.append([(r.name, r.odd), (r.value, r.odd), (r.unit, r.odd), r.range])
    _par(d, "Bold: outside the interval shown. Comment: ferritin below 30 ug/L indicates iron deficiency. Synthetic report, invented laboratory and patient.", size=8)
    office(d, "docx", out)
    return Report(p, at, rows=rs)


@design("fr-hospital-table", "libreoffice-docx", "fr")
def fr_table(rng, out, **fixed):
    p = patient(rng, "fr", order="first-last", ident=f"IPP {rng.randint(10**7, 10**8 - 1)}")
    at = moment(rng)
    v = sample(rng, p.sex, p.age(at), odd=0.25, **fixed)
    st = Style(dec=",", thou=" ", both="{lo} - {hi}", below="< {hi}", above="> {lo}", high="H", low="B")
    rs = []
    for title, table in (("IONOGRAMME SANGUIN", "na | Sodium | mmol/L\nk | Potassium | mmol/L\ncl | Chlorures | mmol/L\nhco3 | Bicarbonates | mmol/L\ntp | Protéines totales | g/L\nurea | Urée | mmol/L\ncrea | Créatinine | µmol/L\nca | Calcium | mmol/L"),
                         ("BILAN HÉPATIQUE", "ast | ASAT | UI/L\nalt | ALAT | UI/L\nggt | Gamma GT | UI/L\nalp | Phosphatases alcalines | UI/L\ntbil | Bilirubine totale | µmol/L\ndbil | Bilirubine conjuguée | µmol/L"),
                         ("HÉMOSTASE", "quick | Taux de prothrombine (TP) | %\ninr | INR |\nfib | Fibrinogène | g/L"), ("MARQUEURS", "tnt | Troponine T hs | ng/L\nntbnp | NT-proBNP | ng/L\npct | Procalcitonine | ng/mL\ncrp | CRP | mg/L")):
        rs += rows(table, v, st, p.sex, panel=title)
    for r in rs:
        if r.key == "dbil":
            r.loinc = ""    # "conjuguée" is not quite "direct"
    d = _doc("Liberation Sans", 10)
    _par(d, "CENTRE HOSPITALIER DU VAL D'ORVANNE - Pôle Biologie", True, 13)
    _par(d, f"{p.name}   né(e) le {p.born:%d/%m/%Y}   {p.identifier}")
    _par(d, f"Prélèvement : {at:%d/%m/%Y} {at:%H:%M}   Validation : {later(at, 2):%d/%m/%Y %H:%M}   Unité : Cardiologie 2")
    lines, heads, seen = [["Examen", "Norme", "Unité", "", "Résultat"]], [0], ""
    for r in rs:
        if r.panel != seen:
            seen = r.panel
            heads.append(len(lines))
            lines.append([seen, "", "", "", ""])
        lines.append([r.name, r.range, r.unit, r.flag, (r.value, True)])
    _table(d, lines, (6.6, 3.6, 2.6, 1, 2.8), bold_rows=heads)
    _par(d, "Compte rendu synthétique, hôpital et patient inventés. NT-proBNP : insuffisance cardiaque probable si > 450 ng/L avant 50 ans.", size=8)
    office(d, "docx", out)
    return Report(p, at, rows=rs)
