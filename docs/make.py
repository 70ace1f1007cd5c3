"""Writes the documentation that comes from the code: columns, findings, settings, commands, JSON schemas, templates.

python docs/make.py            writes what has changed
python docs/make.py --check    changes nothing; ends with 1 and names what is not current
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from pydantic_core import to_json

from orderflow import text
from orderflow.cli import app
from orderflow.flows.scheduling import CRON, SYSTEMD, WINDOWS, Place, schedule
from orderflow.records.catalogue import CATALOGUE, Group
from orderflow.records.channels import Command, Email, Robot, Route, Sms, Webhook
from orderflow.records.events import EVENTS
from orderflow.records.rows import EVERY, columns
from orderflow.settings import Section, Settings

ROOT = Path(__file__).resolve().parent.parent
MADE = "<!-- Made by docs/make.py; change the code instead. -->\n"
EN, HANS = "en", "zh-Hans"


def columns_page() -> str:
    """Every column of every workbook, with what is understood as it."""
    lines = [MADE, "# Columns\n", "Headers are understood in all three languages, whatever their case, width, script,"]
    lines += ["spaces and brackets; *weak* ones count only where no other header claims the column.\n"]
    for workbook in EVERY:
        lines += [f"## {workbook.title.en} · {workbook.title.hans} · {workbook.title.hant}\n"]
        lines += ["| field | 简体 | 繁體 | English | kind | what belongs there | also understood |"]
        lines += ["|---|---|---|---|---|---|---|"]
        for field, column in columns(workbook.row).items():
            traits = [
                column.kind.value,
                *(name for name in ("required", "computed", "personal") if getattr(column, name)),
            ]
            also = ", ".join((*column.aliases, *(f"*{word}*" for word in column.weak)))
            note = text.say(EN, f"columns.{workbook.name}.{field}")
            cells = (f"`{field}`", column.hans, column.hant, column.en, ", ".join(traits), note, also)
            lines.append(f"| {' | '.join(map(_cell, cells))} |")
        lines.append("")
        lines += list(_choices_of(workbook.row))
    return "\n".join(lines)


def _choices_of(row: object) -> Iterator[str]:
    for field, column in columns(row).items():  # type: ignore[arg-type]
        if column.choices:
            words = "; ".join(
                f"`{choice.code}` {' / '.join(dict.fromkeys(choice.words))}"
                + (f" ({', '.join(choice.aliases)})" if choice.aliases else "")
                for choice in column.choices
            )
            yield f"- `{field}`: {_cell(words)}"
    yield ""


def findings_page() -> str:
    """The catalogue of findings; each code has a file under tests/findings that brings it about."""
    lines = [MADE, "# Findings\n", "`by column`: an anomaly in a required column, a warning elsewhere.\n"]
    for group in Group:
        codes = [code for code in CATALOGUE.values() if code.group is group]
        lines += [f"## {group.value}\n", "| code | severity | English | 简体 | what to do |", "|---|---|---|---|---|"]
        for code in codes:
            said = {lang: text.domain(lang, "findings")[code.name] for lang in (EN, HANS)}
            severity = code.severity.value if code.severity else "by column"
            cells = (f"`{code.name}`", severity, said[EN]["message"], said[HANS]["message"], said[EN]["fix"])
            lines.append(f"| {' | '.join(map(_cell, cells))} |")
        lines.append("")
    return "\n".join(lines)


def settings_page() -> str:
    """Every key of orderflow.toml with its default."""
    lines = [MADE, "# Settings (`orderflow.toml`)\n"]
    settings = Settings()
    for name in Settings.model_fields:
        section = getattr(settings, name)
        if not isinstance(section, Section):
            lines += [f"## [{name}]\n", text.say(EN, "settings.headers.headers"), ""]
            continue
        lines += [f"## [{name}]\n", text.say(EN, f"settings.sections.{name}") + "\n"]
        lines += ["| key | default | what it is for |", "|---|---|---|"]
        for key in type(section).model_fields:
            default = json.dumps(section.model_dump(mode="json")[key], ensure_ascii=False)
            lines.append(f"| `{key}` | `{_cell(default)}` | {_cell(text.say(EN, f'settings.{name}.{key}'))} |")
        lines.append("")
    return "\n".join(lines)


def commands_page() -> str:
    """Every command and option, from the command line's own declarations."""
    import typer

    root = typer.main.get_command(app)
    lines = [MADE, "# Commands\n", "Options that every command takes:\n"]
    commands = {" ".join(path): command for path, command in _commands(root)}
    common = [parameter for parameter in commands["show"].params if parameter.name in _COMMON]
    lines += [f"- `{', '.join(parameter.opts)}`: {_words(parameter.help)}" for parameter in common]
    for name, command in commands.items():
        lines += ["", f"## orderflow {name}\n", _words(command.help), ""]
        for parameter in command.params:
            if parameter.name in _COMMON or parameter.name == "help":
                continue
            shown = ", ".join(parameter.opts) if parameter.param_type_name == "option" else parameter.metavar
            lines.append(f"- `{shown}`: {_words(parameter.help)}")
        lines += ["", f"    {_words(command.epilog)}"]
    return "\n".join(lines) + "\n"


def _commands(group: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command by the words it is called with."""
    for name, command in group.commands.items():
        if getattr(command, "invoke_without_command", False):
            yield (*above, name), command
        if hasattr(command, "commands"):
            yield from _commands(command, (*above, name))
        else:
            yield (*above, name), command


def notices_page() -> str:
    """Every event, channel and route, from their declarations."""
    lines = [MADE, (ROOT / "docs" / "notices.head.md").read_text(encoding="utf-8")]
    lines += ["## Events\n", "| event | what | to | severity | facts of its template |", "|---|---|---|---|---|"]
    for event in EVENTS.values():
        said = text.domain(EN, "notices")["events"][event.name]
        facts = "; ".join(f"`{fact}` {said[fact]}" for fact in event.facts)
        who = text.say(EN, f"notices.recipients.{event.recipient}")
        lines.append(f"| `{event.name}` | {said['title']} | {who} | {event.severity} | {facts} |")
    filters = "; ".join(f"`{name}` {what}" for name, what in text.domain(EN, "notices")["filters"].items())
    lines += ["", f"Filters of a template beside Jinja's own: {filters}.", "", "## Channels\n"]
    for name, model in {"email": Email, "robot": Robot, "webhook": Webhook, "sms": Sms, "command": Command}.items():
        lines += _keys(
            f"`[channels.NAME]`: {text.say(EN, f'notices.kinds.{name}.title')}", model, f"notices.kinds.{name}"
        )
    lines += _keys("`[[routes]]`", Route, "notices.route")
    return "\n".join(lines)


def _keys(title: str, model: type[BaseModel], words: str) -> list[str]:
    lines = [f"### {title}\n", "| key | default | what it is for |", "|---|---|---|"]
    for key, declared in sorted(model.model_fields.items(), key=lambda field: not field[1].is_required()):
        plain = to_json(declared.default).decode() if not declared.is_required() else "must be given"
        lines.append(f"| `{key}` | {_cell(plain)} | {_cell(text.say(EN, f'{words}.{key}'))} |")
    return [*lines, ""]


_COMMON = ("desk", "actor", "lang", "json", "quiet", "verbose", "debug")


def _words(key: str) -> str:
    return text.say(EN, key) if key.startswith("cli.") else key


def schemas() -> dict[str, str]:
    """The JSON schema of each command's answer."""
    from orderflow.answers.schemas import ANSWERS

    return {
        f"docs/schemas/{name.replace(' ', '-')}.json": json.dumps(
            model.model_json_schema(), ensure_ascii=False, indent=2
        )
        + "\n"
        for name, model in ANSWERS.items()
    }


def templates() -> dict[str, bytes]:
    """The blank workbooks in three languages."""
    from orderflow.sheets.templates import blank
    from orderflow.sheets.writer import write_workbook

    made = {}
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "blank.xlsx"
        for lang in text.LANGUAGES:
            for workbook in EVERY:
                write_workbook(blank(workbook, lang), target)
                made[f"templates/{lang}/{workbook.name}.xlsx"] = target.read_bytes()
    return made


def cron_page() -> str:
    """What a desk does by itself, and the lines for it, as `orderflow schedule` prints them for a desk's own places."""
    now = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    unix = Place("/usr/local/bin/orderflow", "/srv/desk", "Asia/Shanghai", now)
    windows = Place(r"C:\orderflow\orderflow.exe", r"D:\订单台", "Asia/Shanghai", now)
    lines = [MADE, (ROOT / "docs" / "cron.head.md").read_text(encoding="utf-8")]
    for system, place in ((CRON, unix), (SYSTEMD, unix), (WINDOWS, windows)):
        lines += [f"## {text.say(EN, f'messages.schedule.{system}')}\n", "```"]
        for line in schedule(place):
            if line.system == system:
                lines += [f"# {line.file}"] if line.file else []
                lines.append(line.text)
        lines += ["```", ""]
    return "\n".join(lines)


def everything() -> dict[str, bytes]:
    """Every generated file by its path from the project's root."""
    pages = {
        "docs/columns.md": columns_page(),
        "docs/findings.md": findings_page(),
        "docs/settings.md": settings_page(),
        "docs/commands.md": commands_page(),
        "docs/notices.md": notices_page(),
        "docs/cron.md": cron_page(),
        **schemas(),
    }
    return {path: page.encode() for path, page in pages.items()} | templates()


def stale_files() -> dict[str, bytes]:
    """The generated files that are not current, as they should be."""
    return {path: made for path, made in everything().items() if not _is(ROOT / path, made)}


def main() -> None:
    """Write what has changed, or check that nothing would."""
    stale = stale_files()
    if "--check" in sys.argv:
        sys.exit("\n".join(["Not current:", *stale]) if stale else 0)
    for path, made in stale.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_bytes(made)


def _is(path: Path, made: bytes) -> bool:
    """Whether a file is what was made; of a workbook the parts count, as zlib packs them differently elsewhere."""
    if not path.is_file():
        return False
    there = path.read_bytes()
    return _parts(there) == _parts(made) if path.suffix == ".xlsx" else there == made


def _parts(workbook: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    main()
