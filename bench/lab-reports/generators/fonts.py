"""Where the fonts lie that ReportLab and PIL want as files."""

from __future__ import annotations

import subprocess
from functools import cache


@cache
def font_file(family: str, style: str = "Regular") -> str:
    """The file of a family and style, by fontconfig. An error where the family is not installed."""
    asked = f"{family}:style={style}"
    found, path = subprocess.run(["fc-match", "-f", "%{family}\t%{file}", asked], capture_output=True, text=True, check=True).stdout.split("\t")
    if family not in found:
        raise RuntimeError(f"font not installed: {family}")
    return path
