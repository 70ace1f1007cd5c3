"""The JSON of every command, for `docs/schemas`: each object also bears `schema` (a version) and `command`."""

from __future__ import annotations

from pydantic import BaseModel

from orderflow.answers.desk import DeskJson, FilesJson
from orderflow.answers.doctor import DoctorJson
from orderflow.answers.feedback import FeedbackAnswerJson
from orderflow.answers.history import HistoryJson
from orderflow.answers.intake import IntakeJson
from orderflow.answers.orders import FoundJson, OrdersJson, ShownJson
from orderflow.answers.priority import PrioritizeJson

ANSWERS: dict[str, type[BaseModel]] = {
    "init": DeskJson,
    "templates": FilesJson,
    "doctor": DoctorJson,
    "intake": IntakeJson,
    "prioritize": PrioritizeJson,
    "feedback": FeedbackAnswerJson,
    "mark": OrdersJson,
    "merge": OrdersJson,
    "undo": OrdersJson,
    "find": FoundJson,
    "show": ShownJson,
    "log": HistoryJson,
}
