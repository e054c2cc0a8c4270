"""Two commands at the same moment: schedulers fire twice, people click while a job runs."""

from __future__ import annotations

from tests.e2e.cli_kit import (
    OUTCOMES,
    Desktop,
    GameballFactory,
    adds_up,
    applied,
    finished,
    killed,
    submission,
    together,
    until,
)
from tests.e2e.cli_sheets import CAIRO, cashback_rows, write_sheet
from tests.practice.fixtures import ledger, requests_seen

EVENTS = [("Customer ID", "Event Name"), *((f"C-{n}", "visit") for n in range(40))]


def test_that_the_same_sheet_submitted_twice_at_once_is_sent_once(desktop: Desktop, gameball: GameballFactory) -> None:
    """A once-type: Gameball would reward every customer twice."""
    service = gameball(pace=40)
    account = desktop.at(service.url)
    file = write_sheet(desktop.folder / "events.xlsx", EVENTS)
    ended = together([account.start(*submission(file, "events")) for _ in range(2)])
    assert len(applied(service, "events")) == 40
    assert sorted(ran.code for ran in ended) == [0, 2], [ran.err for ran in ended]
    refused = next(ran for ran in ended if ran.code)
    assert "--again" in refused.sentence
    assert refused.out == ""
    for run in desktop.runs():
        assert sum(run[name] for name in OUTCOMES) == run["rows"] == 40


def test_that_two_sheets_of_one_account_are_sent_one_after_the_other(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    service = gameball(pace=4)
    account = desktop.at(service.url)
    files = [write_sheet(desktop.folder / f"{first}.xlsx", cashback_rows(20, first)) for first in (1, 101)]
    first = account.start(*submission(files[0], "cashback"), *CAIRO)
    until(lambda: len(ledger(service.url)) > 1, "the first sheet on its way")
    second = account.start(*submission(files[1], "cashback"), *CAIRO)
    ended = [finished(first), finished(second)]
    assert [ran.code for ran in ended] == [0, 0], [ran.err for ran in ended]
    assert "Waiting in line" in ended[1].err
    assert len({item["transactionId"] for item in applied(service, "cashback")}) == 40


def test_that_a_run_in_line_gives_up_after_its_wait_and_can_be_stopped(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    service = gameball(queue=20)
    account = desktop.at(service.url)
    files = [write_sheet(desktop.folder / f"{first}.xlsx", cashback_rows(20, first)) for first in (1, 101, 201)]
    first = account.start(*submission(files[0], "cashback"), *CAIRO)
    until(lambda: requests_seen(service.url).get(("POST", "batch/cashback", 200)), "the first sheet at Gameball")
    impatient = account.run(*submission(files[1], "cashback"), *CAIRO, "--wait", "0.5")
    assert impatient.code == 5, impatient.err
    assert "Another run of the account" in impatient.err
    adds_up(impatient.json, not_sent=20)
    third = account.start(*submission(files[2], "cashback"), *CAIRO)

    def ready() -> set[str]:
        return {run["run"] for run in desktop.runs() if run["state"] == "ready"}

    assert impatient.json["run"] in ready(), "nothing of it was sent: it may be changed"
    until(lambda: len(ready()) == 2, "the third in line")
    (waiting,) = ready() - {impatient.json["run"]}
    assert account.run("stop", waiting).code == 0
    stopped = finished(third)
    assert (stopped.code, stopped.json["stopped"]) == (5, True), stopped.err
    adds_up(stopped.json, not_sent=20)
    assert ready() == {impatient.json["run"], waiting}
    assert len(applied(service, "cashback")) <= 20
    killed(first)
