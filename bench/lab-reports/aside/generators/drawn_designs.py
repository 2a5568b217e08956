"""Designs drawn with cairo and matplotlib: French leaders with two unit lines, blood gas, coagulation."""
import textwrap

import cairo
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

import panels as P
from model import Report, Style, rows
from people import later, moment, patient
from physiology import earlier, sample
from registry import design


class _Page:
    def __init__(self, out, size=(595, 842)):
        self.surface = cairo.PDFSurface(str(out), *size)
        self.cr = cairo.Context(self.surface)

    def put(self, x, y, text, size=9, family="Liberation Serif", bold=False, italic=False, right=False):
        c = self.cr
        c.select_font_face(family, cairo.FONT_SLANT_ITALIC if italic else cairo.FONT_SLANT_NORMAL,
                           cairo.FONT_WEIGHT_BOLD if bold else cairo.FONT_WEIGHT_NORMAL)
        c.set_font_size(size)
        if right:
            x -= c.text_extents(text).x_advance
        c.move_to(x, y)
        c.show_text(text)
        return c.text_extents(text).x_advance

    def line(self, x0, y0, x1, y1, w=0.6):
        self.cr.set_line_width(w)
        self.cr.move_to(x0, y0)
        self.cr.line_to(x1, y1)
        self.cr.stroke()


# key, name, first unit, second unit
FR_DUAL = (("glu_f", "Glycémie à jeun", "g/L", "mmol/L"), ("urea", "Urée", "g/L", "mmol/L"), ("crea", "Créatinine", "mg/L", "µmol/L"), ("urate", "Acide urique", "mg/L", "µmol/L"),
           ("ca", "Calcium", "mg/L", "mmol/L"), ("chol", "Cholestérol total", "g/L", "mmol/L"), ("hdl", "Cholestérol HDL", "g/L", "mmol/L"), ("trig", "Triglycérides", "g/L", "mmol/L"))


@design("fr-leaders-two-units-anteriorites", "cairo", "fr")
def fr_leaders(rng, out, haemogram=True, **fixed):
    p = patient(rng, "fr", order="last-first", ident=f"{rng.randint(100000, 999999)}-{rng.randint(1, 9)}")
    p.name = p.name.replace(",", "")
    at = moment(rng)
    st = Style(dec=",", both="({lo}–{hi})", below="(Inf. à {hi})", above="(Sup. à {lo})", high="*", low="*", thou=" ")
    v = sample(rng, p.sex, p.age(at), odd=0.25, **fixed)
    old = earlier(rng, v)
    page = _Page(out)
    put = page.put
    put(40, 45, "Laboratoire de biologie médicale des Trois Chênes", 15, bold=True)
    put(40, 60, "Biologistes : Dr C. Vasseur, Dr L. Hamelin", 9, italic=True)
    put(40, 85, f"Patient : {p.name}", 10, bold=True)
    put(40, 98, f"Né(e) le {p.born:%d/%m/%Y}   Sexe {'M' if p.sex == 'm' else 'F'}   Dossier n° {p.identifier}", 9)
    put(330, 85, f"Prélevé le {at:%d/%m/%Y} à {at:%Hh%M}", 9)
    put(330, 98, f"Édité le {later(at, 8):%d/%m/%Y}", 9)
    page.line(40, 106, 555, 106)
    put(300, 120, "Résultat", 8, bold=True)
    put(385, 120, "Valeurs de référence", 8, bold=True)
    put(490, 120, "Antériorités", 8, bold=True)
    put(490, 130, f"{later(at, -24 * 140):%d/%m/%Y}", 8)
    y, out_rows = 140, []

    def leader(r, y):
        w = put(48, y, r.name + " ", 9.5)
        x = 48 + w
        dot = page.cr.text_extents(".").x_advance
        put(x, y, "." * int((285 - x) / dot), 9.5)
        put(318, y, r.value + (" " + r.flag if r.flag else ""), 9.5, bold=True, right=True)
        put(324, y, r.unit, 9)
        put(385, y, r.range, 9)
        if r.previous:
            put(490, y, r.previous, 9)

    put(40, y, "BIOCHIMIE SANGUINE", 10, bold=True)
    y += 15
    for key, name, u1, u2 in FR_DUAL:
        r = rows(f"{key} | {name} | {u1}", v, st, p.sex, before=old, panel="BIOCHIMIE SANGUINE")[0]
        second = rows(f"{key} | {name} | {u2}", v, st, p.sex)[0]
        leader(r, y)
        put(318, y + 11, second.value, 8.5, right=True)
        put(324, y + 11, u2, 8.5)
        put(385, y + 11, second.range, 8.5)
        out_rows.append(r)
        y += 26
    rest = [("BIOCHIMIE SANGUINE", P.FR_CHIMIE)]
    if haemogram:
        rest.append(("HÉMATOLOGIE", P.FR_NFS))
    for title, table in rest:
        if title != "BIOCHIMIE SANGUINE":
            y += 6
            put(40, y, title, 10, bold=True)
            y += 15
        for r in rows(table, v, st, p.sex, before=old, panel=title):
            if r.key in ("ferr", "alp"):
                r.previous = ""
            leader(r, y)
            out_rows.append(r)
            y += 14.5
    put(40, 800, "Accréditation fictive. Compte rendu synthétique : laboratoire et patient inventés. Cible LDL < 0,70 g/L si risque élevé.", 7)
    page.surface.finish()
    return Report(p, at, rows=out_rows)


@design("blood-gas-form", "cairo", "en-GB")
def blood_gas(rng, out, kpa=True, **fixed):
    p = patient(rng, "uk", order="last-first", ident=f"W{rng.randint(100000, 999999)}")
    at = moment(rng)
    st = Style(both="{lo} - {hi}", below="< {hi}", high="↑", low="↓")
    v = sample(rng, p.sex, p.age(at), odd=0.3, **fixed)
    pr = "kPa" if kpa else "mmHg"
    sp = "Arterial blood"
    gas = rows(f"a_ph | pH |\na_pco2 | pCO2 | {pr}\na_po2 | pO2 | {pr}\na_hco3 | HCO3-(P) | mmol/L\na_be | Base excess | mmol/L\na_so2 | sO2 | %", v, st, p.sex, panel="Blood gas values", specimen=sp)
    oxi = rows("! tHb | 128 | g/L | 120 - 175\n! FO2Hb | 94.8 | % | 94.0 - 98.0\n! FCOHb | 1.2 | % | 0.5 - 1.5\n! FMetHb | 0.6 | % | 0.0 - 1.5", v, st, p.sex, panel="Oximetry values", specimen=sp)
    ele = rows("na | Na+ | mmol/L\nk | K+ | mmol/L\ncl | Cl- | mmol/L\nica | Ca++ | mmol/L", v, st, p.sex, panel="Electrolyte values", specimen=sp)
    met = rows("glu | Glucose | mmol/L\na_lac | Lactate | mmol/L", v, st, p.sex, panel="Metabolite values", specimen=sp)
    for r in ele + met[:1]:
        r.loinc = ""
    page = _Page(out, (420, 595))
    put = lambda x, y, s, z=9, **k: page.put(x, y, s, z, "DejaVu Sans", **k)
    put(30, 30, "AXON 900 Series  Patient report", 11, bold=True)
    put(30, 44, f"Critical Care, Fellgate Royal Infirmary     Sample #: {rng.randint(1000, 9999)}", 8)
    for i, (a, b) in enumerate((("Patient ID", p.identifier), ("Patient name", p.name), ("Date of birth", f"{p.born:%d/%m/%Y}"), ("Sample type", "Arterial blood"), ("Drawn", f"{at:%d/%m/%Y %H:%M}"), ("Analysed", f"{later(at, 0):%d/%m/%Y} {later(at, 0.1):%H:%M}"), ("T", "37.0 °C"), ("FO2(I)", "28 %"))):
        put(30, 62 + 11.5 * i, a, 8.5)
        put(130, 62 + 11.5 * i, b, 8.5)
    y = 166
    for block in (gas, oxi, ele, met):
        page.line(30, y - 9, 390, y - 9)
        put(30, y + 2, block[0].panel, 9, bold=True)
        y += 16
        for r in block:
            if r.flag:
                put(34, y, r.flag, 9)
            put(50, y, r.name)
            put(200, y, r.value, 9.5, bold=bool(r.flag), right=True)
            put(210, y, r.unit)
            put(280, y, f"[ {r.range} ]" if r.range else "")
            y += 13.5
        y += 8
    put(30, 575, "↑ above, ↓ below reference. Synthetic report; invented patient and analyser.", 6.5)
    page.surface.finish()
    return Report(p, at, rows=gas + oxi + ele + met)


@design("coagulation-drawn-table", "matplotlib", "en-US")
def coag(rng, out, **fixed):
    p = patient(rng, "us", order="first-last", ident=f"C{rng.randint(10**6, 10**7 - 1)}")
    at = moment(rng)
    st = Style(both="{lo} – {hi}", below="< {hi}", above="> {lo}", high="H", low="L")
    v = sample(rng, p.sex, p.age(at), odd=0.3, **fixed)
    rs = rows("pt | Prothrombin Time | seconds\ninr | INR |\nptt | Activated Partial Thromboplastin Time (aPTT) | seconds\ntt | Thrombin Time | seconds\nfib | Fibrinogen, Clauss | mg/dL\nddf | D-Dimer, Quantitative | µg/mL FEU\nat3 | Antithrombin Activity | %", v, st, p.sex, specimen="Citrated plasma")
    rs += rows("! Protein C Activity | 104 | % | 70 – 140\n! Protein S, Free Antigen | 61 | % | 60 – 130\n! Lupus Anticoagulant (dRVVT) Screen | Negative | | Negative\n! Factor V Leiden | Not detected | | Not detected\n! Anti-Xa, Heparin | <0.10 | IU/mL | 0.30 – 0.70\nplt | Platelet Count | K/uL", v, st, p.sex, specimen="Citrated plasma")
    rs[-1].specimen = "EDTA whole blood"
    plt.rcParams.update({"pdf.fonttype": 42, "font.family": "DejaVu Sans", "mathtext.default": "regular"})
    fig = plt.figure(figsize=(8.5, 11))
    fig.text(0.07, 0.95, "Wyckoff Thrombosis Center", fontsize=15, weight="bold", color="#1f3b63")
    fig.text(0.07, 0.925, "COAGULATION CONSULTATION REPORT", fontsize=9)
    fig.text(0.07, 0.895, f"Patient: {p.name}", fontsize=9)
    fig.text(0.45, 0.895, f"DOB: {p.born:%m/%d/%Y}", fontsize=9)
    fig.text(0.7, 0.895, f"MRN: {p.identifier}", fontsize=9)
    fig.text(0.07, 0.875, f"Collected: {at:%m/%d/%Y %H:%M}", fontsize=9)
    fig.text(0.45, 0.875, f"Received: {later(at, 2):%m/%d/%Y %H:%M}", fontsize=9)
    y = 0.84
    xs = (0.07, 0.38, 0.47, 0.58, 0.62, 0.76)
    for x, h in zip(xs, ("Assay", "Units", "Reference", "Flag", "Result", "Specimen")):
        fig.text(x, y, h, fontsize=8.5, weight="bold")
    fig.add_artist(plt.Line2D([0.07, 0.95], [y - 0.008, y - 0.008], color="black", lw=0.8))
    for r in rs:
        y -= 0.027
        parts = textwrap.wrap(r.name, 30)
        for i, part in enumerate(parts):
            fig.text(0.07, y - 0.014 * i, part, fontsize=8.5)
        for x, s in zip(xs[1:], (r.unit, r.range, r.flag, r.value, r.specimen)):
            fig.text(x, y, s, fontsize=8.5, weight="bold" if x == 0.62 else "normal")
        y -= 0.014 * (len(parts) - 1)
    fig.text(0.07, y - 0.05, "Comment: INR therapeutic range 2.0 – 3.0 for most indications; 2.5 – 3.5 for mechanical valves. D-dimer below 0.50 µg/mL FEU\nmakes venous thromboembolism unlikely when pretest probability is low.", fontsize=8)
    fig.text(0.07, 0.04, "Synthetic report: invented center and patient.", fontsize=6.5)
    fig.savefig(out, metadata={"CreationDate": None})
    plt.close(fig)
    return Report(p, at, rows=rs)
