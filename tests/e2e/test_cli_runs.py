"""Commands about runs and accounts: list, stop, report, resume while it is sent, accounts, and the practice service."""

from __future__ import annotations

import json
import signal
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from gb_desktop.desk import Desk
from gb_desktop.practice.settings import Fault
from gb_desktop.workbook.model import ReadOptions
from tests.e2e.cli_kit import (
    LISTED,
    OUTCOMES,
    TEST_KEYS,
    Desktop,
    GameballFactory,
    adds_up,
    applied,
    finished,
    killed,
    submission,
    until,
)
from tests.e2e.cli_sheets import CAIRO, cashback_rows, write_sheet
from tests.practice.fixtures import ask, ledger, switch


@pytest.fixture
def layered(desktop: Desktop) -> Path:
    """Twenty customers, three rows each: three requests, one after the other."""
    head, *rows = cashback_rows(60)
    sheet = [head, *((f"C-{number % 20}", *row[1:]) for number, row in enumerate(rows))]
    return write_sheet(desktop.folder / "cashback.xlsx", sheet)


def test_that_nothing_was_ever_sent_on_a_new_computer(desktop: Desktop) -> None:
    assert desktop.runs() == []
    plain = desktop.run("runs")
    assert plain.code == 0


def test_that_runs_are_listed_newest_first_and_a_finished_one_tells_its_end_again(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    service = gameball()
    account = desktop.at(service.url)
    files = [write_sheet(desktop.folder / f"{first}.xlsx", cashback_rows(3, first)) for first in (1, 11)]
    summaries = [account.submit(file, "cashback", *CAIRO).json for file in files]
    listed = desktop.runs()
    assert [run["run"] for run in listed] == [summary["run"] for summary in reversed(summaries)]
    for run, file in zip(listed, reversed(files), strict=True):
        assert set(run) == LISTED
        assert (run["state"], run["type"], run["account"], run["rows"]) == ("finished", "cashback", "env", 3)
        assert Path(run["file"]).name == file.name
        assert run["created"].endswith("Z")
    again = account.run("resume", summaries[0]["run"], "--json")
    assert again.code == 0, again.err
    assert {name: again.json[name] for name in ("rows", *OUTCOMES)} == {
        name: summaries[0][name] for name in ("rows", *OUTCOMES)
    }
    assert len(applied(service, "cashback")) == 6


def test_that_progress_goes_to_stderr_and_words_or_one_object_to_stdout(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    file = write_sheet(desktop.folder / "c.xlsx", cashback_rows(3))
    account = desktop.at(gameball().url)
    said = account.run("submit", file, "--type", "cashback", "--account", "env", *CAIRO)
    assert said.code == 0
    assert "3 succeeded" in said.out
    with pytest.raises(json.JSONDecodeError):
        said.json  # noqa: B018 - reading it is the test
    assert said.err.strip()
    assert "\r" not in said.err  # plain lines where there is no terminal


def test_that_a_stopped_run_sends_no_more_and_watches_what_was_accepted(
    desktop: Desktop, gameball: GameballFactory, layered: Path
) -> None:
    service = gameball(pace=8)
    account = desktop.at(service.url)
    process = account.start(*submission(layered, "cashback"), *CAIRO)
    until(lambda: len(ledger(service.url)) > 2, "the first job running")
    stopped = account.run("stop", desktop.only_run())
    assert stopped.code == 0, stopped.err
    ran = finished(process)
    assert ran.code == 5, ran.err
    summary = ran.json
    adds_up(summary, rows=60, succeeded=20, not_sent=40, stopped=True)
    assert len(applied(service, "cashback")) == 20
    switch(service.url, pace=0)
    resumed = account.run("resume", summary["run"], "--json")
    assert resumed.code == 0, resumed.err
    adds_up(resumed.json, rows=60, succeeded=60, stopped=False)
    assert len({item["transactionId"] for item in applied(service, "cashback")}) == 60


def test_that_accepted_jobs_are_stopped_too_when_that_is_asked_and_nothing_is_guessed(
    desktop: Desktop, gameball: GameballFactory, layered: Path
) -> None:
    service = gameball(pace=4)
    account = desktop.at(service.url)
    process = account.start(*submission(layered, "cashback"), *CAIRO)
    until(lambda: len(ledger(service.url)) > 2, "the first job running")
    assert account.run("stop", desktop.only_run(), "--also-jobs").code == 0
    ran = finished(process)
    assert ran.code in (4, 5), ran.err
    summary = ran.json
    assert sum(summary[name] for name in OUTCOMES) == summary["rows"] == 60
    arrived = len(applied(service, "cashback"))
    assert arrived < 20
    assert summary["succeeded"] + summary["already_applied"] <= arrived
    assert summary["not_sent"] <= 60 - arrived
    jobs = ask(service.url, "/practice/jobs", keys=None).json["jobs"]
    assert "stopped" in {job["status"] for job in jobs}


def test_that_a_run_can_be_looked_at_while_it_is_sent_but_not_sent_by_two(
    desktop: Desktop, gameball: GameballFactory, layered: Path
) -> None:
    service = gameball(faults=(Fault("wait", on="POST batch/cashback", seconds=60),))
    account = desktop.at(service.url)
    process = account.start(*submission(layered, "cashback"), *CAIRO)
    posted = "/practice/jobs"
    until(lambda: len(ask(service.url, posted, keys=None).json["jobs"]) > 1, "the first job")
    run = desktop.only_run()
    (listed,) = desktop.runs()
    assert (listed["run"], listed["state"]) == (run, "sending")
    out = desktop.folder / "so far.xlsx"
    assert account.run("report", run, out).code == 0
    assert openpyxl.load_workbook(out).worksheets[0].max_row >= 61
    second = account.run("resume", run, "--json")
    assert second.code in (2, 5), second.err
    assert second.out == ""
    assert second.sentence
    killed(process)
    resumed = account.run("resume", run, "--json")
    assert resumed.code == 0, resumed.err
    assert len(applied(service, "cashback")) == 60


def test_that_a_report_can_be_written_later_and_never_over_something_it_cannot_be(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    rows = [(*row, "=1+1" if row[0] == "C-1" else "-") for row in cashback_rows(2)]
    file = write_sheet(desktop.folder / "c.xlsx", rows)
    run = desktop.at(gameball().url).submit(file, "cashback", *CAIRO).json["run"]
    out = desktop.folder / "results.xlsx"
    assert desktop.run("report", run, out).code == 0
    page = openpyxl.load_workbook(out)["Results"]
    values = [[cell.value for cell in row] for row in page.iter_rows()]
    header = next(row for row in values if "Outcome" in row)
    assert header[:5] == [*cashback_rows(0)[0], "-"]
    formulas = [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas == []
    nowhere = desktop.run("report", run, desktop.folder / "no such folder" / "results.xlsx")
    assert nowhere.code == 2
    assert "no such folder" in nowhere.sentence


def test_that_a_report_that_cannot_be_written_is_told_before_anything_is_sent(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    file = write_sheet(desktop.folder / "c.xlsx", cashback_rows(3))
    service = gameball()
    out = desktop.folder / "no such folder" / "results.xlsx"
    ran = desktop.at(service.url).submit(file, "cashback", *CAIRO, "--report", out)
    assert (ran.code, ran.out) == (2, "")
    assert "no such folder" in ran.sentence
    assert applied(service, "cashback") == []
    assert desktop.runs() == []


def test_that_a_draft_kept_over_its_errors_is_no_run_to_continue(desktop: Desktop, gameball: GameballFactory) -> None:
    file = write_sheet(desktop.folder / "c.xlsx", [*cashback_rows(3), (None, "T-9", None, 1)])
    account = desktop.at(gameball().url)
    held = account.submit(file, "cashback", *CAIRO)
    assert held.code == 1, held.err
    adds_up(held.json, rows=4, not_sent=held.json["not_sent"], excluded=held.json["excluded"])
    run = held.json["run"]
    for arguments in (("resume", run, "--json"), ("resolve", run, "--sent", "--json")):
        ran = account.run(*arguments)
        assert (ran.code, ran.out) == (2, ""), ran.err
        assert run in ran.sentence
    assert account.run("stop", run).code == 0


# Accounts


def test_that_without_a_keyring_an_account_is_refused_and_its_keys_are_nowhere(desktop: Desktop) -> None:
    """The fixture looks for the keys in every file afterwards."""
    keys = f"{TEST_KEYS.api_key}\n{TEST_KEYS.secret_key}\n"
    ran = desktop.run("accounts", "add", "shop", "--environment", "test", "--unit", "points", stdin=keys)
    assert ran.code == 3
    assert ran.out == ""
    assert "--account env" in ran.err
    assert "keyring" in ran.err
    listed = desktop.run("accounts", "list")
    assert listed.code == 0
    assert "shop" not in listed.out
    assert "Practice" in listed.out


def test_that_keys_that_are_not_given_are_asked_for(desktop: Desktop) -> None:
    ran = desktop.run("accounts", "add", "shop", "--environment", "test", stdin="")
    assert ran.code == 3
    assert "key" in ran.sentence


def test_that_the_environments_account_can_be_tested(desktop: Desktop, gameball: GameballFactory) -> None:
    service = gameball()
    good = desktop.at(service.url, api_version="v4.1").run("accounts", "test", "env")
    assert good.code == 0, good.err
    bad = desktop.at(service.url, type(TEST_KEYS)("gb_test_unheard_of", "nothing")).run("accounts", "test", "env")
    assert bad.code == 3
    assert bad.sentence
    assert [entry for entry in ledger(service.url) if entry["endpoint"] != "balance-inquiry"] == []


# Practice


def test_that_the_practice_account_needs_nothing_and_remembers_between_commands(desktop: Desktop) -> None:
    rows = [cashback_rows(0)[0], *((f"C-1000{n}", f"T-{n}", cashback_rows(1)[1][2], 10 + n) for n in range(1, 4))]
    file = write_sheet(desktop.folder / "c.xlsx", rows)
    first = desktop.run("submit", file, "--type", "cashback", "--practice", "--json", *CAIRO)
    assert first.code == 0, first.err
    adds_up(first.json, rows=3, succeeded=3)
    again = desktop.run("submit", file, "--type", "cashback", "--practice", "--json", "--again", *CAIRO)
    assert again.json["succeeded"] == 0  # the IDs are known from before
    (newer, older) = desktop.runs()
    assert newer["account"] == older["account"]


def test_that_the_practice_service_alone_says_its_url_first_and_ends_with_ctrl_c(desktop: Desktop) -> None:
    seed = desktop.folder / "seed.json"
    seed.write_text(json.dumps({"customers": [{"customerId": "S-1", "balance": 70}]}))
    options = ("--port", "0", "--dialect", "b", "--state", "memory", "--scenario", "picky", "--seed", seed)
    process = desktop.start("practice", *options)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        scenario = ask(url, "/practice/scenario", keys=None).json
        assert (scenario["dialect"], scenario["scenario"]) == ("b", "picky")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert not (desktop.data / "practice").exists()


def test_that_a_checked_draft_goes_on_where_it_can_be_sent(desktop: Desktop) -> None:
    file = write_sheet(desktop.folder / "c.xlsx", cashback_rows(3))
    with closing(Desk(desktop.data)) as desk:
        facts = desk.facts(desk.accounts.get("Practice"))
        with closing(desk.new_draft()) as draft:
            draft.set_type("cashback")
            draft.look(file, ReadOptions())
            draft.load(ReadOptions())
            draft.check(draft.suggest().mapping, facts)
    ran = desktop.run("resume", draft.run, "--json")
    assert ran.code == 0, ran.err
    adds_up(ran.json, rows=3, succeeded=3)
