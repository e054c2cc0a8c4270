"""What is remembered of how the window is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from gb_desktop.habits import Habits


def test_that_each_use_has_a_folder_of_its_own_from_one_start_to_the_next(tmp_path: Path) -> None:
    habits = Habits(tmp_path)
    for use in ("workbook", "results"):
        (tmp_path / use).mkdir()
        habits.use_folder(use, tmp_path / use)
    habits.write()
    again = Habits(tmp_path)
    assert again.folder("workbook") == tmp_path / "workbook"
    assert again.folder("mapping") == tmp_path / "results", "one that was never used begins where the last was"


def test_that_a_folder_that_is_gone_gives_way_to_the_last_and_then_to_home(tmp_path: Path) -> None:
    habits = Habits(tmp_path)
    for use in ("workbook", "results"):
        (tmp_path / use).mkdir()
        habits.use_folder(use, tmp_path / use)
    (tmp_path / "workbook").rmdir()
    assert habits.folder("workbook") == tmp_path / "results"
    (tmp_path / "results").rmdir()
    assert habits.folder("workbook") == Path.home()


@pytest.mark.parametrize(
    "text", ["", "[1]", "{", '{"folders": 7}', '{"folders": {"workbook": ["x"], "last": "\\u0000"}}']
)
def test_that_a_file_that_cannot_be_understood_is_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "habits.json").write_text(text, encoding="utf-8")
    assert Habits(tmp_path).folder("workbook") == Path.home()


def test_that_a_disk_that_refuses_costs_only_the_habit(tmp_path: Path) -> None:
    habits = Habits(tmp_path / "missing")
    habits.use_folder("workbook", tmp_path)
    habits.write()
    assert habits.folder("workbook") == tmp_path
