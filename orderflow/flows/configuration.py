"""Writing `orderflow.toml`: every key with its default and one line of why, in the desk's language."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderflow import text
from orderflow.settings import Section, Settings


def explained(settings: Settings, lang: str) -> str:
    """The whole file. A key that holds its default stands commented out, so that a later default reaches the desk."""
    import tomlkit

    document = tomlkit.document()
    for line in text.say(lang, "cli.config.preamble").splitlines():
        document.add(tomlkit.comment(line))
    for name in Settings.model_fields:
        section = getattr(settings, name)
        if isinstance(section, Section):
            document.add(tomlkit.nl())
            document.add(name, _table(name, section, lang))
    document.add(tomlkit.nl())
    for line in text.say(lang, "cli.config.channels").splitlines():
        document.add(tomlkit.comment(line) if line else tomlkit.nl())
    document.add(tomlkit.nl())
    pins = tomlkit.table()
    pins.comment(text.say(lang, "settings.headers.headers"))
    for header, field in settings.headers.items():
        pins.add(header, field)
    document.add("headers", pins)
    return tomlkit.dumps(document)


def _table(name: str, section: Section, lang: str) -> Any:
    import tomlkit

    table = tomlkit.table()
    table.comment(text.say(lang, f"settings.sections.{name}"))
    for key, declared in type(section).model_fields.items():
        value = getattr(section, key)
        table.add(tomlkit.comment(text.say(lang, f"settings.{name}.{key}")))
        if value == declared.default:
            table.add(tomlkit.comment(f"{key} = {tomlkit.item(_plain(value)).as_string()}"))
        else:
            table.add(key, _plain(value))
    return table


def _plain(value: Any) -> Any:
    """What TOML can hold: a number instead of a Decimal, a list instead of a tuple, an empty text for nothing."""
    if isinstance(value, Section):
        value = dict(value)
    if isinstance(value, dict):
        import tomlkit

        inline = tomlkit.inline_table()
        inline.update({key: _plain(inner) for key, inner in value.items()})
        return inline
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return list(value) if isinstance(value, tuple) else value
