"""A ReportLab page with a cursor. Points; y runs down from the top edge."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("SOURCE_DATE_EPOCH", "1735689600")

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from fonts import font_file

FAMILIES = {"Sans": "Liberation Sans", "Serif": "Liberation Serif", "Mono": "Liberation Mono", "Lato": "Lato", "Carlito": "Carlito", "Deja": "DejaVu Sans"}


def font(name: str) -> str:
    """A font by the names of `FAMILIES`, with `-Bold` or without, or one of the built-in ones."""
    short, _, bold = name.partition("-")
    if short in FAMILIES and name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, font_file(FAMILIES[short], bold or "Regular")))
    return name


class Sheet:
    """Pages of one document. `y` is the cursor, `page` counts from 1."""

    def __init__(self, path: Path, size=LETTER, face: str = "Helvetica", points: float = 9) -> None:
        self.canvas = Canvas(str(path), pagesize=size, invariant=1, pageCompression=1)
        self.width, self.height = size
        self.face, self.points = face, points
        self.bold_face = f"{face}-Bold" if face != "Times-Roman" else "Times-Bold"
        self.y, self.page = 40.0, 1

    def text(self, x: float, words: str | None, bold=False, size=None, align="left", y=None, color=None, face=None) -> float:
        """Prints at the cursor's height; gives the width. `align`: which edge of the words `x` is."""
        if not words:
            return 0.0
        name = font(face or (self.bold_face if bold else self.face))
        points = size or self.points
        width = pdfmetrics.stringWidth(words, name, points)
        start = x - width if align == "right" else x - width / 2 if align == "center" else x
        self.canvas.setFont(name, points)
        self.canvas.setFillColor(color or "black")
        self.canvas.drawString(start, self.height - (self.y if y is None else y), words)
        return width

    def down(self, by: float) -> None:
        """Moves the cursor."""
        self.y += by

    def rule(self, x0=40.0, x1=None, y=None, weight=0.6, gray=0.0) -> None:
        """A horizontal line."""
        self.canvas.setLineWidth(weight)
        self.canvas.setStrokeGray(gray)
        at = self.height - (self.y if y is None else y)
        self.canvas.line(x0, at, self.width - 40 if x1 is None else x1, at)

    def box(self, x: float, y: float, width: float, height: float, fill=None, stroke=True) -> None:
        """A rectangle by its upper left corner."""
        if fill:
            self.canvas.setFillColor(fill)
        self.canvas.setStrokeGray(0)
        self.canvas.setLineWidth(0.6)
        self.canvas.rect(x, self.height - y - height, width, height, stroke=int(stroke), fill=int(bool(fill)))

    def bars(self, x: float, y: float, rng, height: float = 24, count: int = 48) -> None:
        """Something that looks like a barcode."""
        self.canvas.setFillColor("black")
        for _ in range(count):
            width = rng.choice((0.7, 0.7, 1.4, 2.1))
            self.canvas.rect(x, self.height - y - height, width, height, stroke=0, fill=1)
            x += width + rng.choice((0.7, 0.7, 1.4))

    def turn(self) -> None:
        """Next page."""
        self.canvas.showPage()
        self.page += 1
        self.y = 40.0

    def save(self) -> None:
        """Closes the file."""
        self.canvas.showPage()
        self.canvas.save()


SIZES = {"a4": A4, "letter": LETTER}


def wrapped(words: str, limit: int) -> list[str]:
    """Breaks at blanks so that no line is longer than `limit` letters."""
    lines, current = [], ""
    for word in words.split():
        if current and len(current) + 1 + len(word) > limit:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
    return [*lines, current] if current else lines
