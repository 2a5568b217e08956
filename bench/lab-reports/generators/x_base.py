"""Helpers of the unusual designs (`x_*.py`): rows written out by hand, and a table at exact coordinates.

Values are fixed here, not drawn by chance: each of these designs has a content of its own.
"""

from __future__ import annotations

import re
from typing import Callable

from codes import code
from document import Document, Row
from sheet import SIZES, Sheet

DESIGNS: dict[str, Callable[[Document], None]] = {}
"""By document id; filled by `design`."""


def design(id: str, layout: str, language: str, generator: str = "reportlab"):
    """Registers a design under the id of its document."""

    def register(draw: Callable[[Document], None]):
        def run(doc: Document) -> None:
            doc.about(layout, generator, language)
            draw(doc)

        DESIGNS[id] = run
        return draw

    return register


def rows(block: str, **common) -> list[Row]:
    """Rows of `name|value|unit|range|flag|code` lines; the code is a LOINC code or a key of `codes.py`. Empty cells are not printed."""
    found = []
    for line in block.strip().splitlines():
        name, value, unit, span, flag, key = ([c.strip() or None for c in line.split("|")] + [None] * 6)[:6]
        loinc = key if key and re.fullmatch(r"\d+-\d", key) else code(key, unit) if key else None
        found.append(Row(name=name, value=value, unit=unit, range=span, flag=flag, loinc=loinc).but(**common))
    return found


def who(doc: Document, name: str, born: str, number: str, collected: str | None) -> None:
    """Patient and time of the truth (ISO)."""
    doc.patient = {"name": name, "birthDate": born, "identifier": number}
    doc.collected = collected


def page(doc: Document, size="a4", face="Sans", points=9.0, landscape=False) -> Sheet:
    """A new sheet; `size` a name or points."""
    width, height = SIZES[size] if isinstance(size, str) else size
    return Sheet(doc.path("pdf"), (height, width) if landscape else (width, height), face, points)


def words(sheet: Sheet, y: float, *cells) -> None:
    """Prints (x, words[, style]) at a height; style letters: r right, c centred, b bold."""
    for x, what, *style in cells:
        mode = style[0] if style else ""
        sheet.text(x, what, bold="b" in mode, align="right" if "r" in mode else "center" if "c" in mode else "left", y=y)


def table(sheet: Sheet, doc: Document, found: list[Row], columns: dict, step: float = 13, bold=None, **common) -> None:
    """Prints rows below the cursor and notes them. `columns`: field → (x, style); `bold(row)`: whether the value is bold."""
    for row in found:
        row = doc.add(row, page=sheet.page, **common)
        for name, (x, style) in columns.items():
            mark = "b" if name == "value" and bold and bold(row) else ""
            words(sheet, sheet.y, (x, getattr(row, name), style + mark))
        sheet.down(step)


def small(sheet: Sheet, y: float, x: float, what: str, align="left") -> None:
    """Small print."""
    sheet.text(x, what, size=6.5, y=y, align=align, color="#555555")
