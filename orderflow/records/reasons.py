"""Why an order is 异常: a stored reason as the finding that it was, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from orderflow.records.catalogue import CATALOGUE
from orderflow.records.finding import Finding, Severity
from orderflow.records.order import Anomaly


def anomaly_of(finding: Finding, number: str, run: int, at: datetime) -> Anomaly:
    """The stored reason for 异常 that a finding is."""
    params = {**finding.params, "value": finding.value} if finding.value is not None else dict(finding.params)
    return Anomaly(number, finding.code, finding.field, params, run, at)


def finding_of(anomaly: Anomaly) -> Finding:
    """The finding that a stored reason for 异常 was; the reverse of `anomaly_of`."""
    params = dict(anomaly.params)
    value = params.pop("value", None)
    severity = CATALOGUE[anomaly.code].severity or Severity.ANOMALY
    return Finding(anomaly.code, severity, anomaly.field, value, params, number=anomaly.number)


def codes_of(several: Iterable[Anomaly]) -> list[str]:
    """The codes of some anomalies, each once, in their order."""
    return list(dict.fromkeys(anomaly.code for anomaly in several))


def one_purchase(external_number: str, numbers: Sequence[str]) -> Finding:
    """The note that these orders are lines of one purchase."""
    params: Mapping[str, object] = {"external_number": external_number, "numbers": numbers}
    code, number = "line-of-one-purchase", numbers[0]
    return Finding(code, Severity.NOTE, "external_number", external_number, params, number=number)
