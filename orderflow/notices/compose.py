"""The text of a notice from its facts, by a template: the desk's own, else the one shipped in its language.

A template's first line is the subject. Templates run in a sandbox: they see the facts and the filters of this
module, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from orderflow import text
from orderflow.notices.masking import masked
from orderflow.records.choices import ACCEPTANCE, PRIORITY, STAGE
from orderflow.records.errors import OrderflowError
from orderflow.records.events import EVENTS

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

FOLDER = "notices"
"""Where a desk keeps its own templates."""
_SHIPPED = Path(__file__).with_name("templates")
_LONGEST = 20_000  # characters that any text may have


class Composed(NamedTuple):
    """A notice as it is read: the subject is one line."""

    subject: str
    text: str


def shipped_template(event: str, lang: str) -> str:
    """The template of an event as it comes with the tool."""
    return (_SHIPPED / lang / f"{event}.txt").read_text(encoding="utf-8")


def template_of(event: str, lang: str, desk: Path) -> str:
    """The template of an event: `notices/<event>.txt` in the desk's folder, else the shipped one.

    Raises OrderflowError `template-broken` where the desk's own cannot be read.
    """
    own = desk / FOLDER / f"{event}.txt"
    try:
        return own.read_text(encoding="utf-8-sig") if own.is_file() else shipped_template(event, lang)
    except (OSError, UnicodeDecodeError) as unread:
        raise OrderflowError("template-broken", event=event, why=str(unread)) from unread


def compose(event: str, facts: Mapping[str, Any], template: str, lang: str) -> Composed:
    """The notice that a template makes of facts, with contacts masked.

    Raises OrderflowError `template-broken` where the template is wrong, or uses what is no fact of the event.
    """
    from jinja2 import TemplateError

    try:
        written = _compiled(template, lang).render(masked(facts))
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as wrong:
        raise OrderflowError("template-broken", event=event, why=str(wrong)) from wrong
    subject, _, body = written.strip().partition("\n")
    return Composed(" ".join(subject.split()), body.strip()[:_LONGEST] or subject)


def check_template(event: str, template: str, lang: str) -> None:
    """Whether a template can be read and uses nothing but the facts of its event.

    Raises OrderflowError `template-broken`.
    """
    from jinja2 import TemplateError, meta

    environment = _environment(lang)
    try:
        unknown = meta.find_undeclared_variables(environment.parse(template)) - {*EVENTS[event].facts}
        environment.from_string(template)
    except TemplateError as wrong:
        raise OrderflowError("template-broken", event=event, why=str(wrong)) from wrong
    if unknown:
        raise OrderflowError("template-broken", event=event, why=", ".join(sorted(unknown)))


def _month_day(day: date, lang: str) -> str:
    month = text.say(lang, f"notices.months.{day.month}")
    return text.say(lang, "notices.said.month_day", month=month, day=day.day)


def _cause(code: str, lang: str) -> str:
    """Why a customer complains: an acceptance, or a cause of its own."""
    accepted = {choice.code: choice.words.of(lang) for choice in ACCEPTANCE}
    return accepted.get(code) or text.say(lang, f"messages.causes.{code}")


@lru_cache(maxsize=2 * len(EVENTS))
def _compiled(template: str, lang: str) -> Template:
    return _environment(lang).from_string(template)


@cache
def _environment(lang: str) -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False, autoescape=False
    )
    made.filters["short"] = lambda moment: f"{datetime.fromisoformat(moment):%m-%d %H:%M}"
    made.filters["title_of"] = lambda code: text.say(lang, f"findings.{code}.title")
    made.filters["stage"] = {choice.code: choice.words.of(lang) for choice in STAGE}.__getitem__
    made.filters["level"] = {choice.code: choice.words.of(lang) for choice in PRIORITY}.__getitem__
    made.filters["cause"] = lambda cause: _cause(cause, lang)
    made.filters["clock"] = lambda clock: text.say(lang, f"messages.clock_names.{clock}")
    made.filters["month_day"] = lambda day: _month_day(date.fromisoformat(day), lang)
    return made
