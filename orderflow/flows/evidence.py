"""Evidence: files that prove something of an order, kept in the desk under their own checksum."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from orderflow.flows.desk import Desk
from orderflow.flows.files import digest_of
from orderflow.ledger import evidence
from orderflow.ledger.book import Run
from orderflow.records.errors import OrderflowError
from orderflow.records.order import Order
from orderflow.sheets.atomic import replace_file

_AWKWARD = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


def keep_file(desk: Desk, run: Run, order: Order, path: Path) -> None:
    """Copy a file into the desk's evidence and note it for the order.

    The copy's name bears the checksum, so that the same file is kept once, and a run that fails after copying leaves
    nothing that misleads. Raises OrderflowError `evidence-missing`.
    """
    digest = digest_of(path)
    if digest is None:
        raise OrderflowError("evidence-missing", path=str(path))
    number = order.row.number or ""
    inside = Path("evidence") / number / f"{digest[:12]}-{_AWKWARD.sub('_', path.name)}"
    target = desk.path / inside
    if digest_of(target) != digest:
        target.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as original:
            replace_file(target, lambda copy: shutil.copyfileobj(original, copy))
    kept = evidence.Evidence(number, "confirmation", path.name, inside.as_posix(), digest, target.stat().st_size)
    evidence.add(run, kept)
