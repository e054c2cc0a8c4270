"""The mapping options of the command line, by what arrives at Gameball, and mappings that fit a sheet only in part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gb_desktop.mapping.changes import Change
from gb_desktop.mapping.model import Mapping, Settings, Source, SourceKind
from gb_desktop.mapping.saved import SavedMappings, export_mapping
from tests.checking.sheets import columns
from tests.e2e.cli_kit import Desktop, GameballFactory, Ran, applied, side_by_side
from tests.e2e.cli_sheets import CAIRO, cashback_rows, write_sheet

PEOPLE = [
    ("Key", "First name", "Last, name", "Mail"),
    ("7", "Mona", "Adel", "mona@example.com"),
    ("8", "Omar", "", None),
]
HEAD = ("Customer ID", "Transaction ID", "Transaction Time", "Amount")


def test_that_columns_are_joined_and_split_as_told(desktop: Desktop, gameball: GameballFactory) -> None:
    file = write_sheet(desktop.folder / "people.xlsx", PEOPLE)
    service = gameball()
    ran = desktop.at(service.url).submit(
        file,
        "customers",
        *("--map", 'customerId=prefix("C-",Key)'),
        *("--map", 'customerAttributes.displayName=join(" ", First name, "Last, name")'),
        *("--map", 'customerAttributes.source=after("@", Mail)'),
        *("--map", 'custom.nick=before("@",D)'),
    )
    assert ran.code == 0, ran.err
    assert applied(service, "customers") == [
        {
            "customerId": "C-7",
            "email": "mona@example.com",
            "customerAttributes": {
                "displayName": "Mona Adel",
                "firstName": "Mona",
                "lastName": "Adel",
                "source": "example.com",
                "custom": {"nick": "mona"},
            },
        },
        {"customerId": "C-8", "customerAttributes": {"displayName": "Omar", "firstName": "Omar"}},
    ]


UNUSABLE = {
    "nothing to join": ('displayName=join(" ",First name)', "join("),
    "no text to cut at": ('displayName=before("",First name)', "before("),
    "an unknown column": ('displayName=join(" ",First name,Surname)', "Surname"),
    "too many columns": ('displayName=prefix("a",Key,Mail)', "prefix("),
}


def refused(ran: Ran, word: str) -> None:
    assert ran.code == 2, ran.err
    assert word in ran.sentence
    assert "Traceback" not in ran.err


def test_that_a_source_that_can_not_be_made_is_refused_in_a_sentence(desktop: Desktop) -> None:
    file = write_sheet(desktop.folder / "people.xlsx", PEOPLE)

    def start(option: str):  # type: ignore[no-untyped-def]
        given = ("--map", "customerId=Key", "--map", f"customerAttributes.{option}")
        return lambda own: own.start("check", file, "--type", "customers", *given)

    for what, _, ran in side_by_side(desktop, {what: start(option) for what, (option, _) in UNUSABLE.items()}):
        refused(ran, UNUSABLE[what][1])


def test_that_a_column_that_is_called_like_a_function_is_a_column(desktop: Desktop, gameball: GameballFactory) -> None:
    file = write_sheet(desktop.folder / "odd.xlsx", [("join(a,b)", "x"), ("C-1", "y")])
    service = gameball()
    ran = desktop.at(service.url).submit(file, "customers", "--map", "customerId=join(a,b)")
    assert ran.code == 0, ran.err
    assert applied(service, "customers") == [{"customerId": "C-1"}]


def test_that_words_years_and_lists_are_read_as_told(desktop: Desktop, gameball: GameballFactory) -> None:
    rows = [
        ("Customer ID", "Channel", "Date of birth", "Marks"),
        ("C-1", "Kiosk", "21/05/31", "gold/vip"),
        ("C-2", "Online", "21/05/29", "new"),
    ]
    file = write_sheet(desktop.folder / "words.xlsx", rows)
    service = gameball()
    ran = desktop.at(service.url).submit(
        file,
        "customers",
        *("--word", "customerAttributes.channel:kiosk=POS", "--word", "customerAttributes.channel:Online=mobile"),
        *("--year-pivot", "30", "--date-order", "dmy", "--list-separator", "/"),
        *("--map", "customerAttributes.utms=Marks"),
    )
    assert ran.code == 0, ran.err
    assert [item["customerAttributes"] for item in applied(service, "customers")] == [
        {"channel": "pos", "dateOfBirth": "1931-05-21", "utms": ["gold", "vip"]},
        {"channel": "mobile", "dateOfBirth": "2029-05-21", "utms": ["new"]},
    ]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--word", "customerAttributes.channel:Kiosk=moon"), "callcenter"),
        (("--word", "customerAttributes.channel=pos"), "FIELD:WORD=VALUE"),
        (("--word", "email:x=y"), "email"),
        (("--word", "nothing:x=y"), "nothing"),
        (("--year-pivot", "1930"), "1930"),
    ],
)
def test_that_a_word_or_year_that_can_not_be_meant_is_refused(
    desktop: Desktop, options: tuple[str, ...], word: str
) -> None:
    file = write_sheet(desktop.folder / "few.xlsx", [("Customer ID", "Channel"), ("C-1", "Kiosk")])
    refused(desktop.run("check", file, "--type", "customers", *options), word)


def test_that_an_undecided_column_names_the_option_that_decides_it(desktop: Desktop) -> None:
    file = desktop.folder / "asked.csv"
    file.write_text("Customer ID,Transaction ID,Transaction Time,Amount\nC-1,T-1,02/03/2026 10:00,5\n")
    ran = desktop.at("http://127.0.0.1:9").submit(file, "cashback")
    refused(ran, "--date-order")


def saved(file: Path, *changes: Change, name: str = "Monthly", **sources: str) -> Mapping:
    made = {path: Source.column(header) for path, header in sources.items()}
    mapping = Mapping("cashback", made, Settings(timezone="Africa/Cairo"), name=name, changes=changes)
    export_mapping(mapping, columns(*HEAD), file)
    return mapping


FOUR = {"customerId": HEAD[0], "transactionId": HEAD[1], "transactionTime": HEAD[2], "amount": HEAD[3]}


def test_that_a_mapping_file_follows_columns_and_says_so(desktop: Desktop, gameball: GameballFactory) -> None:
    saved(desktop.folder / "m.json", **FOUR)
    moved = ("AMOUNT", "Transaction Time", "Customer ID", "Transaction ID", "Till")
    rows = [moved, (5, "2026-03-01 10:00", "C-1", "T-1", "3")]
    file = write_sheet(desktop.folder / "moved.xlsx", rows)
    service = gameball()
    ran = desktop.at(service.url).submit(file, "cashback", "--mapping", desktop.folder / "m.json")
    assert ran.code == 0, ran.err
    for sentence in (
        "Column Amount is now called AMOUNT.",
        "another order than before",
        "not sent until you choose them: Till",
    ):
        assert sentence in ran.err
    assert len(applied(service, "cashback")) == 1


def test_that_a_field_whose_column_is_gone_is_never_left_out_in_silence(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    saved(desktop.folder / "m.json", **FOUR, email="E-mail")
    rows = [(*HEAD, "Mail address"), ("C-1", "T-1", "2026-03-01 10:00", 5, "a@example.com")]
    file = write_sheet(desktop.folder / "gone.xlsx", rows)
    options = ("--mapping", desktop.folder / "m.json")
    refused(desktop.at("http://127.0.0.1:9").submit(file, "cashback", *options), "--map email=COLUMN")
    service = gameball()
    ran = desktop.at(service.url).submit(file, "cashback", *options, "--map", "email=Mail address")
    assert ran.code == 0, ran.err
    assert applied(service, "cashback")[0]["email"] == "a@example.com"


def test_that_a_mapping_of_another_batch_type_is_refused(desktop: Desktop) -> None:
    saved(desktop.folder / "m.json", **FOUR)
    file = write_sheet(desktop.folder / "few.xlsx", [("Customer ID",), ("C-1",)])
    refused(desktop.run("check", file, "--type", "customers", "--mapping", desktop.folder / "m.json"), "Cashback")


def test_that_a_saved_mapping_is_applied_by_itself_with_what_it_generates(desktop: Desktop) -> None:
    file = write_sheet(desktop.folder / "two.xlsx", [("Customer ID", "Amount"), ("C-1", 5)])
    mapping = Mapping(
        "cashback",
        {
            "customerId": Source.column("Customer ID"),
            "amount": Source.column("Amount"),
            "transactionId": Source(SourceKind.GENERATED, (), "march"),
            "transactionTime": Source.generated(),
        },
        name="Monthly",
    )
    SavedMappings(desktop.data / "mappings").save(mapping, columns("Customer ID", "Amount"))
    ran = desktop.check(file, "cashback")
    assert ran.code == 0, ran.err
    assert "The mapping Monthly was applied" in ran.err
    assert set(ran.json["mapping"]) == {"customerId", "amount", "transactionId", "transactionTime"}


def spoiled(file: Path) -> Path:
    rows: list[tuple[Any, ...]] = [tuple(row) for row in cashback_rows(6)]
    at = rows[0].index("Amount") if "Amount" in rows[0] else 3
    for number, value in ((2, "15 pts"), (3, "20 pts"), (5, "refund")):
        rows[number] = (*rows[number][:at], value, *rows[number][at + 1 :])
    return write_sheet(file, rows)


def test_that_changes_saved_with_a_mapping_are_named_and_made_again_when_asked(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    changes = (
        Change.replaced("Amount", " pts", "", 9, "amount"),
        Change.fix("not-a-number", "amount", "leave-out", 4),
    )
    saved(desktop.folder / "m.json", *changes, **FOUR)
    file = spoiled(desktop.folder / "spoiled.xlsx")
    options = ("--mapping", desktop.folder / "m.json", *CAIRO)
    named = desktop.check(file, "cashback", *options)
    assert (named.code, named.json["invalid"], named.json["excluded"]) == (1, 3, 0)
    assert "made again with --replay" in named.err
    assert "2 × Take “ pts” out of Amount" in named.err
    assert "1 × Leave rows out whose Amount spent is no number" in named.err
    made = desktop.check(file, "cashback", *options, "--replay")
    assert (made.code, made.json["valid"], made.json["excluded"]) == (0, 5, 1)
    assert "Changes of Monthly were made again: 2 cells changed, 1 row left out." in made.err
    service = gameball()
    ran = desktop.at(service.url).submit(file, "cashback", *options, "--replay")
    assert ran.code == 0, ran.err
    amounts = sorted(float(item["amount"]) for item in applied(service, "cashback"))
    assert len(amounts) == 5
    assert {15.0, 20.0} <= set(amounts)
    assert json.loads(ran.out)["excluded"] == 1
