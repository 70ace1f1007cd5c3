"""Files that are either written whole or not at all, whatever stops the program (PROCESS.md, "Always").

The content goes to a file beside the target, named `.~….tmp`, which the reading of folders leaves out; it is
flushed to the disk and only then takes the target's name. `replace_file` and `create_file` raise OrderflowError:
`disk-full`, `workbook-in-use` (another program holds the target), `cannot-write`, each with `path`.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import IO

from orderflow.records.errors import OrderflowError

_DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}

Write = Callable[[IO[bytes]], None]


def replace_file(target: Path, write: Write) -> None:
    """Puts what `write` writes in the place of `target`; the old file stays if anything goes wrong."""
    target = Path(os.path.realpath(target))  # a link stays a link
    with disk_trouble(target), _beside(target, write) as temporary:
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        try:
            temporary.replace(target)
        except PermissionError as error:
            raise OrderflowError("workbook-in-use", path=str(target)) from error
        _settle_folder(target.parent)


def replace_content(target: Path, content: bytes) -> None:
    """Puts these bytes in the place of `target`, as `replace_file` does."""

    def write(file: IO[bytes]) -> None:
        file.write(content)

    replace_file(target, write)


def create_file(wanted: Path, write: Write) -> Path:
    """Puts what `write` writes under the first free name of `x.xlsx`, `x-2.xlsx`, `x-3.xlsx`…, and returns it.

    No existing file is ever replaced, also when several processes want the same name at once.
    """
    with disk_trouble(wanted), _beside(wanted, write) as temporary:
        target = next(name for name in numbered(wanted) if _claim(temporary, name))
        _settle_folder(target.parent)
    return target


@contextmanager
def disk_trouble(path: Path) -> Iterator[None]:
    """Names what the operating system refuses while `path` is being written."""
    try:
        yield
    except OSError as error:
        code = "disk-full" if error.errno in _DISK_FULL else "cannot-write"
        raise OrderflowError(code, path=str(path), reason=error.strerror or str(error)) from error


@contextmanager
def _beside(target: Path, write: Write) -> Iterator[Path]:
    """The finished temporary file; it is gone afterwards, whatever happens."""
    temporary = target.with_name(f".~{target.stem[:20]}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("x+b") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def numbered(wanted: Path) -> Iterator[Path]:
    """The names that a file may bear: `x.xlsx`, `x-2.xlsx`, `x-3.xlsx`…"""
    yield wanted
    for number in count(2):
        yield wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")


def _claim(temporary: Path, target: Path) -> bool:
    """Gives the file the name if nobody has it; tells whether it did."""
    try:
        if os.name == "nt":
            temporary.rename(target)  # refuses an existing target on Windows
        else:
            os.link(temporary, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        return _claim_without_links(temporary, target)
    return True


def _claim_without_links(temporary: Path, target: Path) -> bool:
    """Where the file system has no hard links: an empty file holds the name until it is replaced."""
    try:
        target.open("xb").close()
    except FileExistsError:
        return False
    temporary.replace(target)
    return True


def settle(path: Path) -> None:
    """Makes a file, or a folder's names, durable, whoever wrote them. Raises `OSError`."""
    if path.is_dir():
        return _settle_folder(path)
    with path.open("r+b") as file:
        os.fsync(file.fileno())
    return _settle_folder(path.parent)


def _settle_folder(folder: Path) -> None:
    """Makes the new name itself durable; Windows cannot open a folder, and does so on its own."""
    if os.name == "nt":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
