"""The engine under any order of faults, deaths, pauses and people: nothing twice, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.runs.machine import Trouble
from tests.runs.model_server import FATES, POLLS, POSTS
from tests.runs.rig import TYPES

CUSTOMERS = st.lists(st.sampled_from("aabc"), min_size=1, max_size=8)
REQUESTS = st.lists(st.sampled_from(["ok", *POSTS]), max_size=6)
JOBS = st.lists(st.sampled_from(FATES), max_size=5)
QUESTIONS = st.lists(st.sampled_from(POLLS), max_size=5)


class Machine(RuleBasedStateMachine):
    """Drives one run. `end` is the teardown: in calm weather the run always comes to its end."""

    trouble: Trouble | None = None

    @initialize(
        key=st.sampled_from(TYPES),
        customers=CUSTOMERS,
        size=st.integers(1, 4),
        first=st.integers(0, 1),
        weather=st.tuples(REQUESTS, JOBS, QUESTIONS),
    )
    def begin(
        self, key: str, customers: list[str], size: int, first: int, weather: tuple[list[str], list[str], list[str]]
    ) -> None:
        self.trouble = Trouble(key, customers, size, first)
        self.things_go_wrong(weather)

    @property
    def t(self) -> Trouble:
        assert self.trouble is not None
        return self.trouble

    @rule(weather=st.tuples(REQUESTS, JOBS, QUESTIONS))
    def things_go_wrong(self, weather: tuple[list[str], list[str], list[str]]) -> None:
        server = self.t.server
        for fates, more in zip((server.posts, server.jobs_to_come, server.polls), weather, strict=True):
            fates.extend(more)

    @rule(steps=st.integers(1, 25))
    def go_on(self, steps: int) -> None:
        self.t.open()
        self.t.step(steps)

    @rule(commits=st.integers(0, 8), before=st.booleans())
    def die_soon(self, commits: int, before: bool) -> None:
        self.t.open()
        assert self.t.journal is not None
        self.t.journal.dies_in, self.t.journal.before = commits, before
        self.t.step(30)

    @rule()
    def die_now(self) -> None:
        self.t.die()

    @rule(hours=st.sampled_from([0.01, 1, 30]))
    def asleep(self, hours: float) -> None:
        self.t.clock.at += hours * 3600

    @rule()
    def gameball_catches_up(self) -> None:
        self.t.server.make_late()

    @rule(newest_first=st.booleans())
    def answers_overtake(self, newest_first: bool) -> None:
        self.t.pool.newest_first = newest_first

    @rule(what=st.sampled_from(["pause", "resume", "stop", "stop jobs"]))
    def person_controls(self, what: str) -> None:
        if self.t.engine is not None:
            control = self.t.engine.control
            {"pause": control.pause, "resume": control.resume, "stop": control.stop}.get(
                what, lambda: control.stop(also_jobs=True)
            )()

    @rule(how=st.sampled_from(["sent", "send-again"]))
    def person_decides(self, how: str) -> None:
        self.t.decide(how)

    @invariant()
    def nothing_twice_nothing_lost(self) -> None:
        if self.trouble is not None:
            self.trouble.check()

    def teardown(self) -> None:
        if self.trouble is None:
            return
        try:
            self.trouble.end()
            self.trouble.check()
            self.trouble.check_end()
        finally:
            self.trouble.close()


def _run(examples: int, steps: int, **more: Any) -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )


def test_that_no_order_of_faults_and_deaths_sends_twice_or_loses_a_row() -> None:
    _run(500, 10, derandomize=True)


@pytest.mark.full
@pytest.mark.timeout(0)
def test_that_a_hundred_thousand_orders_of_faults_and_deaths_send_nothing_twice() -> None:
    _run(100_000, 25, derandomize=False)
