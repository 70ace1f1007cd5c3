"""What the codes of a month are called in a language."""

from __future__ import annotations

from orderflow import text
from orderflow.records.choices import CUSTOMER_LEVEL, SOURCE, STAGE
from orderflow.records.month import Standout
from orderflow.records.rows import Feedback, columns
from orderflow.report.sentences import word_of

_NOT_KNOWN = "report.unknown"


class Words:
    """The words of a report in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def say(self, key: str, /, **params: object) -> str:
        """The words under a key of `report.toml`."""
        return text.say(self.lang, f"report.{key}", **params)

    def stage(self, code: str) -> str:
        """What a stage is called."""
        return word_of(STAGE, code, self.lang)

    def stages(self, codes: str | None) -> str | None:
        """Stages, as their codes stand beside each other."""
        return self.say("joined").join(map(self.stage, codes.split())) if codes else None

    def clocks(self, codes: str | None) -> str | None:
        """Clocks, as their codes stand beside each other."""
        return self.say("joined").join(self.say(f"clocks.{code}") for code in codes.split()) if codes else None

    def reason(self, code: str | None) -> str | None:
        """Why an order is left out of a figure."""
        return self.say(f"left_out.{code}") if code else None

    def group(self, of: str, name: str | None) -> str:
        """What a product, customer level, channel or weekday is called."""
        if name is None:
            return text.say(self.lang, _NOT_KNOWN)
        if of == "weekday":
            return self.say(f"weekdays.{name}")
        choices = {"level": CUSTOMER_LEVEL, "channel": SOURCE}.get(of, ())
        return word_of(choices, name, self.lang)

    def dimension(self, name: str) -> str:
        """What a dimension of satisfaction is called: the header of its column."""
        return columns(Feedback)[name].words.of(self.lang)

    def month(self, month: str) -> str:
        """`202405` as `2024-05`."""
        return f"{month[:4]}-{month[4:]}"

    def listed(self, name: str) -> str:
        """What a figure, or a count of orders, is called."""
        counts = {"late": "late_orders", "broken": "broken_orders", "complaints": "complaints"}
        return self.say(f"headings.{counts[name]}" if name in counts else f"figures.{name}")

    def change(self, kind: str) -> str:
        """What a kind of change is called."""
        kinds: dict[str, str] = dict(text.domain(self.lang, "messages")["kinds"])
        return kinds.get(kind, kind)

    def sentence(self, one: Standout) -> str:
        """What stands out, with its evidence; a small sample is called so."""
        params = {name: _plain(value) for name, value in one.params.items()}
        if "stage" in params:
            params["stage"] = self.stage(str(params["stage"]))
        if "clock" in params:
            params["clock"] = self.say(f"clocks.{params['clock']}")
        if "dimension" in params:
            params["dimension"] = self.dimension(str(params["dimension"]))
        if "kind" in params:
            kind, name = str(one.params["kind"]), one.params["group"]
            params["group"] = self.say(f"kinds.{kind}", name=self.group(kind, None if name is None else str(name)))
        said = self.say(f"standouts.{one.code}", **params)
        return said + (self.say("small") if one.small else "")


def _plain(value: object) -> object:
    return f"{value:g}" if isinstance(value, float) else value
