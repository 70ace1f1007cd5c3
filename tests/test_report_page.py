"""The month as a page, in a real browser: it stands alone, can be sorted and filtered, and everyone can read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import chromium
from june import a_june
from playwright.sync_api import Browser, Page, sync_playwright

from orderflow import text
from orderflow.answers.month_files import write_month
from orderflow.flows.month import work_out

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """June of a desk as a page in each language."""
    office = a_june(tmp_path_factory.mktemp("month"))
    worked = work_out(office.desk, "last")
    return {
        lang: write_month(replace(office.desk, lang=lang), worked, office.files / f"{lang}.html")
        for lang in text.LANGUAGES
    }


def opened(browser: Browser, path: Path, size: dict[str, int] = DESK, scheme: str = "light") -> Page:
    page = browser.new_page(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize(("lang", "scheme"), [("zh-Hans", "light"), ("zh-Hant", "light"), ("en", "dark")])
def test_nothing_on_it_keeps_anybody_out(browser: Browser, pages: dict[str, Path], lang: str, scheme: str) -> None:
    page = opened(browser, pages[lang], scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page, options={"resultTypes": ["violations"]})  # what is right need not be listed
    assert found.response["violations"] == []
    assert page.get_attribute("html", "lang") == lang


def test_it_asks_nothing_of_the_network(browser: Browser, pages: dict[str, Path]) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages["en"].as_uri())
    assert asked == [pages["en"].as_uri()]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_no_part_of_it_is_wider_than_the_window(browser: Browser, pages: dict[str, Path], size: dict[str, int]) -> None:
    page = opened(browser, pages["zh-Hans"], size)
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


def test_a_phone_shows_the_newest_months_of_a_trend(browser: Browser, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["zh-Hans"], PHONE)
    left = page.evaluate("[...document.querySelectorAll('figure:has(.dot)')].map(f => f.scrollLeft)")
    assert left
    assert all(left)


def test_orders_are_filtered_and_sorted(browser: Browser, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["en"])
    page.fill("#filter", "Inspection")
    assert page.locator("#orders tbody tr:visible").count() == 5
    assert page.inner_text("#count") == "5 of 12 shown"
    page.fill("#filter", "")
    page.get_by_role("button", name="Score").click()
    scores = [row.split("\t") for row in page.inner_text("#orders tbody").splitlines()]
    assert [row[10] for row in scores if row[10] != "—"] == ["2", "2", "5", "5", "5", "5"]


def test_every_chart_has_its_table_and_the_print_hides_what_only_a_screen_needs(
    browser: Browser, pages: dict[str, Path]
) -> None:
    page = opened(browser, pages["zh-Hant"])
    assert page.locator("figure svg").count() == page.locator("figure details table").count() > 0
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator(".decide li").count() >= 5
