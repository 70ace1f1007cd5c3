"""Opinions grouped by what they are about, for the month (the source document's step 6; PROCESS.md, step 6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from orderflow.rules.wording import Wordlist

_SENTENCES = re.compile(r"[。！？!?；;\n]+|\.(?=\s|$)")


class Sentence(NamedTuple):
    """One sentence of a customer, with the order it was said of."""

    number: str
    text: str


class Topic(NamedTuple):
    """What sentences are about; each sentence counts once for a topic."""

    name: str
    sentences: Sequence[Sentence]


def sentences(number: str, *texts: str | None) -> list[Sentence]:
    """The sentences of a customer's texts, as written; a comma ends none."""
    parts = (part.strip() for text in texts if text for part in _SENTENCES.split(text))
    return [Sentence(number, part) for part in parts if part]


def by_topic(said: Iterable[Sentence], topics: Mapping[str, Sequence[str]]) -> list[Topic]:
    """The topics that sentences touch, the most frequent first; a sentence may be about several, or about none.

    A topic's words are found whatever their script, width and case.
    """
    lists = {name: Wordlist(words) for name, words in topics.items()}
    all_ = list(said)
    found = [Topic(name, [one for one in all_ if words.first_in(one.text)]) for name, words in lists.items()]
    return sorted((topic for topic in found if topic.sentences), key=lambda topic: -len(topic.sentences))
