"""Two commands at the same moment: schedulers fire twice, people click while a job runs."""

from __future__ import annotations

from tests.e2e.cli_kit import OUTCOMES, Desktop, GameballFactory, applied, submission, together
from tests.e2e.cli_sheets import CAIRO, cashback_rows, write_sheet

EVENTS = [("Customer ID", "Event Name"), *((f"C-{n}", "visit") for n in range(40))]


def test_that_the_same_sheet_submitted_twice_at_once_is_sent_once(desktop: Desktop, gameball: GameballFactory) -> None:
    """A once-type: Gameball would reward every customer twice."""
    service = gameball(pace=40)
    account = desktop.at(service.url)
    file = write_sheet(desktop.folder / "events.xlsx", EVENTS)
    ended = together([account.start(*submission(file, "events")) for _ in range(2)])
    assert len(applied(service, "events")) == 40
    assert sorted(ran.code for ran in ended) in ([0, 2], [0, 5]), [ran.err for ran in ended]
    refused = next(ran for ran in ended if ran.code)
    assert refused.sentence
    for run in desktop.runs():
        assert sum(run[name] for name in OUTCOMES) == run["rows"] == 40


def test_that_two_sheets_of_one_account_are_both_sent_or_one_says_why_not(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    service = gameball(pace=40)
    account = desktop.at(service.url)
    files = [write_sheet(desktop.folder / f"{first}.xlsx", cashback_rows(20, first)) for first in (1, 101)]
    ended = together([account.start(*submission(file, "cashback"), *CAIRO) for file in files])
    sent = 20 * sum(ran.code == 0 for ran in ended)
    assert sent >= 20, [ran.err for ran in ended]
    assert len({item["transactionId"] for item in applied(service, "cashback")}) == sent
    for ran in ended:
        assert ran.code in (0, 5), ran.err
        assert ran.code == 0 or ran.sentence
    for run in desktop.runs():
        if run["state"] != "finished":
            assert account.run("resume", run["run"], "--json").code == 0
    assert len(applied(service, "cashback")) == 40
