"""Pages to pixels: what scanners, fax machines and telephones do to paper."""
import io

import numpy as np
import pymupdf
from PIL import Image, ImageDraw, ImageFilter, ImageFont


def pages(source, dpi, colour=False):
    """Page images of a PDF, or the one image of a slip."""
    if source.suffix == ".png":
        return [Image.open(source).convert("RGB" if colour else "L")]
    doc = pymupdf.open(source)
    space = pymupdf.csRGB if colour else pymupdf.csGRAY
    return [Image.open(io.BytesIO(p.get_pixmap(dpi=dpi, colorspace=space).tobytes("png"))) for p in doc]


def _noise(img, rs, sigma):
    a = np.asarray(img, np.float32)
    n = rs.normal(0, sigma, a.shape[:2])
    a = a + (n[..., None] if a.ndim == 3 else n)
    return Image.fromarray(np.clip(a, 0, 255).astype(np.uint8))


def _skew(img, deg, fill=255):
    return img.rotate(deg, Image.BICUBIC, expand=False, fillcolor=fill if img.mode == "L" else (fill,) * 3)


def flatbed(img, rs, skew=0.5, sigma=1.5, blur=0.5, paper=250):
    img = _skew(img, rs.uniform(-skew, skew))
    img = img.filter(ImageFilter.GaussianBlur(blur))
    img = img.point(lambda x: 22 + x * (paper - 22) / 255)
    return _noise(img, rs, sigma)


def fax(img, rs):
    """1 bit, thinned strokes, speckle."""
    img = _skew(img, rs.uniform(-0.5, 0.5)).filter(ImageFilter.GaussianBlur(0.6))
    a = np.asarray(img).astype(np.float32) + rs.normal(0, 14, (img.height, img.width))
    bits = a > 165
    dots = rs.random(bits.shape)
    bits[dots < 0.0012] = False
    bits[(dots > 0.9992)] = True
    return Image.fromarray(bits)


def photocopy(img, rs):
    """Third-generation copy: hard contrast, fat strokes, dark edge, specks."""
    img = _skew(img, rs.uniform(-0.8, 0.8)).filter(ImageFilter.MinFilter(3)).filter(ImageFilter.GaussianBlur(0.9))
    a = np.asarray(img, np.float32)
    a = np.clip((a - 120) * 2.1 + 100, 0, 255)
    x = np.arange(a.shape[1])
    a = a - 150 * np.exp(-x / 25.0)[None, :]
    specks = rs.random((a.shape[0] // 3, a.shape[1] // 3)) < 0.0006
    a[np.kron(specks, np.ones((3, 3), bool))[: a.shape[0], : a.shape[1]].nonzero()] = 30
    return _noise(Image.fromarray(np.clip(a, 0, 255).astype(np.uint8)), rs, 2)


def grey_noise(img, rs):
    img = flatbed(img, rs, 0.6, 13, 0.6, 235)
    a = np.array(img)
    a[rs.random(a.shape) < 0.004] = 20
    return Image.fromarray(a)


def phone(img, rs):
    """Perspective, uneven light, a hand's shadow, a table round the sheet."""
    img = img.convert("RGB")
    w, h = img.size
    m = int(w * 0.06)
    big = Image.new("RGB", (w + 2 * m, h + 2 * m), (104, 84, 66))
    big.paste(img, (m, m))
    W, H = big.size
    j = lambda f: rs.uniform(0, f)
    src = [(W * j(0.03), H * j(0.02)), (W * (1 - j(0.03)), H * j(0.035)), (W * (1 - j(0.01)), H * (1 - j(0.015))), (W * j(0.015), H * (1 - j(0.02)))]
    dst = [(0, 0), (W, 0), (W, H), (0, H)]
    src = [(W * 0.5 + (x - W * 0.5) * (1.06 if y < H / 2 else 0.985), y) for x, y in src]
    rows = []
    for (X, Y), (x, y) in zip(dst, src):
        rows += [[X, Y, 1, 0, 0, 0, -x * X, -x * Y], [0, 0, 0, X, Y, 1, -y * X, -y * Y]]
    c = np.linalg.solve(np.array(rows, float), np.array(src, float).ravel())
    big = big.transform((W, H), Image.PERSPECTIVE, tuple(c), Image.BICUBIC, fillcolor=(104, 84, 66))
    yy, xx = np.mgrid[0:H, 0:W]
    light = 0.97 - 0.28 * (xx / W) * (0.4 + 0.6 * yy / H)
    light -= 0.2 / (1 + np.exp((yy - H * 0.72 - 0.15 * xx) / -45.0))
    a = np.asarray(big, np.float32) * light[..., None] * np.array([1.0, 0.975, 0.92])
    out = Image.fromarray(np.clip(a, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7))
    return _noise(out, rs, 2.5)


def stamp(img, rs, text="RECEIVED"):
    """A translucent rubber stamp across part of the table."""
    img = img.convert("RGB")
    w, h = img.size
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf", w // 22)
    box = Image.new("RGBA", (w // 3, w // 9), (0, 0, 0, 0))
    d = ImageDraw.Draw(box)
    ink = (190, 40, 50, 92)
    d.rounded_rectangle((4, 4, box.width - 5, box.height - 5), 14, outline=ink, width=7)
    tw = d.textlength(text, font=font)
    d.text(((box.width - tw) / 2, box.height * 0.22), text, font=font, fill=ink)
    box = box.rotate(rs.uniform(8, 16), expand=True)
    img.paste(box, (int(w * 0.42), int(h * 0.30)), box)
    return flatbed(img, rs, 0.5, 1.2, 0.5)


def thermal(img, rs):
    """A slip on the scanner glass: faded ink, head streaks, grey lid behind it."""
    img = img.convert("L")
    w, h = img.size
    a = np.asarray(img, np.float32)
    streak = rs.normal(0, 1, w)
    streak = np.convolve(streak, np.ones(9) / 9, "same") * 26
    a = a + np.clip(streak, -6, 26)[None, :] * ((a < 160) * 1.0)
    a = a + (np.sin(np.arange(h) / 160.0) * 12 + 8)[:, None] * (a < 160)
    sheet = Image.new("L", (int(w * 1.7), int(h * 1.18)), 214)
    sheet.paste(Image.fromarray(np.clip(a, 0, 255).astype(np.uint8)), (int(w * 0.3), int(h * 0.07)))
    sheet = _skew(sheet, rs.uniform(-1.4, 1.4), 214).filter(ImageFilter.GaussianBlur(0.7))
    return _noise(sheet, rs, 2.2)


def _garble(path, rs):
    """An invisible text layer over the picture that says something else, as a broken font map gives."""
    doc = pymupdf.open(path)
    signs = list("?,.fr~NUTOP|;'`^bqx")
    for page in doc:
        for y in range(40, int(page.rect.height) - 40, 13):
            words = " ".join("".join(rs.choice(signs, rs.integers(1, 6))) for _ in range(9))
            page.insert_text((40, y), words, fontsize=9, render_mode=3)
    doc.save(path, incremental=True, encryption=pymupdf.PDF_ENCRYPT_KEEP)


def _mixed(source, out, rs, dpi, quality):
    """First page as it was, the following ones scanned in."""
    doc = pymupdf.open(source)
    for n in range(1, len(doc)):
        box = doc[n].rect
        data = io.BytesIO()
        flatbed(pages(source, dpi)[n], rs).save(data, "JPEG", quality=quality)
        doc.delete_page(n)
        doc.new_page(n, box.width, box.height).insert_image(box, stream=data.getvalue())
    doc.save(out, garbage=3, deflate=True)


# label -> (dpi, colour, function)
KINDS = {
    "flatbed-200": (200, False, flatbed),
    "flatbed-200-colour": (200, True, flatbed),
    "flatbed-300": (300, False, flatbed),
    "flatbed-150": (150, False, flatbed),
    "fax": (204, False, fax),
    "photocopy": (200, False, photocopy),
    "grey-noise": (170, False, grey_noise),
    "rotated-90": (200, False, lambda i, r: flatbed(i, r).rotate(90, expand=True)),
    "rotated-180": (200, False, lambda i, r: flatbed(i, r).rotate(180)),
    "rotated-270": (200, False, lambda i, r: flatbed(i, r).rotate(270, expand=True)),
    "phone-photo": (170, True, phone),
    "stamp": (200, True, stamp),
    "thermal": (200, False, thermal),
    "garbled-text-layer": (200, False, flatbed),
    "mixed-pages": (200, False, flatbed),
    "dot-matrix": (200, False, lambda i, r: flatbed(i, r, 0.4, 2, 0.6, 244)),
}


def scan(source, out, kind, seed, quality=50):
    """Writes `source`, degraded, as the kind of file that `out` ends in."""
    dpi, colour, spoil = KINDS[kind]
    rs = np.random.default_rng(seed)
    if kind == "mixed-pages":
        return _mixed(source, out, rs, dpi, quality)
    got = [spoil(p, rs) for p in pages(source, dpi, colour)]
    first, rest = got[0], got[1:]
    if out.suffix == ".tif":
        first.save(out, compression="group4", dpi=(204, 196), save_all=True, append_images=rest)
    elif out.suffix == ".pdf":
        first.save(out, "PDF", resolution=dpi, save_all=True, append_images=rest, quality=quality)
        if kind == "garbled-text-layer":
            _garble(out, rs)
    elif out.suffix == ".png":
        flat = first.convert("L").point(lambda x: 255 if x > 205 else x // 40 * 40)   # few greys, as office scanners store
        flat.quantize(8, dither=0).save(out, dpi=(dpi, dpi), optimize=True)
    else:
        first.save(out, quality=quality, dpi=(dpi, dpi))
