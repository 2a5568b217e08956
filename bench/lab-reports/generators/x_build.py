"""Builds the unusual designs and looks whether truth and page agree.

    python x_build.py [BEGINNING OF AN ID …]
"""

from __future__ import annotations

import sys
from pathlib import Path

import check
from document import Document
from x_base import DESIGNS
import x_pdf_europe  # noqa: F401  (registers)
import x_pdf_special_europe  # noqa: F401
import x_pdf_special_world  # noqa: F401
import x_pdf_world  # noqa: F401
import x_plain  # noqa: F401

FOLDER = Path(__file__).parent.parent / "development"


def main() -> None:
    """See above."""
    check.SPLIT |= {("x-range-two-columns-around-value", "range")}
    asked = tuple(sys.argv[1:]) or ("x-",)
    for id, draw in DESIGNS.items():
        if id.startswith(asked):
            doc = Document(id=id, folder=FOLDER)
            draw(doc)
            doc.write_truth()
            for flaw in check.flaws(FOLDER / f"{id}.truth.json"):
                print(id, flaw)
    print(len(DESIGNS), "designs")


if __name__ == "__main__":
    main()
