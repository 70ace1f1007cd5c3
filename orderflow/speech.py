"""The command line's help in the desk's language: keys in the declarations become words before they are shown."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Callable, Sequence
from copy import copy
from functools import partial
from pathlib import Path
from typing import Any

import typer
from typer.exceptions import TyperException

from orderflow import text
from orderflow.places import SETTINGS, find_desk
from orderflow.usage import tell_aborted, tell_mistake, usage_line

_TITLES = ("ARGUMENTS", "OPTIONS", "COMMANDS", "ERRORS")
_BESIDE = {"DEFAULT_STRING": "default", "REQUIRED_LONG_STRING": "required"}


def chosen_language(arguments: Sequence[str]) -> str:
    """The language to speak before any command has read the settings: `--lang`, the desk's, the locale's."""
    asked = _value_after("--lang", arguments)
    if asked in text.LANGUAGES:
        return asked
    desk = _value_after("--desk", arguments)
    return desk_language(Path(desk) if desk else None)


def speak(app: typer.Typer, lang: str) -> None:
    """Run the command line in `lang`."""
    _write_utf8()
    root: Any = _command_line(app, sys.argv[1:2])
    _translate(root, lang)
    try:
        ended = root(prog_name="orderflow", standalone_mode=False)
    except TyperException as mistake:
        tell_mistake(lang, mistake)
        ended = mistake.exit_code
    except typer.Abort:
        tell_aborted(lang)
        ended = 1
    sys.exit(ended)


def _command_line(app: typer.Typer, first: Sequence[str]) -> Any:
    """All commands, or the one that is named first alone: to build every one takes a tenth of a start."""
    commands = [command for command in app.registered_commands if command.name in first]
    groups = [group for group in app.registered_groups if group.name in first]
    if not commands and not groups:
        return typer.main.get_command(app)
    narrowed = copy(app)
    narrowed.registered_commands, narrowed.registered_groups = commands, groups
    return typer.main.get_group(narrowed)


def _translate(command: Any, lang: str) -> None:
    command.get_usage = usage_line(command, lang)
    command.format_help = partial(_format_help, lang, command.format_help)
    command.help = _words(lang, command.help)
    command.epilog = _words(lang, command.epilog)
    command.rich_help_panel = _words(lang, getattr(command, "rich_help_panel", None))
    own_help = command.get_help_option(typer.Context(command))
    for parameter in (*command.params, own_help):
        parameter.help = _words(lang, _own_words(parameter))
        parameter.rich_help_panel = _words(lang, getattr(parameter, "rich_help_panel", None))
        if getattr(parameter, "is_flag", False):
            parameter.metavar = ""
    for inner in getattr(command, "commands", {}).values():
        _translate(inner, lang)


def _own_words(parameter: Any) -> str | None:
    """The keys of typer's own options, which have English words only."""
    own = {"help": "cli.common.help", "install_completion": "cli.common.install", "show_completion": "cli.common.show"}
    return own.get(parameter.name, getattr(parameter, "help", None))


def _words(lang: str, key: object) -> str | None:
    return text.say(lang, key) if isinstance(key, str) and key.startswith("cli.") else None


def _format_help(lang: str, shown: Callable[..., None], *given: Any) -> None:
    """Show a command's help with every word around it in `lang`; only then is what draws it imported."""
    from typer import rich_utils

    for title in _TITLES:
        setattr(rich_utils, f"{title}_PANEL_TITLE", text.say(lang, f"cli.frames.{title.lower()}"))
    for name, key in _BESIDE.items():
        setattr(rich_utils, name, text.say(lang, f"cli.usage.{key}", value="{}"))
    make: Any = rich_utils._make_rich_text

    def folding(*words: Any, **named: Any) -> Any:  # Chinese has no spaces to break a line at: help would cut it off
        text_ = make(*words, **named)
        text_.overflow = "fold"
        return text_

    rich_utils._make_rich_text = folding
    shown(*given)


def _value_after(option: str, arguments: Sequence[str]) -> str | None:
    for position, word in enumerate(arguments):
        if word == option and position + 1 < len(arguments):
            return arguments[position + 1]
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
    return None


def desk_language(given: Path | None) -> str:
    """The language in the settings of the desk at hand, read without checking them, else the locale's."""
    try:
        found = tomllib.loads((find_desk(given) / SETTINGS).read_text(encoding="utf-8-sig"))
        language = found["desk"]["language"]
    except (OSError, ValueError, KeyError, TypeError):
        return text.from_environment()
    return str(language) if language in text.LANGUAGES else text.from_environment()


def is_attended() -> bool:
    """Whether somebody sits at a terminal; a scheduler gives a command none."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return any(stream is not None and stream.isatty() for stream in streams)


def _write_utf8() -> None:
    """What is piped is UTF-8 everywhere; a console keeps its own encoding and shows `?` for what it lacks."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if stream.isatty() or os.environ.get("PYTHONIOENCODING"):
            reconfigure(errors="replace")
        else:
            reconfigure(encoding="utf-8", errors="replace")
