"""Files are read from a private copy, and what goes wrong is named."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest

from gb_desktop.workbook.model import WorkbookError
from gb_desktop.workbook.private_copy import private_copy, sentence_for


def test_that_a_copy_is_exact_private_and_named_alike(tmp_path: Path) -> None:
    source = tmp_path / "Cashback مارس.xlsx"
    content = os.urandom(3_000_000)
    source.write_bytes(content)
    copied = private_copy(source, tmp_path / "copies" / "one")
    assert copied.path.name == source.name
    assert copied.path.read_bytes() == content
    assert copied.size == 3_000_000
    assert copied.sha256 == hashlib.sha256(content).hexdigest()
    assert copied.modified.timestamp() == pytest.approx(source.stat().st_mtime)
    if os.name == "posix":
        assert stat.S_IMODE(copied.path.stat().st_mode) == 0o600


@pytest.mark.parametrize(("name", "reason"), [("gone.xlsx", "missing"), ("folder", "missing"), ("empty.csv", "empty")])
def test_that_what_is_no_file_is_named(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.csv").touch()
    with pytest.raises(WorkbookError, match=name) as refused:
        private_copy(tmp_path / name, tmp_path / "copies")
    assert refused.value.reason == reason


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_that_a_file_without_permission_is_named(tmp_path: Path) -> None:
    source = tmp_path / "s.xlsx"
    source.write_bytes(b"x")
    source.chmod(0)
    with pytest.raises(WorkbookError) as refused:
        private_copy(source, tmp_path / "copies")
    assert refused.value.reason == "locked"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs a file whose size is never what is read")
def test_that_a_file_that_changes_while_it_is_read_is_not_used(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError) as refused:
        private_copy(Path("/proc/self/status"), tmp_path / "copies")
    assert refused.value.reason == "changed"


@pytest.mark.parametrize(
    ("number", "windows", "reason", "words"),
    [
        (errno.EACCES, 32, "locked", "open in another program"),
        (errno.EACCES, 33, "locked", "open in another program"),
        (errno.EACCES, 5, "locked", "can't be opened"),
        (errno.EINVAL, 362, "vanished", "OneDrive"),
        (errno.ENOSPC, None, "vanished", "disk is full"),
        (errno.EIO, None, "vanished", "copy it to this computer"),
    ],
)
def test_that_a_failure_names_its_cause(
    tmp_path: Path, number: int, windows: int | None, reason: str, words: str
) -> None:
    error = OSError(number, "as the system says it")
    if windows:
        error.winerror = windows  # type: ignore[attr-defined,unused-ignore]
    found = sentence_for(tmp_path / "s.xlsx", error)
    assert found.reason == reason
    assert words in str(found)
    assert "s.xlsx" in str(found)
