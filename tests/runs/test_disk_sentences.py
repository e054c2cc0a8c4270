"""What is said when the run file fails: only a full disk is called a full disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gb_desktop.runs.state import disk_sentence


def failed(statement: str, path: Path, uri: str = "") -> sqlite3.Error:
    with closing(sqlite3.connect(f"{path.as_uri()}{uri}", uri=True)) as db:
        db.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.Error) as found:
            db.execute(statement)
    return found.value


def test_that_a_full_disk_asks_for_space(tmp_path: Path) -> None:
    error = failed("CREATE TABLE big AS SELECT zeroblob(100000)", tmp_path / "full.db")
    assert "disk space" in disk_sentence(error)


def test_that_a_file_that_may_not_be_written_asks_for_leave(tmp_path: Path) -> None:
    path = tmp_path / "held.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE t (x)")
    assert "Allow writing" in disk_sentence(failed("INSERT INTO t VALUES (1)", path, "?mode=ro"))


def test_that_a_fault_of_ours_is_not_blamed_on_the_disk(tmp_path: Path) -> None:
    sentence = disk_sentence(failed("SELECT nothing", tmp_path / "fine.db"))
    assert "space" not in sentence
    assert "ask for help" in sentence
