"""Units of quantities that people write: measure words, measures, and their English names."""

from __future__ import annotations

import re

from orderflow.records.folding import fold
from orderflow.sheets.cells.figures import CHINESE

_CHINESE = """
    台 件 个 箱 套 只 支 把 张 条 根 双 对 盒 包 袋 瓶 桶 罐 本 册 卷 片 块 辆 艘 架 组 副 付 份 批 打 枚 颗 粒 盘 捆 扎
    束 棵 株 朵 头 匹 床 顶 幅 面 扇 座 栋 间 层 排 串 筒 听 板 版 托 车 柜 单 票 次 人 位 户 家 天 月 年 两 斤 吨 克 米
    升 尺 寸 丈 亩 码 令 英寸 英尺 公斤 千克 毫克 公吨 厘米 毫米 分米 千米 公里 毫升 公升 立方 平方 平米 平方米 立方米
    方 托盘 小时 工时 人份 人次 单位 千瓦 千瓦时 度 刀 杯 碗 壶 坛 篮 筐 篓 笼 担 节 段 截 轴 环 圈 门 杆 枝 管 贴 帖
    剂 丸 针 卡 部 具 尊 樽 缸 盆 丛 滚 轮 趟 场 盏 尾 口 封 笔
"""
_ENGLISH = """
    pc pcs pce pces piece pieces set sets unit units ea each box boxes ctn ctns carton cartons case cases pack packs pkg
    pkgs package packages bag bags bottle bottles btl roll rolls pair pairs prs sheet sheets dozen doz dz lot lots kg
    kgs g t ton tons tonne tonnes mt lb lbs oz m cm mm km ft in inch inches yd yds yard yards m2 m3 sqm cbm l ml gal
    drum drums barrel barrels pallet pallets plt plts plate plates tube tubes can cans jar jars kit kits reel reels coil
    coils bundle bundles meter meters metre metres liter liters litre litres gram grams h hr hrs day days
"""
UNITS = frozenset(_CHINESE.split()) | frozenset(_ENGLISH.split())
_VAGUE = frozenset(
    "多余约几起内前后半成分折上下来左右以整共足近超不百千万亿十元角钱号加减乘倍和或与到至及每"
) | frozenset(CHINESE)
_BRACKETS = re.compile(r"[(\[]\s*([^()\[\]]*?)\s*[)\]]")


def unit_of(text: str) -> str | None:
    """The unit that the text is, as typed; `""` for no text, `None` where it is more or other than a unit.

    An unknown single Chinese character is taken for a measure word, unless it makes the number vague (`5多`).
    """
    text = text.strip()
    bracketed = _BRACKETS.fullmatch(text)
    unit = (bracketed[1] if bracketed else text).strip().removesuffix(".")
    if not unit:
        return None if text else ""
    folded = fold(unit)
    if folded in UNITS:
        return unit
    return unit if len(folded) == 1 and "\u4e00" <= folded <= "\u9fff" and folded not in _VAGUE else None
