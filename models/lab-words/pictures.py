"""Draws strings as scans show them: many fonts and sizes, rulings, bands, then blur, noise, JPEG, 1-bit fax, needles."""
import glob
import random

import cv2
import numpy as np
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from strings import SUPERS, draw_text

HEIGHT = 32
#: Width is stretched, so that two narrow letters alike keep a gap between their steps.
STRETCH = 1.3
FAMILIES = {
    "liberation/LiberationSans-": 7, "liberation/LiberationSansNarrow-": 3, "liberation/LiberationSerif-": 4, "liberation/LiberationMono-": 4,
    "dejavu/DejaVuSans": 3, "dejavu/DejaVuSansMono": 3, "dejavu/DejaVuSerif": 2, "noto/NotoSans-": 2, "noto/NotoSerif-": 2,
    "roboto/**/Roboto-": 3, "roboto/**/RobotoCondensed-": 2, "lato/Lato-": 2, "courier-prime/Courier Prime": 4, "inconsolata/": 2,
}
STYLES = ("Regular", "Bold", "Medium", "Italic", "Semibold", "Light", "Prime.otf", "Prime Bold.otf", "Prime Code.otf", "Sans.ttf", "SansMono.ttf", "Serif.ttf", "Inconsolata", "Condensed")
REFUSED = ("Oblique", "Hairline", "Thin", "ExtraLight", "Black", "LightItalic", "Mathematical")


def find_fonts(root="/usr/share/fonts"):
    """[(path, weight)]: a family is as likely as its weight, whatever number of styles it has."""
    fonts = []
    for prefix, weight in FAMILIES.items():
        files = [f for f in glob.glob(f"{root}/**/{prefix}*", recursive=True)
                 if f.endswith((".ttf", ".otf")) and any(s in f for s in STYLES) and not any(s in f for s in REFUSED)]
        for file in files:
            upright = "Italic" not in file
            fonts.append((file, weight / max(1, len(files)) * (1 if upright else 0.3)))
    return fonts


def glyphs(path):
    """Characters that the font has; a unit without its µ would be drawn as a box."""
    return frozenset(map(chr, TTFont(path, lazy=True).getBestCmap()))


class Drawer:
    def __init__(self, vocabulary, seed, fonts):
        self.r, self.n = random.Random(seed), np.random.default_rng(seed)
        self.vocabulary, self.fonts, self.cache = vocabulary, fonts, {}
        self.glyphs = {path: glyphs(path) for path, _ in fonts}

    def font(self, path, size):
        key = (path, size)
        if key not in self.cache:
            if len(self.cache) > 400:
                self.cache.clear()
            self.cache[key] = ImageFont.truetype(path, size)
        return self.cache[key]

    def write(self, draw, x, y, text, path, size, ink):
        """Draws on the base line; raised digits are smaller digits. Returns the end."""
        normal, small = self.font(path, size), self.font(path, max(5, round(size * 0.62)))
        raised, run = self.r.random() < 0.75, ""
        for char in [*text, ""]:
            if char and (char not in SUPERS or not raised and char in "²³¹" and char in self.glyphs[path]):
                run += char
                continue
            draw.text((x, y), run, font=normal, fill=ink, anchor="ls")
            x, run = x + normal.getlength(run), ""
            if char:
                draw.text((x, y - size * 0.33), str(SUPERS.index(char)), font=small, fill=ink, anchor="ls")
                x += small.getlength("0")
        return x

    def page(self):
        """(picture, [(text, x0, x1, base line, height of capitals)]) with one family and one way of scanning."""
        r = self.r
        path = r.choices([f for f, _ in self.fonts], [w for _, w in self.fonts])[0]
        size = round(np.exp(r.uniform(np.log(12), np.log(44))))
        enlarge = r.choice((1, 1, 2)) if size < 30 else 1
        drawn = size * enlarge
        width, step = int(drawn * 34), int(drawn * r.uniform(1.25, 2.2))
        rows = 9
        ground, ink = r.choice((255, 255, 255, 245, 230)), r.choice((0, 0, 0, 30, 70))
        image = Image.new("L", (width, step * (rows + 1)), ground)
        draw = ImageDraw.Draw(image)
        font = self.font(path, drawn)
        capital = -font.getbbox("H", anchor="ls")[1]
        bold = r.random()
        ruled, columns = r.random() < 0.3, r.random() < 0.25
        words = []
        for row in range(rows):
            y = step * (row + 1)
            band = r.random()
            colour, top, bottom = ink, y - int(step * 0.72), y + int(step * 0.28)
            if band < 0.1:
                shade = r.randint(195, 240)
                draw.rectangle((0, top, width, bottom), fill=shade)
            elif band < 0.16:
                draw.rectangle((0, top, width, bottom), fill=r.randint(20, 110))
                colour = 255
            if ruled:
                draw.line((0, bottom, width, bottom), fill=r.choice((0, 90, 160)), width=max(1, drawn // r.choice((10, 16, 24))))
            x = drawn * r.uniform(0.3, 1)
            while True:
                text = draw_text(r, self.vocabulary)
                if any(c not in self.glyphs[path] and c not in SUPERS for c in text):
                    continue
                if x + font.getlength(text) + drawn > width:
                    break
                end = self.write(draw, x, y, text, path, drawn, colour)
                words.append((text, x, end, y, capital, colour > 200))
                gap = drawn * (r.uniform(0.27, 0.5) if r.random() < 0.3 else r.uniform(0.6, 2.5))
                if columns and gap > drawn * 0.8:
                    draw.line((end + gap / 2, top, end + gap / 2, bottom), fill=60, width=max(1, drawn // 14))
                x = end + gap
        picture = np.asarray(image)
        if enlarge == 2:
            picture = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
            words = [(t, a / 2, b / 2, y / 2, c / 2, i) for t, a, b, y, c, i in words]
        return self.scan(picture, words, size), words

    def scan(self, picture, words, size):
        r, n = self.r, self.n
        p = picture.astype(np.float32)
        shape = p.shape
        if r.random() < 0.15:  # a needle printer
            p = needles(p, max(2, round(size / r.uniform(9, 12))), r.uniform(0.5, 0.75))
        if r.random() < 0.2:
            kernel = np.ones(r.choice(((1, 2), (2, 1), (2, 2))), np.uint8)
            p = cv2.erode(p, kernel) if r.random() < 0.6 else cv2.dilate(p, kernel) if size > 24 else p
        if r.random() < 0.7:
            p = cv2.GaussianBlur(p, (0, 0), r.uniform(0.3, 0.075 * size if size > 14 else 0.9))
        if r.random() < 0.3:
            p = 128 + (p - 128) * r.uniform(0.3, 1) + r.uniform(-20, 60)
        if r.random() < 0.6:
            p = p + n.normal(0, r.choice((2, 4, 8, 16, 26)), shape).astype(np.float32)
        if r.random() < 0.12:
            lost = n.random(shape)
            p[lost < 0.006], p[lost > 0.994] = 0, 255
            if r.random() < 0.7:
                p = cv2.medianBlur(np.clip(p, 0, 255).astype(np.uint8), 3).astype(np.float32)
        bits = r.random()
        if bits < 0.14:
            p = np.where(p < r.uniform(110, 190), 0, 255).astype(np.float32)
            if size > 22 and r.random() < 0.6:
                lost = n.random(shape)
                p[lost < 0.006], p[lost > 0.985] = 255, 0
                if r.random() < 0.8:
                    p = cv2.medianBlur(p.astype(np.uint8), 3).astype(np.float32)
            if r.random() < 0.3:  # standard fax: every second line is lost
                p = np.repeat(p[::2], 2, axis=0)[: shape[0]]
        elif bits < 0.5:
            _, coded = cv2.imencode(".jpg", np.clip(p, 0, 255).astype(np.uint8), (cv2.IMWRITE_JPEG_QUALITY, r.randint(25, 85)))
            p = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE).astype(np.float32)
        return np.clip(p, 0, 255)

    def crops(self):
        """[(text, float32 [32, W], ink about 1 on paper about 0)] of one page."""
        picture, words = self.page()
        r = self.r
        angle = np.radians(r.gauss(0, 0.35))
        out = []
        for text, x0, x1, y, capital, light in words:
            high = capital * r.uniform(0.9, 1.12)
            top, bottom = y - high * r.uniform(1.22, 1.5), y + high * r.uniform(0.32, 0.52)
            left, right = x0 - high * r.uniform(0.05, 0.45), x1 + high * r.uniform(0.05, 0.45)
            scale = HEIGHT / (bottom - top)
            width = max(12, round((right - left) * scale * STRETCH * r.uniform(0.9, 1.12)))
            if width > 420:
                continue
            sx = width / (right - left)
            middle = (left + right) / 2
            matrix = np.float32([[sx, 0, -left * sx], [np.tan(angle) * scale, scale, -top * scale - np.tan(angle) * scale * middle]])
            fine = scale > 0.8
            crop = cv2.warpAffine(picture, matrix, (width, HEIGHT), flags=cv2.INTER_CUBIC if fine else cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
            out.append((text, normal(255 - crop if light else crop)))
        return out


def normal(crop):
    """Paper 0, ink 1, from the crop's own lightest and darkest tenths."""
    paper, ink = np.percentile(crop, 80), np.percentile(crop, 2)
    return np.clip((paper - crop) / max(24, paper - ink), -0.5, 1.25).astype(np.float32)


def needles(p, k, fill):
    h, w = p.shape[0] // k * k, p.shape[1] // k * k
    cells = p[:h, :w].reshape(h // k, k, w // k, k).mean(axis=(1, 3)) < 150
    yy, xx = np.mgrid[:k, :k] - (k - 1) / 2
    dot = np.clip(1.2 - np.hypot(yy, xx) / (k * fill), 0, 1)
    out = np.full(p.shape, 255, np.float32)
    out[:h, :w] = 255 - 235 * np.kron(cells, np.ones((k, k))) * np.tile(dot, cells.shape)
    return out
