"""LOINC codes of common tests (only where name, unit and specimen leave no doubt) and factors to other units.

`CODES` has one code for mass or count concentrations and, where it differs, one for moles.
"""

MOLAR = ("mmol/L", "µmol/L", "umol/L", "nmol/L", "pmol/L", "mmol/l", "µmol/l", "umol/l", "nmol/l", "pmol/l")

CODES = {
    "na": "2951-2", "k": "2823-3", "cl": "2075-0", "co2": "2028-9", "hco3": "1963-8", "agap": "33037-3",
    "bun": ("3094-0", "14937-7"), "urea": ("3091-6", "22664-7"), "creat": ("2160-0", "14682-9"),
    "gluc": ("2345-7", "14749-6"), "glucf": ("1558-6", "14771-0"), "ca": ("17861-6", "2000-8"), "alb": "1751-7",
    "tp": "2885-2", "agr": "1759-0", "bt": ("1975-2", "14631-6"), "bd": ("1968-7", None), "alp": "6768-6",
    "alt": "1742-6", "ast": "1920-8", "ggt": "2324-2", "ldh": "2532-0", "ck": "2157-6", "amy": "1798-8", "lip": "3040-3",
    "uric": ("3084-1", "14933-6"), "phos": ("2777-1", "14879-1"), "mg": ("19123-9", "2601-3"),
    "chol": ("2093-3", "14647-2"), "tg": ("2571-8", "14927-8"), "hdl": ("2085-9", "14646-4"),
    "ldlc": ("13457-7", "39469-2"), "ldl": ("2089-1", "22748-8"),
    "nonhdl": ("43396-1", "70204-3"), "tsh": "3016-3", "ft4": ("3024-7", "14920-3"),
    "ft3": ("3051-0", "14928-6"), "a1c": "4548-4", "a1cm": "59261-8", "ferr": "2276-4", "fe": ("2498-4", "14798-3"),
    "tibc": ("2500-7", "14800-7"), "trf": "3034-6", "tsat": "2502-3", "b12": ("2132-9", "14685-2"),
    "fol": ("2284-8", "14732-4"), "crp": "1988-5", "pct": "33959-8", "hstni": "89579-7", "ntbnp": "33762-6",
    "inr": "6301-6", "pt": "5902-2", "aptt": "14979-9", "fib": "3255-7", "wbc": "6690-2", "rbc": "789-8",
    "hb": ("718-7", "59260-0"), "hct": "4544-3", "mcv": "787-2", "mch": "785-6", "mchc": "786-4", "rdw": "788-0",
    "plt": "777-3", "mpv": "32623-1", "neutp": "770-8", "lymp": "736-9", "monp": "5905-5", "eosp": "713-8",
    "basp": "706-2", "neut": "751-8", "lym": "731-0", "mon": "742-7", "eos": "711-2", "bas": "704-7", "psa": "2857-1",
    "testo": ("2986-8", None), "lact": (None, "2524-7"), "bcr": "3097-3",
}

FACTORS = {
    "gluc": {"mmol/L": 1 / 18.016}, "glucf": {"mmol/L": 1 / 18.016}, "creat": {"µmol/L": 88.4}, "ca": {"mmol/L": 0.2495},
    "bt": {"µmol/L": 17.1}, "bd": {"µmol/L": 17.1}, "bi": {"µmol/L": 17.1}, "uric": {"µmol/L": 59.48, "mg/L": 10},
    "phos": {"mmol/L": 0.3229}, "mg": {"mmol/L": 0.4114}, "chol": {"mmol/L": 0.02586, "g/L": 0.01},
    "hdl": {"mmol/L": 0.02586, "g/L": 0.01}, "ldlc": {"mmol/L": 0.02586, "g/L": 0.01}, "ldl": {"mmol/L": 0.02586, "g/L": 0.01},
    "tg": {"mmol/L": 0.01129, "g/L": 0.01},
    "nonhdl": {"mmol/L": 0.02586, "g/L": 0.01}, "bun": {"mmol/L": 0.357}, "urea": {"mmol/L": 0.1665, "g/L": 0.01},
    "alb": {"g/L": 10}, "tp": {"g/L": 10}, "glob": {"g/L": 10}, "hb": {"g/L": 10, "mmol/L": 0.6206},
    "fe": {"µmol/L": 0.1791}, "tibc": {"µmol/L": 0.1791}, "trf": {"g/L": 0.01, "g/l": 0.01}, "b12": {"pmol/L": 0.7378},
    "fol": {"nmol/L": 2.266}, "ft4": {"pmol/L": 12.87}, "ft3": {"pmol/L": 1.536}, "crp": {"mg/dL": 0.1, "mg/dl": 0.1},
    "fib": {"g/L": 0.01, "g/l": 0.01}, "ck": {"µkat/L": 0.01667}, "hct": {"L/L": 0.01, "l/l": 0.01},
    "vitd": {"nmol/L": 2.496}, "mchc": {"g/L": 10}, "cort": {"nmol/L": 27.59},
    "wbc": {"/µL": 1000, "/mm³": 1000, "cells/cumm": 1000, "/cumm": 1000, "/µl": 1000, "/uL": 1000, "/mm3": 1000},
    "plt": {"/µL": 1000, "/mm³": 1000, "/cumm": 1000, "lakhs/cumm": 0.01, "/µl": 1000, "/uL": 1000, "/mm3": 1000},
    "rbc": {"/µL": 1e6, "/mm³": 1e6, "/mm3": 1e6},
}
for _name in ("neut", "lym", "mon", "eos", "bas"):
    FACTORS[_name] = {u: 1000 for u in ("/µL", "/mm³", "cells/uL", "cells/cumm", "/µl", "/uL", "/mm3")}
for _factors in list(FACTORS.values()):
    for _unit in list(_factors):
        _factors.setdefault(_unit.replace("/L", "/l"), _factors[_unit])
        _factors.setdefault(_unit.replace("µ", "u"), _factors[_unit])


def code(key: str, unit: str | None) -> str | None:
    """The code of a test of the blood under a printed unit, or None where it is not certain."""
    found = CODES.get(key)
    if isinstance(found, tuple):
        return found[1] if unit in MOLAR else found[0]
    return found


def factor(key: str, unit: str | None) -> float:
    """From the unit of `physiology.py` to the printed one."""
    return FACTORS.get(key, {}).get(unit or "", 1.0)
