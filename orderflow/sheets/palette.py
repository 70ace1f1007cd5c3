"""How written cells look: a small palette that stays legible in greyscale print, and the patterns of values.

A cell's style is a look (what it says: fine, to be mended, computed) times a pattern (how its value shows).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

YAHEI = "Microsoft YaHei"  # 微软雅黑: on every Chinese Windows, and in WPS and Office for Mac
JHENGHEI = "Microsoft JhengHei"  # 微軟正黑體: its Traditional counterpart
FONT_SIZE = 10

Properties = dict[str, str | int | float | bool]


class Look(StrEnum):
    """What a cell says to the eye."""

    PLAIN = "plain"  # a person's own value
    SHADED = "shaded"  # computed: not for people to fill in
    ERROR = "error"  # to be mended
    WARNING = "warning"
    NOTE = "note"
    GOOD = "good"
    MUTED = "muted"
    STRONG = "strong"
    LINK = "link"
    FREE = "free"  # without borders: text above and below a table
    FREE_STRONG = "free-strong"
    HEADER = "header"
    DESK_HEADER = "desk-header"  # over a column that the desk has added
    TITLE = "title"
    SUBTITLE = "subtitle"


class Pattern(StrEnum):
    """How a value shows; the number format of its cell."""

    TEXT = "text"
    GENERAL = "general"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    MOMENT = "moment"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Style:
    """One cell format of a written workbook; `quoted` marks text that must stay text when it is edited.

    `fill` is a colour beyond the palette, `RRGGBB`.
    """

    look: Look = Look.PLAIN
    pattern: Pattern = Pattern.TEXT
    wrap: bool = False
    quoted: bool = False
    fill: str = ""


NUMBER_FORMATS: dict[Pattern, str | int] = {
    Pattern.TEXT: 49,  # Excel's own number for "@": what is typed into the cell stays text
    Pattern.GENERAL: "General",
    Pattern.INTEGER: "0",
    Pattern.DECIMAL: "0.###############",
    Pattern.MONEY: "#,##0.00####",
    Pattern.PERCENT: "0.0%",
    Pattern.DATE: "yyyy-mm-dd",
    Pattern.MOMENT: "yyyy-mm-dd hh:mm",
    Pattern.TIME: "hh:mm:ss",
}

_ALIGNED: dict[Pattern, Properties] = {
    Pattern.TEXT: {"align": "left", "indent": 1},
    Pattern.INTEGER: {"align": "right", "indent": 1},
    Pattern.DECIMAL: {"align": "right", "indent": 1},
    Pattern.MONEY: {"align": "right", "indent": 1},
    Pattern.PERCENT: {"align": "right", "indent": 1},
    Pattern.DATE: {"align": "center"},
    Pattern.MOMENT: {"align": "center"},
    Pattern.TIME: {"align": "center"},
}

_GRID: Properties = {"border": 1, "border_color": "#D0D5DB"}
_HEADER: Properties = {"bold": True, "font_color": "#FFFFFF", "align": "center", "border": 1}

_LOOKS: dict[Look, Properties] = {
    Look.PLAIN: _GRID,
    Look.SHADED: _GRID | {"bg_color": "#EEF1F4", "font_color": "#3F4A56"},
    Look.ERROR: _GRID | {"bg_color": "#F9CFC9", "font_color": "#8C1D12", "bold": True},
    Look.WARNING: _GRID | {"bg_color": "#FFEBB8", "font_color": "#4F3500"},
    Look.NOTE: _GRID | {"bg_color": "#DCE9F5", "font_color": "#1F4466"},
    Look.GOOD: _GRID | {"bg_color": "#DFF0DC", "font_color": "#24592B"},
    Look.MUTED: _GRID | {"font_color": "#7A838C"},
    Look.STRONG: _GRID | {"bold": True},
    Look.LINK: _GRID | {"font_color": "#0B5CAD", "underline": 1},
    Look.FREE: {},
    Look.FREE_STRONG: {"bold": True},
    Look.HEADER: _HEADER | {"bg_color": "#1F4E79", "border_color": "#8FA9C2"},
    Look.DESK_HEADER: _HEADER | {"bg_color": "#5A6B7B", "border_color": "#A9B4BE"},
    Look.TITLE: {"bold": True, "font_size": 16, "font_color": "#1F4E79"},
    Look.SUBTITLE: {"font_color": "#5A6B7B"},
}

HEADER_LOOKS = (Look.HEADER, Look.DESK_HEADER)
_WORDS_ONLY = (*HEADER_LOOKS, Look.TITLE, Look.SUBTITLE)
_FREE_LOOKS = (Look.FREE, Look.FREE_STRONG)
_VALUE_LOOKS = tuple(look for look in Look if look not in _WORDS_ONLY)

COLOURS = frozenset(str(look["bg_color"]).lstrip("#") for look in _LOOKS.values() if "bg_color" in look)
"""The colours of the palette, `RRGGBB`."""
SHADE = str(_LOOKS[Look.SHADED]["bg_color"]).lstrip("#")
"""The colour of what is computed."""


def properties_of(style: Style) -> Properties:
    """The style as XlsxWriter's format properties (the font's name comes from the workbook)."""
    properties: Properties = {"valign": "vcenter", "num_format": NUMBER_FORMATS[style.pattern]}
    if style.look in _VALUE_LOOKS and style.look not in _FREE_LOOKS:
        properties |= _ALIGNED.get(Pattern.TEXT if style.quoted else style.pattern, {})
    properties |= _LOOKS[style.look]
    if style.fill:
        properties["bg_color"] = f"#{style.fill}"
    if style.wrap:
        properties["text_wrap"] = True
    if style.quoted:
        properties["quote_prefix"] = True
    return properties


def highlight_of(look: Look) -> Properties:
    """What of a look a conditional format can change: fill and font, no size, no border."""
    changeable = ("bg_color", "font_color", "bold", "underline")
    return {name: value for name, value in _LOOKS[look].items() if name in changeable}


def text_style(style: Style) -> Style:
    """The style that a look really has where it only ever bears words (headers, titles)."""
    return Style(style.look, wrap=style.look in HEADER_LOOKS) if style.look in _WORDS_ONLY else style
