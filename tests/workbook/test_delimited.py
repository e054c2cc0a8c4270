"""CSV and its relatives: encodings, delimiters, quotes."""

from __future__ import annotations

from pathlib import Path

import pytest

from gb_desktop.workbook.model import ReadOptions, WorkbookError
from gb_desktop.workbook.reader import look, read
from tests.workbook.files import look_at, read_whole, values_of

PLAIN = "Customer ID,Name,Amount\nC1,منى عادل,5\nC2,José Müller,6\n"
ARABIC = "رقم العميل,الاسم,السبب\nC1,منى عادل,عرض رمضان\nC2,عمر سعيد,تعويض\n"
WESTERN = "Customer ID,Name,City\nC1,José Peña,Orléans\nC2,Jürgen Größe,Zürich\n"


def write(path: Path, text: str, encoding: str) -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "encoding", "proposed"),
    [
        (PLAIN, "utf-8", "utf-8"),
        (PLAIN, "utf-8-sig", "utf-8-sig"),
        (PLAIN, "utf-16", "utf-16"),
        (WESTERN, "utf-16-le", "utf-16-le"),
        (WESTERN, "utf-16-be", "utf-16-be"),
        (ARABIC, "cp1256", "cp1256"),
        (WESTERN, "cp1252", "cp1252"),
        ("a,b\n1,2\n", "ascii", "utf-8"),
    ],
)
def test_that_the_encoding_is_found_and_can_be_overridden(
    tmp_path: Path, text: str, encoding: str, proposed: str
) -> None:
    path = write(tmp_path / "e.csv", text, encoding)
    seen = look_at(path)
    assert seen.encoding == proposed
    assert seen.delimiter == ","
    lines = [line.split(",") for line in text.splitlines()]
    assert [column.header for column in seen.columns] == lines[0]
    assert values_of(path) == lines[1:]
    assert values_of(path, encoding=encoding) == lines[1:]


def test_that_a_late_arabic_letter_decides_for_the_whole_file(tmp_path: Path) -> None:
    rows = "C1,5,x\n" * 200_000
    path = write(tmp_path / "late.csv", "ID,Amount,Name\n" + rows + "C2,6,منى عادل\n", "cp1256")
    reading, read = read_whole(path)
    assert reading.encoding == "cp1256"
    assert list(read[-1].values) == ["C2", "6", "منى عادل"]


def test_that_a_wrong_encoding_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "w.csv", ARABIC, "cp1256")
    for encoding in ("utf-8", "klingon", "rot13", "base64"):
        with pytest.raises(WorkbookError) as refused:
            look(path, ReadOptions(encoding=encoding))
        assert refused.value.reason == "encoding"
        with pytest.raises(WorkbookError):
            list(read(path, ReadOptions(encoding=encoding)).rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_that_the_delimiter_is_found_among_other_signs(tmp_path: Path, delimiter: str) -> None:
    rows = [["ID", "Amount", "Note"], ["C1", '"1,5"', '"a;b|c"'], ["C2", "2", '"x\ty"'], ["C3", "3", "a b"]]
    path = tmp_path / "d.txt"
    path.write_text("\n".join(delimiter.join(row) for row in rows))
    seen = look_at(path)
    assert seen.delimiter == delimiter
    assert seen.format == ("tsv" if delimiter == "\t" else "csv")
    assert values_of(path)[0] == ["C1", "1,5", "a;b|c"]


def test_that_a_decimal_comma_is_no_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("Customer;Amount;Date\nC1;12,50;2026-01-01\nC2;1,75;2026-01-02\nC3;0,99;2026-01-03\n")
    assert look_at(path).delimiter == ";"
    assert look_at(path, delimiter=",").delimiter == ","
    assert look_at(path, delimiter="tab").delimiter == "\t"
    with pytest.raises(WorkbookError):
        look_at(path, delimiter=";;")


def test_that_excels_own_first_line_names_the_delimiter_and_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("sep=|\nID|Amount\nC1|5,0;1\n")
    reading, rows = read_whole(path)
    assert reading.delimiter == "|"
    assert [(row.number, list(row.values)) for row in rows] == [(2, ["C1", "5,0;1"])]


def test_that_quotes_hold_delimiters_line_breaks_and_quotes(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_bytes(b'ID,Note,Amount\r\nC1,"a, ""b""\r\nc",5\r\nC2,5" pipe,6\r\n\r\nC3,"",7')
    reading, rows = read_whole(path)
    assert [(row.number, list(row.values)) for row in rows] == [
        (2, ["C1", 'a, "b"\r\nc', "5"]),
        (3, ["C2", '5" pipe', "6"]),
        (5, ["C3", None, "7"]),
    ]
    assert reading.skipped.blank_rows == 1


def test_that_a_quote_never_closed_is_an_error_and_swallows_no_row(tmp_path: Path) -> None:
    path = tmp_path / "u.csv"
    path.write_text('ID,Note\nC1,ok\nC2,"never closed\n' + "C3,x\n" * 100)
    with pytest.raises(WorkbookError, match="line 3"):
        read_whole(path)


def test_that_ragged_records_are_padded_and_extra_cells_kept(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("ID,Amount\nC1\nC2,5,extra,more\nC3,6\n")
    reading, rows = read_whole(path)
    assert [column.header for column in reading.columns] == ["ID", "Amount", "Column C", "Column D"]
    assert [list(row.values) for row in rows] == [
        ["C1", None, None, None],
        ["C2", "5", "extra", "more"],
        ["C3", "6", None, None],
    ]


def test_that_zero_bytes_and_lone_surrogates_pass_through(tmp_path: Path) -> None:
    path = tmp_path / "z.csv"
    path.write_bytes("ID,Note\nC1,a\x00b\nC2,x\ud800y\nC3,🎁\n".encode("utf-8", "surrogatepass"))
    assert values_of(path) == [["C1", "a\x00b"], ["C2", "x\ud800y"], ["C3", "🎁"]]
    wide = tmp_path / "w.csv"
    wide.write_bytes(b"\xff\xfe" + "ID,Note\nC1,x\ud800y\nC2,z\n".encode("utf-16-le", "surrogatepass"))
    assert values_of(wide) == [["C1", "x\ud800y"], ["C2", "z"]]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end"])
def test_that_every_kind_of_line_end_separates_rows(tmp_path: Path, ending: str, last: str) -> None:
    path = tmp_path / "l.csv"
    path.write_bytes((f"ID,Amount{ending}C1,5{ending}C2,6" + (ending if last else "")).encode())
    assert values_of(path) == [["C1", "5"], ["C2", "6"]]


def test_that_a_single_column_without_any_delimiter_is_read(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text("Customer ID\nC1\nC2\n")
    assert values_of(path) == [["C1"], ["C2"]]
    assert look_at(path).sheets[0].name == "one"


def test_that_where_no_delimiter_cuts_evenly_the_endings_own_does(tmp_path: Path) -> None:
    for ending, delimiter in (("tsv", "\t"), ("csv", ",")):
        path = tmp_path / f"codes.{ending}"
        path.write_text(f"Code{delimiter}Note\nC1\nC2\nC3\n")
        assert look(path, ReadOptions()).delimiter == delimiter
        assert [row.values for row in read(path, ReadOptions()).rows] == [["C1", None], ["C2", None], ["C3", None]]


def test_that_a_field_too_long_for_any_cell_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text('ID,Note\nC1,"' + "x" * (17 << 20) + '"\n')
    with pytest.raises(WorkbookError, match="too long"):
        read_whole(path)
