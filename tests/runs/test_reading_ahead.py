"""A long sheet is parsed while it is scanned: what the scan refuses must not cost more than a sentence."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

import pytest

from gb_desktop.desk import Desk
from gb_desktop.runs.draft import Draft
from gb_desktop.runs.limits import LIMITED
from gb_desktop.runs.model import Progress, RunError
from gb_desktop.workbook.model import Mark, Marked, ReadOptions
from gb_desktop.workbook.xlsx_pieces import LONG
from tests.runs.test_reading_worker import desk, draft, worker
from tests.workbook.files import header_row, raw_xlsx

__all__ = ["desk", "draft"]

ROWS = 140_000
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
WORDS = 40_000  # more than stands in the small workbooks of a sheet that is read in pieces


def long_sheet(path: Path, last: str) -> Path:
    """Rows of shared texts in which `last` follows."""
    draw = random.Random(1)
    texts = "".join(f"<si><t>P-{word:07d}</t></si>" for word in range(WORDS))
    xml = "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>{draw.randrange(WORDS)}</v></c><c r="B{row}" t="n"><v>12.5</v></c>'
        f'<c r="C{row}" t="s"><v>{draw.randrange(WORDS)}</v></c></row>'
        for row in range(2, ROWS)
    )
    assert len(xml) > LONG
    return raw_xlsx(path, header_row() + xml + last, shared=texts)


def loaded(draft: Draft, file: Path) -> list[str]:
    """What the draft says on the way while it loads a file."""
    said: list[Progress] = []
    draft.look(file, ReadOptions())
    draft.load(ReadOptions(), said.append)
    return [one.what for one in said]


def test_that_a_long_sheet_is_read_as_a_short_one(desk: Desk, draft: Draft, tmp_path: Path) -> None:
    error = f'<row r="{ROWS}"><c r="A{ROWS}" t="s"><v>7</v></c><c r="B{ROWS}" t="e"><v>#N/A</v></c></row>'
    assert set(loaded(draft, long_sheet(tmp_path / "long.xlsx", error))) == {"reading"}
    with closing(desk.reader(draft.run)) as reader:
        last = reader.grid(ROWS - 2, 1)[0]
    assert last.values == ("P-0000007", Marked(Mark.ERROR, None, "#N/A"), None)


def test_that_a_refused_sheet_leaves_nothing_that_could_end_a_later_call(draft: Draft, tmp_path: Path) -> None:
    file = long_sheet(tmp_path / "far.xlsx", FAR)
    draft.look(file, ReadOptions())
    before = worker(draft)
    with pytest.raises(RunError, match="1048576") as refused:
        draft.load(ReadOptions())
    assert refused.value.reason == "too-large"
    good = raw_xlsx(tmp_path / "good.xlsx", header_row() + '<row r="2"><c r="A2"><v>1</v></c></row>')
    assert loaded(draft, good)
    assert worker(draft) != before


@pytest.mark.skipif(not LIMITED, reason="nothing is parsed ahead where memory is not limited")
def test_that_a_worker_which_is_lost_before_the_scan_ends_is_not_the_answer(draft: Draft, tmp_path: Path) -> None:
    file = long_sheet(tmp_path / "slow.xlsx", f"<!-- scanned element by element -->{FAR}")
    said: list[Progress] = []
    draft.look(file, ReadOptions())
    with pytest.raises(RunError, match="1048576") as refused:
        draft.load(ReadOptions(), said.append)
    assert refused.value.reason == "too-large"
    assert [one.what for one in said] == ["reading", "reading"]  # the second time the scan was waited for


def test_that_a_cell_far_outside_is_named_however_much_memory_it_takes(draft: Draft, tmp_path: Path) -> None:
    """It takes nearly all that a worker may have, so that the scan beside the parsing wants for some."""
    far = '<row r="1048576"><c r="DQ1048576"><v>1</v></c></row>'
    draft.look(long_sheet(tmp_path / "far.xlsx", far), ReadOptions())
    with pytest.raises(RunError, match="reaches to cell DQ1048576"):
        draft.load(ReadOptions())


@pytest.mark.skipif(not LIMITED, reason="nothing is parsed ahead where memory is not limited")
def test_that_a_cancel_between_the_two_readings_ends_both(
    draft: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = long_sheet(tmp_path / "slow.xlsx", f"<!-- scanned element by element -->{FAR}")
    draft.look(file, ReadOptions())
    renew = draft._link.renew

    def renewed() -> None:
        renew()
        draft.cancel()  # the person is as quick

    monkeypatch.setattr(draft._link, "renew", renewed)
    said: list[Progress] = []
    with pytest.raises(RunError) as ended:
        draft.load(ReadOptions(), said.append)
    assert (ended.value.reason, [one.what for one in said]) == ("cancelled", ["reading"])
    assert loaded(draft, raw_xlsx(tmp_path / "good.xlsx", header_row() + '<row r="2"><c r="A2"><v>1</v></c></row>'))
