"""Writes every document of this folder and its truth. Seeded: same rows on every run.

    python build.py [id-prefix ...]
"""
import random
import sys
import tempfile
from pathlib import Path

# Imported for the designs that they register.
import drawn_designs, fpdf_designs, groff_designs, html_us, html_world  # noqa: F401,E401
import office_designs, refusals, slips, text_designs, typst_designs  # noqa: F401,E401
from check import assign_pages, complaints
from model import write_truth
from plan import PLAN
from registry import DESIGNS
from scan import scan

FOLDER = Path(__file__).resolve().parent.parent


def build(doc_id, name, options, kind, ext, seed):
    fn, layout, generator, language, own_ext = DESIGNS[name]
    layout = options.pop("layout", layout)
    language = options.pop("language", language)
    with tempfile.TemporaryDirectory() as d:
        source = Path(d) / f"{doc_id}.{own_ext}"
        report = fn(random.Random(seed), source, **options)
        if own_ext == "pdf" and not report.expect:
            assign_pages(source, report)
            for line in complaints(source, report):
                print(f"{doc_id}: {line}")
        out = FOLDER / f"{doc_id}.{ext or own_ext}"
        if kind:
            scan(source, out, kind, seed)
        else:
            out.write_bytes(source.read_bytes())
    pixels = kind or ("photo" if name == "photo" else "flatbed-150" if name == "blank" else "")
    write_truth(FOLDER, doc_id, report.truth(layout, generator, "scan" if pixels else "text", language, pixels))


def main():
    wanted = sys.argv[1:]
    for n, (name, options, kind, ext) in enumerate(PLAN):
        doc_id = f"aside-{n + 1:03d}"
        if wanted and doc_id[-3:] not in wanted:
            continue
        build(doc_id, name, dict(options), kind, ext, 4100 + n * 37)


if __name__ == "__main__":
    main()
