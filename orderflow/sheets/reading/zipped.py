"""A zip archive whose parts are inflated in pieces under a running count: what it claims is not believed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from orderflow.records.errors import Unreadable
from orderflow.sheets.values import MIB, Limits

PIECE = MIB
SIP = 64 << 10
PARTS = 20_000
SMALL = 64 * MIB
LOCAL_HEADER = 30
NO_DIRECTORY = (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError, IndexError)
"""What `zipfile` raises where the list of an archive's parts is damaged, or is none."""


class Archive:
    """The parts of a zip file in memory, by name; slashes, a leading one and capitals make no difference.

    Raises Unreadable: file-damaged, file-too-large (inflates beyond `limits`).
    """

    def __init__(self, content: bytes, limits: Limits | None = None) -> None:
        self.content, self.inflated = content, 0
        self._limits = limits or Limits()
        self._parts: dict[str, zipfile.ZipInfo] = {}
        self._twice: set[str] = set()
        for part in _directory(content):
            name = canonical(part.filename)
            if name in self._parts:
                self._twice.add(name)
            self._parts[name] = part

    def has(self, name: str) -> bool:
        """Whether there is such a part, or for a name ending in `/`, anything below it."""
        name = canonical(name)
        return any(part.startswith(name) for part in self._parts) if name[-1] == "/" else name in self._parts

    def names(self) -> list[str]:
        """The parts' names as the archive spells them."""
        return [part.filename for part in self._parts.values() if not part.is_dir()]

    def size(self, name: str) -> int:
        """How many bytes the part claims to hold."""
        return self._part(name).file_size

    def read(self, name: str, most: int = 32 * MIB) -> bytes:
        """A small part, whole."""
        whole = bytearray()
        for piece in self.pieces(name):
            whole += piece
            if len(whole) > most:
                raise Unreadable("file-too-large")
        return bytes(whole)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The part's true content, piece by piece, checked against its checksum and its claimed size."""
        part = self._part(name)
        checksum = size = 0
        for piece in self._inflate(part):
            size += len(piece)
            self.inflated += len(piece)
            if self.inflated > self._limits.inflated:
                raise Unreadable("file-too-large")
            if size > SMALL and size > self._limits.ratio * part.compress_size:
                raise Unreadable("file-too-large")
            checksum = zlib.crc32(piece, checksum)
            yield piece
        if size != part.file_size or checksum != part.CRC:
            raise Unreadable("file-damaged", detail=f"{part.filename}: checksum")

    def _part(self, name: str) -> zipfile.ZipInfo:
        name = canonical(name)
        if name in self._twice:  # two readers might take different ones
            raise Unreadable("file-damaged", detail=f"{name}: twice in the archive")
        if name not in self._parts:
            raise Unreadable("file-damaged", detail=f"{name}: missing")
        return self._parts[name]

    def _inflate(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        compressed = self._compressed(part)
        sips = (compressed[at : at + SIP] for at in range(0, len(compressed), SIP))
        if part.compress_type == zipfile.ZIP_STORED:
            yield from map(bytes, sips)
            return
        if part.compress_type != zipfile.ZIP_DEFLATED or part.flag_bits & 1:
            raise Unreadable("file-damaged", detail=f"{part.filename}: method {part.compress_type}")
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for sip in sips:
                pending: bytes | memoryview = sip
                while pending and not inflater.eof:
                    yield inflater.decompress(pending, PIECE)
                    pending = inflater.unconsumed_tail
        except zlib.error as error:
            raise Unreadable("file-damaged", detail=f"{part.filename}: {error}") from error

    def _compressed(self, part: zipfile.ZipInfo) -> memoryview:
        header = self.content[part.header_offset : part.header_offset + LOCAL_HEADER]
        if len(header) < LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
            raise Unreadable("file-damaged", detail=f"{part.filename}: header")
        skipped = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        start = part.header_offset + LOCAL_HEADER + skipped
        return memoryview(self.content)[start : start + part.compress_size]


def canonical(name: str) -> str:
    """A part's name for comparing: some writers use backslashes, a leading slash or other capitals."""
    return name.replace("\\", "/").removeprefix("/").lower()


def _directory(content: bytes) -> list[zipfile.ZipInfo]:
    if content.count(b"PK\x01\x02") > PARTS:
        raise Unreadable("file-too-large")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.infolist()
    except NO_DIRECTORY as error:
        raise Unreadable("file-damaged", detail=str(error)[:200]) from error
