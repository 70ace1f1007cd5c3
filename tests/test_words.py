"""Every word of the tool stands in all three languages, and each language keeps to itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from orderflow import text
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.rows import EVERY, Workbook, columns
from orderflow.settings import Settings

ORIGINAL, TRADITIONAL, ENGLISH = text.LANGUAGES
LOCALES = Path(text.__file__).with_name("locales")
DOMAINS = sorted(path.stem for path in (LOCALES / ORIGINAL).glob("*.toml"))
CONSOLES = {ORIGINAL: "gbk", TRADITIONAL: "cp950", ENGLISH: "gbk"}
EAST_ASIAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|`[^`]*`")
ON_ONE_LINE = ("columns", "findings", "settings")  # notes on cells, lines of a comment
BOTH_SCRIPTS = set("台群峰床准游")  # usual in Traditional text too, though OpenCC knows a rarer form

every_language = pytest.mark.parametrize("lang", text.LANGUAGES)
every_domain = pytest.mark.parametrize("name", DOMAINS)


def sentences(words: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a domain with its dotted key."""
    for key, value in words.items():
        if isinstance(value, Mapping):
            yield from sentences(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def spoken(lang: str, name: str) -> dict[str, str]:
    return dict(sentences(text.domain(lang, name)))


def placeholders(sentence: str) -> list[str]:
    return sorted({field for _, field, _, _ in Formatter().parse(sentence) if field is not None})


@every_language
def test_each_language_has_every_file_of_words(lang: str) -> None:
    assert sorted(path.stem for path in (LOCALES / lang).glob("*.toml")) == DOMAINS


@every_domain
@every_language
def test_no_key_is_missing_in_any_language(lang: str, name: str) -> None:
    assert spoken(lang, name).keys() == spoken(ORIGINAL, name).keys()


@every_domain
@every_language
def test_a_sentence_is_filled_in_with_the_same_values_in_every_language(lang: str, name: str) -> None:
    original, translated = spoken(ORIGINAL, name), spoken(lang, name)
    differing = {key for key in original if placeholders(original[key]) != placeholders(translated[key])}
    assert not differing


@every_domain
@every_language
def test_a_placeholder_is_a_plain_name(lang: str, name: str) -> None:
    named = {field for sentence in spoken(lang, name).values() for field in placeholders(sentence)}
    assert all(field.isidentifier() for field in named)


@pytest.mark.parametrize("name", ON_ONE_LINE)
@every_language
def test_a_text_says_something_on_one_line(lang: str, name: str) -> None:
    odd = [key for key, said in spoken(lang, name).items() if not said or said != " ".join(said.split())]
    assert not odd


@every_language
@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_has_a_title_a_message_and_a_fix(lang: str, code: str) -> None:
    assert [*text.domain(lang, "findings")[code]] == ["title", "message", "fix"]
    assert placeholders(text.say(lang, f"findings.{code}.title")) == []


@every_language
def test_no_code_is_explained_that_does_not_exist(lang: str) -> None:
    assert text.domain(lang, "findings").keys() == CATALOGUE.keys()


@every_language
@pytest.mark.parametrize("workbook", EVERY, ids=lambda workbook: workbook.name)
def test_every_column_of_every_workbook_has_a_note(lang: str, workbook: Workbook) -> None:
    assert text.domain(lang, "columns")[workbook.name].keys() == columns(workbook.row).keys()


@every_language
def test_every_setting_is_explained(lang: str) -> None:
    sections = Settings.model_fields
    expected = {name: {*getattr(of.annotation, "model_fields", [name])} for name, of in sections.items()}
    explained = {name: {*keys} for name, keys in text.domain(lang, "settings").items()}
    assert explained == {"sections": {*sections}} | expected


@every_domain
def test_traditional_chinese_has_no_simplified_characters(name: str) -> None:
    from opencc import OpenCC

    said = {character for sentence in spoken(TRADITIONAL, name).values() for character in sentence} - BOTH_SCRIPTS
    traditional = OpenCC("s2t")
    assert sorted(character for character in said if traditional.convert(character) != character) == []


@every_domain
def test_english_has_chinese_only_in_quoted_examples(name: str) -> None:
    mixed = {key: said for key, said in spoken(ENGLISH, name).items() if EAST_ASIAN.search(QUOTED.sub("", said))}
    assert not mixed


@every_domain
@every_language
def test_every_text_can_be_shown_on_a_console_of_its_country(lang: str, name: str) -> None:
    for said in spoken(lang, name).values():
        said.encode(CONSOLES[lang])
