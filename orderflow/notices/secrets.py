"""Secrets of channels: named in the settings, kept in the environment or in a file, never shown."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from orderflow.records.channels import Channel
from orderflow.records.errors import OrderflowError

_FIELDS = ("url", "password", "sign", "token")
_SOURCES = ("env", "file")


def secret(reference: str, desk: Path) -> str:
    """What `env:NAME` or `file:PATH` (from the desk's folder) holds; any other text is no secret and stands for itself.

    Raises OrderflowError `secret-missing`.
    """
    source, _, name = reference.partition(":")
    if source not in _SOURCES:
        return reference
    if source == "env":
        held = os.environ.get(name, "").strip()
    else:
        try:
            held = (desk / name).read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError):
            held = ""
    if not held:
        raise OrderflowError("secret-missing", reference=reference)
    return held


def secrets_of(channel: Channel, desk: Path) -> dict[str, str]:
    """The secrets of a channel by field, empty where it has none. Raises OrderflowError `secret-missing`."""
    named = {field: getattr(channel, field, None) or "" for field in _FIELDS}
    return {field: secret(reference, desk) if reference else "" for field, reference in named.items()}


def without(said: str, secrets: Mapping[str, str]) -> str:
    """What a receiver said, on one line and short, with no secret in it."""
    for held in secrets.values():
        said = said.replace(held, "***") if held else said
    return " ".join(said.split())[:200]
