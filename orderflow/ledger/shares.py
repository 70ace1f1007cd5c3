"""Is a folder on another machine? SQLite's locks do not hold there, and a ledger would come to harm."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path, PurePath
from typing import NamedTuple

SHARES = frozenset(
    [
        "9p",
        "afpfs",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "drvfs",
        "fuse.ceph",
        "fuse.cifs",
        "fuse.davfs",
        "fuse.glusterfs",
        "fuse.gvfsd-fuse",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.smbnetfs",
        "fuse.sshfs",
        "gfs2",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "prl_fs",
        "smb2",
        "smb3",
        "smbfs",
        "vboxsf",
        "vmhgfs",
        "fuse.vmhgfs-fuse",
        "webdav",
    ]
)
"""File systems, by the names that Linux and macOS give them, whose files are another machine's."""


class Mount(NamedTuple):
    """Where a file system is mounted, and its kind."""

    folder: str
    kind: str


def share_of(path: PurePath, mounts: Iterable[Mount]) -> str | None:
    """The kind of network share that `path` (absolute) lies on, `None` for a local disk.

    The deepest mount decides, of two at one folder the later. `9p` at the root is a sandbox's own disk, elsewhere
    another machine's (as in WSL, where it is Windows).
    """
    found, depth = None, -1
    for mount in mounts:
        folder = PurePath(mount.folder)
        if len(folder.parts) >= depth and path.is_relative_to(folder):
            found, depth = mount, len(folder.parts)
    if found is None or found.kind not in SHARES or (found.kind == "9p" and depth == 1):
        return None
    return found.kind


def share_kind(path: Path) -> str | None:
    """The kind of network share that a file of this machine lies on, or will; `None` for a local disk."""
    path = path.resolve()
    if sys.platform == "win32":
        import ctypes

        return windows_share(path, ctypes.windll.kernel32.GetDriveTypeW)
    return share_of(path, _mounts())


def read_mountinfo(text: str) -> list[Mount]:
    """The mounts that Linux lists in `/proc/self/mountinfo`."""
    found = []
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        folder = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), before.split()[4])
        found.append(Mount(folder, after.split()[0]))
    return found


def _mounts() -> list[Mount]:
    listed = Path("/proc/self/mountinfo")
    if listed.exists():
        return read_mountinfo(listed.read_text(encoding="utf-8", errors="surrogateescape"))
    import psutil

    return [Mount(part.mountpoint, part.fstype) for part in psutil.disk_partitions(all=True)]


def windows_share(path: PurePath, drive_kind: Callable[[str], int]) -> str | None:
    """`UNC` for a path such as `\\\\server\\share`, `network drive` for a letter that stands for one.

    `drive_kind` is what Windows calls `GetDriveTypeW`.
    """
    if path.drive.startswith("\\\\"):
        return "UNC"
    remote = 4  # DRIVE_REMOTE
    return "network drive" if drive_kind(f"{path.drive}\\") == remote else None
