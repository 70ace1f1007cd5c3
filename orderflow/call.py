"""What every command shares: its common options, its one way to end, and words in the desk's language."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

from orderflow import text
from orderflow.records.errors import OrderflowError, WrongUsage
from orderflow.records.storable import storable
from orderflow.speech import desk_language

SCHEMA = 1
DONE, NEEDS_A_PERSON, WRONGLY_USED, NOT_DONE = 0, 1, 2, 3
_PANEL = "cli.panels.common"


@dataclass(frozen=True, slots=True)
class Call:
    """The options that every command takes (CLI.md, "Every command"); help texts are keys of `cli.toml`."""

    desk: Annotated[Path | None, typer.Option("--desk", metavar="DIR", help="cli.common.desk", rich_help_panel=_PANEL)]
    actor: Annotated[str | None, typer.Option("--as", metavar="NAME", help="cli.common.as", rich_help_panel=_PANEL)]
    lang: Annotated[str | None, typer.Option("--lang", metavar="LANG", help="cli.common.lang", rich_help_panel=_PANEL)]
    json: Annotated[bool, typer.Option("--json", help="cli.common.json", rich_help_panel=_PANEL)]
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="cli.common.quiet", rich_help_panel=_PANEL)]
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="cli.common.verbose", rich_help_panel=_PANEL)]
    debug: Annotated[bool, typer.Option("--debug", help="cli.common.debug", rich_help_panel=_PANEL)]

    @property
    def words(self) -> str:
        """The language to speak before a desk is open."""
        return self.lang if self.lang in text.LANGUAGES else desk_language(self.desk)


class Answer(Protocol):
    """What a command comes to: an exit code, an object for `--json`, and words for a person."""

    @property
    def exit_code(self) -> int:
        """0, or 1 where something needs a person."""
        ...

    def as_json(self) -> dict[str, Any]:
        """The answer's own keys; `schema` and `command` are added here."""
        ...

    def show(self, call: Call) -> None:
        """Print the answer for a person."""
        ...


def command(
    app: typer.Typer, panel: str | None = None, name: str | None = None, group: str = "", *, alone: bool = False
) -> Callable[[Callable[..., Answer]], None]:
    """Register a function `f(call, …) -> Answer` as a command with the common options beside its own.

    `group` is the command that it belongs to, where it is one of several under one name; `alone` is the one that such a
    name stands for by itself.
    """

    def register(function: Callable[..., Answer]) -> None:
        own_name = name or function.__name__.replace("_", "-")
        title = f"{group} {own_name}".strip()
        words = f"cli.{title.replace(' ', '.')}"

        @wraps(function)
        def run(**given: Any) -> None:
            given = {name: _storable(value) for name, value in given.items()}
            call = Call(**{field.name: given.pop(field.name) for field in fields(Call)})
            raise typer.Exit(conclude(title, call, lambda: function(call, **given)))

        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        run.__signature__ = inspect.Signature([*own, *_COMMON])  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in (*own, *_COMMON)}
        if alone:
            app.callback(invoke_without_command=True, help=f"{words}.help", epilog=f"{words}.examples")(
                _unless_inner(run)
            )
            return
        app.command(
            own_name,
            help=f"{words}.help",
            epilog=f"{words}.examples",
            rich_help_panel=panel,
            no_args_is_help=any(p.default is inspect.Parameter.empty for p in own),
        )(run)

    return register


def _unless_inner(run: Callable[..., None]) -> Callable[..., None]:
    """The command of a group's own name: not where one of the group follows, whose options then stand behind it."""

    def begin(context: typer.Context, **given: Any) -> None:
        if context.invoked_subcommand is None:
            run(**given)
        elif any(source.name == "COMMANDLINE" for name in given if (source := context.get_parameter_source(name))):
            context.fail(text.say(text.from_environment(), "cli.usage.behind", command=context.invoked_subcommand))

    kept = inspect.signature(run).parameters.values()
    context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    begin.__signature__ = inspect.Signature([context, *kept])  # type: ignore[attr-defined]
    begin.__annotations__ = {"context": typer.Context, **run.__annotations__}
    return begin


def _storable(value: Any) -> Any:
    """What was typed, as a ledger can hold it; paths stay the bytes that they are."""
    if isinstance(value, list):
        return [_storable(one) for one in value]
    return storable(value) if isinstance(value, str) else value


def _option(name: str, annotation: Any) -> inspect.Parameter:
    default = False if annotation.__origin__ is bool else None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


_COMMON = [_option(name, annotation) for name, annotation in inspect.get_annotations(Call, eval_str=True).items()]


def conclude(title: str, call: Call, work: Callable[[], Answer]) -> int:
    """Do the work, show what it came to, and say how it ended; the one place where an OrderflowError is caught."""
    try:
        if call.lang is not None and call.lang not in text.LANGUAGES:
            raise WrongUsage("language-unknown", value=call.lang, known=list(text.LANGUAGES))
        return _answered(title, call, work())
    except WrongUsage as mistake:
        _say_error(call, mistake)
        return WRONGLY_USED
    except OrderflowError as trouble:
        if call.debug:
            raise
        _refuse(title, call, trouble)
        return NOT_DONE
    except (KeyboardInterrupt, BrokenPipeError):
        _silence()
        return 130
    except Exception as bug:
        if call.debug:
            raise
        _refuse(title, call, OrderflowError("bug", what=f"{type(bug).__name__}: {bug}", log=str(_log(bug))))
        return NOT_DONE


def _answered(title: str, call: Call, answer: Answer) -> int:
    """Show what was done. Where that fails, it is done all the same: saying that nothing changed would be wrong."""
    try:
        if call.json:
            _print_json({"schema": SCHEMA, "command": title, **answer.as_json()})
        else:
            answer.show(call)
        _flush()
    except BrokenPipeError:
        raise
    except Exception as unshown:
        if call.debug:
            raise
        why = str(unshown) if isinstance(unshown, OSError) else f"{type(unshown).__name__}: {unshown} ({_log(unshown)})"
        _say_error(call, OrderflowError("answer-not-shown", why=why))
        _silence()
        return NEEDS_A_PERSON
    return answer.exit_code


def _refuse(title: str, call: Call, trouble: OrderflowError) -> None:
    from orderflow.report.sentences import explain

    if not call.json:
        return _say_error(call, trouble)
    error = {"code": trouble.code, **explain(call.words, trouble)}
    try:
        _print_json({"schema": SCHEMA, "command": title, "findings": [], "error": error})
        _flush()
    except OSError:
        _say_error(call, trouble)
        _silence()


def _say_error(call: Call, trouble: OrderflowError) -> None:
    from orderflow.report.sentences import explain

    error = explain(call.words, trouble)
    print(error["message"], error["fix"], sep="\n", file=sys.stderr)  # noqa: T201


def _print_json(answer: dict[str, Any]) -> None:
    from pydantic_core import to_json

    sys.stdout.write(to_json(answer, indent=2).decode() + "\n")


def _flush() -> None:
    sys.stdout.flush()


def _silence() -> None:
    """Whoever read our output has gone: what is still buffered must not raise once more at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())


def _log(bug: BaseException) -> Path:
    """Write a traceback where it can be found again, and say where."""
    import traceback

    from platformdirs import user_log_path

    log = user_log_path("orderflow", appauthor=False, ensure_exists=True) / "errors.log"
    with log.open("a", encoding="utf-8") as lines:
        lines.writelines(traceback.format_exception(bug))
    return log
