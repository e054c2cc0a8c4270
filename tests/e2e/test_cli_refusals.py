"""What can't be used is refused with exit code 2 and one sentence that names it; nothing is sent or left behind."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.e2e.cli_kit import Desktop, GameballFactory, Ran, Start, side_by_side, submission
from tests.e2e.cli_sheets import cashback_rows, write_sheet

NOWHERE = "http://127.0.0.1:9"  # nothing may be sent, so nothing need listen
LONGEST = 300  # letters of a sentence


def refused(desktop: Desktop, ran: Ran, *named: str, code: int = 2) -> None:
    assert ran.code == code, ran.err
    assert ran.out == "", ran.out
    said = [line for line in ran.err.splitlines() if not line.endswith("…")]  # what it was doing until then
    assert len(said) == 1, said
    assert len(said[0]) < LONGEST
    assert "{" not in said[0]
    for word in named:
        assert word in said[0], said[0]
    assert desktop.only_run() == ""


def png(path: Path) -> Path:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b""))
    return path


def cut_off(path: Path) -> Path:
    whole = write_sheet(path, cashback_rows(50)).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def nothing(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def is_folder(path: Path) -> Path:
    path.mkdir()
    return path


def gone(path: Path) -> Path:
    return path


UNREADABLE: dict[str, Callable[[Path], Path]] = {
    "no file": gone,
    "a picture": png,
    "a truncated workbook": cut_off,
    "an empty file": nothing,
    "a folder": is_folder,
    "an empty sheet": lambda path: write_sheet(path, []),
    "a header alone": lambda path: write_sheet(path, cashback_rows(0)),
}


def test_that_a_file_which_is_no_sheet_is_refused_by_its_name(desktop: Desktop) -> None:
    def start(make: Callable[[Path], Path]) -> Start:
        return lambda own: own.start(*submission(make(own.folder / "marketing.xlsx"), "cashback"))

    starts = {what: start(make) for what, make in UNREADABLE.items()}
    for what, own, ran in side_by_side(desktop.at(NOWHERE), starts):
        refused(own, ran, "Sheet1" if what == "a header alone" else "marketing.xlsx")


def test_that_a_sheet_without_a_header_says_which_field_has_no_column(desktop: Desktop) -> None:
    file = write_sheet(desktop.folder / "bare.xlsx", cashback_rows(5)[1:])
    refused(desktop, desktop.at(NOWHERE).submit(file, "cashback"), "Customer ID")


def test_that_a_required_field_without_a_column_is_named(desktop: Desktop) -> None:
    rows = [row[:3] for row in cashback_rows(5)]
    file = write_sheet(desktop.folder / "no amounts.xlsx", rows)
    refused(desktop, desktop.at(NOWHERE).submit(file, "cashback"), "Amount spent")
    assert desktop.runs() == []


def test_that_order_ids_without_a_column_are_named(desktop: Desktop) -> None:
    file = write_sheet(desktop.folder / "orders.xlsx", [("What we sold",), ("ORD-1",), ("ORD-2",)])
    refused(desktop, desktop.at(NOWHERE).submit(file, "order-transactions"), "Order ID")


# What is written on the command line, and the words that the sentence must hold.
UNUSABLE = {
    "unknown column": (("--map", "amount=Spendings"), ("Spendings",)),
    "unknown field": (("--map", "loyaltyTier=Amount"), ("loyaltyTier",)),
    "no equals sign": (("--map", "amount"), ("amount",)),
    "not to be generated": (("--generate", "amount"), ("amount",)),
    "unknown sheet": (("--sheet", "March"), ("March",)),
    "header far below": (("--header-row", "900"), ("900",)),
    "unknown zone": (("--timezone", "Africa/Atlantis"), ("Africa/Atlantis",)),
    "unknown country": (("--country", "XQ"), ("XQ",)),
    "unknown date order": (("--date-order", "ydm"), ("ydm",)),
    "no mapping file": (("--mapping", "missing.json"), ("missing.json",)),
    "unknown option": (("--fast",), ("--fast",)),
}


def test_that_an_option_that_cannot_be_used_is_named(desktop: Desktop) -> None:
    file = write_sheet(desktop.folder / "fine.xlsx", cashback_rows(3))

    def start(options: tuple[str, ...]) -> Start:
        return lambda own: own.start(*submission(file, "cashback"), *options)

    starts = {what: start(options) for what, (options, _) in UNUSABLE.items()}
    for what, own, ran in side_by_side(desktop.at(NOWHERE), starts):
        refused(own, ran, *UNUSABLE[what][1])


def test_that_a_mapping_file_of_something_else_is_named(desktop: Desktop) -> None:
    other = desktop.folder / "other.json"
    other.write_text(json.dumps({"colour": "green"}))
    file = write_sheet(desktop.folder / "fine.xlsx", cashback_rows(3))
    refused(desktop, desktop.at(NOWHERE).submit(file, "cashback", "--mapping", other), "mapping")


# A command as it is typed, and a word that the sentence must hold.
SENSELESS = {
    "check fine.xlsx --type refunds": "refunds",
    "submit fine.xlsx --type cashback": "--account",
    "submit fine.xlsx --type cashback --practice --account env": "--practice",
    "resume 20260101-000000-none": "20260101-000000-none",
    "report 20260101-000000-none out.xlsx": "20260101-000000-none",
    "resolve 20260101-000000-none": "--look-up",
    "resume ../../etc/passwd": "passwd",
    "submit fine.xlsx --type cashback --practice --wait nan": "nan",
    "submit fine.xlsx --type cashback --practice --wait -5": "-5",
    "check fine.xlsx --type cashback --annotated out.csv": "out.csv",
    "template cashback out.ods": ".xlsx",
    "check . --type cashback": ". is a folder",
    "accounts": "add",
    "accounts add shop": "--environment",
    "accounts remove shop": "shop",
}


def test_that_a_command_that_makes_no_sense_is_told_why(desktop: Desktop) -> None:
    def start(typed: str) -> Start:
        return lambda own: own.start(*typed.split())

    for typed, own, ran in side_by_side(desktop, {typed: start(typed) for typed in SENSELESS}):
        refused(own, ran, SENSELESS[typed], code=3 if typed == "accounts remove shop" else 2)
        assert not (own.folder / "out.xlsx").exists()


def test_that_no_command_writes_over_the_workbook_that_it_reads(desktop: Desktop, gameball: GameballFactory) -> None:
    file = write_sheet(desktop.folder / "fine.xlsx", cashback_rows(3))
    before = file.read_bytes()
    account = desktop.at(gameball().url)
    (desktop.folder / "link.xlsx").symlink_to(file)
    for out in (file, "fine.xlsx", "link.xlsx"):
        refused(desktop, account.check(file, "cashback", "--annotated", out), "rows came from")
        refused(desktop, account.submit(file, "cashback", "--report", out), "rows came from")
    assert account.runs() == []
    run = account.submit(file, "cashback").json["run"]
    for command in (("report", run, file), ("resume", run, "--report", file)):
        ran = account.run(*command)
        assert (ran.code, "rows came from" in ran.sentence) == (2, True), ran.err
    assert file.read_bytes() == before


def test_that_nobody_is_asked_on_a_terminal_that_is_not_there(desktop: Desktop, gameball: GameballFactory) -> None:
    """A closed standard input is no reason to wait or to stumble."""
    file = write_sheet(desktop.folder / "fine.xlsx", cashback_rows(3))
    service = gameball()
    ran = desktop.at(service.url).run(*submission(file, "cashback"))
    assert ran.code == 0, ran.err


def test_that_an_account_nobody_added_is_named(desktop: Desktop) -> None:
    file = write_sheet(desktop.folder / "fine.xlsx", cashback_rows(3))
    ran = desktop.run("submit", file, "--type", "cashback", "--account", "shop", "--json")
    refused(desktop, ran, "shop", code=3)


def test_that_keys_missing_from_the_environment_are_named_by_their_variable(desktop: Desktop) -> None:
    file = write_sheet(desktop.folder / "fine.xlsx", cashback_rows(3))
    refused(desktop, desktop.submit(file, "cashback"), "GB_DESKTOP_API_KEY", code=3)


def test_that_keys_never_go_to_another_computer_unencrypted(desktop: Desktop) -> None:
    file = write_sheet(desktop.folder / "fine.xlsx", cashback_rows(3))
    ran = desktop.at("http://gameball.example.com").submit(file, "cashback")
    refused(desktop, ran, "https", code=3)
