"""Sending, disturbed: paused, stopped, closed in the middle, the network gone. Every row goes once all the same."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton

from gb_desktop.practice import KeyPair, PracticeServer
from gb_desktop.ui.flow import Step
from tests.e2e import window_kit
from tests.e2e.cli_sheets import cashback_rows, write_sheet
from tests.e2e.window_kit import App, Person
from tests.practice.fixtures import EVERYBODY, ask, ledger, practice_settings, switch

pytestmark = [pytest.mark.window, pytest.mark.timeout(90)]
app = window_kit.app
ROWS, A_REQUEST = 600, 20
KEYS = KeyPair("gb_test_window_5f20c1", "window-hush-77ab", account="test")


def _sheet(folder: Path) -> Path:
    return write_sheet(folder / "March.xlsx", cashback_rows(ROWS))


def _jobs(url: str) -> list[dict[str, Any]]:
    return [job for job in ask(url, "/practice/jobs", keys=None).json["jobs"] if job["endpoint"] == "cashback"]


def _each_row_once(url: str) -> None:
    applied = [entry["item"]["transactionId"] for entry in ledger(url) if entry["endpoint"] == "cashback"]
    assert sorted(applied) == sorted(f"T-{number}" for number in range(1, ROWS + 1))


def _half_way(person: Person) -> bool:
    """Some rows have an outcome, most have none: read off the counters."""
    counters = person.counters()
    assert sum(counters.values()) == ROWS
    return counters["succeeded"] > 0 and counters["waiting"] > 0


def _is_over(person: Person) -> None:
    person.until(lambda: person.sees("save_results"), "the run's end")
    assert person.counters() == {"succeeded": ROWS, "failed": 0, "waiting": 0, "unknown": 0}
    assert f"Finished: all {ROWS} rows succeeded." in person.words()


def _sending(app: App, person: Person, file: Path, slow: dict[str, object]) -> int:
    """On the way, slowly, in small requests; the number of requests that Review announced."""
    person.rows_per_request(A_REQUEST)
    announced = person.to_review("cashback", file)
    assert announced == ROWS // A_REQUEST
    switch(app.practice_url, **slow)
    person.next(Step.SEND)
    person.until(lambda: _half_way(person), "some rows with an outcome")
    return announced


def test_that_closing_while_sending_asks_and_the_next_start_goes_on(app: App, tmp_path: Path) -> None:
    person = app.open()
    announced = _sending(app, person, _sheet(tmp_path), {"pace": 8})
    person.close("no")
    assert not person.sees("closing")
    assert _half_way(person)
    person.main.close()
    person.reads("Rows are being sent. Pause and close?")
    assert "A run is being sent to Practice." in person.words()
    assert "Nothing is sent twice and nothing is lost." in person.words()
    person.click("closing_yes")
    person.until(lambda: not person.main.isVisible(), "the window's end")
    app.end()

    again = app.open()
    (offered,) = again.starting("continue_")
    again.press(offered)
    again.until(lambda: again.sees("go_on"), "Go on sending")
    assert again.counters()["unknown"] == 0  # accepted jobs whose results were not read yet: nothing to decide
    assert not any(again.sees(f"resolve_{how}") for how in ("look_up", "sent", "again"))
    assert sum(again.counters().values()) == ROWS
    again.click("go_on")
    _is_over(again)
    assert len(_jobs(app.practice_url)) == announced
    _each_row_once(app.practice_url)
    app.close(again)


def test_that_pause_sends_nothing_new_until_go_on(app: App, tmp_path: Path) -> None:
    person = app.open()
    announced = _sending(app, person, _sheet(tmp_path), {"pace": 8})
    person.click("pause")
    assert person.text("send_state").startswith("Paus")
    person.until(lambda: person.sees("go_on"), "the end of what was under way")
    accepted = len(_jobs(app.practice_url))
    assert 0 < accepted < announced
    assert person.counters() == {
        "succeeded": accepted * A_REQUEST,
        "failed": 0,
        "waiting": ROWS - accepted * A_REQUEST,
        "unknown": 0,
    }
    switch(app.practice_url, pace=0)
    person.click("go_on")
    _is_over(person)
    assert len(_jobs(app.practice_url)) == announced
    _each_row_once(app.practice_url)
    app.close(person)


def test_that_a_pause_can_be_taken_back_at_once(app: App, tmp_path: Path) -> None:
    person = app.open()
    announced = _sending(app, person, _sheet(tmp_path), {"pace": 8})
    person.click("pause")
    person.click("resume")
    switch(app.practice_url, pace=0)
    _is_over(person)
    assert len(_jobs(app.practice_url)) == announced
    _each_row_once(app.practice_url)
    app.close(person)


def test_that_stop_keeps_the_rest_and_go_on_sends_it(app: App, tmp_path: Path) -> None:
    person = app.open()
    announced = _sending(app, person, _sheet(tmp_path), {"pace": 8})
    person.click("stop")
    person.click("stopping_no")
    assert _half_way(person)
    person.click("stop")
    person.reads("No more rows are sent.")
    person.click("stopping_yes")
    person.sent()
    counters = person.counters()
    accepted = len(_jobs(app.practice_url))
    assert counters == {
        "succeeded": accepted * A_REQUEST,
        "failed": 0,
        "waiting": ROWS - accepted * A_REQUEST,
        "unknown": 0,
    }
    assert "Stopped on the way" in person.words()
    switch(app.practice_url, pace=0)
    person.click("go_on")
    person.until(lambda: person.sees("save_results"), "the end")
    _is_over(person)
    assert len(_jobs(app.practice_url)) == announced
    _each_row_once(app.practice_url)
    app.close(person)


def test_that_a_killed_practice_service_is_started_again_and_the_run_ends_by_itself(app: App, tmp_path: Path) -> None:
    person = app.open()
    _sending(app, person, _sheet(tmp_path), {"pace": 8})
    app.kill_practice()
    _is_over(person)
    _each_row_once(app.practice_url)
    app.close(person)


def test_that_a_practice_service_killed_between_two_runs_is_started_again(app: App, tmp_path: Path) -> None:
    person = app.open()
    person.to_review("cashback", _sheet(tmp_path))
    app.kill_practice()
    person.next(Step.SEND)
    _is_over(person)
    _each_row_once(app.practice_url)
    app.close(person)


class Gameball:
    """A practice service at one address whose line can be cut and mended."""

    def __init__(self, folder: Path) -> None:
        self._stack = ExitStack()
        self._state = folder / "gameball.jsonl"
        self._port = 0
        self.mend()

    def mend(self, **changes: object) -> None:
        settings = practice_settings(keys=(KEYS,), seed=EVERYBODY, state=self._state, port=self._port, **changes)
        server = self._stack.enter_context(PracticeServer(settings))
        self.url = server.url
        self._port = int(server.url.rpartition(":")[2])

    def cut(self) -> None:
        self._stack.close()


def test_that_a_dead_network_is_waited_for_and_the_run_ends_by_itself(app: App, tmp_path: Path) -> None:
    gameball = Gameball(tmp_path)
    try:
        _network_walk(app, tmp_path, gameball)
    finally:
        gameball.cut()


def _network_walk(app: App, folder: Path, gameball: Gameball) -> None:
    person = app.open()
    person.add_account("My shop, test", gameball.url, KEYS.api_key, KEYS.secret_key)
    person.click("rail_new")
    person.choose_account("My shop, test")
    person.until(lambda: person.text("environment") == "TEST", "the account")
    person.rows_per_request(ROWS // 6)
    announced = person.to_review("cashback", _sheet(folder))
    switch(gameball.url, pace=60)
    person.next(Step.SEND)
    person.until(lambda: _half_way(person), "some rows with an outcome")
    gameball.cut()
    person.until(lambda: "Trying again in" in _waiting(person), "the sentence about waiting")
    said = _waiting(person)
    assert said.split("Trying again")[0].strip(), said
    _counts_down(person, lambda: _waiting(person))
    assert sum(person.counters().values()) == ROWS
    gameball.mend()
    _is_over(person)
    assert not person.sees("waiting_words")
    assert len(_jobs(gameball.url)) == announced
    _each_row_once(gameball.url)
    app.close(person)


def _waiting(person: Person) -> str:
    return person.text("waiting_words") if person.sees("waiting_words") else ""


def _counts_down(person: Person, said: Callable[[], str]) -> None:
    """The seconds until the next try grow fewer before one's eyes."""
    seen: list[str] = []

    def fewer() -> bool:
        if "Trying again in" in said() and said() not in seen:
            seen.append(said())
        left = [int(words.rpartition("in ")[2].split()[0]) for words in seen]
        return any(later < earlier for earlier, later in pairwise(left))

    person.until(fewer, "a countdown")


def test_that_the_send_page_offers_only_what_can_be_done_at_its_end(app: App, tmp_path: Path) -> None:
    person = app.open()
    person.to_review("cashback", write_sheet(tmp_path / "few.xlsx", cashback_rows(12)))
    person.next(Step.SEND)
    person.sent()
    assert person.find(QAbstractButton, "save_results").isEnabled()
    assert not any(person.sees(name) for name in ("go_on", "retry_failed", "pause", "resume", "stop"))
    app.close(person)
