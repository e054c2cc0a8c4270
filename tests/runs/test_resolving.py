"""What a person decides, also about rows that a killed app left in flight."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gb_desktop.gameball.model import Facts
from gb_desktop.gameball.transactions import TransactionPage
from gb_desktop.runs.events import ChunkSending, RunPaused
from gb_desktop.runs.meta import Meta
from gb_desktop.runs.model import RunError, RunState
from gb_desktop.runs.resolving import mark_sent, retry_failed, send_again
from gb_desktop.runs.schema import open_to_read
from tests.runs.model_server import ModelClient
from tests.runs.stand import Stand, end_of, figures
from tests.runs.test_line import another_sender, engine_in_line


def killed_while_sending(folder: Path, key: str) -> Stand:
    """A run of four rows whose process died when its first chunk was on the way; Gameball took it."""
    stand = Stand(folder, key, "abcd")
    engine = stand.engine()
    for event in engine.run():
        if isinstance(event, ChunkSending):
            break
    engine.close()
    return stand


def test_that_a_killed_run_counts_its_rows_in_flight_as_unknown(tmp_path: Path) -> None:
    stand = killed_while_sending(tmp_path, "events")
    assert stand.facts.state is RunState.INTERRUPTED
    assert figures(stand.facts.counts) == {"unknown": 2, "not_sent": 2}


@pytest.mark.parametrize("key", ["events", "cashback"])
def test_that_rows_in_flight_can_be_marked_as_sent_and_the_rest_goes_on(key: str, tmp_path: Path) -> None:
    stand = killed_while_sending(tmp_path, key)
    assert mark_sent(stand.shelf, stand.run) == 2
    assert figures(stand.facts.counts) == {"already_applied": 2, "not_sent": 2}
    assert stand.facts.state is RunState.PAUSED, "rows are left to be sent"
    assert figures(end_of(stand.send()).counts) == {"already_applied": 2, "succeeded": 2}
    assert stand.server.requests == [2]


@pytest.mark.parametrize("key", ["events", "cashback"])
def test_that_rows_in_flight_can_be_sent_again_by_a_persons_word(key: str, tmp_path: Path) -> None:
    stand = killed_while_sending(tmp_path, key)
    assert send_again(stand.shelf, stand.run) == 2
    assert figures(end_of(stand.send()).counts) == {"succeeded": 4}


def test_that_marking_the_last_unknown_rows_finishes_the_run_in_the_ledger_too(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", "ab")
    stand.server.posts.append("lost-after")
    assert figures(end_of(stand.send()).counts) == {"unknown": 2}
    mark_sent(stand.shelf, stand.run)
    assert stand.facts.state is RunState.FINISHED
    assert figures(stand.facts.counts) == {"already_applied": 2}


def test_that_a_look_up_alone_sends_nothing_and_proves_what_a_kill_left(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "balance-adjustment", "abcd", open_jobs=1)
    stand.server.posts.extend(["lost-after", "401"])
    assert isinstance(end_of(stand.send()), RunPaused)
    requests = list(stand.server.requests)
    last = end_of(list(stand.engine().look_up_only()))
    assert figures(last.counts) == {"already_applied": 2, "not_sent": 2}
    assert isinstance(last, RunPaused)
    assert stand.server.requests == requests


def test_that_failed_rows_become_a_new_draft_and_nothing_else_does(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", "ab")
    with pytest.raises(RunError, match="nothing to try again"):
        retry_failed(stand.shelf, stand.run)


def test_that_rows_which_were_not_sent_stay_with_their_run(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", "abcacb", chunk_size=1)
    stand.server.posts.append("lost-before")
    assert figures(end_of(stand.send()).counts) == {"succeeded": 4, "unknown": 1, "not_sent": 1}
    with pytest.raises(RunError, match="nothing to try again"):
        retry_failed(stand.shelf, stand.run)  # the run itself sends the held row once the unknown one is settled
    mark_sent(stand.shelf, stand.run)
    assert figures(end_of(stand.send()).counts) == {"succeeded": 5, "already_applied": 1}


class Asked(ModelClient):
    """Looks transactions up; `before` happens while the first question is under way, and its answer holds nothing."""

    before: Callable[[], TransactionPage | None]
    questions = 0

    def transactions(self, customer: str, **more: Any) -> TransactionPage:
        self.questions += 1
        if self.questions > 1:
            return super().transactions(customer, **more)
        return self.before() or TransactionPage(Facts(sent=True, status=200), transactions=())


def looked_up_at(stand: Stand) -> int | None:
    with closing(open_to_read(stand.shelf.path(stand.run))) as db:
        found: int | None = Meta(db).get("looked_up_ms")
        return found


def lost_adjustment(tmp_path: Path, before: Callable[[Stand], TransactionPage | None]) -> Stand:
    """An adjustment that was applied and whose answer was lost."""
    stand = Stand(tmp_path, "balance-adjustment", "a", client=Asked)
    assert isinstance(stand.client, Asked)
    stand.client.before = lambda: before(stand)
    stand.server.posts.append("lost-after")
    return stand


def sleep_for_hours(stand: Stand) -> None:
    stand.clock.at += 8 * 3600


@pytest.mark.parametrize("once", [False, True])
def test_that_a_look_up_begun_before_a_long_sleep_is_asked_again(once: bool, tmp_path: Path) -> None:
    stand = Stand(tmp_path, "balance-adjustment", "abcd", open_jobs=1)
    stand.server.posts.extend(["lost-after", "401"])
    stand.send()
    stand.client = Asked(stand.server)
    stand.client.before = lambda: sleep_for_hours(stand)
    last = end_of(list(stand.engine().look_up_only(once)))
    assert figures(last.counts) == {"already_applied": 2, "not_sent": 2}


def test_that_a_sending_that_slept_while_it_looked_rows_up_asks_again(tmp_path: Path) -> None:
    stand = lost_adjustment(tmp_path, sleep_for_hours)
    assert figures(end_of(stand.send()).counts) == {"already_applied": 1}
    asked = looked_up_at(stand)
    assert asked is not None
    assert asked / 1000 >= 1000 + 8 * 3600, "not seen since then, as far as anybody asked after the wake"


def test_that_a_look_up_that_ran_out_of_time_is_no_look_up_of_all_rows(tmp_path: Path) -> None:
    stand = killed_while_sending(tmp_path, "balance-adjustment")
    stand.client = Asked(stand.server)
    stand.client.before = lambda: setattr(stand.clock, "at", stand.clock.at + 1.0)  # longer than all rows may take
    list(stand.engine().look_up_only())
    assert looked_up_at(stand) is None, "the second customer was never asked about"


def test_that_asking_once_takes_the_time_it_needs(tmp_path: Path) -> None:
    stand = killed_while_sending(tmp_path, "balance-adjustment")
    stand.client = Asked(stand.server)
    stand.client.before = lambda: setattr(stand.clock, "at", stand.clock.at + 1.0)
    list(stand.engine().look_up_only(once=True))
    assert stand.client.questions == 2
    assert looked_up_at(stand) is not None


def test_that_a_look_up_without_an_answer_is_none(tmp_path: Path) -> None:
    unreached = TransactionPage(Facts(sent=False, failure="connect"), message="There is no connection.")
    stand = killed_while_sending(tmp_path, "balance-adjustment")
    stand.client = Asked(stand.server)
    stand.client.before = lambda: unreached
    stand.server.applied.clear()
    list(stand.engine().look_up_only(once=True))
    assert looked_up_at(stand) is None


def refused_to_send_again(stand: Stand) -> bool:
    with pytest.raises(RunError) as caught:
        send_again(stand.shelf, stand.run)
    return caught.value.reason == "setup"


def test_that_a_look_up_stopped_in_line_lets_nothing_go_again(tmp_path: Path) -> None:
    stand = killed_while_sending(tmp_path, "balance-adjustment")
    with another_sender(stand):
        engine = engine_in_line(stand)
        engine.control.stop()
        list(engine.look_up_only(once=True))
    assert refused_to_send_again(stand)
    list(engine_in_line(stand).look_up_only(once=True))
    assert send_again(stand.shelf, stand.run) == 2, "they were asked about first"


def test_that_orders_whose_look_up_was_stopped_do_not_go_again(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "orders", "ab")
    stand.server.posts.extend(["lost-before"] * 6)
    assert figures(end_of(stand.send()).counts) == {"unknown": 2}
    before = looked_up_at(stand)
    engine = stand.engine()
    pool: Any = engine._s.pool
    pool.work = engine.control.stop  # instead of an answer
    list(engine.look_up_only(once=True))
    assert looked_up_at(stand) == before
    assert refused_to_send_again(stand)


def test_that_a_look_up_which_could_not_be_written_lets_nothing_go_again(tmp_path: Path) -> None:
    stand = killed_while_sending(tmp_path, "balance-adjustment")
    engine = stand.engine()

    def full(*_: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    engine._journal.settle = full  # type: ignore[method-assign]
    last = end_of(list(engine.look_up_only(once=True)))
    assert isinstance(last, RunPaused)
    assert last.reason == "disk"
    assert refused_to_send_again(stand)
