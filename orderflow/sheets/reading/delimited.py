"""Text files of rows: encoding and delimiter recognised, read in a stream, every cell as text."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from orderflow.records.errors import Unreadable
from orderflow.sheets.values import KIB, MIB, Line

CHUNK = 1000
DELIMITERS = ",;\t|"
SAMPLE = 256 * KIB
SAMPLE_ROWS = 1000
MISQUOTED = 0.75
LONGEST = MIB  # characters in a line; Excel's own cells hold 32,767
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FREQUENT = frozenset(bytes((lead,)) for lead in range(0xA1, 0xC7))  # Big5: signs, first plane
_BETTER = 0.2
_WESTERN = 0x2000
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)
AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)  # how exports keep Excel from counting with an id
CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")
LAST = "\x1a"  # old systems end files so; a row of its own unless a quotation mark was never closed
PADDING = "\t"


@dataclass(frozen=True)
class Delimited:
    """A text file whose encoding and delimiter are known.

    `skipped` is the length of a leading `sep=` line in characters; Excel does not show it as a row.
    """

    content: bytes
    encoding: str
    delimiter: str
    skipped: int

    def chunks(self) -> Iterator[list[Line]]:
        """The rows, a thousand at a time; a quoted line break does not begin a row, a blank line is one.

        Cells are text or None; tabs around a cell and `="…"` are taken off. Raises Unreadable:
        text-quote-open, text-cell-too-long, file-unknown (it is not text after all).
        """
        lines = self._lines()
        while chunk := list(islice(lines, CHUNK)):
            yield chunk

    def _lines(self) -> Iterator[Line]:
        row, cells = 0, [LAST]
        for row, cells in enumerate(_rows(self._text(), self.delimiter), 1):
            if cells != [LAST] and any(cells):
                yield Line(row, [_cell(text) for text in cells])
        if cells != [LAST]:
            raise Unreadable("text-quote-open", row=row)

    def _text(self) -> Iterator[str]:
        with io.TextIOWrapper(io.BytesIO(self.content), self.encoding, newline="") as text:
            text.read(self.skipped)
            while line := text.readline(LONGEST):
                if CONTROL.search(line):
                    raise Unreadable("file-unknown")
                if len(line) == LONGEST and line[-1] not in "\r\n":
                    raise Unreadable("text-cell-too-long")
                yield line
        yield f"{LAST}\n"


def recognise(content: bytes) -> Delimited:
    """Find out encoding and delimiter. Raises Unreadable: text-undecodable, file-unknown."""
    encoding = encoding_of(content)
    sample = _sample(content, encoding)
    if CONTROL.search(sample):
        raise Unreadable("file-unknown")
    if told := SEPARATOR_LINE.match(sample):
        return Delimited(content, encoding, told[1], told.end())
    return Delimited(content, encoding, delimiter_of(sample), 0)


def encoding_of(content: bytes) -> str:
    """By its mark, else the first of UTF-16, UTF-8, Big5 and GB18030 in which all of it can be read.

    Nearly every Big5 text can be read as GB18030 too, as rare characters; so Big5 has to read as usual ones.
    """
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return _first_fit(content, (encoding,))
    for wide, newline in (("utf-16-le", b"\n\0"), ("utf-16-be", b"\0\n")):
        if newline in content[:SAMPLE] and _is_wide(content, wide):
            return wide
    if _decodes(content, "utf-8") is None:
        return "utf-8"
    return _traditional(content) or _first_fit(content, ("utf-8", "gb18030"))


def _traditional(content: bytes) -> str | None:
    """The Big5 of Taiwan or of Hong Kong where the text reads much better so than as GB18030."""
    simplified = _usual(content, "gb18030", lambda han: len(_encoded(han, "gb2312")) == 2)
    for encoding in ("cp950", "big5hkscs"):
        usual = _usual(content, encoding, lambda han: _encoded(han, "big5")[:1] in _FREQUENT)
        if usual > simplified + _BETTER and _decodes(content, encoding) is None:
            return encoding
    return None


def _usual(content: bytes, encoding: str, is_usual: Callable[[str], bool]) -> float:
    """The share of usual characters among the Chinese ones of the sample, read so; 0 where it cannot be read so."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(content[:SAMPLE])
    except UnicodeDecodeError:
        return 0.0
    han = Counter(letter for letter in text if ord(letter) > _WESTERN)
    return sum(count for letter, count in han.items() if is_usual(letter)) / max(han.total(), 1)


def _encoded(letter: str, encoding: str) -> bytes:
    return letter.encode(encoding, "ignore")


def _is_wide(content: bytes, encoding: str) -> bool:
    """Any even number of bytes nearly decodes as UTF-16; a delimiter shows that rows were meant."""
    return _decodes(content, encoding) is None and not set(DELIMITERS).isdisjoint(_sample(content, encoding))


def delimiter_of(sample: str) -> str:
    """The one that gives the largest share of rows of one width; of equals, the wider rows."""
    return max(DELIMITERS, key=lambda delimiter: _fit(sample, delimiter))


def _fit(sample: str, delimiter: str) -> tuple[float, int]:
    """How well a delimiter explains the sample: (share of rows of the usual width, that width)."""
    try:
        rows = list(islice(_rows(io.StringIO(sample, newline=""), delimiter), SAMPLE_ROWS))
    except Unreadable:
        return 0, 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    doubt = 1 if _quotes_fit(sample, delimiter) else MISQUOTED
    return doubt * count / max(len(rows), 1), width


def _quotes_fit(sample: str, delimiter: str) -> bool:
    """Whether every closing quotation mark stands before a delimiter or at a line's end."""
    try:
        for _ in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error:
        return False
    return True


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error as error:  # a cell of more than 131,072 characters
        raise Unreadable("text-cell-too-long") from error


def _cell(text: str) -> str | None:
    text = text.strip(PADDING)
    if text.startswith("=") and (kept := AS_TEXT.fullmatch(text)):
        text = kept[1]
    return text or None


def _sample(content: bytes, encoding: str) -> str:
    sample = codecs.getincrementaldecoder(encoding)().decode(content[:SAMPLE])
    return sample if len(content) <= SAMPLE else sample[: sample.rfind("\n") + 1] or sample


def _first_fit(content: bytes, encodings: Sequence[str]) -> str:
    places = []
    for encoding in encodings:
        place = _decodes(content, encoding)
        if place is None:
            return encoding
        places.append(place)
    if CONTROL.search(content[:SAMPLE].decode("latin-1")):
        raise Unreadable("file-unknown")
    raise Unreadable("text-undecodable", line=content.count(b"\n", 0, max(places)) + 1)


def _decodes(content: bytes, encoding: str) -> int | None:
    """None where all of it decodes, else the place of the first byte that does not."""
    decoder = codecs.getincrementaldecoder(encoding)()
    at = 0
    try:
        for at in range(0, len(content), MIB):
            decoder.decode(content[at : at + MIB])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return at + error.start
    return None
