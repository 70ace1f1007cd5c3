"""The JSON of every command, for `docs/schemas`: each object also bears `schema` (a version) and `command`."""

from __future__ import annotations

from pydantic import BaseModel

from orderflow.answers.archive import ArchiveJson, VerifyJson
from orderflow.answers.desk import DeskJson, FilesJson
from orderflow.answers.doctor import DoctorJson
from orderflow.answers.explain import ExplainJson, WhatIfJson
from orderflow.answers.feedback import FeedbackAnswerJson
from orderflow.answers.history import HistoryJson
from orderflow.answers.intake import IntakeJson
from orderflow.answers.ledger import BackupJson
from orderflow.answers.month import MonthJson
from orderflow.answers.orders import FoundJson, OrdersJson, ShownJson
from orderflow.answers.outbox import OutboxJson
from orderflow.answers.plan import PlansJson
from orderflow.answers.priority import PrioritizeJson
from orderflow.answers.progress import ProgressJson
from orderflow.answers.sync import SyncJson
from orderflow.answers.today import TodayJson

ANSWERS: dict[str, type[BaseModel]] = {
    "init": DeskJson,
    "templates": FilesJson,
    "doctor": DoctorJson,
    "ledger backup": BackupJson,
    "intake": IntakeJson,
    "prioritize": PrioritizeJson,
    "plan": PlansJson,
    "progress": ProgressJson,
    "today": TodayJson,
    "feedback": FeedbackAnswerJson,
    "mark": OrdersJson,
    "merge": OrdersJson,
    "undo": OrdersJson,
    **{f"outbox {name}": OutboxJson for name in ("list", "show", "approve", "retry", "drop")},
    "monthly-report": MonthJson,
    "sync": SyncJson,
    "find": FoundJson,
    "show": ShownJson,
    "explain": ExplainJson,
    "what-if": WhatIfJson,
    "log": HistoryJson,
    "archive": ArchiveJson,
    "archive verify": VerifyJson,
}
