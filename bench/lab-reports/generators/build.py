"""Builds the whole set, or the documents whose id begins with one of the arguments.

    python build.py [--out DIR] [prefix …]
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from document import Document

MODULES = ["reportlab_us", "reportlab_world", "plaintext", "weasy_en", "weasy_special", "weasy_romance", "weasy_more", "typeset", "browser", "cairo_pages", "plaintext_more", "interchange", "scans", "slips", "oddities", "refusals"]


def designs() -> dict:
    """id → (design, profile, module)."""
    found = {}
    for module in MODULES:
        for key, entry in importlib.import_module(module).DESIGNS.items():
            assert key not in found, key
            found[key] = entry
    return found


def main() -> None:
    """See above."""
    options = argparse.ArgumentParser()
    options.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "development")
    options.add_argument("prefixes", nargs="*")
    given = options.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for key, (design, profile) in designs().items():
        if given.prefixes and not key.startswith(tuple(given.prefixes)):
            continue
        doc = Document(key, given.out, profile)
        design(doc)
        doc.write_truth()
        print(key, len(doc.tests))


if __name__ == "__main__":
    main()
