"""Catalogue lines + one patient's values → printed rows, in the number style of a country and a laboratory."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from codes import code, factor
from document import Row


@dataclass(frozen=True)
class Style:
    """How a laboratory prints numbers, limits and flags."""

    decimal: str = "."
    thousands: str = ""
    between: str = "{lo}-{hi}"
    below: str = "<{hi}"
    above: str = ">{lo}"
    low: str | None = "L"
    high: str | None = "H"
    panic_low: str | None = None
    panic_high: str | None = None


PANIC = {"k": (2.8, 6.2), "na": (120, 160), "gluc": (45, 450), "glucf": (45, 450), "hb": (7, 20), "plt": (30, 1000), "inr": (0, 4.5),
         "ca": (6.5, 13), "lact": (0, 4), "creat": (0, 5), "hco3": (10, 40), "co2": (10, 40), "wbc": (1.5, 50)}


@dataclass(frozen=True)
class Line:
    """One test of a catalogue. `text` is a range that is not two numbers."""

    key: str
    name: str
    unit: str | None
    lo: float | None
    hi: float | None
    digits: int
    text: str | None = None


def catalogue(source: str) -> dict[str, list[Line]]:
    """Reads `[panel]` headings and lines of `key;name;unit;low;high;digits[;range text]`."""
    panels: dict[str, list[Line]] = {}
    current: list[Line] = []
    for raw in source.strip().splitlines():
        line = raw.strip()
        if line.startswith("["):
            current = panels.setdefault(line[1:-1], [])
            continue
        if not line:
            continue
        cells = (line.split(";") + [""])[:7]
        key, name, unit, lo, hi, digits, text = cells
        current.append(Line(key, name, unit or None, float(lo) if lo else None, float(hi) if hi else None, int(digits), text or None))
    return panels


def grouped(digits: str, style: Style) -> str:
    """Thousands groups; Indian groups where the style says `in`."""
    if not style.thousands or len(digits) < 4:
        return digits
    if style.thousands == "in":
        head, tail = digits[:-3], digits[-3:]
        parts = []
        while head:
            parts.insert(0, head[-2:])
            head = head[:-2]
        return ",".join([*parts, tail])
    parts = []
    while digits:
        parts.insert(0, digits[-3:])
        digits = digits[:-3]
    return style.thousands.join(parts)


def number(value: float, digits: int, style: Style) -> str:
    """A number as printed. `digits` below 0 rounds to tens, hundreds …"""
    text = f"{round(value, digits):.{max(digits, 0)}f}"
    whole, _, rest = text.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return sign + grouped(whole, style) + (style.decimal + rest if rest else "")


def limit(value: float, digits: int, style: Style) -> str:
    """A limit: as many digits as the value has, unless it needs more."""
    need = max(digits, 0)
    while abs(round(value, need) - value) > 1e-9 and need < 4:
        need += 1
    return number(value, need, style)


def range_text(line: Line, style: Style) -> str | None:
    """The range as printed."""
    if line.text:
        return line.text
    lo = None if line.lo is None else limit(line.lo, line.digits, style)
    hi = None if line.hi is None else limit(line.hi, line.digits, style)
    if lo is not None and hi is not None:
        return style.between.format(lo=lo, hi=hi)
    if hi is not None:
        return style.below.format(hi=hi)
    return style.above.format(lo=lo) if lo is not None else None


def side_of(line: Line, value: float) -> int:
    """-1 below, 1 above, 0 within."""
    shown = round(value, line.digits)
    if line.lo is not None and shown < line.lo:
        return -1
    return 1 if line.hi is not None and shown > line.hi else 0


def flag_of(key: str, base: float, side: int, style: Style) -> str | None:
    """The flag as printed; panic flags only where the style has them."""
    if side == 0:
        return None
    low, high = PANIC.get(key, (None, None))
    if side < 0:
        return style.panic_low if style.panic_low and low is not None and base < low else style.low
    return style.panic_high if style.panic_high and high is not None and base > high else style.high


def row(line: Line, state: dict[str, float], style: Style, panel: str | None = None, specimen: str | None = None) -> Row:
    """One line with its value."""
    base = state[line.key]
    value = base * factor(line.key, line.unit)
    side = side_of(line, value)
    return Row(name=line.name, value=number(value, line.digits, style), unit=line.unit, range=range_text(line, style),
               flag=flag_of(line.key, base, side, style), specimen=specimen, panel=panel, loinc=code(line.key, line.unit),
               key=line.key, number=round(value, line.digits), side=side)


def rows(lines: list[Line], state: dict[str, float], style: Style, panel: str | None = None, specimen: str | None = None) -> list[Row]:
    """A panel's rows."""
    return [row(line, state, style, panel, specimen) for line in lines]


def some(lines: list[Line], rng: Random, count: int) -> list[Line]:
    """`count` of the lines, in their order."""
    kept = set(rng.sample(range(len(lines)), min(count, len(lines))))
    return [line for i, line in enumerate(lines) if i in kept]


def plain(source: str, panel: str | None = None, specimen: str | None = None) -> list[Row]:
    """Rows whose values are written out: `name;value;unit;range;flag;loinc;method`, one a line."""
    found = []
    for raw in source.strip().splitlines():
        cells = [c.strip() or None for c in (raw.strip().split(";") + [""] * 7)[:7]]
        name, value, unit, limits, flag, loinc, method = cells
        assert name and value, raw
        found.append(Row(name=name, value=value, unit=unit, range=limits, flag=flag, loinc=loinc, method=method, panel=panel,
                         specimen=specimen, side=1 if flag else 0))
    return found
