"""Looks for each printed field of the truth in the text layer of the page it was printed on,
and for LOINC codes whose check digit is wrong."""
import re

import pymupdf


def _flat(text):
    return re.sub(r"\s+", "", text.replace("\u00a0", " ").replace("\u00ad", ""))


def page_texts(pdf):
    return [_flat(p.get_text()) for p in pymupdf.open(pdf)]


def assign_pages(pdf, report):
    """Sets row.page to the first page, not before the former row's, that holds name and value."""
    texts, at = page_texts(pdf), 0
    if len(texts) == 1 or any(r.page > 1 for r in report.rows):
        return
    for r in report.rows:
        n = at
        while n < len(texts) and not (_flat(r.name) in texts[n] and _near(texts[n], r)):
            n += 1
        at = min(n, len(texts) - 1)
        r.page = at + 1


def _near(text, r):
    name, value = _flat(r.name), _flat(r.value)
    return any(value in text[max(0, m.start() - 60): m.end() + 90] for m in re.finditer(re.escape(name), text))


def digit_right(code):
    body, digit = code.split("-")
    doubled = [int(c) * (2 - i % 2) for i, c in enumerate(reversed(body))]
    return (10 - sum(d // 10 + d % 10 for d in doubled) % 10) % 10 == int(digit)


def complaints(pdf, report):
    yield from (f"{r.name}: {r.loinc} has a wrong check digit" for r in report.rows if r.loinc and not digit_right(r.loinc))
    texts = page_texts(pdf)
    for r in report.rows:
        text = texts[r.page - 1]
        for f in ("name", "value", "unit", "range", "flag", "specimen", "method", "panel", "previous"):
            x = getattr(r, f)
            where = "".join(texts) if f in ("panel", "specimen") else text   # headings carry over
            if x and f not in report.omit and _flat(x).lower() not in where.lower():
                yield f"{r.name}: {f} {x!r} is not on page {r.page}"
    p = report.patient
    for x in (p.name, p.identifier):
        if _flat(x) not in texts[0]:
            yield f"patient {x!r} is not on the first page"
