"""PDF files that are odd as files: half scanned, with a text layer of rubbish, encrypted, turned by a page attribute."""

from __future__ import annotations

import html
import io
import re
import subprocess
import tempfile
import zlib
from pathlib import Path

import numpy as np
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

import degrade as d
import reportlab_us
import reportlab_world
import weasy_en
import weasy_romance
from document import Document


WORD = re.compile(r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


def printed(doc: Document, design) -> tuple[PdfReader, list, list[tuple[float, float, float, str]]]:
    """Prints a design aside: the PDF, its pages at 200 dpi, and its words (left, right, bottom from the upper edge)."""
    final = doc.folder
    with tempfile.TemporaryDirectory() as folder:
        doc.folder = Path(folder)
        design(doc)
        reader = PdfReader(io.BytesIO(doc.path("pdf").read_bytes()))
        images = d.pages(doc.path("pdf"), 200)
        boxes = subprocess.run(["pdftotext", "-bbox", str(doc.path("pdf")), "-"], capture_output=True, text=True, check=True).stdout
    doc.folder = final
    return reader, images, [(float(x), float(x1), float(y), html.unescape(word)) for x, x1, y, word in WORD.findall(boxes)]


def pictured(image, size, words: list[tuple[float, float, float, str]] = ()) -> PdfReader:
    """A page that is a picture; `words` (left, bottom, width, word) are set invisibly over it."""
    held, packed = io.BytesIO(), io.BytesIO()
    image.save(packed, "JPEG", quality=50)
    packed.seek(0)
    canvas = Canvas(held, pagesize=size, invariant=1)
    canvas.drawImage(ImageReader(packed), 0, 0, *size)
    text = canvas.beginText()
    text.setTextRenderMode(3)
    text.setFont("Helvetica", 8)
    for x, y, width, word in words:
        text.setHorizScale(100 * width / stringWidth(word, "Helvetica", 8))
        text.setTextOrigin(x, y)
        text.textOut(word)
    canvas.drawText(text)
    canvas.save()
    return PdfReader(held)


def half_scanned(doc: Document) -> None:
    """The first page is text, the second a picture."""
    reader, images, _ = printed(doc, reportlab_us.codes_and_intervals)
    rng = np.random.default_rng(zlib.crc32(doc.id.encode()))
    doc.route, doc.scan = "scan", "mixed-second-page"
    writer = PdfWriter()
    writer.add_page(reader.pages[0])
    for image in images[1:]:
        writer.add_page(pictured(d.noisy(d.skewed(image, 0.6, 250), rng, 5), (612, 792)).pages[0])
    writer.write(str(doc.path("pdf")))


def rubbish_layer(doc: Document) -> None:
    """A scan with the text layer of a bad reader: words at the right places, letters wrong."""
    _, images, _ = printed(doc, reportlab_world.german_previous)
    rng = np.random.default_rng(zlib.crc32(doc.id.encode()))
    doc.route, doc.scan = "scan", "garbage-text-layer"
    letters = "~#@¬§lI|1!,;:'`^°{}[]()\\_=+*%$uvwnrmcoe0O8B5S"
    writer = PdfWriter()
    for image in images:
        words = [(float(rng.uniform(45, 520)), 800 - 12.0 * i, 40.0, "".join(rng.choice(list(letters), int(rng.integers(2, 9))))) for i in range(60) for _ in range(5)]
        writer.add_page(pictured(d.noisy(image, rng, 6), (595, 842), words).pages[0])
    writer.write(str(doc.path("pdf")))


def encrypted(doc: Document) -> None:
    """Encrypted with an empty user password, as some laboratories do to forbid changes."""
    reader, _, _ = printed(doc, weasy_romance.french_grid)
    writer = PdfWriter(clone_from=reader)
    writer.encrypt(user_password="", owner_password="owner", algorithm="RC4-128")
    writer.write(str(doc.path("pdf")))


def turned_page(doc: Document) -> None:
    """Text set sideways on the sheet and put upright by the page's own /Rotate."""
    reader, _, _ = printed(doc, weasy_en.reversed_columns)
    writer = PdfWriter()
    for page in reader.pages:
        added = writer.add_page(page)
        added.rotate(90)
        added.transfer_rotation_to_content()
        added.rotate(270)
    writer.write(str(doc.path("pdf")))


def searchable(doc: Document) -> None:
    """A scan whose own text layer is right, the pixels a little noisy: the text may be used."""
    _, images, words = printed(doc, reportlab_us.previous_and_date)
    rng = np.random.default_rng(zlib.crc32(doc.id.encode()))
    found = [(x, 792 - y + 2, x1 - x, word) for x, x1, y, word in words]
    writer = PdfWriter()
    writer.add_page(pictured(d.noisy(images[0], rng, 6), (612, 792), found).pages[0])
    writer.write(str(doc.path("pdf")))
    doc.route = "text"
    doc.layout = "invisible-text-over-scan"


DESIGNS = {
    "odd-mixed": (half_scanned, "thyroid"), "odd-rubbish": (rubbish_layer, "lipids"), "odd-encrypted": (encrypted, "renal"), "odd-turned": (turned_page, "diabetes"), "odd-searchable": (searchable, "liver"),
}
