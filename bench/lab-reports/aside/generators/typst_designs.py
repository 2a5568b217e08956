"""Designs set with Typst: an Indian chain, an Italian laboratory, a clinic letter, serology."""
import panels as P
from model import Report, Style, rows
from people import later, moment, patient
from physiology import earlier, sample
from registry import design
from routes import typst_pdf


def t(text):
    """A Typst content block with every mark-up character escaped."""
    return "[" + "".join("\\" + c if c in "\\#*_`$<>@[]~/=-+'\"" else c for c in str(text)) + "]"


@design("in-chain-method-under-name", "typst", "en-IN")
def in_chain(rng, out, panels=("cbc", "lkft", "thyroid"), **fixed):
    p = patient(rng, "in", order="FIRST LAST", ident=f"{rng.randint(100000000, 999999999)}")
    at = moment(rng)
    st = Style(both="{lo} - {hi}", below="<{hi}", above=">{lo}", high="", low="")
    st.digits = dict(na=0, urea=2, alp=0, chol=2, hgb=2, hct=2, mcv=2, mch=2, mchc=2, rdw=2, wbc=2, neut=2, lymph=2, mono=2, eos=2, baso=2, plt=2, rbc=2, tbil=2, dbil=2, ibil=2, tp=2, alb=2, agr=2)
    v = sample(rng, p.sex, p.age(at), digits=2, **fixed)
    v["ibil"] = round(v["tbil"], 2) - round(v["dbil"], 2)
    rs = []
    if "cbc" in panels:
        rs += rows(P.IN_CBC, v, st, p.sex, panel="COMPLETE BLOOD COUNT; CBC")
    if "lkft" in panels:
        rs += rows(P.IN_LKFT, v, st, p.sex, panel="LIVER & KIDNEY PANEL, SERUM", specimen="SERUM")
    if "thyroid" in panels:
        rs += rows("t3 | T3, Total | ng/dL | CLIA\nt4 | T4, Total | µg/dL | CLIA\ntsh | TSH | µIU/mL | CLIA", v, st, p.sex, panel="THYROID PROFILE, TOTAL, SERUM", specimen="SERUM")
    if "sugar" in panels:
        rs += rows("glu_f | Glucose Fasting | mg/dL | Hexokinase\na1c | HbA1c | % | HPLC\neag | Estimated average glucose (eAG) | mg/dL | Calculated", v, st, p.sex, panel="DIABETES SCREEN")
        rs += rows("chol | Cholesterol Total | mg/dL | CHO-POD\ntrig | Triglycerides | mg/dL | GPO-POD\nhdl | HDL Cholesterol | mg/dL | Enz Immunoinhibition\nldlc | LDL Cholesterol, Calculated | mg/dL | Calculated\nnhdl | Non-HDL Cholesterol | mg/dL | Calculated", v, st, p.sex, panel="LIPID SCREEN, SERUM", specimen="SERUM")
    cells, seen = "", ""
    for r in rs:
        if r.panel != seen:
            seen = r.panel
            cells += f"table.cell(colspan: 4)[#v(3pt)*#underline{t(seen)}*],\n"
        val = f"#text(weight: \"bold\"){t(r.value)}" if r.odd else f"#text{t(r.value)}"
        cells += f"[#text{t(r.name)}\\ #text(size: 6.5pt, fill: rgb(\"#555\")){t('(' + r.method + ')')}], [{val}], {t(r.unit)}, {t(r.range)},\n"
        if r.key == "tsh":
            cells += "table.cell(colspan: 4)[#text(size: 7.5pt)[Note: 1. TSH levels are subject to circadian variation, peaking between 2 and 4 am. 2. First trimester 0.10 \\- 2.50, second 0.20 \\- 3.00, third 0.30 \\- 3.00 µIU\\/mL.]],\n"
        if r.key == "eag":
            cells += "table.cell(colspan: 4)[#text(size: 7.5pt)[#table(columns: 2, stroke: 0.4pt, [Reference Group], [HbA1c in %], [Non diabetic adults], [4.0 \\- 5.6], [At risk (prediabetes)], [5.7 \\- 6.4], [Diagnosing diabetes], [6.5 and above])]],\n"
    src = f"""#set page(paper: "a4", margin: (x: 15mm, top: 42mm, bottom: 22mm), header: [
#grid(columns: (1fr, auto), text(size: 17pt, fill: rgb("#b8860b"), weight: "bold")[SANJEEVAN PATHLABS], align(right)[#text(size: 7pt)[Regional Reference Lab, Plot 14, Sector 9, Indirapuram\\ Tel 0120\\-5550100]])
#line(length: 100%, stroke: 0.7pt)
#text(size: 8.5pt)[#grid(columns: (1.2fr, 1fr), row-gutter: 4pt, [Name : {p.name}], [Collected : {at:%d/%m/%Y} {at:%I:%M:%S} {at:%p}], [Lab No. : {p.identifier} #h(8pt) DOB : {p.born:%d/%m/%Y}], [Received : {later(at, 3):%d/%m/%Y %I:%M:%S %p}], [Age : {p.age(at)} Years #h(8pt) Gender : {'Male' if p.sex == 'm' else 'Female'}], [Reported : {later(at, 11):%d/%m/%Y %I:%M:%S %p}])]
#line(length: 100%, stroke: 0.7pt)], footer: [#text(size: 6.5pt)[Page #context counter(page).display() \\- Synthetic report, invented laboratory and patient. Results relate only to the item tested.]])
#set text(font: "Noto Sans", size: 9pt)
#table(columns: (2.3fr, 1fr, 0.9fr, 1.3fr), stroke: none, inset: 3pt,
table.header([*Test Name*], [*Results*], [*Units*], [*Bio. Ref. Interval*], table.hline()),
{cells})
#align(center)[#text(size: 8pt)[\\-\\-\\- End Of Report \\-\\-\\-]]"""
    typst_pdf(src, out)
    return Report(p, at, rows=rs)


@design("it-esito-table", "typst", "it")
def it_lab(rng, out, **fixed):
    p = patient(rng, "it", order="FIRST LAST", ident=f"{rng.randint(2500000, 2599999)}")
    at = moment(rng)
    st = Style(dec=",", both="{lo} - {hi}", below="fino a {hi}", above="superiore a {lo}", high="*", low="*")
    v = sample(rng, p.sex, p.age(at), odd=0.22, **fixed)
    rs = rows(P.IT_EMO, v, st, p.sex, panel="ESAME EMOCROMOCITOMETRICO") + rows(P.IT_CHIM, v, st, p.sex, panel="CHIMICA CLINICA")
    rs += rows("inr | INR | \nptt | Tempo di tromboplastina parziale (aPTT) | sec\nfib | Fibrinogeno | mg/dL", v, st, p.sex, panel="COAGULAZIONE")
    cells, seen = "", ""
    for r in rs:
        if r.panel != seen:
            seen = r.panel
            cells += f"table.cell(colspan: 5, fill: luma(225))[*{seen}*],\n"
        cells += f"{t(r.name)}, {t(r.flag)}, align(right){t(r.value)}, {t(r.unit)}, {t(r.range)},\n"
    src = f"""#set page(paper: "a4", margin: 16mm)
#set text(font: "Carlito", size: 10pt)
#align(center)[#text(size: 15pt)[*Poliambulatorio Santa Rosalba*]\\ Laboratorio Analisi \\- Dir. Dott. U. Cavicchi]
#grid(columns: (1fr, 1fr), row-gutter: 5pt, [Sig. {p.name}], [Richiesta n. {p.identifier}], [Nato\\/a il {p.born:%d/%m/%Y} #h(1em) Sesso {p.sex.upper()}], [Data prelievo: {at:%d/%m/%Y} ore {at:%H:%M}])
#v(4pt)
#table(columns: (2.6fr, 0.3fr, 1fr, 0.9fr, 1.5fr), stroke: (x: none, y: 0.3pt + luma(180)), inset: 3.2pt, table.header([*Esame*], [], align(right)[*Esito*], [*U.M.*], [*Valori di riferimento*]),
{cells})
#text(size: 8pt)[\\* valore fuori dai limiti di riferimento. Referto firmato digitalmente il {later(at, 7):%d/%m/%Y}. Referto sintetico: laboratorio e paziente inventati.]"""
    typst_pdf(src, out)
    return Report(p, at, rows=rs)


@design("narrative-letter", "typst", "en-GB")
def narrative(rng, out, **fixed):
    p = patient(rng, "uk", order="first-last", ident=f"{rng.randint(400, 799)} {rng.randint(100, 999)} {rng.randint(1000, 9999)}")
    at = moment(rng)
    st = Style(both="{lo} to {hi}", below="below {hi}", above="above {lo}", high="", low="")
    v = sample(rng, p.sex, p.age(at), odd=0.4, **fixed)
    old = earlier(rng, v)
    rs = rows("na | sodium | mmol/L\nk | potassium | mmol/L\nurea | urea | mmol/L\ncrea | creatinine | umol/L\nhgb | haemoglobin | g/L\nplt | platelet count | x10^9/L\nferr | ferritin | ug/L\ntsh | TSH | mU/L\ncrp | CRP | mg/L", v, st, p.sex, before=old)
    for r in rs:
        r.previous = r.previous if r.key in ("crea", "hgb", "na") else ""
        r.range = r.range if r.key in ("ferr", "tsh") else ""
    r = {x.key: x for x in rs}
    sex = ("Mr", "he", "his") if p.sex == "m" else ("Mrs", "she", "her")
    say = lambda x: f"{x.name} {x.value} {x.unit}"
    first, second = f"{say(r['na'])} (was {r['na'].previous} last month), {say(r['k'])}, {say(r['urea'])} and {say(r['crea'])} (previously {r['crea'].previous}).", \
        f"{say(r['hgb'])}, compared with {r['hgb'].previous} in the spring, and {say(r['plt'])}."
    third = f"The {r['ferr'].name} is {r['ferr'].value} {r['ferr'].unit} (normal {r['ferr'].range}), {r['tsh'].name} is {r['tsh'].value} {r['tsh'].unit} (normal {r['tsh'].range}) and {say(r['crp'])}."
    src = f"""#set page(paper: "a4", margin: 25mm)
#set text(font: "C059", size: 11pt)
#set par(justify: true)
#align(right)[Department of Clinical Biochemistry\\ Fellgate Royal Infirmary\\ {later(at, 50):%d %B %Y}]
Dr S Arkwright\\ Millbeck Medical Practice
#v(6pt)
*Re: {sex[0]} {p.name}, born {p.born:%d %B %Y}, NHS number {p.identifier}*

*Laboratory results, blood taken on {at:%d %B %Y} at {at:%H:%M}*

Dear Dr Arkwright,

Thank you for sending bloods on this patient, {p.age(at)} years of age, who takes ramipril 5 mg and atorvastatin 20 mg at night. The serum results show {t(first)[1:-1]}

On the blood count {sex[1]} has {t(second)[1:-1]} {t(third)[1:-1]}

I would suggest repeating the renal profile in 2 weeks and reviewing {sex[2]} blood pressure, which was 142\\/86 in clinic on 3 occasions. Please telephone extension 5501 if {sex[1]} becomes unwell.

Yours sincerely,
#v(12pt)
Dr Imogen Strickland, Consultant Chemical Pathologist

#text(size: 8pt)[Synthetic letter: invented hospital and patient.]"""
    typst_pdf(src, out)
    return Report(p, at, rows=rs, omit=("flag",))


SEROLOGY = """
! HBsAg | Negative | | Negative | | 5195-3 | CMIA
! Anti-HBs | 212.4 | mIU/mL | Immune: >= 10.0 | | 16935-9 | CMIA
! Anti-HCV | Non-reactive | | Non-reactive | | 16128-1 | CMIA
! HIV-1/2 Antigen/Antibody Combo | Non-reactive | | Non-reactive | | 56888-1 | CMIA
! RPR | Reactive 1:4 | | Non-reactive | A | | Flocculation
! Treponema pallidum Antibody | Positive | | Negative | A | | CMIA
! Rubella IgG | 38 | IU/mL | Immune: > 10 | | | CLIA
! Varicella zoster IgG | 1.42 | Index | Positive: >= 1.10 | | | EIA
! Toxoplasma IgM | 0.12 | COI | Negative: < 0.80 | | | ECLIA
! CMV IgG | >500 | U/mL | Negative: < 0.5 | A | | ECLIA
! ANA Titer | 1:640 | | < 1:80 | A | 5048-4 | IFA
! Anti-dsDNA | <10 | IU/mL | < 30 | | | EIA
! Anti-CCP | 4.1 | U/mL | < 20.0 | | | EIA
! ASO | <200 | IU/mL | <= 200 | | 5370-2 | Nephelometry
! Widal, S. typhi O | 1:40 | | < 1:80 | | | Tube agglutination
"""


@design("serology-boxed", "typst", "en-AE")
def serology(rng, out):
    p = patient(rng, "eg", order="last-first", ident=f"SR-{rng.randint(10000, 99999)}")
    at = moment(rng)
    rs = rows(SEROLOGY, {}, Style(), p.sex, panel="INFECTIOUS DISEASE & AUTOIMMUNE SEROLOGY", specimen="Serum")
    cells = "".join(f"{t(r.name)}, {t(r.method)}, {t(r.value)}, {t(r.unit)}, {t(r.flag)}, {t(r.range)},\n" for r in rs)
    src = f"""#set page(paper: "a4", margin: 14mm)
#set text(font: "Liberation Sans", size: 9pt)
#rect(width: 100%, fill: rgb("#2c3e70"), inset: 8pt)[#text(fill: white, size: 14pt)[Al Nakheel Diagnostic Centre]]
#table(columns: (1fr, 1fr, 1fr), stroke: 0.5pt, [Patient: {p.name}], [File no: {p.identifier}], [DOB: {p.born:%d-%b-%Y}], [Sample: Serum], [Collected: {at:%d-%b-%Y %H:%M}], [Reported: {later(at, 27):%d-%b-%Y %H:%M}])
#align(center)[*INFECTIOUS DISEASE & AUTOIMMUNE SEROLOGY*]
#table(columns: (2.1fr, 1.2fr, 1.2fr, 0.7fr, 0.4fr, 1.3fr), stroke: 0.5pt, inset: 4pt, fill: (x, y) => if y == 0 {{luma(215)}}, [*Investigation*], [*Method*], [*Result*], [*Unit*], [*Flag*], [*Reference*],
{cells})
#text(size: 8pt)[Interpretation: an RPR titre of 1:8 or more with a positive treponemal test suggests active infection; a fourfold fall (for example 1:16 to 1:4) indicates response. Index between 0.90 and 1.10 is equivocal. Synthetic report; laboratory and patient are invented.]"""
    typst_pdf(src, out)
    return Report(p, at, rows=rs)
