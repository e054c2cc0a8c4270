"""Next month's sheet from the command line: mapped as in the last run with the same headers, if asked."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.cli_kit import Desktop, GameballFactory, applied
from tests.e2e.cli_sheets import write_sheet

HEADER = ("Code", "Wert", "Channel")
OPTIONS = (
    *("--map", "customerId=Code", "--map", "amount=Wert", "--generate", "transactionId=shop"),
    *("--generate", "transactionTime", "--set", "email=shop@example.com"),
)


def month(file: Path, amount: float) -> Path:
    return write_sheet(file, [HEADER, *((f"C-{n}", amount + n, "x") for n in range(1, 4))])


def test_that_next_months_sheet_goes_as_the_last_one_did(desktop: Desktop, gameball: GameballFactory) -> None:
    service = gameball()
    at_shop = desktop.at(service.url)
    first = at_shop.submit(month(desktop.folder / "oct.xlsx", 10.5), "cashback", *OPTIONS)
    assert first.code == 0, first.err
    november = month(desktop.folder / "nov.xlsx", 20.5)

    unasked = at_shop.submit(november, "cashback")
    assert unasked.code == 2
    assert "No column was matched to" in unasked.sentence
    assert f"Run {first.json['run']} had exactly these headers: --as-last-time takes its mapping." in unasked.err

    second = at_shop.submit(november, "cashback", "--as-last-time")
    assert second.code == 0, second.err
    assert f"The columns are mapped as in run {first.json['run']} of " in second.err
    assert "For all rows, as then: E-mail is “shop@example.com”." in second.err
    assert "Made by GB Desktop, as then: Transaction ID, Transaction time." in second.err
    items = applied(service, "cashback")
    assert sorted(float(item["amount"]) for item in items) == [11.5, 12.5, 13.5, 21.5, 22.5, 23.5]
    assert len({item["transactionId"] for item in items}) == 6

    both = at_shop.submit(november, "cashback", "--as-last-time", "--mapping", str(november))
    assert both.code == 2
    assert "take one" in both.sentence

    once_more = at_shop.submit(november, "cashback", "--as-last-time")
    assert once_more.code == 2
    assert "--again" in once_more.sentence
    assert len(applied(service, "cashback")) == 6


def test_that_what_was_only_checked_is_not_taken_over(desktop: Desktop, gameball: GameballFactory) -> None:
    file = month(desktop.folder / "oct.xlsx", 10.5)
    assert desktop.check(file, "cashback", *OPTIONS).code == 0
    sent = desktop.at(gameball().url).submit(file, "cashback", "--as-last-time")
    assert sent.code == 2
    assert "no run had exactly these headers" in sent.sentence
