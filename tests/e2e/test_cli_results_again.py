"""A results workbook handed in again: recognised, asked about, and only its failed rows sent when that is meant."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gb_desktop.practice import PracticeServer
from tests.e2e.cli_kit import Desktop, GameballFactory, adds_up, applied, desktop, gameball
from tests.e2e.cli_sheets import cashback_rows, write_sheet
from tests.practice.fixtures import EVERYBODY

__all__ = ["desktop", "gameball"]
OPTIONS = ("--map", "transactionId=Receipt", "--map", "customerId=Card", "--timezone", "Africa/Cairo")


@dataclass
class First:
    """A run of 10 rows whose last three are of customers that nobody knows."""

    desktop: Desktop
    service: PracticeServer
    results: Path

    def applied(self) -> list[Any]:
        return applied(self.service, "cashback")


@pytest.fixture
def first(desktop: Desktop, gameball: GameballFactory) -> First:
    service = gameball(seed=replace(EVERYBODY, accept_prefix="C-"))
    rows = [("Card", "Receipt", "Transaction Time", "Amount")]
    for number, row in enumerate(cashback_rows(10)[1:], 1):
        card = f"X-{number}" if number > 7 else f"C-{number}"
        rows.append((card, *row[1:]))
    file = write_sheet(desktop.folder / "march.xlsx", rows)
    out = desktop.folder / "results.xlsx"
    desktop = desktop.at(service.url)
    adds_up(desktop.submit(file, "cashback", *OPTIONS, "--report", out).json, rows=10, succeeded=7, failed=3)
    return First(desktop, service, out)


def edited(path: Path, change: Callable[[openpyxl.worksheet.worksheet.Worksheet], None]) -> Path:
    workbook = openpyxl.load_workbook(path)
    change(workbook["Results"])
    workbook.save(path)
    return path


def test_that_a_results_workbook_is_not_sent_as_if_it_were_a_sheet(first: First) -> None:
    desktop, out, before = first.desktop, first.results, first.applied()
    ran = desktop.submit(out, "cashback", *OPTIONS)
    assert ran.code == 2
    assert ran.out == ""
    run = desktop.runs()[0]["run"]
    assert f"resume {run}" in ran.err
    assert "--failed-rows" in ran.err
    assert first.applied() == before
    assert len(desktop.runs()) == 1
    checked = desktop.check(out, "cashback", *OPTIONS, "--map", "amount=Amount")
    assert checked.json["rows"] == 10
    assert "--failed-rows" in checked.err


def test_that_only_the_failed_rows_go_as_they_stand_in_the_workbook_and_by_the_same_mapping(first: First) -> None:
    desktop, out = first.desktop, first.results

    def mend(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        page["A9"] = "C-8"
        page["A10"] = "C-9"

    edited(out, mend)
    again = desktop.folder / "again.xlsx"
    ran = desktop.submit(out, "cashback", "--failed-rows", "--report", again)  # no --map: the run's mapping is kept
    assert ran.code == 1, ran.err
    adds_up(ran.json, rows=3, succeeded=2, failed=1)
    sent = first.applied()
    assert sorted(item["transactionId"] for item in sent) == sorted(f"T-{n}" for n in range(1, 10))
    assert {item["customerId"] for item in sent if item["transactionId"] in ("T-8", "T-9")} == {"C-8", "C-9"}
    rows = list(openpyxl.load_workbook(again)["Results"].values)
    assert list(rows[0])[:8] == [
        "Card",
        "Receipt",
        "Transaction Time",
        "Amount",
        "Outcome",
        "Message",
        "Evidence",
        "Job",
    ]
    assert [row[1] for row in rows[1:]] == ["T-8", "T-9", "T-10"]
    third = desktop.check(again, "cashback", "--failed-rows")
    assert third.json["rows"] == 1


def test_that_results_of_another_computer_lend_their_failed_rows_but_no_unsent_ones(first: First) -> None:
    desktop, out = first.desktop, first.results
    edited(out, lambda page: page.__setitem__("E8", "not sent"))
    shutil.rmtree(desktop.data)
    ran = desktop.submit(out, "cashback", *OPTIONS)
    assert ran.code == 2
    assert "not on this computer" in ran.err
    assert "resume" not in ran.err
    checked = desktop.check(out, "cashback", "--failed-rows", *OPTIONS)
    assert checked.json["rows"] == 3


def test_that_a_workbook_older_than_its_run_lends_nothing(first: First) -> None:
    desktop, out = first.desktop, first.results
    edited(out, lambda page: page.__setitem__("E2", "failed"))
    ran = desktop.submit(out, "cashback", "--failed-rows")
    assert ran.code == 2
    assert "went on after this workbook was written" in ran.err


def test_that_results_saved_as_text_are_recognised_by_their_columns(first: First) -> None:
    desktop, before = first.desktop, first.applied()
    rows = list(openpyxl.load_workbook(first.results)["Results"].values)
    file = desktop.folder / "results.csv"
    lines = ["|".join("" if value is None else str(value) for value in row) for row in rows]
    file.write_text("\n".join(lines), encoding="utf-8")
    ran = desktop.submit(file, "cashback", *OPTIONS)
    assert ran.code == 2
    assert "holds the results of a run" in ran.err
    assert first.applied() == before
    assert desktop.check(file, "cashback", "--failed-rows", *OPTIONS).json["rows"] == 3


@pytest.mark.parametrize(
    ("change", "batch_type", "said"),
    [
        (lambda page: None, "redeem", "another batch type"),
        (lambda page: page.delete_cols(6), "cashback", "The columns Outcome, Message, Evidence, Job are missing"),
        (lambda page: page.delete_rows(9, 3), "cashback", "No row of this workbook failed"),
    ],
)
def test_that_a_results_workbook_without_failed_rows_says_why(
    first: First, change: Callable[..., None], batch_type: str, said: str
) -> None:
    desktop, out = first.desktop, first.results
    ran = desktop.submit(edited(out, change), batch_type, "--failed-rows")
    assert ran.code == 2
    assert said in ran.err
    assert len(desktop.runs()) == 1


def test_that_an_ordinary_sheet_has_no_failed_rows(desktop: Desktop) -> None:
    file = write_sheet(desktop.folder / "plain.xlsx", cashback_rows(3))
    ran = desktop.check(file, "cashback", "--failed-rows")
    assert ran.code == 2
    assert "holds no results" in ran.err
