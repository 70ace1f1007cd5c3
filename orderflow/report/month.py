"""A month as a report in words: figures, where it hurts, the review's agenda."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from orderflow.records.choices import IMPROVEMENT
from orderflow.records.month import SHAPES, Difference, Followed, Group, Late, Measured, Metric, Month, Restated
from orderflow.records.report import Chart, Figure, Form, Heading, Report, Section, Shape, Table, Value
from orderflow.report.month_words import Words
from orderflow.report.sentences import word_of
from orderflow.report.values import shown
from orderflow.rules.figures import rounded
from orderflow.rules.groups import GROUPED_BY
from orderflow.rules.standouts import REVIEW

_COUNT, _TEXT = Shape.COUNT, Shape.TEXT
LEADING = (Metric.RESPONSE, Metric.ANOMALIES, Metric.SATISFACTION)
"""The figures that lead (四, 5); their trends are drawn."""


def report_of(month: Month, desk: str, lang: str, orders: Table, restated: Restated | None = None) -> Report:
    """The whole report of a desk called `desk`; `restated` where it was issued."""
    words = Words(lang)
    return Report(
        lang,
        words.say("title", desk=f"{desk} " if desk else "", month=words.month(month.month)),
        words.say("subtitle", at=f"{month.made_at:%Y-%m-%d %H:%M}"),
        [part for part in _sections(month, restated, words) if part is not None],
        orders,
        [*_remarks(month, restated, words)],
    )


def _remarks(month: Month, restated: Restated | None, words: Words) -> Iterator[str]:
    if month.unchecked:
        yield words.say("unchecked")
    if restated is not None:
        at = f"{restated.at:%Y-%m-%d %H:%M}"
        yield words.say("issued_since" if restated.differences else "issued", at=at, by=restated.by, run=restated.run)


def _sections(month: Month, restated: Restated | None, words: Words) -> Iterator[Section | None]:
    yield _figures(month, words)
    said = [words.sentence(one) for one in month.standouts]
    yield Section(words.say("sections.hurts"), said or [words.say("nothing_stands_out")])
    yield _delays(month, words)
    yield _clocks(month, words)
    yield _customers(month, words)
    yield Section(words.say("sections.groups"), tables=[_group_table(kind, month, words) for kind in GROUPED_BY])
    yield _improvements(month, words)
    yield _agenda(month, words)
    yield restatement(restated, words) if restated is not None else None


def _figures(month: Month, words: Words) -> Section:
    defined = month.definitions.get(words.lang, {})
    figures = [figure_of(one, words, defined.get(one.metric)) for one in month.figures]
    charts = [_trend(month.figure(metric), words) for metric in LEADING]
    return Section(words.say("sections.figures"), figures=figures, charts=charts)


def figure_of(one: Measured, words: Words, definition: str | None = None) -> Figure:
    """One figure with its definition: the one it was issued with, else today's."""
    return Figure(
        one.metric.value,
        words.say(f"figures.{one.metric}"),
        SHAPES[one.metric],
        one.value,
        one.n,
        one.of,
        definition or words.say(f"definitions.{one.metric}"),
        [(words.say(f"left_out.{reason}"), count) for reason, count in one.left_out.items()],
        one.median,
        one.p90,
        one.previous,
        one.year_ago,
        [(words.month(name), None if value is None else float(value)) for name, value in one.trend],
    )


def _trend(one: Measured, words: Words) -> Chart:
    title = words.say("tables.trend", figure=words.say(f"figures.{one.metric}"))
    headings = [_heading(words, "month"), Heading(words.say(f"figures.{one.metric}"), SHAPES[one.metric])]
    return Chart(Form.LINE, Table(title, headings, [(words.month(name), value) for name, value in one.trend]), 0, 1)


def _delays(month: Month, words: Words) -> Section:
    stages = _late_table("stages", [(words.stage(one.name), one) for one in month.stages], words)
    departments = _late_table("departments", [(one.name, one) for one in month.departments], words)
    return Section(words.say("sections.delays"), charts=[Chart(Form.BARS, stages, 0, 1)], tables=[departments])


def _late_table(name: str, named: Sequence[tuple[str, Late]], words: Words) -> Table:
    headings = [
        _heading(words, name.removesuffix("s")),
        _heading(words, "late", _COUNT),
        _heading(words, "planned", _COUNT),
        _heading(words, "median_late", Shape.DAYS),
        _heading(words, "reason"),
    ]
    rows = [(title, one.late, one.planned, one.median, _reasons(one.reasons)) for title, one in named]
    return Table(words.say(f"tables.{name}"), headings, rows)


def _reasons(reasons: Sequence[tuple[str, int]]) -> str | None:
    return " · ".join(f"{reason} {count}" for reason, count in reasons[:3]) or None


def _clocks(month: Month, words: Words) -> Section:
    headings = [_heading(words, "clock"), *(_heading(words, name, _COUNT) for name in _RAN)]
    rows = [(words.say(f"clocks.{one.clock}"), *(getattr(one, name) for name in _RAN)) for one in month.clocks]
    named = [_heading(words, "why"), _heading(words, "times", _COUNT), _heading(words, "so_far", Shape.SHARE)]
    why = Table(words.say("tables.reasons"), named, [*_with_shares(month.reasons)])
    return Section(
        words.say("sections.clocks"),
        charts=[Chart(Form.PARETO, why, 0, 1)],
        tables=[Table(words.say("tables.clocks"), headings, rows)],
    )


def _with_shares(counts: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int, Decimal]]:
    """Each with the share that it and those before it make up."""
    total, so_far = sum(count for _, count in counts), 0
    for name, count in counts:
        so_far += count
        yield name, count, rounded(Fraction(so_far, total), Shape.SHARE)


_RAN = ("broken", "measured", "unexplained")


def _customers(month: Month, words: Words) -> Section:
    topics = Table(
        words.say("tables.topics"),
        [
            _heading(words, "topic"),
            _heading(words, "sentences", _COUNT),
            _heading(words, "orders", _COUNT),
            _heading(words, "example"),
        ],
        [(one.name, one.sentences, one.orders, one.examples[0]) for one in month.subjects],
    )
    scores = Table(
        words.say("tables.dimensions"),
        [
            _heading(words, "dimension"),
            _heading(words, "mean", Shape.SCORE),
            *(_heading(words, name, _COUNT) for name in ("answers", "low")),
        ],
        [(words.dimension(one.name), one.mean, one.n, one.low) for one in month.dimensions],
    )
    return Section(words.say("sections.customers"), charts=[Chart(Form.BARS, topics, 0, 1)], tables=[scores])


def _group_table(kind: str, month: Month, words: Words) -> Table:
    counts = ("orders", "flagged", "late_orders", "broken_orders", "complaints")
    headings = [_heading(words, kind), *(_heading(words, name, _COUNT) for name in counts)]
    headings += [_heading(words, "response", Shape.HOURS), _heading(words, "score", Shape.SCORE)]
    return Table(
        words.say(f"tables.{kind}"), headings, [_group_row(one, words) for one in month.groups if one.of == kind]
    )


def _group_row(one: Group, words: Words) -> Sequence[Value]:
    counts = (one.orders, one.flagged, one.late, one.broken, one.complaints)
    return (words.group(one.of, one.name), *counts, one.response, one.score)


def _improvements(month: Month, words: Words) -> Section:
    """What was decided before, each beside the figure that it was meant to move."""
    names = ("no", "problem", "measure", "owner", "due", "status", "metric", "before", "after")
    shapes = {"no": Shape.NUMBER, "due": Shape.DAY}
    rows = [_followed(one, words) for one in month.improvements]
    title, none = words.say("improve.title"), words.say("improve.none")
    table = Table(title, [_heading(words, name, shapes.get(name, _TEXT)) for name in names], rows, empty=none)
    return Section(title, tables=[table])


def _followed(one: Followed, words: Words) -> Sequence[Value]:
    shape = SHAPES[one.metric] if one.metric else _TEXT
    status = words.say("improve.overdue") if one.overdue else word_of(IMPROVEMENT, one.status, words.lang)
    values = [shown(value, shape, words.lang) if one.metric else None for value in (one.before, one.after)]
    metric = words.say(f"figures.{one.metric}") if one.metric else None
    return (one.number, one.problem, one.measure, one.owner, one.due, status, metric, *values)


def _agenda(month: Month, words: Words) -> Section:
    """A point for each thing that stood out, by who answers for it, with room for what is decided."""
    points: list[str] = []
    for department in REVIEW:
        name = words.say(f"departments.{department}")
        own = [words.sentence(one) for one in month.standouts if one.department == department]
        points += [words.say("agenda.point", department=name, point=point) for point in own]
        points += [] if own else [words.say("agenda.nothing", department=name)]
    return Section(words.say("sections.agenda"), to_decide=points)


def _heading(words: Words, name: str, shape: Shape = _TEXT) -> Heading:
    return Heading(words.say(f"headings.{name}"), shape)


def restatement(restated: Restated, words: Words) -> Section | None:
    """How the figures differ from those that were issued, and why; nothing where they do not."""
    if not restated.differences:
        return None
    names = ("issued", "now", "n_issued", "n_now")
    figures = Table(
        words.say("tables.differences"),
        [_heading(words, "figure"), *(_heading(words, name) for name in names)],
        [_difference(one, words) for one in restated.differences],
    )
    changes = Table(
        words.say("tables.corrections"),
        [_heading(words, "number", Shape.NUMBER), *(_heading(words, name) for name in ("change", "at", "by", "run"))],
        [
            (one.number, words.change(one.kind), f"{one.at:%Y-%m-%d %H:%M}", one.by, str(one.run))
            for one in restated.corrections
        ],
        empty=words.say("tables.no_corrections"),
    )
    return Section(words.say("sections.restatement"), [words.say("restated")], tables=[figures, changes])


def _difference(one: Difference, words: Words) -> Sequence[Value]:
    shape = SHAPES[Metric(one.listed)] if one.listed in list(Metric) else _COUNT
    values = [shown(value, shape, words.lang) for value in (one.issued, one.now)]
    return (words.listed(one.listed), *values, str(one.n_issued), str(one.n_now))
