"""The rendering programs, each as one call: markup in, PDF out."""
import html
import os
import subprocess
import tempfile
from pathlib import Path

import typst


def _run(args, **kw):
    subprocess.run(args, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180, **kw)


def chromium(body, css, out: Path, title="Report", lang="en", page="A4", margin="12mm"):
    """HTML printed by Chromium."""
    text = (f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
            f"<style>@page{{size:{page};margin:{margin}}}body{{margin:0}}{css}</style></head><body>{body}</body></html>")
    with tempfile.TemporaryDirectory() as d:
        src = Path(d) / "report.html"
        src.write_text(text)
        _run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
              f"--user-data-dir={d}/profile", f"--print-to-pdf={out}", src.as_uri()])


def typst_pdf(source, out: Path):
    out.write_bytes(typst.compile(source.encode()))


def office(document, suffix, out: Path):
    """A python-docx document (or bytes) converted by LibreOffice Writer."""
    with tempfile.TemporaryDirectory() as d:
        src = Path(d) / f"{out.stem}.{suffix}"
        if isinstance(document, bytes):
            src.write_bytes(document)
        else:
            document.save(str(src))
        _run(["soffice", f"-env:UserInstallation=file://{d}/profile", "--headless", "--convert-to", "pdf",
              "--outdir", d, str(src)], env=os.environ | {"HOME": d})
        out.write_bytes((Path(d) / f"{out.stem}.pdf").read_bytes())


def groff(source, out: Path, args=("-t", "-ms")):
    """troff source through groff's PostScript driver and Ghostscript."""
    ps = subprocess.run(["groff", "-Kutf8", *args, "-Tps", "-P-pa4"], input=source.encode(), check=True, stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL, timeout=60).stdout
    with tempfile.TemporaryDirectory() as d:
        (Path(d) / "r.ps").write_bytes(ps)
        _run(["ps2pdf", "-sPAPERSIZE=a4", f"{d}/r.ps", str(out)])


def esc(text):
    return html.escape(str(text))
