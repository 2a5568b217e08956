"""Scanned documents: a design of the other modules under new seeds, printed, then degraded."""

from __future__ import annotations

import tempfile
import zlib
from pathlib import Path

import numpy as np

import browser
import cairo_pages
import degrade as d
import reportlab_us
import reportlab_world
import typeset
import weasy_en
import weasy_more as more
import weasy_romance as ro
import weasy_special as special
from check import missing, texts
from document import Document


def scan(design, label: str, extension: str, dpi: int, change, quality: int = 50, colour: bool = False):
    """A design that prints `design` and keeps only pixels. `change(image, rng)` gives the degraded page."""

    def made(doc: Document) -> None:
        rng = np.random.default_rng(zlib.crc32(doc.id.encode()))
        final = doc.folder
        with tempfile.TemporaryDirectory() as folder:
            doc.folder = Path(folder)
            design(doc)
            wrong = missing(doc.truth(), texts(doc.path("pdf")))
            assert not wrong, (doc.id, wrong)
            images = d.pages(doc.path("pdf"), dpi, colour)
        doc.folder, doc.route, doc.scan = final, "scan", label
        d.save([change(image, rng) for image in images], doc.path(extension), dpi, quality)

    return made


CLEAN = lambda i, r: i
NOISE = lambda i, r: d.noisy(i, r)
FAX = lambda i, r: d.fax(i, r)

RL, RW, WE = reportlab_us, reportlab_world, weasy_en

DESIGNS = {
    "sc-clean150": (scan(RL.previous_and_date, "clean-150", "png", 150, CLEAN), "renal"),
    "sc-clean200": (scan(RW.german_previous, "clean-200", "pdf", 200, CLEAN), "anaemia"),
    "sc-clean300": (scan(WE.reversed_columns, "clean-300", "png", 300, CLEAN), "diabetes"),
    "sc-jpeg40": (scan(RL.grid_newest_left, "jpeg-q40", "jpg", 150, CLEAN, 40), "sepsis"),
    "sc-jpeg60": (scan(WE.side_by_side, "jpeg-q60", "jpg", 200, CLEAN, 60), "renal"),
    "sc-noise": (scan(RW.french_double, "grey-noise", "jpg", 150, NOISE, 50), "lipids"),
    "sc-noise-in": (scan(RW.indian_methods, "grey-noise", "pdf", 150, lambda i, r: d.noisy(i, r, 11, 225, 60), 40), "anaemia"),
    "sc-fax-inout": (scan(RL.in_out_of_range, "fax-fine", "tif", 200, FAX), "diabetes"),
    "sc-fax-code": (scan(RL.codes_and_intervals, "fax-fine", "tif", 200, lambda i, r: d.fax(d.skewed(i, 0.7, 255), r)), "low-na"),
    "sc-fax-de": (scan(RW.german_previous, "fax-speckle", "tif", 200, lambda i, r: d.fax(i, r, 0.002)), "bleed"),
    "sc-fax-coarse": (scan(WE.component_blocks, "fax-standard", "tif", 200, lambda i, r: d.fax(i, r, 0.0005, fine=False)), "sepsis"),
    "sc-skew2": (scan(RW.german_cumulative, "skew", "png", 200, lambda i, r: d.skewed(i, -2.2)), "renal"),
    "sc-skew3": (scan(RL.previous_and_date, "skew-noise", "jpg", 200, lambda i, r: d.noisy(d.skewed(i, 3.0, 255), r, 7), 50), "lipids"),
    "sc-rot90": (scan(WE.glued_units, "rotated-90", "png", 200, lambda i, r: d.turned(i, 90)), "anaemia"),
    "sc-rot180": (scan(RW.french_double, "rotated-180", "jpg", 200, lambda i, r: d.turned(d.noisy(i, r, 6), 180), 50), "renal"),
    "sc-rot270": (scan(RL.grid_newest_left, "rotated-270", "pdf", 200, lambda i, r: d.turned(i, 270)), "bleed"),
    "sc-photo-cards": (scan(WE.cards, "phone-photo", "jpg", 170, lambda i, r: d.photo(i, r), 50, True), "low-gluc"),
    "sc-photo-in": (scan(RW.indian_methods, "phone-photo", "pdf", 170, lambda i, r: d.photo(i, r, 0.03, 0.3), 50, True), "liver"),
    "sc-photo-sides": (scan(WE.side_by_side, "phone-photo", "jpg", 200, lambda i, r: d.photo(i, r, 0.06, 0.5), 45, True), "anaemia"),
    "sc-stamp": (scan(RW.german_previous, "stamp", "jpg", 150, lambda i, r: d.stamped(i, r, "EINGEGANGEN"), 55, True), "diabetes"),
    "sc-stamp-us": (scan(WE.reversed_columns, "stamp", "jpg", 170, lambda i, r: d.stamped(i, r, "FAXED 2X", (150, 30, 40)), 50, True), "bleed"),
    "sc-copy": (scan(RL.codes_and_intervals, "photocopy", "pdf", 200, lambda i, r: d.copied(d.skewed(i, -0.6), r), 45), "anaemia"),
    "sc-letter": (scan(WE.letter, "clean-200", "tif", 200, lambda i, r: d.noisy(i, r, 5), 50), "diabetes"),
    "sc-es": (scan(ro.nested_headings, "clean-200", "png", 200, CLEAN), "sepsis"),
    "sc-it": (scan(ro.italian_methods, "clean-300", "pdf", 300, lambda i, r: d.noisy(i, r, 4), 35), "anaemia"),
    "sc-it-bands": (scan(cairo_pages.bands, "shaded-fax", "tif", 200, lambda i, r: d.fax(i, r, 0.0004)), "diabetes"),
    "sc-br": (scan(ro.brazilian_blocks, "phone-photo", "pdf", 150, lambda i, r: d.photo(i, r, 0.03, 0.35), 50, True), "liver"),
    "sc-br-count": (scan(ro.brazilian_count, "jpeg-q40", "jpg", 150, CLEAN, 40), "anaemia"),
    "sc-pt": (scan(browser.portuguese_flex, "skew-noise", "jpg", 170, lambda i, r: d.noisy(d.skewed(i, -1.6, 250), r, 8), 50), "renal"),
    "sc-fr-grid": (scan(ro.french_grid, "wrinkled", "jpg", 200, lambda i, r: d.wrinkled(i, r, 2.0, 4), 50), "bleed"),
    "sc-specimens": (scan(special.three_specimens, "fax-fine", "tif", 200, FAX), "well"),
    "sc-words": (scan(special.no_numbers, "clean-150", "png", 150, CLEAN), "well"),
    "sc-strata": (scan(special.strata, "clean-200", "jpg", 200, CLEAN, 60), "mixed"),
    "sc-serial": (scan(special.serial_troponin, "rotated-90", "tif", 200, lambda i, r: d.turned(d.fax(i, r, 0.0003), 90)), "heart"),
    "sc-lakhs": (scan(more.lakhs, "phone-photo", "jpg", 180, lambda i, r: d.turned(d.photo(i, r, 0.04, 0.4), 90), 50, True), "anaemia"),
    "sc-cutoffs": (scan(more.cutoff_tables, "multi-page-tiff", "tif", 150, lambda i, r: d.noisy(i, r, 4), 40), "lipids"),
    "sc-dates-de": (scan(more.bare_dates, "photocopy", "pdf", 200, lambda i, r: d.copied(d.skewed(i, 1.2), r), 45), "liver"),
    "sc-boxes": (scan(cairo_pages.boxes, "clean-300", "tif", 300, lambda i, r: d.noisy(i, r, 3), 40), "renal"),
    "sc-latex": (scan(typeset.latex_rules, "fax-fine", "tif", 200, FAX), "sepsis"),
    "sc-antibiogram": (scan(WE.antibiogram, "fax-fine", "tif", 200, FAX), "well"),
}
