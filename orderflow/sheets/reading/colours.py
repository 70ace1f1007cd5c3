"""The colours of an Excel 2007 workbook's fills: written out, one of 64 old numbers, or the theme's with a tint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from colorsys import hls_to_rgb, rgb_to_hls

from orderflow.sheets.reading.ooxml import elements

_OLD = (
    "000000FFFFFFFF000000FF000000FFFFFF00FF00FF00FFFF" * 2
    + "800000008000000080808000800080008080C0C0C0808080"
    + "9999FF993366FFFFCCCCFFFF660066FF80800066CCCCCCFF"
    + "000080FF00FFFFFF0000FFFF8000808000000080800000FF"
    + "00CCFFCCFFFFCCFFCCFFFF9999CCFFFF99CCCC99FFFFCC99"
    + "3366FF33CCCC99CC00FFCC00FF9900FF6600666699969696"
    + "003366339966003300333300993300993366333399333333"
)
_THEME_ORDER = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")


def theme_colours(xml: bytes) -> list[str]:
    """The colours of a theme, in the order in which styles count them."""
    found = {}
    for _, attributes, parent in elements(xml):
        if parent in _THEME_ORDER and parent not in found:
            found[parent] = attributes.get("lastClr") or attributes.get("val", "")
    return [found.get(name, "") for name in _THEME_ORDER]


def fills_of(xml: bytes, theme: Sequence[str]) -> dict[int, str]:
    """The colour (`RRGGBB`) of every cell style that has a solid fill, by the style's number."""
    fills: list[str | None] = []
    styles: list[int] = []
    pattern = ""
    for name, attributes, parent in elements(xml):
        if name == "fill" and parent == "fills":
            fills.append(None)
        elif name == "patternFill" and parent == "fill" and fills:
            pattern = attributes.get("patternType", "none")
        elif name == "fgColor" and parent == "patternFill" and fills and pattern == "solid":
            fills[-1] = _colour(attributes, theme)
        elif name == "xf" and parent == "cellXfs":
            styles.append(int(attributes.get("fillId", "0")))
    of_style = ((index, fills[fill]) for index, fill in enumerate(styles) if fill < len(fills))
    return {index: colour for index, colour in of_style if colour}


def _colour(attributes: Mapping[str, str], theme: Sequence[str]) -> str | None:
    if written := attributes.get("rgb"):
        return _tinted(written[-6:].upper(), attributes)
    number = attributes.get("theme", attributes.get("indexed", ""))
    if not number.isdecimal():
        return None
    at = int(number)
    if "theme" in attributes:
        return _tinted(theme[at].upper(), attributes) if at < len(theme) and theme[at] else None
    return _OLD[at * 6 : at * 6 + 6] or None


def _tinted(colour: str, attributes: Mapping[str, str]) -> str | None:
    """The colour made lighter or darker, as Excel does it."""
    try:
        tint = float(attributes.get("tint", "0"))
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    except ValueError:
        return None
    if not tint:
        return colour
    hue, light, full = rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light + (1 - light) * tint
    return "".join(f"{round(part * 255):02X}" for part in hls_to_rgb(hue, min(max(light, 0.0), 1.0), full))
