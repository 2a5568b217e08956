"""What is printed on laboratory reports: strings to draw, with their characters as the labels of training."""
import random

SUPERS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
CHARSET = (
    " 0123456789.,<>-+/:;%*()[]'\"&#=~^_|!?°µ·×≤≥±–…αβγ²³¹⁰⁴⁵⁶⁷⁸⁹"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    "ÄÖÜäöüßÀÂÇÈÉÊËÎÏÔŒÙÛàâçèéêëîïôœùûÁÍÑÓÚáíñóúìòÃÕãõ"
)
#: One spelling for signs that look alike.
SAME = {"μ": "µ", "—": "–", "−": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "✕": "×", "∙": "·", "º": "°", "²": "²"}


def clean(text):
    text = "".join(SAME.get(c, c) for c in text)
    return text if all(c in CHARSET for c in text) else None


def digits(r, n):
    return "".join(r.choice("0123456789") for _ in range(n))


def number(r):
    point = r.choice(".,")
    kind = r.random()
    if kind < 0.3:
        return str(r.randint(0, 9)) + point + digits(r, r.choice((1, 1, 2, 2, 3)))
    if kind < 0.55:
        return str(r.randint(10, 199)) + point + digits(r, r.choice((1, 1, 1, 2)))
    if kind < 0.85:
        return str(r.randint(0, r.choice((9, 99, 999, 999))))
    if kind < 0.89:
        return str(r.randint(1, 999)) + r.choice(",,.. ") + digits(r, 3)
    if kind < 0.96:
        return "0" + point + digits(r, r.choice((1, 2, 2, 3)))
    return str(r.randint(1000, 99999))


def interval(r):
    low, high = number(r), number(r)
    kind = r.random()
    if kind < 0.4:
        text = f"{low} - {high}"
    elif kind < 0.62:
        text = f"{low}-{high}"
    elif kind < 0.72:
        text = f"{low} – {high}"
    elif kind < 0.78:
        text = f"{low} {r.choice(('to', 'bis', 'à', 'a'))} {high}"
    elif kind < 0.9:
        text = r.choice(("<", ">", "≤", "≥", "< ", "> ", "<=", ">=", "≤ ", "≥ ")) + high
    else:
        text = r.choice(("up to ", "bis ", "< = ", "hasta ", "until ")) + high
    return f"({text})" if r.random() < 0.12 else f"[{text}]" if r.random() < 0.1 else text


def value(r):
    text = number(r)
    kind = r.random()
    if kind < 0.72:
        pass
    elif kind < 0.82:
        text = r.choice(("<", ">", "< ", "> ", "<=", "≥", "≤", "~", "+", "-")) + text
    elif kind < 0.85:
        text = f"1:{r.choice((10, 20, 40, 80, 160, 320, 640, 1280))}"
    elif kind < 0.88:
        text = r.choice(("1+", "2+", "3+", "4+", "+", "++", "+++", "+/-", "-", "--", "±", "*", "**", "H", "L", "HH", "LL", "A", "(H)", "(L)", "h", "N"))
    elif kind < 0.93:
        text += r.choice((" H", " L", "H", "L", " *", "*", " HH", " LL", " +", " -", "+", " (H)", "%", " %"))
    elif kind < 0.96:
        text = f"{text} x 10{r.choice(('^', ''))}{r.randint(3, 12)}"
    else:
        text = f"{r.choice('HL*')} {text}"
    return text


def date(r):
    d, m, y = f"{r.randint(1, 28):02d}", f"{r.randint(1, 12):02d}", str(r.randint(1930, 2030))
    text = r.choice((f"{d}.{m}.{y}", f"{d}/{m}/{y}", f"{y}-{m}-{d}", f"{m}/{d}/{y[2:]}", f"{d}-{m}-{y}", f"{d} {r.choice('Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split())} {y}"))
    time = f"{r.randint(0, 23):02d}:{r.randint(0, 59):02d}"
    return text if r.random() < 0.5 else time if r.random() < 0.4 else f"{text} {time}"


def scramble(r):
    pool = r.choice(("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", "abcdefghijklmnopqrstuvwxyz", CHARSET[1:], "0123456789-", "0123456789.,-<>/:%*()+", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ÄÖÜäöüßçéèêàñóúíáãõâôœabcdefghilmnoprstuv"))
    return "".join(r.choice(pool) for _ in range(r.randint(1, 9)))


def cased(r, text):
    kind = r.random()
    return text.upper().replace("ß".upper(), "SS") if kind < 0.2 else text.capitalize() if kind < 0.3 else text


def draw_text(r, vocabulary):
    """One string; words of a name are sometimes alone, as recognition cuts at spaces."""
    while True:
        kind = r.random()
        if kind < 0.24:
            text = value(r)
        elif kind < 0.36:
            text = interval(r)
        elif kind < 0.56:
            text = r.choice(vocabulary["common"]) if r.random() < 0.55 else r.choice(vocabulary["units"])
            if r.random() < 0.12:
                text = f"{number(r)} {text}"
        elif kind < 0.80:
            text = cased(r, r.choice(vocabulary["names"]))
            if r.random() < 0.6:
                text = r.choice(text.split())
        elif kind < 0.88:
            text = cased(r, r.choice(vocabulary["words"]))
            if r.random() < 0.15:
                text += r.choice(":.,;")
        elif kind < 0.91:
            text = date(r)
        else:
            text = scramble(r)
        if " " in text and r.random() < 0.35:
            text = r.choice(text.split(" "))
        if r.random() < 0.01:
            text = r.choice("([") + text + r.choice(")]")
        text = clean(text.strip())
        if text and len(text) <= 26:
            return text


#: Units on most reports: drawn more often than the rare spellings.
COMMON = (
    "mg/dL mg/dl g/dL g/dl mmol/L mmol/l µmol/L µmol/l umol/L U/L U/l IU/L UI/L ng/mL ng/ml pg/mL µg/L µg/dL µg/dl ug/dL mEq/L mEq/l "
    "% fL fl pg g/L g/l mg/L mg/l 10^3/µL 10^6/µL 10^9/L 10^12/L 10³/µL 10⁶/µL 10⁹/L 10¹²/L x10^3/µL x10³/µL x10⁹/L x10^9/L 10*3/uL "
    "K/uL M/uL /µL /µl G/l T/l G/L T/L Tsd./µl Mio./µl Gpt/l Tpt/l µIU/mL µUI/mL mIU/L mU/L mU/l µU/ml mUI/L mIU/mL IU/mL UI/mL U/mL kU/L ng/dL "
    "ng/L pmol/L nmol/L nmol/l mL/min mL/min/1.73m² ml/min/1,73 m² mL/min/1.73 m2 mm/h mm/hr mm/1h sec seg s ratio mg/g mg/24h "
    "mg/mmol mmol/mol µkat/L /HPF /hpf cells/µL cél/µL Leu/µL Ery/µL mOsm/kg kPa mmHg g/24h pg/ml µg/mL ug/mL µg/ml ng/mL/h"
).split()
