"""E-mail: delivered when the server has taken the message, doubtful when it fell silent after the last line."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP

from orderflow.notices.message import DELIVERED, Message, Verdict, refused, unknown
from orderflow.records.channels import Email

_WORKBOOK = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_GO_ON = 354  # the server waits for the message


def send_mail(channel: Email, message: Message, secrets: Mapping[str, str]) -> Verdict:
    """Hand the message to the mail server; its Message-ID is the notice's key."""
    try:
        content = mail_of(channel, message).as_bytes(policy=SMTP)
    except ValueError:
        return refused("bad-address", final=True)
    try:
        with _connected(channel, secrets["password"]) as server:
            for code, said in (server.mail(channel.sender), server.rcpt(message.address)):
                if code not in (250, 251):
                    return _refusal(code, said)
            return _handed_over(server, content)
    except smtplib.SMTPResponseException as answer:
        return _refusal(answer.smtp_code, answer.smtp_error, final=False)
    except (OSError, smtplib.SMTPException) as unreached:
        return refused("unreached", type(unreached).__name__)


def mail_of(channel: Email, message: Message) -> EmailMessage:
    """The message as it goes over the wire. Raises ValueError where an address cannot stand in a header."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = channel.sender, message.address, message.subject
    mail["Message-ID"] = f"<{message.key}@orderflow>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text + "\n")
    if message.attachment is not None:
        content, name = message.attachment.read_bytes(), message.attachment.name
        mail.add_attachment(content, maintype="application", subtype=_WORKBOOK, filename=name)
    return mail


@contextmanager
def _connected(channel: Email, password: str) -> Iterator[smtplib.SMTP]:
    """A server that has let us in; what goes wrong at parting no longer matters."""
    trust = ssl.create_default_context()
    if channel.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            channel.host, channel.port, timeout=channel.timeout_seconds, context=trust
        )
    else:
        server = smtplib.SMTP(channel.host, channel.port, timeout=channel.timeout_seconds)
    try:
        if channel.security == "starttls":
            server.starttls(context=trust)
        server.ehlo_or_helo_if_needed()
        if channel.user:
            server.login(channel.user, password)
        yield server
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _handed_over(server: smtplib.SMTP, content: bytes) -> Verdict:
    """The last step: once its end is on the way, silence no longer means that the message was not taken."""
    code, said = server.docmd("DATA")
    if code != _GO_ON:
        return _refusal(code, said)
    try:
        server.send(_dotted(content) + b".\r\n")
        code, said = server.getreply()
    except (OSError, smtplib.SMTPException) as silent:
        return unknown("no-answer", type(silent).__name__)
    return DELIVERED if code == 250 else _refusal(code, said)


def _dotted(content: bytes) -> bytes:
    """A line that begins with a dot gets a second one; the content ends with a line break already."""
    return b"".join(b"." + line if line.startswith(b".") else line for line in content.splitlines(keepends=True))


def _refusal(code: int, said: bytes | str, *, final: bool = True) -> Verdict:
    """5xx is for good where it is about this message; a server that does not let us in may do so later."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return refused("smtp", f"{code} {words}", final=final and 500 <= code < 600)
