"""Folders sealed as BagIt 1.0 (RFC 8493): every file with its SHA-256, in lists that `sha256sum -c` reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import file_digest, sha256
from pathlib import Path

from orderflow.records.errors import OrderflowError

PAYLOAD, DECLARATION, INFO = "data", "bagit.txt", "bag-info.txt"
MANIFEST, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
_DECLARED = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_OXUM = "Payload-Oxum"


def seal(folder: Path, info: Mapping[str, str]) -> str:
    """Seals what lies in `folder` (payload under `data`, other files are tags); the digest that names the bag.

    Names of files must hold neither line breaks nor `%`, so that they stand in the lists as they are.
    """
    payload = {name: _sha256(folder / name) for name in _files(folder) if _is_payload(name)}
    octets = sum((folder / name).stat().st_size for name in payload)
    _write(folder / DECLARATION, _DECLARED)
    told = {**info, _OXUM: f"{octets}.{len(payload)}"}
    _write(folder / INFO, "".join(f"{name}: {' '.join(said.split())}\n" for name, said in told.items()))
    _write(folder / MANIFEST, _listed(payload))
    _write(folder / TAGS, _listed({name: _sha256(folder / name) for name in _files(folder) if not _is_payload(name)}))
    return digest_of(folder)


def digest_of(folder: Path) -> str:
    """The digest of the tag manifest, by which every byte of a bag is known. Raises OrderflowError `bag-unreadable`."""
    return sha256(_read(folder / TAGS)).hexdigest()


def info_of(folder: Path) -> dict[str, str]:
    """What a bag says of itself. Raises OrderflowError `bag-unreadable`."""
    lines = _read(folder / INFO).decode("utf-8", "replace").splitlines()
    return {name: said for name, _, said in (line.partition(": ") for line in lines)}


def wrong(folder: Path) -> Iterator[tuple[str, str]]:
    """What is wrong with a bag's files, each as `changed`, `missing` or `added` with the file's name.

    The lists themselves come first, as every other answer rests on them.
    """
    tags, payload = _listed_in(folder / TAGS), _listed_in(folder / MANIFEST)
    if tags is None or payload is None:
        yield (
            "missing" if not (folder / (TAGS if tags is None else MANIFEST)).is_file() else "changed",
            (TAGS if tags is None else MANIFEST),
        )
        return
    for name, digest in {**tags, **payload}.items():
        path = folder / name
        if not path.is_file():
            yield "missing", name
        elif _sha256(path) != digest:
            yield "changed", name
    known = {*tags, *payload, TAGS}
    yield from (("added", name) for name in _files(folder) if name not in known)


def files_in(folder: Path) -> int:
    """How many files lie in a bag."""
    return len(_files(folder))


def _listed_in(manifest: Path) -> dict[str, str] | None:
    """Digests by file as a list tells them; `None` where it is no such list."""
    try:
        lines = manifest.read_text(encoding="utf-8").splitlines()
        return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}
    except (OSError, ValueError):
        return None


def _listed(digests: Mapping[str, str]) -> str:
    return "".join(f"{digest}  {name}\n" for name, digest in digests.items())


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def _is_payload(name: str) -> bool:
    return name.startswith(f"{PAYLOAD}/")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _write(path: Path, said: str) -> None:
    path.write_bytes(said.encode())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OrderflowError("bag-unreadable", path=str(path), why=error.strerror or str(error)) from error
