"""The desk's settings, `orderflow.toml`: every number, hour and word list of the process, with its default.

What each key means is told in `locales/*/settings.toml`; `init` writes both, and `docs/settings.md` is made from them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from orderflow.records.errors import OrderflowError

_ALIKE = 60  # of 100: how much a known key has to resemble an unknown one to be proposed

Lang = Literal["zh-Hans", "zh-Hant", "en"]
Words = tuple[str, ...]
Share = Annotated[float, Field(gt=0, le=1)]
Hours = Annotated[float, Field(gt=0)]


class Section(BaseModel):
    """A table of the file: unknown keys are mistakes, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Desk(Section):
    """[desk]: whose desk it is, and where its clock stands."""

    name: str = ""
    language: Lang | None = None
    timezone: str = "Asia/Shanghai"
    ledger: str = "sqlite:///ledger.db"
    specialist: str = "订单处理专员"
    double_check: Literal["required", "custom", "off"] = "required"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise ValueError(name) from unknown
        return name


class Intake(Section):
    """[intake]: what step 1 of the process reads, checks and hands back."""

    checked_rows: Annotated[int, Field(ge=0)] = 5_000
    registration_rows: Annotated[int, Field(ge=0)] = 5_000
    comments: Annotated[int, Field(ge=0)] = 2_000
    earliest_year: int = 2000
    latest_year: int = 2099
    implausible_amount: Annotated[Decimal, Field(gt=0)] = Decimal(1000)
    urgent_days: Annotated[int, Field(ge=0)] = 3


class Wording(Section):
    """[words]: what remarks are searched for (folded: widths, case and scripts do not matter)."""

    custom: Words = (
        "定制", "订制", "定做", "LOGO", "刻字", "印字", "非标", "特制", "待定制", "logos", "custom", "customized",
        "customised", "engrave", "engraved", "engraving",
    )  # fmt: skip
    parameter: Words = (
        "红", "橙", "黄", "绿", "青", "蓝", "紫", "黑", "白", "灰", "粉", "金", "银",
        "红色", "橙色", "黄色", "绿色", "青色", "蓝色", "紫色", "黑色", "白色", "灰色", "粉色", "棕色", "米色", "金色", "银色",
        "彩色", "透明", "大红", "酒红", "深蓝", "天蓝", "红字", "黑字", "白字", "金字", "红底", "黑底", "白底",
        "不锈钢", "碳钢", "铝合金", "铜", "塑料", "亚克力", "玻璃", "陶瓷", "实木", "红木", "真皮", "纯棉", "硅胶",
        "正面", "背面", "居中", "左上", "右上", "左下", "右下", "胸前", "左右两", "左右各",
        "丝印", "激光", "烫金", "刺绣", "宋体", "楷体", "黑体",
        "图纸", "附件", "附图", "见图", "如图", "按图", "设计稿", "效果图", "样品", "样稿", "字样", "同上次", "同上单",
        "red", "orange", "yellow", "green", "blue", "purple", "black", "white", "grey", "gray", "gold", "silver",
        "attached", "attachment", "drawing", "sample", "front", "back",
    )  # fmt: skip
    aspect: Words = (
        "颜色", "尺寸", "大小", "规格", "材质", "材料", "位置", "内容", "文字", "字体", "图案", "款式",
        "size", "colour", "color", "material", "text", "position",
    )  # fmt: skip
    vague: Words = (
        "待定", "大概", "左右", "看情况", "再说", "TBD", "待确认", "未定", "差不多", "到时候", "随便", "再定", "再议",
        "to be confirmed", "roughly",
    )  # fmt: skip
    rush: Words = ("加急", "急单", "特急", "急用", "紧急", "尽快", "rush", "urgent", "urgently", "asap")
    prepaid: Words = ("预付", "定金", "订金", "prepaid", "deposit")
    negation: Words = ("不", "无", "非", "勿", "别", "未", "没", "取消", "no", "not", "don't", "without")
    links: Words = (
        "需要", "需", "要", "用", "必", "是", "算", "太", "很", "能", "可", "可以", "再", "做", "作", "加", "印", "打", "带",
        "含", "有", "上", "刻", "贴", "收", "收到", "付", "交", "支付", "进行", "任何", "其他", "其它", "额外", "另外", "单独",
        "特殊", "特别", "帮我", "给我", "need", "needed", "for", "add", "with", "any", "a", "an", "the", "paid",
    )  # fmt: skip
    unrelated: Words = (
        "一定做", "必定做", "肯定做", "确定做", "决定做", "固定制", "规定制", "约定制", "指定制", "确定制", "决定制", "稳定制",
        "恒定制", "独特制", "模特制", "待定制", "再说明", "左右两", "左右各", "左右对称", "左右手", "左右脚", "左右侧", "左右边",
        "上下左右", "前后左右", "应急", "紧急联系", "紧急按钮", "紧急停", "紧急出口", "紧急疏散", "紧急制动", "紧急开关",
        "绿色通道", "定金未", "定金待", "订金未", "订金待", "预付未", "预付待", "预付款未", "预付款待",
        "特别", "分别", "个别", "级别", "类别", "区别", "识别", "别的", "要不要", "需不需要", "是不是", "有没有", "有无", "非要",
        "不得不",
    )  # fmt: skip


class Twins(Section):
    """[twins]: when two orders are suspected to be one, registered twice."""

    days: Annotated[int, Field(ge=0)] = 7
    score: Share = 0.85
    phone: Annotated[int, Field(ge=0)] = 35
    name: Annotated[int, Field(ge=0)] = 25
    product: Annotated[int, Field(ge=0)] = 20
    quantity: Annotated[int, Field(ge=0)] = 10
    date: Annotated[int, Field(ge=0)] = 10


class Clocks(Section):
    """[clocks]: how soon an answer is due, in hours."""

    anomaly_hours: Hours = 2


class Reading(Section):
    """[reading]: how much one file may ask of the machine."""

    memory_mib: Annotated[int, Field(ge=256)] = 2_048
    seconds: Annotated[int, Field(ge=5)] = 600


class Settings(Section):
    """The whole of `orderflow.toml`; `headers` pins header texts to fields (`"宝贝" = "product"`, `"备用" = ""`)."""

    desk: Desk = Desk()
    intake: Intake = Intake()
    words: Wording = Wording()
    twins: Twins = Twins()
    clocks: Clocks = Clocks()
    reading: Reading = Reading()
    headers: dict[str, str] = Field(default_factory=dict)

    @property
    def pins(self) -> dict[str, str | None]:
        """What `headers` pins, for recognising a layout; an empty text means none of the desk's columns."""
        return {header: field or None for header, field in self.headers.items()}


def load(path: Path) -> Settings:
    """The settings in `path`, or the defaults where there is no such file.

    Raises OrderflowError `config-unreadable` (not TOML), `config-unknown-key`, `config-wrong-value` or
    `config-unknown-column` (under `[headers]`).
    """
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig")) if path.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as broken:
        raise OrderflowError("config-unreadable", path=str(path), why=str(broken)) from broken
    try:
        settings = Settings.model_validate(found)
    except ValidationError as wrong:
        raise _first_mistake(wrong, path) from wrong
    if settings.headers:
        _check_pins(settings.headers, path)
    return settings


def _check_pins(headers: Mapping[str, str], path: Path) -> None:
    """Every pinned header names a column of one of the workbooks, or none at all."""
    from rapidfuzz import process

    from orderflow.records.rows import REFERENCES, WORKBOOKS, columns

    known = {name for workbook in (*WORKBOOKS, *REFERENCES) for name in columns(workbook.row)}
    for header, field in headers.items():
        if field and field not in known:
            nearest = process.extractOne(field, sorted(known))[0]
            raise OrderflowError("config-unknown-column", path=str(path), header=header, field=field, nearest=nearest)


def _first_mistake(wrong: ValidationError, path: Path) -> OrderflowError:
    mistake = wrong.errors(include_url=False)[0]
    where = [str(part) for part in mistake["loc"]]
    key = ".".join(where)
    if mistake["type"] == "extra_forbidden":
        return OrderflowError(
            "config-unknown-key", path=str(path), key=key, nearest=_nearest(where), known=[*Settings.model_fields]
        )
    kind, params = _allowed(mistake["type"], mistake.get("ctx", {}), where)
    value = repr(mistake["input"])
    return OrderflowError("config-wrong-value", path=str(path), key=key, value=value, allowed=kind, **params)


def _allowed(mistake: str, context: Mapping[str, Any], where: list[str]) -> tuple[str, dict[str, object]]:
    """What a key takes: the name of a sentence (`messages.allowed`), and what fills it."""
    if where[-1] == "timezone":
        return "zone", {}
    if mistake == "literal_error":
        return "one_of", {"known": str(context["expected"]).replace(" or ", ", ").replace("'", '"')}
    for limit, kind in (("ge", "at_least"), ("gt", "above"), ("le", "at_most")):
        if limit in context:
            return kind, {"limit": f"{context[limit]:g}"}
    kinds = {
        "int": "whole",
        "float": "number",
        "decimal": "number",
        "tuple": "texts",
        "string": "text",
        "model": "table",
    }
    return kinds.get(mistake.partition("_")[0], "text"), {}


def _nearest(where: list[str]) -> str | None:
    """The known key, or for an unknown table the known table, that looks like the unknown one; `None` if none does."""
    from rapidfuzz import process

    known: list[str] = []
    for name, section in Settings.model_fields.items():
        inner = getattr(section.annotation, "model_fields", None)
        known += [name] if len(where) == 1 or not inner else [f"{name}.{key}" for key in inner]
    best = process.extractOne(".".join(where), known, score_cutoff=_ALIKE)
    return str(best[0]) if best else None
