"""What happens to a page between the printer and the file: scanners, fax machines, telephones, creases, stamps.

Every function takes a grey or colour PIL image and a numpy Generator and gives an image; `save` writes them.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from fonts import font_file


def pages(pdf: Path, dpi: int, colour: bool = False) -> list[Image.Image]:
    """A PDF's pages as pictures."""
    with tempfile.TemporaryDirectory() as folder:
        flags = ["-png"] if colour else ["-png", "-gray"]
        subprocess.run(["pdftoppm", "-r", str(dpi), *flags, str(pdf), f"{folder}/p"], check=True)
        return [Image.open(p).convert("RGB" if colour else "L") for p in sorted(Path(folder).iterdir())]


def noisy(image: Image.Image, rng: np.random.Generator, sigma: float = 10, paper: float = 238, ink: float = 40) -> Image.Image:
    """Grey paper, grey ink and the noise of a sensor."""
    a = np.asarray(image.convert("L"), dtype=np.float32) / 255
    a = ink + a * (paper - ink) + rng.normal(0, sigma, a.shape)
    return Image.fromarray(np.clip(a, 0, 255).astype(np.uint8))


def skewed(image: Image.Image, degrees: float, paper: int = 245) -> Image.Image:
    """Laid on the glass a little askew."""
    return image.rotate(degrees, resample=Image.BICUBIC, expand=True, fillcolor=paper if image.mode == "L" else (paper,) * 3)


def turned(image: Image.Image, degrees: int) -> Image.Image:
    """Fed the wrong way round."""
    return image.rotate(degrees, expand=True)


def fax(image: Image.Image, rng: np.random.Generator, speckle: float = 0.0006, fine: bool = True, level: int = 165) -> Image.Image:
    """One bit, with speckle, lost rows and the header line of the machine; `image` at 200 dpi."""
    grey = image.convert("L").filter(ImageFilter.GaussianBlur(0.5))
    if not fine:
        grey = grey.resize((grey.width, grey.height // 2), Image.BILINEAR).resize((grey.width, grey.height // 2 * 2), Image.NEAREST)
    a = np.asarray(grey).copy()
    black = a < level + rng.normal(0, 6, a.shape)
    spots = rng.random(a.shape) < speckle
    spots |= np.roll(spots, 1, 1) & (rng.random(a.shape) < 0.6)
    black = (black | spots) & ~(rng.random(a.shape) < speckle * 3)
    out = Image.fromarray(np.where(black, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(out)
    font = ImageFont.truetype(font_file("DejaVu Sans Mono", "Book"), 22)
    draw.text((60, 8), f"{rng.integers(1, 28):02d}/{rng.integers(1, 12):02d}/24  {rng.integers(7, 18):02d}:{rng.integers(10, 59)}   FAX 555 01{rng.integers(10, 99)}   SAMPLE CLINIC   P.1", fill=0, font=font)
    return out.convert("1", dither=Image.NONE)


def photo(image: Image.Image, rng: np.random.Generator, tilt: float = 0.05, shade: float = 0.45) -> Image.Image:
    """Lying on a table, seen by a telephone: perspective, a shadow over one corner, a warm light, blur."""
    image = image.convert("RGB")
    w, h = image.size
    big_w, big_h = int(w * 1.16), int(h * 1.12)
    jig = lambda s: float(rng.uniform(0, tilt) * s)
    corners = [(0.07 * w + jig(w), 0.05 * h + jig(h)), (1.09 * w - jig(w), 0.05 * h + jig(h)), (1.09 * w - jig(w) / 3, 1.07 * h - jig(h)), (0.07 * w + jig(w) / 3, 1.07 * h - jig(h))]
    source = [(0, 0), (w, 0), (w, h), (0, h)]
    rows = []
    for (x, y), (u, v) in zip(corners, source):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    flat = np.array([c for point in source for c in point], dtype=float)
    coefficients = np.linalg.solve(np.array(rows, dtype=float), flat)
    page = image.transform((big_w, big_h), Image.PERSPECTIVE, coefficients, Image.BICUBIC)
    mask = Image.new("L", image.size, 255).transform((big_w, big_h), Image.PERSPECTIVE, coefficients)
    grain = rng.normal(0, 5, (big_h, 1, 1)) + rng.normal(0, 3, (big_h, big_w, 1))
    table = Image.fromarray(np.clip(np.array([96, 72, 54]) + grain, 0, 255).astype(np.uint8))
    table.paste(page, (0, 0), mask)
    y, x = np.mgrid[0:big_h, 0:big_w]
    edge = (x / big_w + 0.6 * y / big_h) - rng.uniform(0.75, 1.0)
    light = 1 - shade / (1 + np.exp(-edge * 14))
    light *= 1 - 0.18 * np.hypot(x / big_w - 0.4, y / big_h - 0.4)
    a = np.asarray(table, dtype=np.float32) * light[..., None] * np.array([1.0, 0.97, 0.9]) + rng.normal(0, 4, (big_h, big_w, 1))
    return Image.fromarray(np.clip(a, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7))


def wrinkled(image: Image.Image, rng: np.random.Generator, depth: float = 3.0, folds: int = 5) -> Image.Image:
    """Creases: lines of light and dark, and the print shifted along them."""
    a = np.asarray(image.convert("L"), dtype=np.float32)
    h, w = a.shape
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    dx, dy, light = np.zeros_like(a), np.zeros_like(a), np.zeros_like(a)
    for _ in range(folds):
        angle, offset = rng.uniform(0, np.pi), rng.uniform(-0.4, 0.4) * max(w, h)
        d = (x - w / 2) * np.cos(angle) + (y - h / 2) * np.sin(angle) - offset
        bend = np.exp(-np.abs(d) / 40)
        dx += depth * bend * np.cos(angle) * np.sign(d) * 0.5
        dy += depth * bend * np.sin(angle) * np.sign(d) * 0.5
        light += rng.uniform(-14, 14) * np.exp(-np.abs(d) / 120) - 30 * np.exp(-np.abs(d) / 1.5)
    moved = a[np.clip((y + dy).round().astype(int), 0, h - 1), np.clip((x + dx).round().astype(int), 0, w - 1)]
    out = 30 + moved * 0.82 + light + rng.normal(0, 4, a.shape)
    return Image.fromarray(np.clip(out, 0, 255).astype(np.uint8))


def stamped(image: Image.Image, rng: np.random.Generator, words: str = "RECEIVED", colour=(40, 60, 160)) -> Image.Image:
    """An inked stamp across the page, see-through, over the print."""
    page = image.convert("RGB")
    ink = Image.new("RGB", page.size, "white")
    size = page.width // 4
    stamp = Image.new("RGB", (size * 2, size), "white")
    draw = ImageDraw.Draw(stamp)
    font = ImageFont.truetype(font_file("Liberation Sans", "Bold"), size // 4)
    draw.rectangle((8, size // 4, size * 2 - 8, size * 3 // 4), outline=colour, width=max(3, size // 50))
    draw.text((size, size // 2), words, fill=colour, font=font, anchor="mm")
    stamp = stamp.rotate(float(rng.uniform(8, 24)), fillcolor="white", expand=True)
    ink.paste(stamp, (int(page.width * rng.uniform(0.25, 0.45)), int(page.height * rng.uniform(0.3, 0.5))))
    holes = Image.fromarray(((rng.random((page.height, page.width)) < 0.45) * 255).astype(np.uint8))
    return ImageChops.multiply(page, ImageChops.lighter(ink, Image.merge("RGB", (holes,) * 3)))


def faded(image: Image.Image, rng: np.random.Generator, ink: float = 120) -> Image.Image:
    """Thermal paper after a summer: grey print, bands where the head was tired."""
    a = np.asarray(image.convert("L"), dtype=np.float32) / 255
    band = 1 - 0.35 * np.clip(np.sin(np.arange(a.shape[1]) / rng.uniform(40, 90) + rng.uniform(0, 6)), 0, 1) * (rng.random(a.shape[1]) * 0.3 + 0.7)
    out = 232 - (1 - a) * (232 - ink) * band[None, :] + rng.normal(0, 3, a.shape)
    return Image.fromarray(np.clip(out, 0, 255).astype(np.uint8))


def copied(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A photocopy of a photocopy: thick print, black edges, specks."""
    a = np.asarray(image.convert("L").filter(ImageFilter.GaussianBlur(1.1)), dtype=np.float32)
    a = np.clip((a - 170) * 2.4 + 120, 0, 250)
    a[:, : int(rng.integers(8, 30))] = 15
    a[: int(rng.integers(4, 18)), :] = 20
    specks = Image.fromarray(((rng.random(a.shape) < 0.00012) * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(3))
    a[np.asarray(specks) > 0] = 40
    return Image.fromarray(a.astype(np.uint8))


def save(images: list[Image.Image], path: Path, dpi: int, quality: int = 50) -> None:
    """Writes by extension: png, jpg, tif (G4 for one bit, else JPEG in TIFF), pdf (a picture a page, no text)."""
    first, rest = images[0], images[1:]
    kind = path.suffix
    if kind == ".tif":
        packing = {"compression": "group4"} if first.mode == "1" else {"compression": "jpeg", "quality": quality}
        first.save(path, dpi=(dpi, dpi), save_all=True, append_images=rest, **packing)
    elif kind == ".pdf":
        first.save(path, resolution=dpi, save_all=True, append_images=rest, quality=quality)
    elif kind == ".jpg":
        first.save(path, dpi=(dpi, dpi), quality=quality)
    else:
        (first if first.mode == "1" else first.quantize(16) if first.mode == "L" else first).save(path, dpi=(dpi, dpi), optimize=True)


def squeezed(image: Image.Image, quality: int) -> Image.Image:
    """Through JPEG once more than needed."""
    held = io.BytesIO()
    image.convert("L" if image.mode == "1" else image.mode).save(held, "JPEG", quality=quality)
    return Image.open(io.BytesIO(held.getvalue()))
