"""What every generator writes with: a document, its truth beside it, dates as printed.

A design prints a row and hands the very same row to `Document.add`, so that truth cannot drift from the page.
"""

from __future__ import annotations

import json
import random
import zlib
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

SAMPLE = {
    "en": "SAMPLE – synthetic", "de": "MUSTER – synthetisch (SAMPLE)", "fr": "SAMPLE – données synthétiques",
    "es": "SAMPLE – datos sintéticos", "it": "SAMPLE – dati sintetici", "pt": "SAMPLE – dados sintéticos",
}

DATES = {
    "us": "%m/%d/%Y", "us2": "%m/%d/%y", "gb": "%d/%m/%Y", "gb-mon": "%d-%b-%Y", "us-mon": "%b %d, %Y", "de": "%d.%m.%Y",
    "de2": "%d.%m.%y", "iso": "%Y-%m-%d", "gb-words": "%d %b %Y", "fr2": "%d/%m/%y",
}


@dataclass(frozen=True)
class Row:
    """One result as it is printed. Every string is the printed one; None where nothing is printed."""

    name: str
    value: str
    unit: str | None = None
    range: str | None = None
    flag: str | None = None
    specimen: str | None = None
    method: str | None = None
    panel: str | None = None
    collected: str | None = None
    loinc: str | None = None
    previous: str | None = None
    key: str = ""
    number: float | None = None
    side: int = 0
    """-1 below, 1 above, 0 within the limits; for colour, bold and split columns."""

    def but(self, **changes) -> "Row":
        """The same row with something printed otherwise."""
        return replace(self, **changes)


FIELDS = ("name", "value", "unit", "range", "flag", "specimen", "method", "panel", "collected", "loinc", "previous")


@dataclass
class Document:
    """One file and its truth. `rng` is seeded by the id, so a document does not depend on the others."""

    id: str
    folder: Path
    profile: str = "mixed"
    layout: str = ""
    generator: str = ""
    language: str = "en"
    route: str = "text"
    scan: str | None = None
    expect: str | None = None
    patient: dict = field(default_factory=dict)
    collected: str | None = None
    tests: list = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(zlib.crc32(self.id.encode()))

    def path(self, extension: str) -> Path:
        """Where the file goes."""
        return self.folder / f"{self.id}.{extension}"

    def about(self, layout: str, generator: str, language: str) -> None:
        """The labels by which figures are grouped."""
        self.layout, self.generator, self.language = layout, generator, language

    def add(self, row: Row, page: int = 1, **changes) -> Row:
        """Notes a row as printed on `page` (from 1); `changes` as in `Row.but`. Gives the row that was noted."""
        row = row.but(**changes) if changes else row
        test = {name: getattr(row, name) for name in FIELDS if getattr(row, name)}
        if test.get("collected") == self.collected:
            test.pop("collected", None)
        self.tests.append({**test, "page": page})
        return row

    def sample(self) -> str:
        """The small print that says that nobody is meant."""
        return SAMPLE[self.language[:2]]

    def truth(self) -> dict:
        """The truth file's content."""
        head = {"layout": self.layout, "generator": self.generator, "route": self.route, "language": self.language,
                "scan": self.scan, "patient": self.patient, "collected": self.collected, "expect": self.expect}
        return {**{k: v for k, v in head.items() if v}, "tests": [] if self.expect else self.tests}

    def write_truth(self) -> None:
        """Writes `<id>.truth.json`."""
        truth = self.truth()
        lines = ",\n".join("  " + json.dumps(test, ensure_ascii=False) for test in truth.pop("tests"))
        head = json.dumps(truth, ensure_ascii=False, indent=1).removesuffix("\n}")
        text = f'{head},\n "tests": [' + (f"\n{lines}\n ]" if lines else "]") + "\n}"
        (self.folder / f"{self.id}.truth.json").write_text(text + "\n", encoding="utf-8")


def day(when: date | datetime, style: str) -> str:
    """A day as printed; styles in `DATES`."""
    return when.strftime(DATES[style])


def moment(when: datetime, style: str, sep: str = " ", clock: str = "%H:%M") -> str:
    """A day and time as printed."""
    return day(when, style) + sep + when.strftime(clock)


def iso(when: datetime, time: bool = True) -> str:
    """As the truth writes it."""
    return when.strftime("%Y-%m-%dT%H:%M" if time else "%Y-%m-%d")
