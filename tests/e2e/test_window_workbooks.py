"""The Workbook step with real files: locks, sheets, headers, hidden rows, text files, pasted cells, Cancel, results."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton, QRadioButton, QTableView, QWidget

from gb_desktop.ui.flow import Step
from gb_desktop.ui.grid.preview import PreviewModel
from tests.e2e import window_kit
from tests.e2e.cli_sheets import cashback_rows, write_sheet
from tests.e2e.test_cli_workbooks import broken_files
from tests.e2e.window_kit import App, Person
from tests.practice.fixtures import ledger
from tests.workbook.files import HEADER, xls
from tests.workbook.locks import lock_ods_whole, lock_package, lock_xls_by_rc4, lock_xls_by_xor
from tests.workbook.test_fuzz import binary, open_document

pytestmark = [pytest.mark.window, pytest.mark.timeout(120)]
app = window_kit.app
FIXTURES = Path(__file__).parents[1] / "workbook" / "fixtures"


def headers(person: Person) -> list[str]:
    """What stands in the row that the preview shows as the header."""
    model = person.find(QTableView, "preview").model()
    assert isinstance(model, PreviewModel)
    line = model.header_line()
    return [str(model.index(line, at).data()) for at in range(model.columnCount())] if line is not None else []


def opened(person: Person, file: Path, sentence: str) -> None:
    person.open_workbook(file)
    person.reads(sentence)


def test_that_a_locked_workbook_of_every_format_opens_with_its_password(app: App, tmp_path: Path) -> None:
    plain = write_sheet(tmp_path / "plain.xlsx", cashback_rows(4))
    rows = (HEADER, ("C1", 5, "gift"))
    files = {
        lock_package(plain, tmp_path / "a.xlsx", "Pass 1"): "4 rows in 4 columns are loaded.",
        lock_package(binary(tmp_path / "plain.xlsb"), tmp_path / "b.xlsb", "Pass 1"): "are loaded",
        lock_xls_by_rc4(xls(tmp_path / "plain.xls", rows), tmp_path / "c.xls", "Pass 1"): "1 row in 3 columns",
        lock_xls_by_xor(xls(tmp_path / "plain.xls", rows), tmp_path / "d.xls", "Pass 1"): "1 row in 3 columns",
        FIXTURES / "locked.ods": "1 row in 2 columns",
        lock_ods_whole(open_document(tmp_path / "plain.ods"), tmp_path / "e.ods", "Pass 1"): "2 rows in 3 columns",
    }
    person = app.open()
    person.begin("cashback")
    for file, loaded in files.items():
        person.open_workbook(file)
        person.reads(f"{file.name} is locked with a password: type the password to open it.")
        assert person.refused() == "Choose a workbook first."
        person.type("password", "wrong")
        person.click("password_open")
        person.reads(f"This password doesn't open {file.name}: type it again.")
        person.type("password", "Pass 1")
        person.click("password_open")
        person.reads(loaded)
        assert not person.sees("password")
    app.close(person)


def test_that_every_file_that_can_not_be_used_gets_its_sentence_and_the_next_one_opens(
    app: App, tmp_path: Path
) -> None:
    person = app.open()
    person.begin("cashback")
    for what, (file, words) in broken_files(tmp_path / "broken").items():
        if what in ("folder", "gone"):  # no file dialog gives those
            continue
        person.open_workbook(file)
        person.until(lambda words=words: person.sees("workbook_banner") and words in person.words(), what)  # type: ignore[misc]
        assert person.refused() == "Choose a workbook first."
    opened(person, write_sheet(tmp_path / "good.xlsx", cashback_rows(5)), "5 rows in 4 columns are loaded.")
    person.next(Step.COLUMNS)
    app.close(person)


def several_sheets(path: Path) -> Path:
    workbook = openpyxl.Workbook()
    first = workbook["Sheet"]
    first.title = "Customers"
    for row in [("Customer ID", "Email", "First name"), *((f"C-{n}", f"{n}@x.com", "Mona") for n in range(30))]:
        first.append(row)
    old = workbook.create_sheet("Old")
    old.sheet_state = "hidden"
    march = workbook.create_sheet("March")
    for title in ("Cashback of March", None, "as agreed with Mona"):
        march.append([title])
    for page, count in ((old, 2), (march, 5)):
        for row in cashback_rows(count):
            page.append(row)
    march.row_dimensions[6].hidden = True
    march.column_dimensions["D"].hidden = True
    march.append([None, "Total", None, 65])
    workbook.save(path)
    return path


def test_that_sheet_header_and_hidden_rows_are_proposed_and_can_be_changed(app: App, tmp_path: Path) -> None:
    person = app.open()
    person.begin("cashback")
    opened(person, several_sheets(tmp_path / "several.xlsx"), "are loaded")
    assert person.find(QComboBox, "sheet").currentText().startswith("\u2068March\u2069")
    lines = [person.find(QComboBox, "sheet").itemText(line) for line in range(3)]
    assert any(line.startswith("\u2068Old\u2069 (hidden)") for line in lines)
    assert headers(person)[:2] == ["Customer ID", "Transaction ID"]
    person.reads("4 visible rows, 1 hidden row. Which are to be sent?")
    person.reads("Rows of totals left out: 1.")
    person.reads("Hidden columns, matched like the others: Amount.")
    assert person.refused() == "Say whether hidden rows are sent too."
    person.tick("hidden_all")
    person.until(person.may_go_on, "Next")
    person.tick("hidden_visible")
    person.until(lambda: person.find(QRadioButton, "hidden_visible").isChecked(), "the answer")
    person.next(Step.COLUMNS)
    person.until(lambda: person.find(QComboBox, "source_amount").currentText() == "Amount (hidden column)", "its mark")
    person.click("wizard_back")
    person.click_cell("preview", 0, 0)
    person.until(lambda: headers(person)[:1] == ["Cashback of March"], "the clicked header")
    person.type("header_row", "4")
    person.until(lambda: headers(person)[:1] == ["Customer ID"], "the typed header")
    person.choose("sheet", next(line for line in lines if "Customers" in line))
    person.until(lambda: "Email" in headers(person), "the other sheet")
    person.reads("30 rows in 3 columns are loaded.")
    person.choose("sheet", next(line for line in lines if "Old" in line))
    person.reads("2 rows in 4 columns are loaded.")
    app.close(person)


def test_that_encoding_and_delimiter_of_a_text_file_are_changed_while_one_looks(app: App, tmp_path: Path) -> None:
    file = tmp_path / "arabic.csv"
    lines = [
        "رقم العميل;رقم الفاتورة;تاريخ الفاتورة;المبلغ",
        "C-1;T-1;2026-03-01 10:00:00;5",
        "C-2;T-2;2026-03-01 11:00:00;6",
    ]
    file.write_bytes("\n".join(lines).encode("cp1256"))
    person = app.open()
    person.begin("cashback")
    opened(person, file, "2 rows in 4 columns are loaded.")
    assert person.find(QComboBox, "encoding").currentText() == "Arabic (Windows-1256)"
    assert person.find(QComboBox, "delimiter").currentText() == "Semicolon"
    assert headers(person)[:1] == ["رقم العميل"]
    person.choose("encoding", "Western (Windows-1252)")
    person.until(lambda: headers(person)[:1] == ["رقم العميل".encode("cp1256").decode("cp1252")], "Western letters")
    person.choose("encoding", "UTF-8")
    person.until(lambda: person.sees("workbook_banner"), "a complaint about the encoding")
    person.choose("encoding", "Arabic (Windows-1256)")
    person.until(lambda: headers(person)[:1] == ["رقم العميل"], "Arabic letters")
    person.choose("delimiter", "Comma")
    person.until(lambda: len(headers(person)) == 1, "one column")
    person.choose("delimiter", "Semicolon")
    person.until(lambda: len(headers(person)) == 4, "four columns")
    person.next(Step.COLUMNS)
    app.close(person)


def test_that_pasted_cells_become_a_sheet_whose_header_can_be_changed(app: App) -> None:
    person = app.open()
    person.begin("cashback")
    rows = [("Cashback, March",), *cashback_rows(3)]
    QGuiApplication.clipboard().setText("\r\n".join("\t".join(map(str, row)) for row in rows))
    QTest.keyClick(person.main, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    person.reads("3 rows in 4 columns are loaded.")
    person.click_cell("preview", 0, 0)
    person.until(lambda: headers(person)[:1] == ["Cashback, March"], "the clicked header")
    person.click_cell("preview", 1, 0)
    person.until(lambda: headers(person)[:1] == ["Customer ID"], "the header again")
    person.next(Step.COLUMNS)
    app.close(person)


def copies(app: App) -> list[Path]:
    return [path for path in (app.folder / "runs").glob("*.files/*") if path.is_file()]


def workers() -> set[int]:
    """Process IDs of our worker processes that run."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_bytes().split(b"\0")
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:  # it ended meanwhile
            continue
        if b"--worker" in arguments and parent == str(os.getpid()):
            found.add(int(process.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes the Linux way")
def test_that_cancel_and_a_dying_worker_leave_a_sheet_that_can_be_read_again(app: App, tmp_path: Path) -> None:
    large = write_sheet(tmp_path / "large.xlsx", cashback_rows(120_000))
    person = app.open()
    person.begin("cashback")
    person.open_workbook(large)
    person.until(lambda: "Reading rows: " in person.words(), "rows being read")
    before = workers()
    assert len(before) == 1
    person.click("loading_cancel")
    person.reads("Reading was cancelled.")
    assert not workers() & before
    assert copies(app) == []
    assert person.refused() == "Choose a workbook first."
    person.click("load_again")
    person.until(lambda: re.search("Reading rows: [1-9]", person.words()), "rows being read again")
    (worker,) = workers()
    os.kill(worker, signal.SIGABRT)
    person.reads("stopped unexpectedly")
    said = person.words(person.find(QWidget, "workbook_banner"))
    assert "nothing was sent" in said.lower()
    assert copies(app) == []
    person.click("load_again")
    person.reads("120,000 rows in 4 columns are loaded.")
    person.next(Step.COLUMNS)
    app.close(person)


def test_that_a_results_workbook_lends_its_failed_rows_with_their_mapping(app: App, tmp_path: Path) -> None:
    rows: list[Sequence[Any]] = [("Card", "Receipt", "Paid on", "Value"), *cashback_rows(5)[1:]]
    rows[4] = ("unknown-4", *rows[4][1:])
    rows[5] = ("unknown-5", *rows[5][1:])
    person = app.open()
    person.begin("cashback")
    opened(person, write_sheet(tmp_path / "march.xlsx", rows), "5 rows in 4 columns are loaded.")
    person.next(Step.COLUMNS)
    for field, column in (
        ("customerId", "Card"),
        ("transactionId", "Receipt"),
        ("transactionTime", "Paid on"),
        ("amount", "Value"),
    ):
        if person.find(QComboBox, f"source_{field}").currentText() != column:
            person.choose(f"source_{field}", column)
    for step in (Step.CHECK, Step.REVIEW, Step.SEND):
        person.next(step)
    person.sent()
    results = person.save_results(tmp_path / "results.xlsx")
    person.click("rail_new")
    workbook = openpyxl.load_workbook(results)
    workbook["Results"]["A5"] = "C-4"
    workbook.save(results)
    person.begin("cashback")
    opened(person, results, "This is a results workbook of a run made with GB Desktop.")
    person.find(QPushButton, "open_results_run")
    person.click("take_failed_rows")
    person.reads("2 rows in 4 columns are loaded.")
    person.reads("Rows that did not fail are not taken from the results workbook: 3.")
    person.next(Step.COLUMNS)
    person.reads("whose failed rows these are")
    assert person.find(QComboBox, "source_customerId").currentText() == "Card"
    for step in (Step.CHECK, Step.REVIEW, Step.SEND):
        person.next(step)
    person.until(lambda: person.counters()["succeeded"] == person.counters()["failed"] == 1, "one more row")
    person.sent()
    sent = [entry["item"] for entry in ledger(app.practice_url) if "amount" in entry["item"]]
    assert sorted(item["customerId"] for item in sent) == ["C-1", "C-2", "C-3", "C-4"]
    app.close(person)
