"""The desk's settings, `orderflow.toml`: every number, hour and word list of the process, with its default.

What each key means is told in `locales/*/settings.toml`; `init` writes both, and `docs/settings.md` is made from them.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from orderflow.records.errors import OrderflowError

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

    custom: Words = ("定制", "订制", "定做", "LOGO", "刻字", "印字", "非标", "特制", "custom", "engrave")
    parameter: Words = (
        "颜色", "红", "橙", "黄", "绿", "青", "蓝", "紫", "黑", "白", "灰", "金色", "银色", "尺寸", "材质", "不锈钢",
        "位置", "图纸", "附件", "样品", "字样", "内容", "丝印",
        "激光", "size", "colour", "color", "material", "drawing",
    )  # fmt: skip
    vague: Words = (
        "待定", "大概", "左右", "看情况", "再说", "TBD", "待确认", "未定", "差不多", "到时候", "随便", "再定", "再议",
        "to be confirmed", "roughly",
    )  # fmt: skip
    rush: Words = ("加急", "急单", "特急", "急用", "紧急", "尽快", "rush", "urgent", "asap")
    prepaid: Words = ("预付", "定金", "订金", "prepaid", "deposit")
    negation: Words = (
        "不",
        "无",
        "非",
        "免",
        "勿",
        "别",
        "不用",
        "不要",
        "无需",
        "不需",
        "不需要",
        "取消",
        "no ",
        "without ",
    )


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


def load(path: Path) -> Settings:
    """The settings in `path`, or the defaults where there is no such file.

    Raises OrderflowError `config-unreadable` (not TOML), `config-unknown-key` or `config-wrong-value`.
    """
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig")) if path.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as broken:
        raise OrderflowError("config-unreadable", path=str(path), why=str(broken)) from broken
    try:
        return Settings.model_validate(found)
    except ValidationError as wrong:
        raise _first_mistake(wrong, path) from wrong


def _first_mistake(wrong: ValidationError, path: Path) -> OrderflowError:
    mistake = wrong.errors(include_url=False)[0]
    where = [str(part) for part in mistake["loc"]]
    key = ".".join(where)
    if mistake["type"] == "extra_forbidden":
        return OrderflowError("config-unknown-key", path=str(path), key=key, nearest=_nearest(where))
    return OrderflowError(
        "config-wrong-value", path=str(path), key=key, value=repr(mistake["input"]), why=mistake["msg"]
    )


def _nearest(where: list[str]) -> str:
    """The known key that looks most like the unknown one."""
    from rapidfuzz import process

    known: list[str] = []
    for name, section in Settings.model_fields.items():
        inner = getattr(section.annotation, "model_fields", None)
        known += [f"{name}.{key}" for key in inner] if inner else [name]
    best = process.extractOne(".".join(where), known)
    return str(best[0]) if best else ""
