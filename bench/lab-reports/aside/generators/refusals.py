"""Documents that must be refused: no laboratory results, two patients, nothing to read."""
import numpy as np
from PIL import Image, ImageFilter

from html_us import NOTE
from model import Report, Style, rows
from office_designs import _doc, _par, _table
from people import later, moment, patient
from physiology import sample
from registry import design
from routes import chromium, esc, office, typst_pdf


def _refused(p, at, why, has_time=True):
    return Report(p, at, has_time=has_time, expect=why)


@design("refuse-radiology", "typst", "en-GB")
def radiology(rng, out):
    p, at = patient(rng, "uk", order="upper"), moment(rng)
    typst_pdf(f"""#set page(paper: "a4", margin: 22mm)
#set text(font: "Liberation Sans", size: 10.5pt)
*Fellgate Royal Infirmary \\- Radiology report*

Patient: {p.name} #h(2em) Born: {p.born:%d/%m/%Y} #h(2em) Number: {p.identifier}

Examination: CT abdomen and pelvis with contrast, {at:%d/%m/%Y %H:%M}

Clinical details: abdominal pain, creatinine acceptable for contrast.

Findings: The liver measures 16.2 cm in craniocaudal length. A 14 x 11 mm cyst lies in segment VI. Common bile duct 5 mm. Spleen 10.4 cm. The left kidney holds a 6 mm calculus in the lower pole, 840 HU. No hydronephrosis. Abdominal aorta 21 mm. Small bowel loops are of normal calibre, up to 24 mm.

Conclusion: 1. Non\\-obstructing left renal calculus. 2. Simple hepatic cyst. DLP 412 mGy cm.

#text(size: 8pt)[Synthetic report: invented hospital and patient.]""", out)
    return _refused(p, at, "not-a-lab-report")


@design("refuse-invoice", "chromium", "en-US")
def invoice(rng, out):
    p, at = patient(rng, "us", order="first-last"), moment(rng)
    items = [("80053", "Comprehensive metabolic panel", 1, 38.50), ("85025", "Complete blood count with differential", 1, 24.00), ("84443", "Thyroid stimulating hormone", 1, 41.75), ("83036", "Hemoglobin A1c", 1, 29.10), ("36415", "Venipuncture", 1, 12.00), ("80061", "Lipid panel", 2, 33.25)]
    trs = "".join(f"<tr><td>{c}</td><td>{n}</td><td>{q}</td><td>${u:.2f}</td><td>${q * u:.2f}</td></tr>" for c, n, q, u in items)
    total = sum(q * u for _, _, q, u in items)
    body = f"""<h2>Meridian Reference Laboratories &mdash; Statement of account</h2><p>Bill to: {esc(p.name)}<br>Account: {p.identifier}<br>Date of birth: {p.born:%m/%d/%Y}<br>Date of service: {at:%m/%d/%Y}<br>Invoice date: {later(at, 300):%m/%d/%Y}</p>
<table><tr><th>CPT</th><th>Description</th><th>Units</th><th>Price</th><th>Amount</th></tr>{trs}<tr><td></td><td><b>Total due</b></td><td></td><td></td><td><b>${total:.2f}</b></td></tr></table><p>Please pay within 30 days. Insurance adjustment pending. {NOTE.replace('report', 'invoice')}</p>"""
    chromium(body, "body{font:10pt 'Liberation Sans'}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #bbb;padding:4px;text-align:left}", out, "Statement", page="Letter")
    return _refused(p, at, "not-a-lab-report", False)


@design("refuse-requisition", "libreoffice-docx", "de")
def requisition(rng, out):
    p, at = patient(rng, "de"), moment(rng)
    d = _doc("Liberation Sans", 10)
    _par(d, "Anforderungsschein Labor (Auftrag, noch keine Ergebnisse)", True, 14)
    _par(d, f"Patient: {p.name}    geb. {p.born:%d.%m.%Y}    Nr. {p.identifier}")
    _par(d, f"Entnahmedatum: {at:%d.%m.%Y}    Praxis Dr. Hasenkamp")
    names = ["Kleines Blutbild", "Differentialblutbild", "Natrium", "Kalium", "Kreatinin", "GOT", "GPT", "Gamma-GT", "TSH", "HbA1c", "CRP", "Ferritin", "Quick / INR", "Urinstatus", "Cholesterin", "Triglyceride", "Harnsäure", "Vitamin B12"]
    ticked = set(rng.sample(names, 8))
    cell = lambda n: f"[{'X' if n in ticked else ' '}] {n}"
    _table(d, [[cell(x) for x in names[i:i + 3]] for i in range(0, 18, 3)], (5.6, 5.6, 5.6), bold_rows=())
    _par(d, "Material: 1 x Serum 7,5 ml, 1 x EDTA 2,7 ml. Synthetisches Muster, Praxis und Patient erfunden.", size=8)
    office(d, "docx", out)
    return _refused(p, at, "not-a-lab-report", False)


@design("refuse-prescription", "libreoffice-docx", "en-IN")
def prescription(rng, out):
    p, at = patient(rng, "in", order="first-last"), moment(rng)
    d = _doc("FreeSerif", 13)
    _par(d, "Dr. Anjali Phadke, M.B.B.S., M.D. (Medicine)", True, 16)
    _par(d, f"Patient: {p.name}     Born: {p.born:%d/%m/%Y}     No. {p.identifier}     Date: {at:%d/%m/%Y}")
    _par(d, "BP 138/84 mmHg   Pulse 76/min   Weight 71 kg")
    _par(d, "Rx", True, 20)
    for line in ("1. Tab. Metformin 500 mg   1-0-1   after food   x 30 days", "2. Tab. Telmisartan 40 mg   1-0-0   x 30 days", "3. Tab. Atorvastatin 10 mg   0-0-1   x 30 days", "4. Cap. Vitamin D3 60,000 IU   once weekly   x 8 weeks", "Advice: salt below 5 g/day, walk 30 minutes daily.", "Review after 4 weeks with FBS, PPBS, HbA1c, creatinine, lipid profile."):
        _par(d, line)
    _par(d, "Synthetic prescription: invented doctor and patient.", size=8)
    office(d, "docx", out)
    return _refused(p, at, "not-a-lab-report", False)


@design("refuse-two-patients", "chromium", "en-US")
def two_patients(rng, out):
    st = Style(both="{lo}-{hi}")
    body = ""
    for n in range(2):
        p, at = patient(rng, "us", sex="mf"[n], ident=f"{rng.randint(10**6, 10**7 - 1)}"), moment(rng)
        v = sample(rng, p.sex, p.age(at))
        rs = rows("na | Sodium | mmol/L\nk | Potassium | mmol/L\ncrea | Creatinine | mg/dL\nglu | Glucose | mg/dL\nhgb | Hemoglobin | g/dL\nplt | Platelets | K/uL", v, st, p.sex)
        body += f"<div class=p><h2>Kestrel Valley Hospital Laboratory</h2><p>Patient: <b>{esc(p.name)}</b> &nbsp; MRN: {p.identifier} &nbsp; DOB: {p.born:%m/%d/%Y}<br>Collected: {at:%m/%d/%Y %H:%M}</p><table><tr><th>Test</th><th>Result</th><th>Flag</th><th>Units</th><th>Reference</th></tr>"
        body += "".join(f"<tr><td>{esc(r.name)}</td><td>{r.value}</td><td>{r.flag}</td><td>{r.unit}</td><td>{r.range}</td></tr>" for r in rs) + f"</table><p>{NOTE}</p></div>"
    chromium(body, "body{font:10pt 'Liberation Sans'}.p{break-after:page}td,th{padding:3px 14px 3px 0;text-align:left}", out, "Results", page="Letter")
    return Report(None, None, expect="several-patients")


@design("refuse-photo", "numpy", "zxx", "jpg")
def photo(rng, out):
    """A hillside under a cloudy sky."""
    r = np.random.default_rng(rng.randint(0, 10**6))
    h, w = 720, 960
    cloud = np.asarray(Image.fromarray((r.random((9, 12)) * 255).astype(np.uint8)).resize((w, h), Image.BICUBIC), np.float32)
    fine = np.asarray(Image.fromarray((r.random((90, 120)) * 255).astype(np.uint8)).resize((w, h), Image.BICUBIC), np.float32)
    yy, xx = np.mgrid[0:h, 0:w]
    sky = np.stack([120 + cloud * 0.45, 160 + cloud * 0.3, 215 + cloud * 0.12], -1)
    hill = yy > 430 + 70 * np.sin(xx / 170.0) + 25 * np.sin(xx / 47.0)
    grass = np.stack([60 + fine * 0.25, 95 + fine * 0.35, 40 + fine * 0.15], -1)
    img = np.where(hill[..., None], grass, sky)
    Image.fromarray(np.clip(img, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.8)).save(out, quality=60)
    return Report(None, None, expect="no-text")


@design("refuse-blank-scan", "numpy", "zxx", "pdf")
def blank(rng, out):
    """The back of a sheet: paper, a fold, specks."""
    r = np.random.default_rng(rng.randint(0, 10**6))
    a = 244 + r.normal(0, 1.6, (1650, 1275))
    a[820:826] -= 18
    a[:, :14] -= 60
    for _ in range(14):
        y, x = r.integers(30, 1600), r.integers(30, 1240)
        a[y:y + 3, x:x + 3] = 90
    Image.fromarray(np.clip(a, 0, 255).astype(np.uint8)).save(out, "PDF", resolution=150, quality=45)
    return Report(None, None, expect="no-text")
