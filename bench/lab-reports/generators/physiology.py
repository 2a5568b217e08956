"""Values of one invented patient that belong together: indices, sums and ratios agree as in a real sample.

Units here are those of the United States (mg/dL, g/dL, 10^3/µL, %); `codes.factor` converts.
"""

from __future__ import annotations

from random import Random

NORMAL = {
    "na": (137, 144), "k": (3.7, 4.9), "cl": (99, 106), "hco3": (23, 28), "creat": (0.7, 1.1), "bun": (9, 19),
    "gluc": (78, 97), "ca": (8.9, 10.0), "alb": (3.9, 4.8), "glob": (2.1, 3.1), "bt": (0.3, 1.0), "alp": (48, 105), "alt": (10, 34),
    "ast": (13, 33), "ggt": (12, 45), "ldh": (135, 210), "ck": (45, 160), "amy": (35, 90), "lip": (15, 50), "uric": (3.6, 6.4),
    "phos": (2.7, 4.2), "mg": (1.8, 2.3), "hdl": (42, 68), "ldlc": (70, 125), "tg": (60, 145), "tsh": (0.7, 3.6),
    "ft4": (0.95, 1.5), "ft3": (2.5, 3.9), "a1c": (4.9, 5.6), "ferr": (35, 210), "fe": (60, 140), "tibc": (270, 370),
    "trf": (210, 330), "b12": (280, 780), "fol": (6, 17), "vitd": (31, 58), "crp": (0.6, 4.2), "pct": (0.02, 0.05), "hstni": (3, 11),
    "ntbnp": (30, 110), "inr": (0.95, 1.1), "aptt": (25, 34), "fib": (220, 380), "wbc": (4.6, 9.4), "rbc": (4.2, 5.1),
    "mcv": (83, 95), "mch": (27.8, 31.8), "rdw": (12.0, 14.2), "plt": (170, 370), "mpv": (8.6, 11.2), "lymp": (22, 38), "monp": (5, 10),
    "eosp": (0.8, 4), "basp": (0.2, 1.0), "igp": (0.1, 0.5), "esr": (3, 14), "psa": (0.4, 2.8), "testo": (350, 780), "cort": (7, 18),
    "lact": (0.7, 1.7), "retp": (0.7, 1.9), "ddim": (0.12, 0.44), "hcys": (6, 12), "lpa": (8, 60), "apob": (65, 95), "cea": (0.6, 2.4),
    "ca199": (4, 28), "afp": (1.2, 6), "prl": (5, 14), "fsh": (3, 9), "lh": (2, 8), "e2": (20, 80), "pth": (18, 58), "rf": (4, 11), "aso": (40, 150),
    "ige": (10, 80), "che": (5800, 10500), "cysc": (0.65, 0.95), "osm": (278, 293), "ins": (4, 16), "zn": (75, 110), "anttpo": (4, 22),
}

PROFILES = {
    "well": {},
    "renal": {"k": (6.6, 6.9), "creat": (4.8, 7.2), "bun": (68, 104), "hco3": (13, 17), "phos": (5.9, 7.4), "rbc": (2.9, 3.3),
              "ca": (7.6, 8.2), "alb": (2.9, 3.3), "uric": (8.3, 9.9), "pth": (210, 380)},
    "diabetes": {"gluc": (212, 298), "a1c": (8.3, 10.6), "tg": (240, 390), "hdl": (28, 36), "ldlc": (132, 171), "bun": (21, 27), "creat": (1.3, 1.6)},
    "anaemia": {"rbc": (2.9, 3.5), "mcv": (62, 71), "mch": (18.2, 21.5), "rdw": (18.3, 22.5), "fe": (12, 26), "ferr": (3, 7), "tibc": (440, 510),
                "trf": (390, 440), "plt": (430, 560)},
    "bleed": {"rbc": (1.9, 2.1), "mcv": (84, 92), "mch": (27.9, 29.5), "bun": (38, 52), "inr": (4.9, 6.6), "plt": (18, 28), "fib": (90, 130)},
    "sepsis": {"wbc": (19, 29), "lymp": (4, 8), "monp": (2, 5), "crp": (168, 320), "pct": (11, 38), "lact": (4.2, 6.9), "na": (128, 132),
               "plt": (62, 98), "bt": (1.9, 3.4), "creat": (1.8, 2.6), "esr": (68, 102), "alb": (2.3, 2.8)},
    "liver": {"alt": (310, 880), "ast": (260, 720), "ggt": (210, 540), "alp": (180, 320), "bt": (4.2, 9.1), "alb": (2.5, 2.9), "inr": (1.6, 2.2),
              "che": (2100, 3400), "ldh": (310, 480)},
    "low-na": {"na": (110, 114), "cl": (76, 82), "k": (2.4, 2.7), "osm": (232, 242)},
    "low-gluc": {"gluc": (29, 36), "ins": (38, 61), "k": (3.3, 3.5)},
    "thyroid": {"tsh": (38, 74), "ft4": (0.31, 0.48), "ft3": (1.2, 1.7), "ldlc": (165, 205), "ck": (310, 520), "anttpo": (420, 880)},
    "lipids": {"ldlc": (168, 214), "tg": (190, 310), "hdl": (31, 38), "lpa": (130, 190), "apob": (128, 150), "gluc": (103, 121), "a1c": (5.8, 6.3)},
    "heart": {"hstni": (640, 2900), "ntbnp": (2400, 7800), "ck": (480, 1100), "k": (3.2, 3.4), "crp": (9, 31), "ddim": (0.8, 1.9)},
    "mixed": {"ldlc": (131, 158), "alt": (44, 71), "gluc": (101, 118), "vitd": (13, 22), "tsh": (4.9, 7.2), "crp": (6, 14), "uric": (7.3, 8.2), "eosp": (6.2, 8.8)},
}


def draw(rng: Random, profile: str = "mixed") -> dict[str, float]:
    """One sample's values by key; see `PROFILES`."""
    span = {**NORMAL, **PROFILES[profile]}
    return derive({key: rng.uniform(*span[key]) for key in span})


def drift(rng: Random, state: dict[str, float], by: float = 0.12) -> dict[str, float]:
    """The same patient on another day: measured values a little off, computed ones computed again."""
    steady = {"na": 0.015, "cl": 0.02, "ca": 0.03, "mcv": 0.01, "mch": 0.01, "inr": 0.06, "k": 0.06, "hco3": 0.06}
    moved = {k: v * (1 + rng.uniform(-1, 1) * steady.get(k, by)) for k, v in state.items()}
    return derive({k: v for k, v in moved.items() if k in NORMAL})


def derive(base: dict[str, float]) -> dict[str, float]:
    """Adds what is computed from the rest."""
    s = dict(base)
    s["co2"] = s["hco3"]
    s["cl"] = min(s["cl"], s["na"] - s["hco3"] - 7)
    s["hb"], s["hct"], s["mchc"] = s["rbc"] * s["mch"] / 10, s["rbc"] * s["mcv"] / 10, s["mch"] / s["mcv"] * 100
    s["urea"], s["glucf"], s["rdwsd"] = s["bun"] * 2.14, s["gluc"], s["rdw"] * s["mcv"] / 27
    s["tp"] = round(s["alb"], 1) + round(s["glob"], 1)
    s["agr"], s["bcr"] = s["alb"] / s["glob"], s["bun"] / s["creat"]
    s["bd"] = s["bt"] * (0.22 if s["bt"] < 1.3 else 0.6)
    s["bi"] = round(s["bt"], 1) - round(s["bd"], 1)
    s["agap"] = round(s["na"]) - round(s["cl"]) - round(s["hco3"])
    s["vldl"] = s["tg"] / 5
    s["chol"] = round(s["ldlc"]) + round(s["hdl"]) + round(s["vldl"])
    s["ldl"] = s["ldlc"]
    s["nonhdl"], s["cholhdl"] = s["chol"] - round(s["hdl"]), s["chol"] / s["hdl"]
    s["a1cm"], s["eag"] = (s["a1c"] - 2.15) * 10.929, 28.7 * s["a1c"] - 46.7
    s["tsat"], s["pt"], s["quick"] = s["fe"] / s["tibc"] * 100, s["inr"] * 11.6, min(118.0, 100 / s["inr"] ** 1.25)
    s["egfr"] = min(118.0, 95 * (0.9 / s["creat"]) ** 1.2)
    s["pct_plt"] = s["plt"] * s["mpv"] / 10000
    for part in ("lymp", "monp", "eosp", "basp"):
        s[part] = round(s[part], 1)
    s["neutp"] = round(100 - s["lymp"] - s["monp"] - s["eosp"] - s["basp"], 1)
    for part, percent in (("neut", "neutp"), ("lym", "lymp"), ("mon", "monp"), ("eos", "eosp"), ("bas", "basp"), ("ig", "igp")):
        s[part] = s["wbc"] * s[percent] / 100
    return s
