"""Wrong usage, said in the desk's language on standard error (CLI.md, exit code 2)."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from orderflow import text

_COMMAND = re.compile(r"No such command '([^']*)'\.?(?:.*'([^']*)')?")  # the parser has no classes for these
_EXTRA = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)")


def usage_line(command: Any, lang: str) -> Callable[[Any], str]:
    """What stands in the place of a command's `get_usage`: how it is called."""
    command.options_metavar = text.say(lang, "cli.usage.options")

    def line(context: Any) -> str:
        words = " ".join(command.collect_usage_pieces(context))
        return text.say(lang, "cli.usage.usage", words=f"{context.command_path} {words}")

    return line


def tell_mistake(lang: str, mistake: Any) -> None:
    """Say what was typed wrongly, and how the command is called."""
    if type(mistake).__name__ == "NoArgsIsHelpError":  # the help was shown
        return
    context = getattr(mistake, "ctx", None)
    lines = [_sentence(lang, mistake)]
    if context is not None:
        lines += [context.get_usage(), text.say(lang, "cli.usage.help", words=f"{context.command_path} --help")]
    print(*lines, sep="\n", file=sys.stderr)  # noqa: T201


def tell_aborted(lang: str) -> None:
    """Say that a question was left unanswered, and the command with it."""
    print(text.say(lang, "cli.usage.aborted"), file=sys.stderr)  # noqa: T201


def _sentence(lang: str, mistake: Any) -> str:
    """What is wrong; a mistake that is not among the known kinds keeps the parser's words."""
    kind, message = type(mistake).__name__, str(mistake.message or "")
    say = partial(text.say, lang)
    if kind == "NoSuchOption":
        said = say("cli.usage.no_such_option", option=mistake.option_name)
        return said + _nearest(lang, sorted(mistake.possibilities or ()))
    if kind == "MissingParameter":
        return say("cli.usage.missing", parameter=_name(mistake.param))
    if kind == "BadParameter" and mistake.param is not None:
        return say("cli.usage.bad", parameter=_name(mistake.param), wanted=_wanted(mistake.param, lang))
    if kind == "BadOptionUsage":
        return say(f"cli.usage.{'needs_no' if 'not take' in message else 'needs'}_value", option=mistake.option_name)
    if found := _COMMAND.match(message):
        return say("cli.usage.no_such_command", words=found[1]) + _nearest(lang, [found[2]] if found[2] else [])
    if found := _EXTRA.match(message):
        return say("cli.usage.extra", words=found[1])
    return str(mistake.format_message())


def _nearest(lang: str, known: list[str]) -> str:
    return text.say(lang, "cli.usage.nearest", known=known) if known else ""


def _name(parameter: Any) -> str:
    """An option by its longest name, an argument by what stands for it in help."""
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.metavar or parameter.name)


def _wanted(parameter: Any, lang: str) -> str:
    lowest, highest = getattr(parameter, "min", None), getattr(parameter, "max", None)
    if lowest is None and highest is None:
        return str(parameter.metavar or parameter.name)
    return text.say(lang, "cli.usage.whole", lowest=lowest or 0, highest=highest)
