"""One stable copy of a file's bytes: what is hashed is what is read, whoever saves the file meanwhile."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from orderflow.records.errors import Unreadable
from orderflow.sheets.values import Limits

ATTEMPTS = 3


@dataclass(frozen=True)
class Snapshot:
    """The bytes of a file at one moment, and their SHA-256 in hexadecimal."""

    content: bytes
    sha256: str


def take(path: Path, limits: Limits) -> Snapshot:
    """Read a regular file whole.

    Raises Unreadable: file-missing, file-is-folder, file-locked (another program holds it, or no
    permission), file-changing (it is being written to), file-unreachable, file-too-large, file-empty.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):  # Windows calls opening a folder a lack of permission
            raise Unreadable("file-is-folder")
        if not stat.S_ISREG(mode):  # opening a pipe would wait for ever
            raise Unreadable("file-unknown")
        with path.open("rb") as file:
            content = _steady(file, limits.file)
    except FileNotFoundError:
        raise Unreadable("file-missing") from None
    except PermissionError:
        raise Unreadable("file-locked") from None
    except OSError as error:
        raise Unreadable("file-unreachable", detail=error.strerror or str(error)) from error
    if not content:
        raise Unreadable("file-empty")
    return Snapshot(content, sha256(content).hexdigest())


def _steady(file: BinaryIO, most: int) -> bytes:
    for _ in range(ATTEMPTS):
        before = os.fstat(file.fileno())
        if before.st_size > most:
            raise Unreadable("file-too-large", mib=before.st_size >> 20, most=most >> 20)
        file.seek(0)
        content = file.read(most + 1)
        after = os.fstat(file.fileno())
        if len(content) == after.st_size and before.st_mtime_ns == after.st_mtime_ns:
            return content
    raise Unreadable("file-changing")
