"""Looks whether truth and page agree: what is said to be printed stands in the text of that page.

    python check.py [DIR]

Scans were checked before their text was taken away (`scans.py`); here their form is. Prints what is wrong and ends with 1 if anything is.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

FIELDS = {"name", "value", "unit", "range", "flag", "specimen", "method", "panel", "collected", "loinc", "previous", "page"}
HEAD = {"layout", "generator", "route", "language", "scan", "patient", "collected", "expect", "tests"}
SPLIT = {("x-range-two-columns-around-value", "range"), ("nested-headings", "range"), ("gauges", "range"), ("fixed-width-wrapped", "name")}
"""What designs print in two places."""


def squeezed(words: str) -> str:
    """Without blanks, dashes alike."""
    return re.sub(r"\s+", "", words.replace("–", "-").replace("‐", "-").replace("−", "-").replace(chr(0xAD), "-"))


def rtf(words: str) -> str:
    """The text of our own RTF."""
    words = re.sub(r"\\u(\d+)\?", lambda m: chr(int(m[1])), words)
    words = re.sub(r"\\'([0-9a-f]{2})", lambda m: bytes.fromhex(m[1]).decode("latin-1"), words)
    return re.sub(r"\\[a-z]+-?\d* ?|[{}]", "", words)


def texts(path: Path) -> list[str]:
    """Text by page; one page for what has none."""
    if path.suffix == ".pdf":
        return subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout.split("\f")
    words = path.read_text(encoding="utf-8")
    if path.suffix in (".html", ".xml"):
        return [html.unescape(re.sub(r"<[^>]*>", " ", words)) + html.unescape(words)]
    if path.suffix == ".hl7":
        return [words.replace("\\T\\", "&").replace("|<^", "|<").replace("|>^", "|>")]
    return [rtf(words)] if path.suffix == ".rtf" else words.split("\f")


def missing(truth: dict, pages: list[str]) -> list[str]:
    """What truth claims and the text of the pages does not hold."""
    pages, found = [squeezed(p) for p in pages], []
    for test in truth["tests"]:
        page = pages[test["page"] - 1] if len(pages) >= test["page"] else ""
        for key in ("name", "value", "unit", "range", "flag", "specimen", "method", "previous", "panel"):
            where = "".join(pages) if key == "panel" else page
            if key in test and squeezed(test[key]) not in where and (truth["layout"], key) not in SPLIT:
                found.append(f"p{test['page']} {test['name']}: {key} {test[key]!r} is not there")
    return found


def flaws(truth_path: Path) -> list[str]:
    """What is wrong with one document."""
    truth = json.loads(truth_path.read_text(encoding="utf-8"))
    stem = truth_path.name.removesuffix(".truth.json")
    files = [p for p in truth_path.parent.glob(f"{stem}.*") if p.name != truth_path.name]
    found = [] if len(files) == 1 else [f"{len(files)} files"]
    found += [f"field {key}" for key in set(truth) - HEAD] + [f"field {key}" for test in truth["tests"] for key in set(test) - FIELDS]
    if bool(truth["tests"]) == ("expect" in truth):
        found.append("tests and expect do not fit")
    seen = Counter((t["name"], t.get("unit"), t.get("specimen"), t.get("panel"), t.get("collected")) for t in truth["tests"])
    found += [f"twice: {key}" for key, count in seen.items() if count > 1]
    if truth["route"] == "text" and "expect" not in truth and files:
        found += missing(truth, texts(files[0]))
    return found


def main() -> None:
    """See above."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "development"
    bad = 0
    counts: Counter = Counter()
    for path in sorted(folder.glob("*.truth.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        counts.update([f"route {truth['route']}", f"generator {truth['generator']}", f"language {truth['language']}", f"expect {truth.get('expect', '–')}"])
        counts["tests"] += len(truth["tests"])
        for flaw in flaws(path):
            bad += 1
            print(path.name, flaw)
    print(dict(sorted(counts.items())))
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
