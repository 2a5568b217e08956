"""Rows, number formats and the truth file. What a design prints and what its truth says
come from the same Row objects."""
import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from catalogue import limits, variant

FIELDS = ("name", "value", "unit", "range", "flag", "specimen", "method", "panel",
          "collected", "loinc", "previous", "page")


@dataclass
class Row:
    name: str
    value: str
    unit: str = ""
    range: str = ""
    flag: str = ""
    specimen: str = ""
    method: str = ""
    panel: str = ""
    collected: str = ""
    loinc: str = ""
    previous: str = ""
    page: int = 1
    odd: bool = False       # outside its range, whether or not that is printed
    key: str = ""
    extra: dict = field(default_factory=dict)


@dataclass
class Style:
    """How one laboratory prints numbers, ranges and flags."""
    dec: str = "."
    thou: str = ""
    both: str = "{lo} - {hi}"
    below: str = "<{hi}"
    above: str = ">{lo}"
    high: str = "H"
    low: str = "L"
    alert_high: str = ""
    alert_low: str = ""
    alerts: dict = field(default_factory=lambda: dict(
        k=(2.9, 6.1), na=(121, 158), glu=(46, 450), hgb=(7.0, 21), plt=(30, 1000), ca=(6.6, 12.9)))
    digits: dict = field(default_factory=dict)  # decimals by analyte, over the catalogue's

    def number(self, x, decimals):
        if decimals < 0:
            x, decimals = round(x, decimals), 0
        text = f"{x:.{decimals}f}"
        if float(text) == 0:
            text = text.lstrip("-")
        whole, _, frac = text.partition(".")
        if self.thou and len(whole.lstrip("-")) > 3:
            whole = f"{int(whole):,}".replace(",", self.thou)
        return whole + (self.dec + frac if frac else "")

    def span(self, lo, hi, decimals):
        lo_t = None if lo is None else self.number(lo, decimals)
        hi_t = None if hi is None else self.number(hi, decimals)
        if lo is None and hi is None:
            return ""
        if lo is None:
            return self.below.format(hi=hi_t)
        if hi is None:
            return self.above.format(lo=lo_t)
        return self.both.format(lo=lo_t, hi=hi_t)


def _flag(style, key, x, lo, hi):
    a_lo, a_hi = style.alerts.get(key, (None, None))
    if hi is not None and x > hi:
        return style.alert_high if style.alert_high and a_hi and x > a_hi else style.high
    if lo is not None and x < lo:
        return style.alert_low if style.alert_low and a_lo and x < a_lo else style.low
    return ""


def _measured(parts, values, style, sex, before):
    key, name, unit = parts[0], parts[1], parts[2] if len(parts) > 2 else ""
    factor, decimals, loinc = variant(key, unit)
    decimals = style.digits.get(key, decimals)
    x = values[key]
    limit = limits(key, sex)
    text = x if isinstance(x, str) else style.number(x * factor, decimals)
    lo, hi = (None if b is None else b * factor for b in limit)
    row = Row(name=name, value=text, unit=unit, loinc=loinc or "", key=key,
              range=style.span(lo, hi, decimals))
    if not isinstance(x, str):
        shown = round(x * factor, decimals)
        unround = lambda b: None if b is None else round(b, max(decimals, 0) if decimals >= 0 else decimals)
        row.flag = _flag(style, key, shown / factor, *(None if b is None else unround(b) / factor for b in (lo, hi)))
        row.odd = bool(row.flag) or _outside(shown, unround(lo), unround(hi))
    if before is not None:
        old = before[key]
        row.previous = old if isinstance(old, str) else style.number(old * factor, decimals)
    if len(parts) > 3:
        row.method = parts[3]
    if len(parts) > 4 and parts[4]:
        row.range = parts[4]
    return row


def _outside(x, lo, hi):
    return (lo is not None and x < lo) or (hi is not None and x > hi)


def rows(table, values, style, sex="f", before=None, panel="", specimen="", page=1):
    """Rows from a small table: `key | printed name | unit | method | range text`, or a
    literal row `! name | value | unit | range | flag | loinc | method | previous`."""
    out = []
    for line in table.strip().splitlines():
        if not line.strip():
            continue
        parts = [p.strip() for p in line.split("|")]
        if parts[0].startswith("!"):
            parts[0] = parts[0][1:].strip()
            parts += [""] * (8 - len(parts))
            n, v, u, r, f, code, meth, prev = parts[:8]
            row = Row(n, v, u, r, f, loinc=code, method=meth, previous=prev, odd=bool(f))
        else:
            row = _measured(parts, values, style, sex, before)
        row.panel, row.specimen, row.page = panel, specimen, page
        out.append(row)
    return out


@dataclass
class Patient:
    name: str
    born: datetime
    identifier: str
    sex: str

    def age(self, at):
        return at.year - self.born.year - ((at.month, at.day) < (self.born.month, self.born.day))


@dataclass
class Report:
    patient: Patient
    collected: datetime
    has_time: bool = True
    rows: list = field(default_factory=list)
    omit: tuple = ()          # fields of the rows that the design does not print
    patient_fields: tuple = ("name", "birthDate", "identifier")
    expect: str = ""

    def truth(self, layout, generator, route, language, scan=""):
        out = {"layout": layout, "generator": generator, "route": route, "language": language}
        if scan:
            out["scan"] = scan
        if self.patient is not None:
            p = {"name": self.patient.name, "birthDate": self.patient.born.strftime("%Y-%m-%d"),
                 "identifier": self.patient.identifier}
            p = {k: p[k] for k in self.patient_fields}
            if p:
                out["patient"] = p
        if self.collected is not None:
            out["collected"] = self.collected.strftime("%Y-%m-%dT%H:%M" if self.has_time else "%Y-%m-%d")
        if self.expect:
            out["expect"] = self.expect
        out["tests"] = [] if self.expect else [_row_truth(r, self.omit) for r in self.rows]
        return out


def _row_truth(row, omit):
    got = {}
    for f in FIELDS:
        x = getattr(row, f)
        if f in omit or x == "" or x is None:
            continue
        got[f] = x
    return got


def write_truth(folder: Path, doc_id, truth):
    (folder / f"{doc_id}.truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n")
