"""What a file is, by its bytes: endings lie, and each kind of wrong file needs other advice."""

from __future__ import annotations

import re

from orderflow.records.errors import Unreadable
from orderflow.sheets.reading.zipped import Archive

HEAD = 4096
SIGNATURES = (
    (b"%PDF", "file-is-pdf"),
    (b"\x89PNG", "file-is-picture"),
    (b"\xff\xd8\xff", "file-is-picture"),
    (b"GIF8", "file-is-picture"),
    (b"II*\0", "file-is-picture"),
    (b"MM\0*", "file-is-picture"),
    (b"Rar!", "file-is-archive"),
    (b"7z\xbc\xaf", "file-is-archive"),
    (b"\x1f\x8b", "file-is-archive"),
    (b"{\\rtf", "file-is-document"),
    (b"\x09\x00\x04\x00", "file-too-old"),  # Excel 2, 3 and 4: a bare stream of records
    (b"\x09\x02\x06\x00", "file-too-old"),
    (b"\x09\x04\x06\x00", "file-too-old"),
)
STREAMS = (  # in an OLE2 file, the first of these names that occurs, whatever its capitals
    ("encryptedpackage", "encrypted"),
    ("workbook", "xls"),
    ("worddocument", "file-is-document"),
    ("powerpoint document", "file-is-presentation"),
    ("book", "xls"),
)
PARTS = (  # in a zip file, likewise
    ("xl/workbook.bin", "xlsb"),
    ("xl/vbaproject.bin", "xlsm"),
    ("xl/", "xlsx"),
    ("word/", "file-is-document"),
    ("ppt/", "file-is-presentation"),
    ("index/", "file-is-numbers"),
    ("index.zip", "file-is-numbers"),
    ("_rels/.rels", "xlsx"),
)
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
BOF, WRITE_PROTECT, FILE_PASS = b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x86\x00", b"\x2f\x00"  # [MS-XLS] 2.4
HTML = re.compile(rb"<(?:!doctype html|html|head|meta|body|table|style|div)\b", re.IGNORECASE)
SPREADSHEET_2003 = re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet|progid=\W?Excel\.Sheet")
MHT = re.compile(rb"^MIME-Version:", re.IGNORECASE | re.MULTILINE)
WIDE = (b"\xff\xfe", b"\xfe\xff")


def kind_of(content: bytes) -> str:
    """`xlsx xlsm xlsb xls ods encrypted html xml mht` or `text`.

    Raises Unreadable with the code for what else it is: a PDF, a picture, a document, an archive…
    """
    if content.startswith(b"PK"):
        return _zip_kind(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_kind(content)
    if _is_owner_file(content):
        raise Unreadable("file-is-lock")
    for signature, code in SIGNATURES:
        if content.startswith(signature):
            raise Unreadable(code)
    if content[:2] == b"BM" and int.from_bytes(content[2:6], "little") == len(content):
        raise Unreadable("file-is-picture")
    if content[:4] == b"RIFF" or content[4:8] == b"ftyp":
        raise Unreadable("file-is-picture")
    return _text_kind(content[:HEAD])


def _text_kind(head: bytes) -> str:
    if head.startswith(WIDE):
        head = head[2:].replace(b"\0", b"")
    opening = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if SPREADSHEET_2003.search(head) and opening.startswith(b"<?"):
        return "xml"
    if opening.startswith(b"<") and HTML.search(head):
        return "html"
    if opening.startswith(b"<?xml"):
        raise Unreadable("file-unknown")
    return "mht" if MHT.search(head) else "text"


def _zip_kind(content: bytes) -> str:
    archive = Archive(content)
    if archive.has("mimetype"):
        return _open_document_kind(archive)
    for part, kind in PARTS:
        if archive.has(part):
            return _or_refuse(kind)
    raise Unreadable("file-is-archive")


def _open_document_kind(archive: Archive) -> str:
    kind = archive.read("mimetype").strip()
    if not kind.startswith(OPEN_DOCUMENT + b"spreadsheet"):
        raise Unreadable("file-is-document" if kind.startswith(OPEN_DOCUMENT) else "file-is-archive")
    manifest = archive.read("META-INF/manifest.xml") if archive.has("META-INF/manifest.xml") else b""
    if b"encryption-data" in manifest or archive.has("encrypted-package"):
        raise Unreadable("file-encrypted-ods")
    return "ods"


def _ole_kind(content: bytes) -> str:
    if _is_encrypted(content):
        return "encrypted"
    content = content.lower()
    for name, kind in STREAMS:
        if (name + "\0").encode("utf-16-le") in content:
            return _or_refuse(kind)
    raise Unreadable("file-unknown")


def _is_encrypted(content: bytes) -> bool:
    """Whether a FilePass record follows the workbook's first one, after a WriteProtect at most."""
    at = content.find(BOF)
    while at >= 0 and content[at : at + 2] in (BOF[:2], WRITE_PROTECT):
        at += 4 + int.from_bytes(content[at + 2 : at + 4], "little")
    return at >= 0 and content[at : at + 2] == FILE_PASS


def _or_refuse(kind: str) -> str:
    if kind.startswith("file-"):
        raise Unreadable(kind)
    return kind


def _is_owner_file(content: bytes) -> bool:
    """Excel's and Word's `~$` file beside an open one: the user's name, twice, in 165 or 162 bytes."""
    return len(content) in (162, 165) and 0 < content[0] <= 54 and content[0] == content[55]
