"""The words of the tool in three languages, read from `locales/<language>/<domain>.toml` when first asked for."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
DEFAULT_LANGUAGE = "zh-Hans"
_LOCALES = Path(__file__).with_name("locales")
_TRADITIONAL = ("hant", "_tw", "-tw", "_hk", "-hk", "_mo", "-mo")


@cache
def domain(lang: str, name: str) -> Mapping[str, Any]:
    """One file of words: nested tables as TOML has them."""
    return tomllib.loads((_LOCALES / lang / f"{name}.toml").read_text(encoding="utf-8"))


def say(lang: str, key: str, /, **params: object) -> str:
    """The words under `domain.table.key` in `lang`, with `params` filled in.

    A key that does not exist is a mistake of the program (KeyError); a test finds it first.
    """
    name, *path = key.split(".")
    words: Any = domain(lang, name)
    for part in path:
        words = words[part]
    return str(words).format_map(_Params(params)) if params else str(words)


class _Params(dict[str, object]):
    """Values for a sentence: lists are joined, what is not given stays visible as its name."""

    def __init__(self, params: Mapping[str, object]) -> None:
        super().__init__((key, _shown(value)) for key, value in params.items())

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def _shown(value: object) -> object:
    if value is None:
        return "—"
    if isinstance(value, list | tuple):
        return " / ".join(map(str, value))
    return value


def from_environment() -> str:
    """The language of the user's locale where the desk speaks it, else Simplified Chinese."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if set_to := os.environ.get(variable, "").lower():
            return _from_locale(set_to)
    return _from_locale(_system_locale())


def _from_locale(name: str) -> str:
    name = name.partition(".")[0].lower()
    if name.startswith(("zh", "chinese")):
        return "zh-Hant" if name.endswith(_TRADITIONAL) or "hant" in name or "traditional" in name else "zh-Hans"
    return "en" if name.startswith("en") else DEFAULT_LANGUAGE


def _system_locale() -> str:
    """What Windows and macOS say where no variable is set."""
    import locale

    return (locale.getlocale()[0] or "").lower()
