"""Opening an encrypted workbook, in a child: deriving a key takes as long as the file says it should."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from orderflow.records.errors import Unreadable
from orderflow.sheets.reading.serving import Source, serve
from orderflow.sheets.values import MIB


class Plain(Source):
    """The decrypted file, handed over in pieces."""

    def __init__(self, content: bytes) -> None:
        self.facts = {}
        self._content = content

    def messages(self) -> Iterator[object]:
        """The bytes in order."""
        return (self._content[at : at + MIB] for at in range(0, len(self._content), MIB))


def decrypt(settings: Any, content: bytes) -> Sequence[Source]:
    """The file without its encryption; `settings` is the password."""
    from msoffcrypto import OfficeFile
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

    plain = io.BytesIO()
    try:
        locked = OfficeFile(io.BytesIO(content))
        locked.load_key(password=settings)
        locked.decrypt(plain)
    except (InvalidKeyError, DecryptionError) as error:
        raise Unreadable("password-wrong") from error
    return [Plain(plain.getvalue())]


def main(memory: int) -> None:
    """Serve one decrypted file; `memory` in bytes, 0 for no limit."""
    serve(memory, decrypt)
