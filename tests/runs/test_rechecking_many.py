"""Many changed rows are judged while others are written, by two connections: with the result that few of them have."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.accounts.backends import MemoryBackend
from gb_desktop.accounts.vault import Vault
from gb_desktop.desk import Desk
from gb_desktop.runs import rechecking
from gb_desktop.runs.model import Progress
from gb_desktop.runs.store import VERY_MANY
from gb_desktop.workbook.model import ReadOptions, Value
from tests.runs.test_rechecking import FACTS, SHEETS, do, drafting, everything, steps

MANY = VERY_MANY + 500


@pytest.mark.parametrize("name", SHEETS)
@settings(max_examples=25)
@given(done=steps, kept=st.booleans())
def test_that_many_rows_are_checked_as_the_whole_sheet_is(name: str, done: list[Any], kept: bool) -> None:
    with pytest.MonkeyPatch.context() as patched, drafting(SHEETS[name]()) as found:
        patched.setattr(rechecking, "VERY_MANY", 0)
        with found._drafted.store.held(keep=True):  # inside a transaction another connection would see no change
            before = do(found, done[0])
        if not kept:
            before = do(found, "undo")
        for step in done[1:]:
            before = do(found, step)
        alone = everything(found)
        whole = found._parts[1]._check()
        assert alone == everything(found)
        assert (before.counts, before.groups) == (whole.counts, whole.groups)


def many(path: Path) -> Path:
    """A sheet in which every fourth of many rows has a tabulator in its customer ID."""
    rows = [(n, "" if n % 4 else "\t") for n in range(4 * MANY)]
    lines = [f"P-{n}{broken}x,T-{n},2026-03-01 10:00,{n % 90 + 1}" for n, broken in rows]
    path.write_text("\n".join(["Customer ID,Transaction ID,Transaction time,Amount", *lines]), encoding="utf-8")
    return path


def test_that_the_new_cells_can_be_read_while_they_are_checked(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "data", Vault(MemoryBackend()))
    with closing(desk.new_draft()) as draft:
        draft.set_type("cashback")
        draft.look(many(tmp_path / "many.csv"), ReadOptions(delimiter=","))
        draft.load(ReadOptions(delimiter=","))
        assert draft.check(draft.suggest().mapping, FACTS).counts.errors == MANY
        seen: list[tuple[int, Value]] = []

        def look(said: Progress) -> None:
            with closing(desk.reader(draft.run)) as reader:
                assert reader.summary() is None  # what the last check found no longer counts
                seen.append((said.done, reader.grid(0, 1)[0].values[0]))

        checked = draft.apply_fix("line-break", "customerId", "clean", look)
        assert checked.counts.errors == 0
        assert [done for done, _ in seen] == [0, *range(2_000, MANY, 2_000), MANY]
        assert {value for _, value in seen} == {"P-0 x"}
        with closing(desk.reader(draft.run)) as reader:
            assert reader.summary() == checked
