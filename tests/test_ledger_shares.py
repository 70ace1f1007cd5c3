"""A SQLite ledger on another machine's disk is refused; a local disk is not."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from orderflow.ledger import opening, shares
from orderflow.ledger.opening import open_ledger
from orderflow.ledger.shares import Mount, read_mountinfo, share_of, windows_share
from orderflow.records.errors import OrderflowError

MOUNTINFO = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
40 27 0:50 / /mnt/orders rw,relatime - nfs4 server:/orders rw,vers=4.2
41 27 0:51 / /mnt/with\\040space rw - cifs //server/share rw
42 27 0:52 / /mnt/c rw,noatime - 9p C:\\134 rw,aname=drvfs
43 40 8:1 / /mnt/orders/local rw - xfs /dev/sdb1 rw
44 27 0:53 / /mnt/over rw - nfs server:/x rw
45 27 8:2 / /mnt/over rw - ext4 /dev/sdc1 rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/desk/ledger.db", None),
        ("/mnt/orders/desk/ledger.db", "nfs4"),
        ("/mnt/orders2/ledger.db", None),
        ("/mnt/with space/ledger.db", "cifs"),
        ("/mnt/c/Users/desk/ledger.db", "9p"),
        ("/mnt/orders/local/ledger.db", None),
        ("/mnt/over/ledger.db", None),
    ],
)
def test_the_deepest_mount_decides(path: str, kind: str | None) -> None:
    assert share_of(PurePosixPath(path), read_mountinfo(MOUNTINFO)) == kind


@pytest.mark.parametrize("kind", ["nfs", "smb3", "fuse.sshfs", "afpfs", "smbfs", "webdav"])
def test_shares_are_known_by_the_names_of_linux_and_macos(kind: str) -> None:
    mounts = [Mount("/", "apfs"), Mount("/Volumes/desk", kind)]
    assert share_of(PurePosixPath("/Volumes/desk/ledger.db"), mounts) == kind


def test_a_sandbox_whose_own_disk_is_9p_is_no_share() -> None:
    assert share_of(PurePosixPath("/desk/ledger.db"), [Mount("/", "9p")]) is None
    assert share_of(PurePosixPath("/desk/ledger.db"), []) is None


@pytest.mark.parametrize(
    ("path", "drive_kind", "kind"),
    [
        (r"\\server\orders\ledger.db", 3, "UNC"),
        (r"Z:\desk\ledger.db", 4, "network drive"),
        (r"C:\desk\ledger.db", 3, None),
    ],
)
def test_a_windows_share_is_known_by_its_path_or_its_drive(path: str, drive_kind: int, kind: str | None) -> None:
    assert windows_share(PureWindowsPath(path), {"Z:\\": drive_kind, "C:\\": drive_kind}.__getitem__) == kind


def test_this_machines_temporary_folder_is_local(tmp_path: Path) -> None:
    assert shares.share_kind(tmp_path / "ledger.db") is None


def test_a_ledger_on_a_share_is_refused_and_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "share_kind", lambda path: share_of(path, [Mount(str(tmp_path), "cifs")]))
    with pytest.raises(OrderflowError) as refused:
        open_ledger("sqlite:///ledger.db", tmp_path)
    assert (refused.value.code, refused.value.params["kind"]) == ("ledger-on-network", "cifs")
    assert refused.value.params["path"] == str(tmp_path / "ledger.db")
    assert list(tmp_path.iterdir()) == []
