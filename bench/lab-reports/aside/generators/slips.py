"""Paper that only exists as pixels: thermal slips and dot-matrix sheets, drawn with Pillow."""
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from model import Report, Row, Style, rows
from people import moment, patient
from physiology import sample
from registry import design

MONO = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf"
DOTS = "/usr/share/fonts/truetype/dotgothic16/DotGothic16-Regular.ttf"
NOTE = "SYNTHETIC, INVENTED PATIENT"


def _strip(lines, width_chars, out, size=24, leading=31, ink=45):
    font = ImageFont.truetype(MONO, size)
    w = int(font.getlength("0") * width_chars) + 60
    img = Image.new("L", (w, leading * len(lines) + 90), 246)
    d = ImageDraw.Draw(img)
    for i, line in enumerate(lines):
        d.text((30, 40 + i * leading), line, font=font, fill=ink + (i * 7) % 18)
    img.save(out)


@design("thermal-chemistry-slip", "pillow", "en-US", "png")
def chem_slip(rng, out, **fixed):
    p = patient(rng, "us", order="upper", ident=f"{rng.randint(10**5, 10**6 - 1)}")
    at = moment(rng)
    st = Style(both="{lo}-{hi}", high="H", low="L")
    v = sample(rng, p.sex, p.age(at), odd=0.3, **fixed)
    rs = rows("na | NA+ | mmol/L\nk | K+ | mmol/L\nco2 | tCO2 | mmol/L\ncl | CL- | mmol/L\nglu | GLU | mg/dL\nca | CA | mg/dL\nbun | BUN | mg/dL\ncrea | CRE | mg/dL\nalp | ALP | U/L\nalt | ALT | U/L\nast | AST | U/L\ntbil | TBIL | mg/dL\nalb | ALB | g/dL\ntp | TP | g/dL", v, st, p.sex, panel="Comp Metabolic", specimen="Serum")
    lines = ["   POCLAB XP CHEMISTRY", f"{at:%d %b %Y}   {at:%I:%M %p}".upper(), f"Sample: {p.identifier}", f"Name: {p.name}", f"DOB: {p.born:%m/%d/%Y}", "Sample Type: Serum", "Panel: Comp Metabolic", "-" * 36]
    lines += [f"{r.name:<5}{r.value:>6}{r.flag or ' ':>2} {r.range:>10} {r.unit}" for r in rs]
    lines += ["-" * 36, "QC OK  HEM 0 LIP 1+ ICT 0", NOTE]
    _strip(lines, 36, out)
    return Report(p, at, rows=rs)


@design("thermal-cbc-slip", "pillow", "en-IN", "png")
def cbc_slip(rng, out, **fixed):
    p = patient(rng, "in", order="upper", ident=f"{rng.randint(100, 999)}")
    at = moment(rng)
    st = Style(both="{lo}-{hi}", high="H", low="L")
    v = sample(rng, p.sex, p.age(at), odd=0.3, **fixed)
    rs = rows("wbc | WBC | 10^3/uL\nlymph | LYM% | %\nrbc | RBC | 10^6/uL\nhgb | HGB | g/dL\nhct | HCT | %\nmcv | MCV | fL\nmch | MCH | pg\nmchc | MCHC | g/dL\nrdw | RDW-CV | %\nplt | PLT | 10^3/uL\nmpv | MPV | fL", v, st, p.sex)
    lines = ["  HEMASTAR 20  AUTO ANALYZER", f"ID: {p.identifier}", f"NAME: {p.name}", f"DOB: {p.born:%d/%m/%Y}", f"DATE: {at:%d/%m/%Y} {at:%H:%M}", "MODE: WB", ""]
    lines += [f"{r.name:<8}{r.value:>6} {r.flag:<2}{r.unit:<8} {r.range}" for r in rs]
    lines += ["", NOTE]
    _strip(lines, 37, out, size=25, leading=34, ink=70)
    return Report(p, at, rows=rs)


@design("thermal-dipstick-slip", "pillow", "en-US", "png")
def dip_slip(rng, out):
    p = patient(rng, "us", order="upper", ident=f"{rng.randint(10**4, 10**5 - 1)}")
    at = moment(rng)
    data = (("GLU", "Negative", "", ""), ("BIL", "Negative", "", ""), ("KET", "Trace", "", "*"), ("SG", "1.020", "", ""), ("BLO", "2+", "", "*"), ("pH", "6.5", "", ""), ("PRO", "100", "mg/dL", "*"), ("URO", "0.2", "E.U./dL", ""), ("NIT", "Positive", "", "*"), ("LEU", "3+", "", "*"))
    rs = [Row(n, v, u, flag=f, specimen="Urine") for n, v, u, f in data]
    lines = ["     URISTATUS 50", "  URINE DIPSTICK RESULTS", f"Date {at:%m-%d-%Y}  Time {at:%H:%M}", f"Pt ID {p.identifier}", f"Name {p.name}", f"DOB {p.born:%m-%d-%Y}", "Sample: Urine  Color: Yellow", "Clarity: Cloudy", ""]
    lines += [f" {r.flag or ' '}{r.name:<5}  {r.value} {r.unit}" for r in rs] + ["", NOTE]
    rs += [Row("Color", "Yellow", specimen="Urine", loinc="5778-6"), Row("Clarity", "Cloudy", specimen="Urine")]
    _strip(lines, 32, out, size=26, leading=36, ink=60)
    return Report(p, at, rows=rs)


@design("dot-matrix-fanfold", "pillow", "en-US", "png")
def dot_matrix(rng, out, **fixed):
    p = patient(rng, "us", order="upper", ident=f"{rng.randint(10**6, 10**7 - 1)}")
    at = moment(rng)
    st = Style(both="{lo}-{hi}", below="<{hi}", above=">{lo}", high="HI", low="LO")
    v = sample(rng, p.sex, p.age(at), odd=0.25, **fixed)
    rs = rows("na | SODIUM | MEQ/L\nk | POTASSIUM | MEQ/L\ncl | CHLORIDE | MEQ/L\nco2 | CO2 | MEQ/L\nbun | BUN | MG/DL\ncrea | CREATININE | MG/DL\nglu | GLUCOSE | MG/DL\nca | CALCIUM | MG/DL\nphos | PHOSPHORUS | MG/DL\nurate | URIC ACID | MG/DL\ntp | TOTAL PROTEIN | G/DL\nalb | ALBUMIN | G/DL\ntbil | TOTAL BILIRUBIN | MG/DL\nalp | ALK PHOSPHATASE | U/L\nldh | LDH | U/L\nast | AST | U/L\nalt | ALT | U/L\nchol | CHOLESTEROL | MG/DL".replace("MEQ/L", "mEq/L").replace("MG/DL", "mg/dL").replace("G/DL", "g/dL"), v, st, p.sex)
    for r in rs:
        r.unit = r.unit.upper()
    lines = ["COUNTY GENERAL HOSPITAL              CLINICAL LABORATORY", "", f"NAME: {p.name:<28}CHART: {p.identifier}", f"DOB:  {p.born:%m/%d/%Y}                  DRAWN: {at:%m/%d/%Y} {at:%H:%M}", "", "TEST                RESULT       NORMAL        UNITS", "------------------------------------------------------"]
    lines += [f"{r.name:<18}{r.value:>8} {r.flag:<4}{r.range:<16}{r.unit}" for r in rs] + ["", "SYNTHETIC REPORT - INVENTED HOSPITAL AND PATIENT"]
    font = ImageFont.truetype(DOTS, 16)
    small = Image.new("1", (8 * 62 + 40, 22 * len(lines) + 60), 1)
    d = ImageDraw.Draw(small)
    d.fontmode = "1"
    for i, line in enumerate(lines):
        for j, ch in enumerate(line):
            d.text((20 + 8 * j, 24 + 22 * i), ch, font=font, fill=0)
    on = ~np.array(small)
    k = 3
    h, w = on.shape
    page = np.full((h * k, w * k), 250, np.uint8)
    for band in range(0, h * k, 22 * k * 4):
        page[band:band + 22 * k * 2] = 232
    ink = np.kron(on, np.array([[0, 1, 0], [1, 1, 1], [1, 1, 0]])).astype(bool)
    page[ink] = 60
    Image.fromarray(page).save(out)
    return Report(p, at, rows=rs)
