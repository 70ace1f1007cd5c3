"""HTTP as notices need it: one request, no redirect, a short reply, and whether the receiver can have taken it.

`urllib.request` tells what matters here: a `URLError` means that the request was not handed over whole, any other
trouble that it was, and that nobody knows what became of it. Proxies are those of the system.
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from orderflow.notices.message import DELIVERED, Verdict, refused, too_fast, unknown

_MOST = 65_536  # bytes of a reply that are read
_PAUSE = 60.0  # seconds, where a receiver asks for a pause and does not say how long
_LONGEST = 86_400.0
_NOBODY_KNOWS = frozenset({408, 502, 504})  # a gateway gave up waiting for whoever was behind it


@dataclass(frozen=True, slots=True)
class Reply:
    """What a receiver answered."""

    status: int
    headers: Mapping[str, str]
    body: str

    def json(self) -> dict[str, Any]:
        """The object in the body; empty where there is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected POST would become a GET, and a success there no delivery."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def ask(url: str, body: Any, timeout: float, headers: Mapping[str, str] | None = None) -> Reply | Verdict:
    """POST `body` as JSON, or GET where it is `None`: the reply, or why there is none."""
    content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    sent = {"User-Agent": "orderflow", **({"Content-Type": "application/json; charset=utf-8"} if content else {})}
    try:
        request = urllib.request.Request(url, content, {**sent, **(headers or {})})
        if request.type not in ("http", "https"):
            return refused("bad-url", final=True)
    except ValueError:
        return refused("bad-url", final=True)
    return _asked(request, timeout)


def _asked(request: urllib.request.Request, timeout: float) -> Reply | Verdict:
    deadline = time.monotonic() + timeout
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=timeout) as answer:
            return _read(answer, deadline)
    except urllib.error.HTTPError as answer:
        with answer:
            return _read(answer, deadline)
    except urllib.error.URLError as unreached:
        return refused("unreached", type(unreached.reason).__name__)
    except http.client.InvalidURL:
        return refused("bad-url", final=True)
    except (OSError, http.client.HTTPException) as silent:
        return unknown("no-answer", type(silent).__name__)


def _read(answer: Any, deadline: float) -> Reply:
    """The reply as far as it came in time; the status alone may say enough."""
    body = b""
    try:
        while len(body) < _MOST and time.monotonic() < deadline and (piece := answer.read1(_MOST)):
            body += piece
    except (OSError, http.client.HTTPException):
        pass
    return Reply(answer.status, answer.headers, body.decode("utf-8", "replace"))


def verdict_of_status(reply: Reply) -> Verdict:
    """What the status alone says; `DELIVERED` for 2xx, where the body may still say otherwise."""
    detail = f"HTTP {reply.status}"
    if 200 <= reply.status < 300:
        return DELIVERED
    if reply.status == 429 or (reply.status == 503 and "Retry-After" in reply.headers):
        return too_fast(detail, _retry_after(reply.headers))
    if reply.status in _NOBODY_KNOWS:
        return unknown("no-answer", detail)
    return refused("status", detail, final=300 <= reply.status < 500)


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds to wait; a date is measured against the receiver's own clock."""
    written = headers.get("Retry-After") or ""
    if written.strip().isdecimal():
        return min(float(written), _LONGEST)
    try:
        until, now = parsedate_to_datetime(written), parsedate_to_datetime(headers.get("Date") or "")
        return min(max((until - now).total_seconds(), 1.0), _LONGEST)
    except (TypeError, ValueError):
        return _PAUSE


def says_success(reply: Reply, success: str) -> bool:
    """Whether a reply says what means success: `field=value` of its JSON, any other text as its beginning."""
    field, equals, value = success.partition("=")
    found = reply.json()
    if equals and field in found:
        return str(found[field]) == value
    return not equals and reply.body.strip().startswith(success)
