"""What of a remark or a product's name says how a custom order is to be made.

Read for it: words that describe (红色, 附件), a quoted text, a value behind a colon, and figures. Figures that say
who, when, how many or how much (telephones, dates, terms, counts, prices) describe nothing.
"""

from __future__ import annotations

import re

_MARKS = ('"“”', '"“”'), ("「", "」"), ("『", "』"), ("《", "》")
_QUOTED = re.compile(
    "|".join(rf"[{left}][^\w{left}{right}]*\w[^{left}{right}]*[{right}]" for left, right in _MARKS)
    + r"|(?<!\w)['‘][^\w'‘’]*\w[^'‘’]*['’](?!\w)"
)
_UNITS = "mm|cm|dm|m|kg|g|ml|l|inch|pt|px|v|w|毫米|厘米|公分|分米|米|寸|公斤|克|毫升|升|瓦|伏|色|号色|号字|孔|字"
_MEASURE = re.compile(rf"[0-9] ?(?:{_UNITS})(?![a-z])|[0-9] ?[x×*] ?[0-9]|φ ?[0-9]")
_WHO = (
    r"[0-9]{7,}|[0-9]{2,}\*{2,}[0-9]{2,}|0[0-9]{2,3}-[0-9]{7,8}|1[0-9]{2}[- ][0-9]{4}[- ][0-9]{4}|"
    r"(?:qq|微信|wx|vx|电话|手机|tel|phone|单号|编号)[^\w]?[a-z_]{0,20}[0-9][0-9*-]*|[0-9]+ ?(?:楼|栋|幢|室|单元|弄)"
)
_WHEN = (
    r"(?:19|20)[0-9]{2}[-/.年][0-9]{1,2}(?:[-/.月][0-9]{1,2}[日号]?)?|(?:19|20)[0-9]{2}[年款]|"
    r"[0-9]{1,2}月(?:[0-9]{1,2}[日号]?)?|[0-9]{1,2}[日号](?![字色孔])|[0-9]{1,2}(?::[0-9]{2}|[点时](?:[0-9]{1,2}分?)?)|"
    r"[0-9]{1,2}[./-][0-9]{1,2}(?= ?(?:之?以?前|发|到|交|要|送|$|[,;。]))"
)
_HOW_MANY = (
    r"[¥$] ?[0-9][0-9,.]*|[0-9]+(?:\.[0-9]+)? ?(?:多|余)?(?:天|周|星期|个月|小时|分钟|年|days?|weeks?|hours?|"
    r"元|块|万|折|件|个|台|套|只|支|盒|箱|包|袋|瓶|桶|份|批|张|次|人|pcs|pieces?|units?|sets?)(?![a-z])"
)
_NO_DESCRIPTION = re.compile("|".join((_WHO, _WHEN, _HOW_MANY)))
_FIGURE = re.compile("[0-9]")


def quotes(folded: str) -> bool:
    """Whether a text stands in quotation marks: 刻字“生日快乐”."""
    return _QUOTED.search(folded) is not None


def has_measure(folded: str) -> bool:
    """Whether a figure with its measure stands there: `10mm`, `120×60`."""
    return _MEASURE.search(folded) is not None


def has_describing_figure(folded: str) -> bool:
    """Whether a figure stands there that is no telephone, date, term, count or price."""
    return has_measure(folded) or _FIGURE.search(_NO_DESCRIPTION.sub(" ", folded)) is not None
