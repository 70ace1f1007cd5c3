"""The desk's settings, `orderflow.toml`: every number, hour and word list of the process, with its default.

What each key means is told in `locales/*/settings.toml`; `init` writes both, and `docs/settings.md` is made from them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from orderflow.records.channels import KINDS, AnyChannel, Route
from orderflow.records.errors import OrderflowError
from orderflow.records.events import EVENTS, Recipient

_ALIKE = 60  # of 100: how much a known key has to resemble an unknown one to be proposed

_HOURS = r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$"

Lang = Literal["zh-Hans", "zh-Hant", "en"]
Words = tuple[str, ...]
Share = Annotated[float, Field(gt=0, le=1)]
Hours = Annotated[float, Field(gt=0)]
ByLevel = tuple[Hours, Hours, Hours]
Days = Annotated[int, Field(ge=0)]
Weight = Annotated[int, Field(ge=0)]
LevelName = Literal["high", "medium", "low"]


class Section(BaseModel):
    """A table of the file: unknown keys are mistakes, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, defer_build=True)


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
    parts: Words = (
        "特殊件", "特殊采购", "特殊物料", "外购件", "进口件", "专用件", "special part", "special parts", "imported part",
    )  # fmt: skip
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


class Priority(Section):
    """[priority]: how customer, amount and days make a level (step 2)."""

    strategy: Literal["points", "all", "any"] = "points"
    customer_weight: Weight = 1
    amount_weight: Weight = 1
    urgency_weight: Weight = 1
    high_points: Annotated[int, Field(ge=0)] = 7
    medium_points: Annotated[int, Field(ge=0)] = 6
    high_amount: Annotated[Decimal, Field(ge=0)] = Decimal(10)
    medium_amount: Annotated[Decimal, Field(ge=0)] = Decimal(1)
    high_days: Days = 3
    medium_days: Days = 7
    floors: dict[str, LevelName] = {"售后紧急补单": "high", "售后补单": "high", "紧急补单": "high"}

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """A bound of 高 is never easier to reach than that of 中."""
        for high, medium, fits in (
            ("high_points", "medium_points", self.high_points >= self.medium_points),
            ("high_amount", "medium_amount", self.high_amount >= self.medium_amount),
            ("medium_days", "high_days", self.medium_days >= self.high_days),
        ):
            if not fits:
                raise ValueError(f"{high} < {medium}")
        return self


StageName = Literal["evaluation", "production", "purchasing", "inspection", "logistics"]


class StageDays(Section):
    """So many days for each stage; 0 is within the day on which it starts."""

    evaluation: Days = 0
    production: Days = 3
    purchasing: Days = 3
    inspection: Days = 1
    logistics: Days = 2


class StageOwners(Section):
    """Who is in charge of each stage where nobody is named."""

    evaluation: str = "*工程师"
    production: str = "*主管"
    purchasing: str = "*采购员"
    inspection: str = "*质检员"
    logistics: str = "*物流专员"


class StageDepartments(Section):
    """Which departments carry out each stage, and confirm it."""

    evaluation: Words = ("技术部", "生产部")
    production: Words = ("生产部",)
    purchasing: Words = ("采购部",)
    inspection: Words = ("质检部",)
    logistics: Words = ("物流部",)


class StageLimits(Section):
    """How many orders a stage can hold on one day; 0 is no limit."""

    evaluation: Days = 0
    production: Days = 0
    purchasing: Days = 0
    inspection: Days = 0
    logistics: Days = 0


class Plan(Section):
    """[plan]: stages, durations, owners and departments (step 3)."""

    days: StageDays = StageDays()
    rush_days: StageDays = StageDays(production=2, logistics=1)
    working_days: tuple[StageName, ...] = ()
    owners: StageOwners = StageOwners()
    departments: StageDepartments = StageDepartments()
    capacity: StageLimits = StageLimits()


class Calendar(Section):
    """[calendar]: days that differ from the published holidays."""

    off: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()


class Clocks(Section):
    """[clocks]: how soon an answer is due; three numbers are for priority high, medium and low."""

    confirm_hours: ByLevel = (1, 4, 8)
    plan_hours: ByLevel = (2, 4, 8)
    anomaly_hours: Hours = 2
    acknowledge_hours: Hours = 1
    escalate_minutes: Annotated[float, Field(gt=0)] = 30
    after_sales_hours: Hours = 2
    survey_days: Annotated[float, Field(gt=0)] = 3
    count: Literal["elapsed", "working"] = "elapsed"
    working_time: tuple[Annotated[str, Field(pattern=_HOURS)], ...] = Field(
        ("09:00-12:00", "13:30-18:00"), min_length=1
    )
    around_the_clock: tuple[date, ...] = ()
    warn_after: Share = 0.75


class Tracking(Section):
    """[tracking]: when a stage that is late becomes an exception (step 4)."""

    delay_days: Annotated[int, Field(ge=1)] = 1


class Notices(Section):
    """[notices]: how notices leave. One more attempt follows each of `pauses_minutes`; then a notice is set aside."""

    approval: tuple[Recipient, ...] = (Recipient.CUSTOMER,)
    pauses_minutes: tuple[Annotated[int, Field(ge=1)], ...] = (1, 5, 15, 60, 240)


class Feedback(Section):
    """[feedback]: what the customer said, and what is done about it (step 5)."""

    low_score: Annotated[int, Field(ge=0, le=5)] = 2
    reminder_days: Annotated[float, Field(gt=0)] = 3
    survey_old_days: Annotated[float, Field(gt=0)] = 7
    close_days: Annotated[float, Field(gt=0)] = 15
    survey_url: str = ""
    department: str = "售后部"
    replacement: Words = ("补单", "补货单", "换货单", "replacement order")
    topics: dict[str, Words] = {
        "外观": ("外观", "划痕", "划伤", "刮花", "破损", "色差", "变形", "污渍", "掉漆", "scratch", "scratched", "dent"),
        "质量": ("质量", "品质", "故障", "坏", "不能用", "不合格", "瑕疵", "quality", "defect", "broken"),
        "时效": ("时效", "及时", "准时", "延迟", "延误", "太慢", "催", "迟到", "晚到", "late", "delay", "delayed", "on time"),
        "物流": ("物流", "快递", "配送", "送货", "司机", "跟进", "delivery", "courier", "tracking"),
        "包装": ("包装", "纸箱", "防护", "泡沫", "外箱", "packing", "packaging"),
        "服务": ("服务", "态度", "客服", "回复", "响应", "沟通", "耐心", "service", "reply"),
        "价格": ("价格", "价钱", "贵", "便宜", "优惠", "性价比", "price", "expensive", "cheap"),
    }  # fmt: skip


class Report(Section):
    """[report]: the monthly report (step 6)."""

    due_day: Annotated[int, Field(ge=1, le=28)] = 5
    small_sample: Annotated[int, Field(ge=0)] = 10


class Archive(Section):
    """[archive]: how long sealed months are kept at least, counted from the last closing of an order in them (step 6)."""

    keep_months: Annotated[int, Field(ge=24)] = 24


class Reading(Section):
    """[reading]: how much one file may ask of the machine."""

    memory_mib: Annotated[int, Field(ge=256)] = 2_048
    seconds: Annotated[int, Field(ge=5)] = 600


def _own_defaults() -> Any:
    """A table that the file leaves out: what the table itself declares, checked with the rest of the file."""
    return Field(default_factory=dict, validate_default=True)


class Settings(Section):
    """The whole of `orderflow.toml`.

    `channels` are ways out by the desk's own names for them, `routes` say which notices take which; `headers` pins
    header texts to fields (`"宝贝" = "product"`, `"备用" = ""`).
    """

    desk: Desk = _own_defaults()
    intake: Intake = _own_defaults()
    words: Wording = _own_defaults()
    twins: Twins = _own_defaults()
    priority: Priority = _own_defaults()
    plan: Plan = _own_defaults()
    calendar: Calendar = _own_defaults()
    clocks: Clocks = _own_defaults()
    tracking: Tracking = _own_defaults()
    notices: Notices = _own_defaults()
    feedback: Feedback = _own_defaults()
    report: Report = _own_defaults()
    archive: Archive = _own_defaults()
    reading: Reading = _own_defaults()
    channels: dict[str, AnyChannel] = Field(default_factory=dict)
    routes: tuple[Route, ...] = ()
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
    _check_routes(settings, path)
    return settings


def _check_routes(settings: Settings, path: Path) -> None:
    """Every route leads to a channel that there is, and names events that there are."""
    for route in settings.routes:
        named = [(route.channel, [*settings.channels])] + [(event, [*EVENTS]) for event in route.events]
        for name, known in named:
            if name not in known:
                raise OrderflowError("config-unknown-route", path=str(path), name=name, known=known)


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
    known = _known_beside(where)
    if where[0] == "channels" and len(where) > 3:
        del where[2]  # the kind, which is no part of the file's own key
    key = ".".join(where)
    if mistake["type"] == "extra_forbidden":
        nearest = _nearest(key, known)
        return OrderflowError(
            "config-unknown-key", path=str(path), key=key, nearest=nearest, known=[*Settings.model_fields]
        )
    kind, params = _allowed(mistake["type"], mistake.get("ctx", {}), where)
    value = "…" if where[0] == "channels" else repr(mistake["input"])  # it may be the secret itself
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


def _known_beside(where: list[str]) -> list[str]:
    """The keys that could stand where a mistake stands; where that is a whole table, the tables."""
    if where[0] == "channels" and len(where) > 3:
        return [f"channels.{where[1]}.{key}" for key in KINDS[where[2]].model_fields]
    if where[0] == "routes":
        return [f"routes.{where[1]}.{key}" for key in Route.model_fields]
    known: list[str] = []
    for name, section in Settings.model_fields.items():
        inner = getattr(section.annotation, "model_fields", None)
        known += [name] if len(where) == 1 or not inner else [f"{name}.{key}" for key in inner]
    return known


def _nearest(key: str, known: list[str]) -> str | None:
    """The known key that looks most like the unknown one; `None` if none does."""
    from rapidfuzz import process

    best = process.extractOne(key, known, score_cutoff=_ALIKE)
    return str(best[0]) if best else None
