"""What a fresh machine needs to try and to test orderflow: Python 3.11 with pip, and this file.

python tasks.py example   sets up .venv and takes in the example orders
python tasks.py test      sets up .venv and runs all tests
python tasks.py lint      sets up .venv and checks style, format and types
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
HOME = ROOT / ".venv"
PROGRAMS = HOME / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = PROGRAMS / ("python.exe" if sys.platform == "win32" else "python")


def set_up(extras: str) -> None:
    """Make `.venv` and install orderflow into it; pip itself stays where it is, so nothing but pip is needed."""
    if not PYTHON.exists():
        venv.create(HOME, with_pip=False)
    wanted = f"{ROOT}[{extras}]" if extras else str(ROOT)
    pip = [sys.executable, "-m", "pip", "--python", str(PYTHON), "--disable-pip-version-check"]
    run(*pip, "install", "--quiet", "--editable", wanted)


def run(*command: str, fine: tuple[int, ...] = (0,)) -> None:
    """Run one command in the project's folder; any end that is not `fine` is ours."""
    result = subprocess.run(command, cwd=ROOT, check=False)
    if result.returncode not in fine:
        sys.exit(result.returncode)


def example() -> None:
    """Take the examples in, into a desk of their own; 1 says that some orders need a person, and they do."""
    set_up("")
    run(str(PROGRAMS / "orderflow"), "intake", "examples", "--desk", str(ROOT / "desk"), fine=(0, 1))


def test() -> None:
    """Run every test, on both cores of a small machine."""
    set_up("test")
    run(str(PYTHON), "-m", "pytest", "-n", "2", "--dist", "worksteal")


def lint() -> None:
    """Style, format and types."""
    set_up("lint")
    run(str(PYTHON), "-m", "ruff", "check", ".")
    run(str(PYTHON), "-m", "ruff", "format", "--check", ".")
    run(str(PYTHON), "-m", "mypy")


TASKS = {"example": example, "test": test, "lint": lint}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in TASKS:
        sys.exit(__doc__)
    TASKS[sys.argv[1]]()
