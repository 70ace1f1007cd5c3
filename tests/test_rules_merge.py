"""Three-way merging: what a desk and a file make of one value that both began with."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderflow.rules.merge import Merge, merge

values = st.sampled_from([None, "红色", "蓝色", 5, "2024-05-20"])


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "outcome"),
    [
        ("红", "红", "红", Merge.SAME),
        ("红", "红", "蓝", Merge.TAKE),
        ("红", "蓝", "红", Merge.KEEP),
        ("红", "蓝", "蓝", Merge.SAME),
        ("红", "蓝", "黑", Merge.CONFLICT),
        (None, None, "红", Merge.TAKE),
        ("红", "红", None, Merge.TAKE),
        (None, "红", None, Merge.KEEP),
        (None, "红", "蓝", Merge.CONFLICT),
    ],
)
def test_only_two_different_changes_are_a_conflict(
    base: str | None, ours: str | None, theirs: str | None, outcome: Merge
) -> None:
    assert merge(base, ours, theirs) is outcome


@given(values, values, values)
@settings(max_examples=50, deadline=None)
def test_the_two_sides_are_treated_alike(base: object, ours: object, theirs: object) -> None:
    mirrored = {Merge.TAKE: Merge.KEEP, Merge.KEEP: Merge.TAKE}
    outcome = merge(base, ours, theirs)
    assert merge(base, theirs, ours) is mirrored.get(outcome, outcome)


@given(values, values)
@settings(max_examples=50, deadline=None)
def test_an_older_export_never_reverts_what_a_person_changed(base: object, ours: object) -> None:
    assert merge(base, ours, base) in (Merge.KEEP, Merge.SAME)
