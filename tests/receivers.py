"""Receivers of notices on this machine: a mail server and web servers that answer as the tests say."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

SILENCE = "silence"
"""The answer of a receiver that takes a message and says nothing."""
HANG_UP = "hang up"
"""The answer of a receiver that takes a message and closes the connection."""


@dataclass(frozen=True)
class Answer:
    """What a web server answers."""

    status: int = 200
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Got:
    """One request that a web server got."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class WebReceiver:
    """A web server: its `answers` are given one after another, the last of them from then on."""

    answers: list[Answer | str]
    got: list[Got] = field(default_factory=list)
    port: int = 0
    arrived: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it listens, with a key in the URL as robots have it."""
        return f"http://127.0.0.1:{self.port}/send?key=TOPSECRET"

    def next_answer(self) -> Answer | str:
        """The answer to this request."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def web_receiver(*answers: Answer | str) -> Iterator[WebReceiver]:
    """A web server while the block lasts."""
    receiver = WebReceiver(list(answers or [Answer()]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _listening(receiver))
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _listening(receiver: WebReceiver) -> type[BaseHTTPRequestHandler]:
    class Listening(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            receiver.got.append(Got(self.path, dict(self.headers), body))
            receiver.arrived.set()
            answer = receiver.next_answer()
            if answer == SILENCE:
                receiver.over.wait()
            elif isinstance(answer, Answer):
                self.send_response(answer.status)
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body.encode())

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: Any) -> None:
            return None

    return Listening


@dataclass
class MailServer:
    """A mail server: `rcpt` and `data` are what it answers there; what it took is in `got`."""

    rcpt: str = "250 OK"
    data: str = "250 taken"
    got: list[bytes] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """The answer to an address."""
        if self.rcpt.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """The answer to a whole message; `HANG_UP` takes it and goes."""
        self.got.append(envelope.content)
        self.to += envelope.rcpt_tos
        if self.data == HANG_UP:
            server.transport.close()
        return self.data


class _AnyPort(Controller):
    """A controller that lets the system choose its port."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mail_server(rcpt: str = "250 OK", data: str = "250 taken", **asked: Any) -> Iterator[MailServer]:
    """A mail server while the block lasts; `asked` is what aiosmtpd's controller takes: encryption, a login."""
    server = MailServer(rcpt, data)
    controller = _AnyPort(server, hostname="127.0.0.1", port=0, **asked)
    controller.start()
    try:
        server.port = controller.port
        yield server
    finally:
        controller.stop()


@contextmanager
def nobody() -> Iterator[int]:
    """A port at which nobody listens."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and never listening: whoever connects is refused
        yield int(taken.getsockname()[1])
