"""Rows pasted from a spreadsheet become a file that reads back as the same cells."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gb_desktop.workbook.clipboard import paste
from gb_desktop.workbook.model import WorkbookError
from tests.workbook.files import look_at, values_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("ID\tAmount\r\nC1\t5\r\nC2\t6\r\n", [["C1", "5"], ["C2", "6"]]),
        ("ID\tAmount\nC1\t5\nC2\t6", [["C1", "5"], ["C2", "6"]]),
        ('ID\tNote\r\nC1\t"two\nlines"\r\n', [["C1", "two\nlines"]]),
        ('ID\tNote\r\nC1\t"a ""quoted""\ttab"\r\n', [["C1", 'a "quoted"\ttab']]),
        ('ID\tNote\r\nC1\t"hello" said\r\n', [["C1", '"hello" said']]),
        ('ID\tNote\r\nC1\t5" pipe\r\nC2\t"open\r\n', [["C1", '5" pipe'], ["C2", '"open']]),
        ("ID\tNote\tMore\nC1\t\t\nC2\tx\t", [["C1", None, None], ["C2", "x", None]]),
        ("ID;x\nC1,5\n", [["C1,5"]]),
        ("رقم\tالاسم\nC1\tمنى\n", [["C1", "منى"]]),
        ("ID\tNote\nC1\tx\ud800y\n", [["C1", "x\ud800y"]]),
    ],
)
def test_that_pasted_cells_are_read_as_they_were(tmp_path: Path, text: str, rows: list[list[object]]) -> None:
    path = paste(text, tmp_path)
    assert values_of(path, delimiter="\t") == rows
    assert look_at(path).encoding == "utf-8-sig"


def test_that_a_second_paste_keeps_the_first(tmp_path: Path) -> None:
    assert paste("ID\tA\n1\t2", tmp_path) != paste("ID\tA\n3\t4", tmp_path)


@pytest.mark.parametrize("text", ["", " \n\t\r\n ", "\ufeff", "\x00"])
def test_that_an_empty_clipboard_says_so(tmp_path: Path, text: str) -> None:
    with pytest.raises(WorkbookError) as refused:
        paste(text, tmp_path)
    assert refused.value.reason == "empty"


def excels_way(cell: str) -> str:
    special = any(letter in cell for letter in "\t\n\r")
    return '"' + cell.replace('"', '""') + '"' if special else cell


cells = st.text(st.sampled_from('ab" \t\nى,;'), min_size=1, max_size=6).map(lambda text: "x" + text + "y")


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=5))
def test_that_any_cells_survive_excels_quoting(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    text = "\r\n".join("\t".join(map(excels_way, row)) for row in [["ID", "A", "B"], *rows])
    path = paste(text, tmp_path_factory.mktemp("paste"))
    assert values_of(path, header_row=1, delimiter="\t") == rows
