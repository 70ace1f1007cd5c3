"""The JSON of every command, for `docs/schemas`: each object also bears `schema` (a version) and `command`."""

from __future__ import annotations

from pydantic import BaseModel

from orderflow.answers.archive import ArchiveJson, CopyJson, ForgetJson, PruneJson, RestoreJson, VerifyJson
from orderflow.answers.desk import DeskJson, FilesJson
from orderflow.answers.digest import DigestJson
from orderflow.answers.doctor import DoctorJson
from orderflow.answers.explain import ExplainJson, WhatIfJson
from orderflow.answers.feedback import FeedbackAnswerJson
from orderflow.answers.history import HistoryJson
from orderflow.answers.improve import ImproveJson
from orderflow.answers.intake import IntakeJson
from orderflow.answers.ledger import BackupJson
from orderflow.answers.month_json import MonthJson
from orderflow.answers.orders import FoundJson, OrdersJson, ShownJson
from orderflow.answers.outbox import OutboxJson
from orderflow.answers.plan import PlansJson
from orderflow.answers.priority import PrioritizeJson
from orderflow.answers.progress import ProgressJson
from orderflow.answers.schedule import ScheduleJson
from orderflow.answers.sync import SyncJson
from orderflow.answers.today import TodayJson
from orderflow.answers.watch import WatchJson

ANSWERS: dict[str, type[BaseModel]] = {
    "init": DeskJson,
    "demo": DeskJson,
    "templates": FilesJson,
    "doctor": DoctorJson,
    "ledger backup": BackupJson,
    "intake": IntakeJson,
    "prioritize": PrioritizeJson,
    "plan": PlansJson,
    "progress": ProgressJson,
    "today": TodayJson,
    "watch": WatchJson,
    "digest": DigestJson,
    "schedule": ScheduleJson,
    "feedback": FeedbackAnswerJson,
    "mark": OrdersJson,
    "merge": OrdersJson,
    "undo": OrdersJson,
    **{f"outbox {name}": OutboxJson for name in ("list", "show", "approve", "retry", "drop")},
    "monthly-report": MonthJson,
    **{f"improve {name}": ImproveJson for name in ("add", "list", "done")},
    "sync": SyncJson,
    "find": FoundJson,
    "show": ShownJson,
    "explain": ExplainJson,
    "what-if": WhatIfJson,
    "log": HistoryJson,
    "archive": ArchiveJson,
    "archive verify": VerifyJson,
    "archive prune": PruneJson,
    "archive copy": CopyJson,
    "archive restore": RestoreJson,
    "archive forget": ForgetJson,
}
