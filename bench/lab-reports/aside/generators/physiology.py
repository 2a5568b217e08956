"""A coherent set of results for one invented patient, in the catalogue's base units.

Calculated quantities follow from the measured ones (red cell indices, differential,
anion gap, globulin, LDL, saturation, eGFR, Henderson-Hasselbalch), so that a report
printed from it is consistent in the way a true one is.
"""
import math

from catalogue import ANALYTES, limits

NEVER_ODD = {"mchc", "a_ph", "u_sg", "u_ph", "osm", "tp", "baso", "mono", "eos"}
HIGH_ONLY = {"a1c", "tbil", "chol", "glu", "tsat", "urea", "bun", "homo", "ferr"}
LOW_ONLY = {"hgb"}
GENTLE = {"na", "cl", "co2", "hco3", "ca", "mg", "alb", "mcv", "inr", "pt", "k"}


def _draw(rng, key, sex, odd):
    lo, hi = limits(key, sex)
    if hi is None:
        lo = lo or 1
        return lo * rng.uniform(0.72, 0.97) if rng.random() < odd else lo * rng.uniform(1.08, 1.7)
    base = lo if lo is not None else hi * 0.25
    width = hi - base
    if key in NEVER_ODD or rng.random() > odd:
        return rng.uniform(base + 0.12 * width, hi - 0.12 * width)
    scale = 0.35 if key in GENTLE else 1.0
    if key in LOW_ONLY:
        return lo - width * rng.uniform(0.1, 0.9)
    if lo in (None, 0) or key in HIGH_ONLY or key.startswith(("alt", "ast", "ggt", "crp", "tpo")) or rng.random() < 0.62:
        return hi + width * rng.uniform(0.06, 0.9) * scale
    return lo - min(width * rng.uniform(0.06, 0.5) * scale, lo * 0.35)


def _blood_cells(v, rng, odd, digits):
    v["hct"] = v["hgb"] * 100 / v["mchc"]
    v["rbc"] = v["hct"] * 10 / v["mcv"]
    v["mch"] = v["hgb"] * 10 / v["rbc"]
    baso = round(rng.uniform(0.2, 1.2), digits)
    eos = round(rng.uniform(0.8, 5.0 if rng.random() > odd else 10.0), digits)
    mono = round(rng.uniform(4, 9.5), digits)
    lymph = round(v["lymph"], digits)
    lymph = min(lymph, 100 - baso - eos - mono - 10)
    neut = round(100 - baso - eos - mono - lymph, digits)
    v.update(baso=baso, eos=eos, mono=mono, lymph=lymph, neut=neut)
    for k in ("neut", "lymph", "mono", "eos", "baso"):
        v[k + "_a"] = v["wbc"] * v[k] / 100


def _egfr(crea, age, sex):
    k, a, f = (0.7, -0.241, 1.012) if sex == "f" else (0.9, -0.302, 1.0)
    return 142 * min(crea / k, 1) ** a * max(crea / k, 1) ** -1.2 * 0.9938**age * f


def _chemistry(v, age, sex):
    v["hco3"] = v["co2"]
    v["ag"] = round(v["na"]) - round(v["cl"]) - round(v["co2"])
    v["glob"] = round(v["tp"], 1) - round(v["alb"], 1)
    v["agr"] = round(v["alb"], 1) / v["glob"]
    v["dbil"] = min(v["dbil"], v["tbil"] * 0.4)
    v["ibil"] = round(v["tbil"], 1) - round(v["dbil"], 1)
    v["bcr"] = round(v["bun"]) / round(v["crea"], 2)
    v["urea"] = v["bun"] * 2.14
    v["egfr"] = v["egfr21"] = v["egfr09"] = _egfr(v["crea"], age, sex)
    v["vldl"] = round(v["trig"]) / 5
    v["ldl"] = v["ldlc"] = round(v["chol"]) - round(v["hdl"]) - round(v["vldl"])
    v["nhdl"] = round(v["chol"]) - round(v["hdl"])
    v["chr"] = v["chol"] / v["hdl"]
    a1c = round(v["a1c"], 1)
    v["a1c_ifcc"] = (a1c - 2.15) * 10.929
    v["eag"] = 28.7 * a1c - 46.7
    v["tsat"] = round(v["iron"]) / round(v["tibc"]) * 100
    v["glu_f"] = v["glu"]
    v["esr_w"] = v["esr"]
    v["fpsa"] = v["psa"] * 0.22
    v["u_acr"] = v["u_alb"] / v["u_crea"] * 100


def _gas(v):
    hco3 = 0.0307 * v["a_pco2"] * 10 ** (round(v["a_ph"], 2) - 6.1)
    v["a_hco3"] = hco3
    v["a_be"] = 0.93 * (hco3 - 24.4) + 13.77 * (v["a_ph"] - 7.4)


def sample(rng, sex, age, odd=0.18, digits=1, **fixed):
    """Values by analyte key. `fixed` sets measured ones before the rest is calculated."""
    v = {k: _draw(rng, k, sex, odd) for k in ANALYTES if k != "fpsa"}
    v["chol"] = rng.uniform(150, 245)
    v["hdl"] = rng.uniform(36, 68)
    v["trig"] = rng.uniform(60, 210)
    v["co2"] = rng.uniform(22.5, 28)
    v["cl"] = round(v["na"]) - round(v["co2"]) - rng.randint(8, 14)
    v["a_pco2"] = rng.uniform(36, 44)
    v["a_ph"] = rng.uniform(7.36, 7.44)
    v.update(fixed)
    _blood_cells(v, rng, odd, digits)
    v.update({k: x for k, x in fixed.items() if k in ("eos",)})
    _chemistry(v, age, sex)
    _gas(v)
    return v


def earlier(rng, values):
    """The same patient some weeks before: every value moved a little, then made different."""
    out = {}
    for k, x in values.items():
        step = rng.choice([-1, 1]) * rng.uniform(0.02, 0.12)
        if k in ("na", "cl", "mcv", "mchc"):
            step *= 0.15
        if k in ("ca", "alb", "tp", "hgb", "a_ph"):
            step *= 0.4
        out[k] = x * (1 + step) if not isinstance(x, str) and math.isfinite(x) else x
    out["hct"] = out["hgb"] * 100 / out["mchc"]
    out["rbc"] = out["hct"] * 10 / out["mcv"]
    out["mch"] = out["hgb"] * 10 / out["rbc"]
    return out
