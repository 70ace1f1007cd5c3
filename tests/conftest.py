"""What the tests share: a ledger's address on each of the two databases, programs where they are installed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from browser import chromium
from desks import Office
from ledgers import new_ledger
from postgresql import Server, start_server
from starter import starter
from statements import let_go, share

TEMPLATE = "ledger"

# Tests start hundreds of commands: each would compile all of orderflow anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

share()


@cache
def python_of_libreoffice() -> str | None:
    """The Python that can talk to LibreOffice, where both are installed: not the one that runs the tests."""
    if shutil.which("soffice") is None:
        return None
    for python in (sys.executable, "/usr/bin/python3"):
        if Path(python).exists() and not subprocess.run([python, "-c", "import uno"], capture_output=True).returncode:
            return python
    return None


collect_ignore = [
    name
    for name, is_there in (("test_sync_libreoffice.py", python_of_libreoffice()), ("test_report_page.py", chromium()))
    if not is_there
]


@pytest.fixture(autouse=True)
def _connections_closed() -> Iterator[None]:
    """The connections of a test's ledgers end with it."""
    yield
    let_go()


@pytest.fixture(scope="session", autouse=True)
def _starter_ended() -> Iterator[None]:
    """The process that commands are forked from ends with the session."""
    yield
    if starter.cache_info().currsize:
        starter().close()


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One PostgreSQL server for the whole session: the first worker that asks starts it, the last one stops it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base
    with closing(sqlite3.connect(shared / "servers.db", timeout=300, isolation_level=None)) as notes:
        notes.execute("BEGIN EXCLUSIVE")  # the other workers wait here
        notes.execute("CREATE TABLE IF NOT EXISTS server (folder TEXT, programs TEXT, port INTEGER, users INTEGER)")
        noted = notes.execute("SELECT folder, programs, port FROM server").fetchone()
        if noted:
            server = Server(Path(noted[0]), Path(noted[1]), noted[2])
        else:
            server = _with_template(start_server())
            noted = (str(server.folder), str(server.programs), server.port)
            notes.execute("INSERT INTO server VALUES (?, ?, ?, 0)", noted)
        notes.execute("UPDATE server SET users = users + 1")
        notes.execute("COMMIT")
        yield server
        notes.execute("BEGIN EXCLUSIVE")
        notes.execute("UPDATE server SET users = users - 1")
        if notes.execute("DELETE FROM server WHERE users = 0").rowcount:
            server.stop()
        notes.execute("COMMIT")


def _with_template(server: Server) -> Server:
    """A server with a new ledger in it, which the tests get copies of."""
    from orderflow.ledger.opening import open_ledger

    server.execute(f"CREATE DATABASE {TEMPLATE}")
    open_ledger(server.url(TEMPLATE), Path()).close()
    let_go()
    return server


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new ledger, once on each database."""
    return _address(request, request.param, tmp_path, TEMPLATE)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address where a ledger could be, once on each database: nothing is there yet."""
    return _address(request, request.param, tmp_path, "template1")


def _address(request: pytest.FixtureRequest, database: str, folder: Path, template: str) -> str:
    if database == "sqlite":
        if template == TEMPLATE:
            (folder / "ledger.db").write_bytes(new_ledger())
        return f"sqlite:///{folder / 'ledger.db'}"
    server: Server = request.getfixturevalue("postgresql")
    name = f"test_{uuid4().hex}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    return server.url(name)


@pytest.fixture(scope="session")
def _brought() -> dict[tuple[object, str], tuple[Path, str]]:
    """Where the offices that were brought to some point lie, and their ledgers; by what brought them there."""
    return {}


@pytest.fixture(params=["sqlite", "postgresql"])
def copy_of(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    _brought: dict[tuple[object, str], tuple[Path, str]],
) -> Callable[[Callable[[Path, str], object]], Office]:
    """A copy of an office that a function brought to some point, once on each database; what it does is done once."""

    def copied(bring: Callable[[Path, str], object]) -> Office:
        key = bring, request.param
        if key not in _brought:
            folder = tmp_path_factory.mktemp("brought")
            url = _address(request, request.param, folder, TEMPLATE)
            bring(folder, url)
            let_go()  # a database that somebody is connected to cannot be copied
            _brought[key] = folder, url
        folder, url = _brought[key]
        shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
        own = f"sqlite:///{tmp_path / 'ledger.db'}"
        if request.param == "postgresql":
            own = _address(request, request.param, tmp_path, url.rpartition("/")[2])
        settings = tmp_path / "desk" / "orderflow.toml"
        settings.write_text(settings.read_text(encoding="utf-8").replace(url, own), encoding="utf-8")
        return Office.again(tmp_path)

    return copied
