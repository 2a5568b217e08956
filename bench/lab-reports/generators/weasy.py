"""HTML → PDF by WeasyPrint: the frame shared by the designs of `weasy_*.py`."""

from __future__ import annotations

import html
import logging
import os

os.environ.setdefault("SOURCE_DATE_EPOCH", "1735689600")

from weasyprint import HTML

from document import Document

logging.getLogger("weasyprint").setLevel(logging.ERROR)


def e(words: str | None) -> str:
    """Escaped; nothing for None."""
    return html.escape(words or "")


def page_of(doc: Document, css: str, body: str) -> str:
    """A whole HTML page."""
    return f"<!doctype html><html lang='{doc.language}'><head><meta charset='utf-8'><style>{css}</style></head><body>{body}</body></html>"


def write(doc: Document, css: str, body: str) -> None:
    """Renders `<id>.pdf`."""
    HTML(string=page_of(doc, css, body)).write_pdf(str(doc.path("pdf")), optimize_images=True)


def cells(*values: str | None, tag: str = "td") -> str:
    """A table row."""
    return "<tr>" + "".join(f"<{tag}>{e(v)}</{tag}>" for v in values) + "</tr>"
