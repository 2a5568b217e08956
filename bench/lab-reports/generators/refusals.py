"""Documents that must be refused: letters, bills, pictures, and reports of two people in one file."""

from __future__ import annotations

import zlib
from datetime import timedelta

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

import catalogue_commonwealth as cw
import catalogue_us as us
import degrade as d
from document import Document, day, moment
from people import DOCTORS, LABS, drawn_at, person, phone
from physiology import draw
from rows import rows
from scans import scan
from sheet import Sheet
from weasy import cells, e, write

CSS = "@page{size:A4;margin:20mm} body{font:10.5pt/1.4 'Liberation Sans'} table{border-collapse:collapse} td,th{padding:3px 9px;text-align:left;border-bottom:.5px solid #aaa} small{font-size:7pt}"


def refused(doc: Document, layout: str, language: str, code: str = "not-a-lab-report", generator: str = "weasyprint") -> None:
    """Labels."""
    doc.about(layout, generator, language)
    doc.expect = code


def letter(layout: str, language: str, kind: str, head: str, paragraphs: list[str]):
    """A design that prints paragraphs under a letterhead."""

    def made(doc: Document) -> None:
        refused(doc, layout, language)
        who, when = person(doc.rng, kind), drawn_at(doc.rng)
        doc.patient = who.truth(f"{who.first} {who.last}")
        style = "de" if kind == "de" else "us" if language == "en-US" else "gb"
        born = {"de": "geb.", "fr": "né(e) le"}.get(kind, "DOB")
        body = "".join(f"<p>{e(p.format(day=day(when, style), later=day(when + timedelta(days=21), style), doctor=DOCTORS['us'][0]))}</p>" for p in paragraphs)
        write(doc, CSS, f"<h3>{e(head)}</h3><p>{e(who.first)} {e(who.last)}, {born} {day(who.born, style)}, {who.number}<br>{day(when, style)}</p>{body}<small>{doc.sample()}</small>")

    return made


RADIOLOGY = letter("radiology-report", "en-US", "en", "Nowhere Imaging Associates", [
    "EXAM: CT ABDOMEN AND PELVIS WITH CONTRAST, {day}", "TECHNIQUE: 5.0 mm axial images after 100 mL of iodinated contrast. CTDIvol 11.2 mGy, DLP 612 mGy-cm.",
    "FINDINGS: Liver 16.2 cm in length, without focal lesion. A 1.4 x 1.2 cm cyst in the right kidney (series 3, image 48), 8 HU. Spleen 11 cm. Aorta 2.1 cm. No free fluid. L4/L5 disc space narrowing.",
    "IMPRESSION: 1. No acute abnormality. 2. Simple renal cyst, Bosniak I. Follow up in 12 months.", "Electronically signed by {doctor}"])
DISCHARGE = letter("discharge-letter", "de", "de", "Klinikum Beispielstadt – Innere Medizin", [
    "Sehr geehrte Kollegin, wir berichten über den stationären Aufenthalt bis zum {day}.", "Diagnosen: Ambulant erworbene Pneumonie (J18.9), arterielle Hypertonie (I10), Zustand nach Hüft-TEP 2016.",
    "Anamnese: Seit 5 Tagen Husten und Fieber bis 39,2 °C. Befund: RR 148/84 mmHg, Puls 96/min, SpO2 93 %, Gewicht 78 kg, Größe 171 cm.", "Therapie: Ampicillin/Sulbactam 3 g alle 8 Stunden über 7 Tage. Entlassmedikation: Ramipril 5 mg 1-0-0, Pantoprazol 20 mg 1-0-0.",
    "Wiedervorstellung am {later} erbeten. Mit freundlichen Grüßen"])
APPOINTMENT = letter("appointment-letter", "en-GB", "en", "Marlow & Thame Hospitals", [
    "Dear patient, your appointment is on {later} at 10:40, Clinic 7, second floor.", "Please arrive 15 minutes early, bring a list of your medicines and 2 forms of identification. Parking costs 3.20 pounds for 2 hours.",
    "If you cannot come, telephone 01632 960100 between 9.00 and 16.30."])
ECHO = letter("echo-report", "fr", "fr", "Cabinet de cardiologie Exemple", [
    "Échocardiographie transthoracique du {day}.", "VG : DTD 48 mm, DTS 31 mm, SIV 10 mm, FEVG 62 % (Simpson biplan). Oreillette gauche 21 cm². E/A 0,9 ; E/e' 7. PAPS 28 mmHg. TAPSE 23 mm.",
    "Conclusion : fonction systolique normale, pas de valvulopathie. Contrôle dans 24 mois."])


def invoice(doc: Document) -> None:
    """A laboratory's bill: names of tests with prices, and so the nastiest of these."""
    refused(doc, "invoice", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    doc.patient = who.truth(f"{who.first} {who.last}")
    items = [("80053", "Comprehensive metabolic panel", "48.00"), ("85025", "Complete blood count with diff", "31.50"), ("84443", "TSH", "62.75"), ("83036", "Hemoglobin A1c", "37.20"), ("36415", "Venipuncture", "12.00")]
    body = "".join(cells(*item) for item in items)
    write(doc, CSS, f"<h3>{LABS['us'][2]}</h3><p>INVOICE {who.number}<br>Bill to: {e(who.first)} {e(who.last)}<br>Date of service: {day(when, 'us')} &nbsp; Due: {day(when + timedelta(days=30), 'us')}</p>"
          f"<table><tr><th>CPT</th><th>Description</th><th>Amount (USD)</th></tr>{body}</table><p>Total 191.45 &nbsp; Insurance paid 143.59 &nbsp; Amount due 47.86</p><p>Pay by phone {phone(doc.rng, 'us')}</p><small>{doc.sample()}</small>")


def prescription(doc: Document) -> None:
    """Medicines with strengths that look like values with units."""
    refused(doc, "prescription", "en-IN", generator="reportlab")
    who, when = person(doc.rng, "in"), drawn_at(doc.rng)
    doc.patient = who.truth(f"{who.first} {who.last}")
    sheet = Sheet(doc.path("pdf"), face="Helvetica", points=11)
    for words in (DOCTORS["in"][0] + ", MBBS, MD", f"Tel {phone(doc.rng, 'in')}   Reg. No 00000", "", f"{who.first} {who.last}   {who.age(when)} Y / {who.sex}   Date {day(when, 'gb')}", "BP 150/96   Wt 71 kg   Pulse 84", "", "Rx", "1. Tab Metformin 500 mg   1-0-1   30 days",
                  "2. Tab Telmisartan 40 mg   1-0-0   30 days", "3. Cap Vitamin D3 60,000 IU   weekly   8 weeks", "4. Tab Atorvastatin 10 mg   0-0-1   30 days", "5. Syp Potassium citrate 10 ml in water   TDS", "", "Advice: FBS, HbA1c, creatinine after 3 months. Review with reports.", "", doc.sample()):
        sheet.text(60, words)
        sheet.down(22)
    sheet.save()


def two_people_pdf(doc: Document) -> None:
    """A report of one person a page, in one file."""
    refused(doc, "two-patients", "en-US", "several-patients", "reportlab")
    sheet = Sheet(doc.path("pdf"), face="Helvetica", points=9)
    for turn in range(2):
        who, when, state = person(doc.rng, "en", "FM"[turn]), drawn_at(doc.rng), draw(doc.rng, ("diabetes", "anaemia")[turn])
        sheet.text(44, LABS["us"][0], bold=True, size=13)
        sheet.down(18)
        sheet.text(44, f"Patient: {who.last}, {who.first}   DOB: {day(who.born, 'us')}   ID: {who.number}   Collected: {moment(when, 'us')}")
        sheet.down(22)
        for x, title in ((44, "Test"), (240, "Result"), (320, "Flag"), (380, "Units"), (460, "Reference")):
            sheet.text(x, title, bold=True)
        for row in rows(us.A["Comp. Metabolic Panel (14)"], state, us.STYLE_A):
            sheet.down(13)
            for x, cell in ((44, row.name), (240, row.value), (320, row.flag), (380, row.unit), (460, row.range)):
                sheet.text(x, cell)
        sheet.text(44, doc.sample(), size=7, y=760)
        if turn == 0:
            sheet.turn()
    sheet.save()


def two_people_text(doc: Document) -> None:
    """Two reports after each other in one text, with a form feed between."""
    refused(doc, "two-patients", "en-GB", "several-patients", "text")
    out = []
    for turn in range(2):
        who, when, state = person(doc.rng, "en", "MF"[turn]), drawn_at(doc.rng), draw(doc.rng, ("liver", "well")[turn])
        out += [LABS["gb"][0], f"Patient: {who.last.upper()}, {who.first}    DOB: {day(who.born, 'gb')}    NHS No: {who.number}", f"Collected: {moment(when, 'gb')}", ""]
        out += [f"{r.name:<26}{r.value:>8} {r.flag or ' '} {r.unit or '':<10}{r.range or ''}" for r in rows(cw.GB["Liver Function Tests"], state, cw.STYLE_GB)]
        out += ["", doc.sample(), "\f" if turn == 0 else ""]
    doc.path("txt").write_text("\n".join(out), encoding="utf-8")


def animal(doc: Document) -> None:
    """A picture of something furry on a sofa; no writing."""
    refused(doc, "photo", "en", "no-text", "pil")
    doc.route, doc.scan = "scan", "phone-photo"
    rng = np.random.default_rng(zlib.crc32(doc.id.encode()))
    w, h = 1200, 900
    base = np.zeros((h, w, 3)) + np.array([150, 130, 110]) + rng.normal(0, 12, (h, w, 1))
    base[: h // 2] = np.array([180, 185, 176]) + rng.normal(0, 8, (h // 2, w, 1))
    image = Image.fromarray(np.clip(base, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(2))
    pen = ImageDraw.Draw(image)
    pen.ellipse((350, 380, 880, 800), fill=(120, 84, 50))
    pen.ellipse((640, 240, 900, 500), fill=(134, 95, 58))
    for ear in ((660, 300, 690, 190, 750, 270), (800, 270, 860, 190, 880, 310)):
        pen.polygon(ear, fill=(110, 74, 44))
    for x in (720, 800):
        pen.ellipse((x, 340, x + 34, 376), fill=(200, 210, 90))
        pen.ellipse((x + 12, 344, x + 22, 374), fill=(15, 15, 10))
    for _ in range(5000):
        x, y = rng.integers(340, 900), rng.integers(240, 800)
        tint = int(rng.integers(-30, 30))
        r, g, b = image.getpixel((int(x), int(y)))
        pen.line((x, y, x + int(rng.integers(-6, 7)), y + int(rng.integers(4, 16))), fill=(max(0, r + tint), max(0, g + tint), max(0, b + tint)), width=1)
    d.save([image.filter(ImageFilter.GaussianBlur(1))], doc.path("jpg"), 96, 60)


def blank(doc: Document) -> None:
    """The empty back of a page, twice, in a TIFF."""
    refused(doc, "blank-pages", "en", "no-text", "pil")
    doc.route, doc.scan = "scan", "grey-noise"
    rng = np.random.default_rng(zlib.crc32(doc.id.encode()))
    d.save([d.noisy(Image.new("L", (1240, 1754), 250), rng, 3) for _ in range(2)], doc.path("tif"), 150, 30)


DESIGNS = {
    "no-radiology": (RADIOLOGY, "well"), "no-discharge": (DISCHARGE, "well"), "no-appointment": (APPOINTMENT, "well"), "no-echo": (ECHO, "well"), "no-invoice": (invoice, "well"), "no-rx": (prescription, "well"),
    "no-rx-photo": (scan(prescription, "phone-photo", "jpg", 150, lambda i, r: d.photo(i, r), 50, True), "well"), "no-invoice-fax": (scan(invoice, "fax-fine", "tif", 200, lambda i, r: d.fax(i, r)), "well"),
    "no-two-pdf": (two_people_pdf, "well"), "no-two-txt": (two_people_text, "well"), "no-two-fax": (scan(two_people_pdf, "fax-fine", "tif", 200, lambda i, r: d.fax(i, r)), "well"), "no-cat": (animal, "well"), "no-blank": (blank, "well"),
}
