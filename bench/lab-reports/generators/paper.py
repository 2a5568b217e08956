"""PIL: characters on paper – a line printer, a typewriter, a thermal head – drawn sign by sign."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from fonts import font_file

MONO, COURIER, SLIP = font_file("DejaVu Sans Mono", "Book"), font_file("Courier Prime"), font_file("Courier Prime Code")


def dots(lines: list[str], rng: np.random.Generator, columns: int = 88, green: bool = True) -> Image.Image:
    """A 24-pin matrix on continuous paper with green bars and holes at both sides."""
    font = ImageFont.truetype(MONO, 15)
    cell_w, cell_h, dot = 9, 18, 2
    small = Image.new("1", (columns * cell_w, (len(lines) + 4) * cell_h), 1)
    pen = ImageDraw.Draw(small)
    pen.fontmode = "1"
    for i, line in enumerate(lines):
        for j, c in enumerate(line):
            pen.text((j * cell_w, (i + 2) * cell_h), c, font=font, fill=0)
    ink = ~np.asarray(small)
    h, w = ink.shape
    out = np.full((h * dot, w * dot), 255, np.float32)
    hit = ink & (rng.random(ink.shape) > 0.015)
    big = np.kron(hit, np.ones((dot, dot), bool))
    out[big] = 55 + rng.normal(0, 18, int(big.sum()))
    edge = 70
    paper = np.full((h * dot, w * dot + 2 * edge, 3), 246, np.float32)
    if green:
        for i in range(0, len(lines) + 4, 6):
            paper[i * cell_h * dot:(i + 3) * cell_h * dot, edge:-edge] = (214, 238, 214)
    paper[:, edge:-edge] *= (np.asarray(Image.fromarray(np.clip(out, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7)), np.float32) / 255)[..., None]
    image = Image.fromarray(np.clip(paper, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for y in range(40, image.height, 100):
        for x in (edge // 2, image.width - edge // 2):
            pen.ellipse((x - 14, y - 14, x + 14, y + 14), fill=(120, 120, 120))
    return image


def typed(lines: list[str], rng: np.random.Generator, size: int = 30, page: tuple[int, int] = (1700, 2200)) -> Image.Image:
    """A typewriter: uneven pressure, letters a little off their line, filled bowls."""
    font = ImageFont.truetype(COURIER, size)
    image = Image.new("L", page, 244)
    pen = ImageDraw.Draw(image)
    step = size * 0.6
    for i, line in enumerate(lines):
        for j, c in enumerate(line):
            if c != " ":
                at = (110 + j * step + rng.normal(0, 0.7), 110 + i * size * 1.45 + rng.normal(0, 1.1))
                pen.text(at, c, font=font, fill=int(np.clip(rng.normal(62, 26), 10, 130)))
    return image.filter(ImageFilter.GaussianBlur(0.8))


def slip(lines: list[str], rng: np.random.Generator, size: int = 24, columns: int = 34, face: str = SLIP) -> Image.Image:
    """A thermal printer's paper, 203 dpi; a line that begins with `#` is printed double high."""
    font, big = ImageFont.truetype(face, size), ImageFont.truetype(face, int(size * 1.5))
    height = sum(int(size * (1.9 if line.startswith("#") else 1.25)) for line in lines) + 90
    image = Image.new("L", (int(columns * size * 0.61) + 60, height), 250)
    pen = ImageDraw.Draw(image)
    y = 40
    for line in lines:
        heading = line.startswith("#")
        pen.text((30, y), line.lstrip("#"), font=big if heading else font, fill=25)
        y += int(size * (1.9 if heading else 1.25))
    grain = rng.normal(0, 4, (image.height, image.width))
    return Image.fromarray(np.clip(np.asarray(image, np.float32) + grain, 0, 255).astype(np.uint8))


def on_table(image: Image.Image, rng: np.random.Generator, width: int = 1100) -> Image.Image:
    """A slip glued to a white sheet that was scanned."""
    sheet = Image.new("L", (width, int(width * 1.35)), 243)
    turned = image.rotate(float(rng.uniform(-2.5, 2.5)), expand=True, fillcolor=243, resample=Image.BICUBIC)
    scale = min(1.0, (sheet.height - 80) / turned.height)
    turned = turned.resize((int(turned.width * scale), int(turned.height * scale)), Image.LANCZOS)
    sheet.paste(turned, ((sheet.width - turned.width) // 2, 50))
    return sheet
