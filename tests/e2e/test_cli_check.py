"""`check`: what it says of a sheet, and every option by which a sheet is read otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from tests.e2e.cli_kit import CHECKED, PROBLEM, Desktop, GameballFactory, Ran, applied, together
from tests.e2e.cli_sheets import CAIRO, Row, cashback_rows, local, write_sheet

HEAD = ("Customer ID", "Transaction ID", "Transaction Time", "Amount")
MOMENT = local(2026, 3, 1, 9, 30)


def checked(ran: Ran, code: int = 0) -> dict[str, Any]:
    assert ran.code == code, ran.err
    found: dict[str, Any] = ran.json
    assert set(found) == CHECKED
    assert found["valid"] + found["invalid"] + found["excluded"] == found["rows"]
    assert all(set(problem) == PROBLEM for problem in found["problems"])
    return found


def cells_of(found: dict[str, Any], field: str) -> list[str]:
    return [cell for problem in found["problems"] if problem["field"] == field for cell in problem["cells"]]


def test_that_each_problem_has_its_code_its_cells_and_a_sentence(desktop: Desktop) -> None:
    rows: list[Row] = [
        HEAD,
        ("C-1", "T-1", MOMENT, 12.5),
        ("C-2", "T-2", MOMENT, "twelve"),
        (None, "T-3", MOMENT, 10),
        (),
        ("C-4", "T-4", MOMENT, "#N/A"),
        ("C-5", "T-5", local(2126, 1, 1), 10),
        ("C-6", "T-1", MOMENT, 10),
        ("Total", None, None, 52.5),
    ]
    file = write_sheet(desktop.folder / "problems.xlsx", rows, sheet="Cashback")
    found = checked(desktop.check(file, "cashback", *CAIRO), code=1)
    assert (found["rows"], found["excluded"], found["hidden"]) == (7, 1, 0)
    assert found["invalid"] == 6  # both rows that share an ID
    assert set(cells_of(found, "amount")) >= {"Cashback!D3", "Cashback!D6"}
    assert "Cashback!A4" in cells_of(found, "customerId")
    assert {"Cashback!B2", "Cashback!B8"} <= set(cells_of(found, "transactionId"))
    assert "Cashback!C7" in cells_of(found, "transactionTime")
    for problem in found["problems"]:
        assert problem["severity"] in ("error", "warning")
        assert problem["count"] >= len(problem["cells"])
        assert problem["code"]
        assert problem["message"].strip().endswith((".", "?", ")"))


def test_that_a_check_names_mapping_columns_and_totals(desktop: Desktop) -> None:
    file = write_sheet(desktop.folder / "fine.xlsx", [(*row, "Maadi") for row in cashback_rows(4)])
    found = checked(desktop.check(file, "cashback", *CAIRO))
    assert found["mapping"] == {
        "customerId": "Customer ID",
        "transactionId": "Transaction ID",
        "transactionTime": "Transaction Time",
        "amount": "Amount",
    }
    assert found["columns"] == [*HEAD, "Maadi"]
    assert found["totals"]["total"] == "50"
    assert desktop.runs() == []


def test_that_of_many_cells_twenty_are_named_and_all_are_counted(desktop: Desktop) -> None:
    rows = [HEAD, *((f"C-{n}", f"T-{n}", MOMENT, "none") for n in range(2, 60)), ("C-1", "T-1", MOMENT, 5)]
    file = write_sheet(desktop.folder / "many.xlsx", rows)
    found = checked(desktop.check(file, "cashback", *CAIRO, "--map", "amount=Amount"), code=1)
    wrong = [problem for problem in found["problems"] if problem["field"] == "amount"]
    assert [(problem["count"], problem["cells"]) for problem in wrong] == [(58, [f"Sheet1!D{n}" for n in range(2, 22)])]


def test_that_warnings_alone_are_clean(desktop: Desktop, gameball: GameballFactory) -> None:
    rows = [HEAD, ("C-1", "T-1", MOMENT, 5), ("C-2", "t-1", MOMENT, 5)]  # IDs that differ only in case
    file = write_sheet(desktop.folder / "warned.xlsx", rows)
    found = checked(desktop.check(file, "cashback", *CAIRO))
    assert {problem["severity"] for problem in found["problems"]} == {"warning"}
    sent = desktop.at(gameball().url).submit(file, "cashback", *CAIRO)
    assert (sent.code, sent.json["succeeded"]) == (0, 2)


def test_that_an_annotated_copy_keeps_the_sheet_and_says_what_is_wrong(desktop: Desktop) -> None:
    rows = [*cashback_rows(8), ("C-9", "T-9", MOMENT, "twelve")]
    file = write_sheet(desktop.folder / "in.xlsx", rows)
    before = file.read_bytes()
    out = desktop.folder / "annotated.xlsx"
    found = checked(desktop.check(file, "cashback", *CAIRO, "--annotated", out), code=1)
    page = openpyxl.load_workbook(out).worksheets[0]
    values = [[cell.value for cell in row] for row in page.iter_rows()]
    header = next(number for number, row in enumerate(values) if row[: len(HEAD)] == list(HEAD))
    assert [row[:4] for row in values[header + 1 : header + 10]] == [list(row) for row in rows[1:]]
    notes = [cell.comment.text for row in page.iter_rows() for cell in row if cell.comment]
    texts = [str(value) for row in values for value in row if value is not None]
    assert any(found["problems"][0]["message"] in said for said in [*notes, *texts])
    assert file.read_bytes() == before


def test_that_the_hidden_are_counted_and_left_out_or_taken_as_asked(desktop: Desktop) -> None:
    file = write_sheet(desktop.folder / "hidden.xlsx", cashback_rows(6), hidden=(3, 4))
    commands = [
        desktop.start("check", file, "--type", "cashback", "--json", *CAIRO, "--rows", rows)
        for rows in ("visible", "all")
    ]
    visible, everything = (checked(ran) for ran in together(commands))
    assert (visible["rows"], visible["valid"], visible["excluded"], visible["hidden"]) == (6, 4, 2, 2)
    assert (everything["rows"], everything["valid"], everything["excluded"]) == (6, 6, 0)


@pytest.fixture
def second_sheet(desktop: Desktop) -> Path:
    """A workbook whose second sheet holds the rows below two lines of title."""
    path = desktop.folder / "book.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["Prepared by marketing"])
    page = book.create_sheet("March 2026")
    for row in (["Cashback", "of March", "2026", "!"], [], ["Who", "Paper", "When", "Spent"]):
        page.append(row)
    page.append(["C-1", "P-1", "01/02/2026 10:00", "1.234,50"])
    page.append(["C-2", "P-2", "02/03/2026 10:00", "7,25"])
    book.save(path)
    return path


READ_SO = (
    *("--sheet", "March 2026", "--header-row", "3"),
    *("--map", "customerId=Who", "--map", "transactionId=Paper", "--map", "transactionTime=When"),
    *("--map", "amount=Spent", "--timezone", "Africa/Cairo", "--date-order", "dmy", "--decimal", ","),
)


def test_that_sheet_header_columns_date_order_and_decimal_sign_are_read_as_told(
    desktop: Desktop, gameball: GameballFactory, second_sheet: Path
) -> None:
    service = gameball()
    ran = desktop.at(service.url).submit(second_sheet, "cashback", *READ_SO)
    assert ran.code == 0, ran.err
    assert [(item["transactionTime"], str(item["amount"])) for item in applied(service, "cashback")] == [
        ("2026-02-01T08:00:00.000Z", "1234.5"),
        ("2026-03-02T08:00:00.000Z", "7.25"),
    ]


def test_that_dates_that_nothing_decides_are_asked_about_by_their_column(desktop: Desktop, second_sheet: Path) -> None:
    options = [option for option in READ_SO if option not in ("--date-order", "dmy")]
    ran = desktop.check(second_sheet, "cashback", *options)
    assert ran.code != 0
    assert "When" in ran.err + ran.out


def test_that_another_date_order_reads_other_days(desktop: Desktop, gameball: GameballFactory) -> None:
    file = desktop.folder / "us.csv"
    file.write_text("Customer ID,Transaction ID,Transaction Time,Amount\nC-1,T-1,02/03/2026 10:00,5\n")
    service = gameball()
    options = ("--date-order", "mdy", "--timezone", "America/New_York")
    assert desktop.at(service.url).submit(file, "cashback", *options).code == 0
    assert applied(service, "cashback")[0]["transactionTime"] == "2026-02-03T15:00:00.000Z"


def test_that_constants_and_generated_values_are_sent_and_stay_the_same_when_checked_again(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    rows = [("Customer ID", "Amount"), ("C-1", 5), ("C-2", 6), ("C-2", 6)]
    file = write_sheet(desktop.folder / "two columns.xlsx", rows)
    service = gameball()
    options = (
        *("--generate", "transactionId=RAMADAN", "--generate", "transactionTime", "--set", "email=team@example.com"),
        *CAIRO,
    )
    found = checked(desktop.check(file, "cashback", *options))
    assert set(found["mapping"]) == {"customerId", "amount", "transactionId", "transactionTime", "email"}
    ran = desktop.at(service.url).submit(file, "cashback", *options)
    assert ran.code == 0, ran.err
    items = applied(service, "cashback")
    assert len({item["transactionId"] for item in items}) == 3
    assert all(item["transactionId"].startswith("RAMADAN") for item in items)
    assert len({item["transactionTime"] for item in items}) == 3
    assert {item["email"] for item in items} == {"team@example.com"}


def test_that_a_csv_is_read_in_the_encoding_and_with_the_delimiter_told(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    file = desktop.folder / "arabic.csv"
    text = 'رقم العميل|الاسم|المدينة\r\n007|"عادل| منى"|القاهرة\r\n'
    file.write_bytes(text.encode("windows-1256"))
    service = gameball()
    ran = desktop.at(service.url).submit(file, "customers", "--encoding", "windows-1256", "--delimiter", "|")
    assert ran.code == 0, ran.err
    attributes = {"displayName": "عادل| منى", "city": "القاهرة"}
    assert applied(service, "customers") == [{"customerId": "007", "customerAttributes": attributes}]


def test_that_a_locked_workbook_opens_with_the_password_on_standard_input(desktop: Desktop) -> None:
    plain = write_sheet(desktop.folder / "plain.xlsx", cashback_rows(3))
    locked = desktop.folder / "locked.xlsx"
    with plain.open("rb") as source, locked.open("wb") as out:
        OOXMLFile(source).encrypt("opensesame", out)
    asked = desktop.check(locked, "cashback", *CAIRO)
    assert (asked.code, asked.out) == (2, "")
    assert "password" in asked.sentence
    command = ("check", locked, "--type", "cashback", "--json", *CAIRO, "--password-stdin")
    wrong = desktop.run(*command, stdin="openbarley\n")
    assert (wrong.code, wrong.out) == (2, "")
    right = desktop.run(*command, stdin="opensesame\n")
    assert checked(right)["valid"] == 3
    kept = [path for path in desktop.data.rglob("*") if path.is_file() and b"opensesame" in path.read_bytes()]
    assert kept == []


def test_that_a_mobile_is_completed_by_the_country_told(desktop: Desktop, gameball: GameballFactory) -> None:
    file = write_sheet(desktop.folder / "m.xlsx", [("Customer ID", "Mobile"), ("C-1", "050 123 4567")])
    service = gameball()
    assert desktop.at(service.url).submit(file, "customers", "--country", "SA").code == 0
    assert applied(service, "customers") == [{"customerId": "C-1", "mobile": "+966501234567"}]


def test_that_a_mapping_file_says_all_that_options_would(desktop: Desktop, gameball: GameballFactory) -> None:
    def column(name: str) -> dict[str, Any]:
        return {"kind": "column", "columns": [name], "text": ""}

    mapping = {
        "version": 1,
        "batch_type": "customers",
        "sources": {"customerId": column("Key"), "customerAttributes.channel": column("Way")},
        "settings": {"timezone": "Africa/Cairo"},
        "values": {"customerAttributes.channel": {"kiosk": "pos"}},
    }
    told = desktop.folder / "mapping.json"
    told.write_text(json.dumps(mapping))
    file = write_sheet(desktop.folder / "own words.xlsx", [("Key", "Way", "Town"), ("K1", "kiosk", "Tanta")])
    service = gameball()
    options = ("--mapping", told, "--map", "customerAttributes.city=Town")
    ran = desktop.at(service.url).submit(file, "customers", *options)
    assert ran.code == 0, ran.err
    attributes = {"channel": "pos", "city": "Tanta"}
    assert applied(service, "customers") == [{"customerId": "K1", "customerAttributes": attributes}]


def test_that_the_customers_own_email_is_meant_unless_the_attribute_is_asked_for(desktop: Desktop) -> None:
    file = write_sheet(desktop.folder / "e.xlsx", [("Customer ID", "Email"), ("C-1", "a@example.com")])
    commands = [
        desktop.start("check", file, "--type", "customers", "--json", *options)
        for options in ((), ("--map", "customerAttributes.email=Email"))
    ]
    plain, asked = (checked(ran)["mapping"] for ran in together(commands))
    assert plain == {"customerId": "Customer ID", "email": "Email"}
    assert asked["customerAttributes.email"] == "Email"


@pytest.mark.parametrize("options", [(), ("--annotated", "copy.xlsx")])
def test_that_half_a_character_and_a_zero_byte_are_errors_of_their_cells_and_break_nothing(
    desktop: Desktop, options: tuple[str, ...]
) -> None:
    moment = "2026-03-01 10:00:0"
    lines = [
        "Customer ID,Transaction ID,Transaction Time,Amount,No\ud800te",
        f"C-1,T-1,{moment}1,5,a\x00b",
        f"C-2\ud800,T-2,{moment}2,6,x",
        f"C-3,T-3,{moment}3,7,y\ud800",
        f"C-4\x00,T-4,{moment}4,8,z",
    ]
    file = desktop.folder / "half.csv"
    file.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    ran = desktop.check(file, "cashback", *(str(desktop.folder / o) if o.endswith("xlsx") else o for o in options))
    assert ran.code == 1, ran.err
    assert (ran.json["rows"], ran.json["valid"], ran.json["invalid"]) == (4, 2, 2)
    wrong = [cell for problem in ran.json["problems"] if problem["severity"] == "error" for cell in problem["cells"]]
    assert sorted(wrong) == ["half!A3", "half!A5"]
    assert ran.json["columns"][4] == "No\ud800te"
