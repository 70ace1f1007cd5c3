"""What a process has done once from which others are forked, so that none of them has to do it again.

Importing this imports everything and lets an office work for a day: what is read, built or compiled at the first use is
there then. No archive and no report of a month: they load DuckDB, whose threads no fork takes along.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory

import orderflow

NOT_IMPORTED = ("orderflow.__main__", "orderflow.ledger.migrations")


def _import_everything() -> None:
    for module in walk_packages(orderflow.__path__, "orderflow."):
        if not module.name.startswith(NOT_IMPORTED):
            import_module(module.name)


def _work_a_day(folder: Path) -> None:
    from desks import Office, a_row

    office = Office(folder, window=True)
    number = office.take("a.xlsx", a_row(1), a_row(2, 付款状态="")).numbers[0]
    office.by("小李").mark("checked", run=1)
    office.prioritize()
    office.plan()
    office.feedback()
    office.watch()
    office.digest()
    office.today()
    office.show(number)
    office.explain(number)
    office.find()
    office.log(number)
    office.troubles()
    office.undo()


_import_everything()
with TemporaryDirectory(prefix="orderflow-warm-") as given:
    from statements import share

    share()
    _work_a_day(Path(given))
