"""How the practice service behaves: what is fixed at its start, and what may be switched while it runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from gb_desktop.practice.refusals import CODES
from gb_desktop.practice.seed import DEFAULT_SEED, Seed
from gb_desktop.text import tr


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An API key and its secret key. Pairs of one `account` see the same customers and jobs, others none of them."""

    api_key: str
    secret_key: str = field(repr=False)
    account: str = "test"


PRACTICE_KEYS = KeyPair("gb_test_practice", "practice-secret")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A way to behave. Shares are parts of 100 requests, or of 100 items for `item_failures`."""

    pace: float  # items a second and job; 0 finishes a job at once
    queue: float  # seconds a job waits before it starts
    limited: int = 0  # requests answered 429 beyond the documented limits
    cut: int = 0  # requests that get no answer or half of one, half of them after they were carried out
    item_failures: int = 0


SCENARIOS: Mapping[str, Scenario] = {
    "smooth": Scenario(pace=2000, queue=0.3),
    "slow": Scenario(pace=50, queue=5),
    "busy": Scenario(pace=500, queue=2, limited=30),
    "flaky": Scenario(pace=1000, queue=0.5, cut=40),
    "picky": Scenario(pace=1000, queue=0.5, item_failures=25),
}

FAULTS = (
    "cut-before",  # the connection is closed, nothing was carried out
    "cut-after",  # the connection is closed, the request was carried out
    "half-answer",  # carried out, half of the answer arrives
    "html-before",  # a proxy's 502 page, nothing was carried out
    "html-after",  # a proxy's 502 page, the request was carried out
    "limit",  # 429, with Retry-After when `seconds` is given
    "code",  # Gameball's error `code`, nothing was carried out
    "code-after",  # Gameball's error `code`, the request was carried out
    "wait",  # the right answer, `seconds` late
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A scripted fault: the `nth` request (from 1) whose label holds `on`, and the `times - 1` after it.

    Labels are a method and a path: `POST batch/redeem`, `GET batch/{job}`, `GET transactions`.
    """

    do: str
    on: str = ""
    nth: int = 1
    times: int = 1
    code: int = 5000
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What may be switched while the service runs, by the names of `POST /practice/scenario`."""

    scenario: str = "smooth"
    results: str = "full"  # full, partial (entries left out), empty (counts alone), renamed (other spellings)
    dialect: str = "a"
    pace: float | None = None  # items a second and job, 0 at once; None is the scenario's
    queue: float | None = None  # seconds before a job starts; None is the scenario's
    limits: float = 1.0  # the documented rate limits times this; 0 turns them off
    unit: str = "points"  # what an adjustment's amount is: points or money
    timestamps: str = "customer"  # within what a transaction time must be unique: customer, account, off
    merge: str = ""  # the channel an account merges customers by, then required: email or mobile
    collisions: bool = True  # an item whose customer is in an earlier job still running fails with 2001
    echo: bool = False  # results carry transactionId and orderId too
    names_items: bool = True  # a refused request's message names the item, `body[3].amount`
    stopped: str = "nothing"  # a stopped job shows nothing (as in Gameball's one example) or its results
    breaks_after: int | None = None  # a job fails after so many items; it never carries out the others
    refuse: int | None = None  # every create-job request is refused with this code
    retry_after: int | None = None  # seconds, sent with 429
    faults: tuple[Fault, ...] = ()
    chance: int = 1  # another number makes other requests and items fail, always the same ones

    @property
    def way(self) -> Scenario:
        """The scenario with the pace and queue set here."""
        base = SCENARIOS[self.scenario]
        pace = base.pace if self.pace is None else self.pace
        return replace(base, pace=pace, queue=base.queue if self.queue is None else self.queue)

    def switched(self, changes: Mapping[str, Any]) -> Behaviour:
        """This with some settings changed, given as JSON. ValueError with one sentence naming the wrong one."""
        known = {one.name for one in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(tr("The practice setting {name} is not known.", name=name))
            if not _fits(name, value):
                raise ValueError(tr("The practice setting {name} can't be {value}.", name=name, value=repr(value)))
        changed = dict(changes)
        if "faults" in changed:
            changed["faults"] = tuple(Fault(**one) for one in changed["faults"])
        return replace(self, **changed)

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `switched` reads back."""
        return asdict(self)


def _among(*words: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in words


def _is_amount(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_fault(value: Any) -> bool:
    tests: dict[str, Callable[[Any], bool]] = {
        "do": _among(*FAULTS),
        "on": lambda text: isinstance(text, str),
        "nth": _is_whole,
        "times": _is_whole,
        "code": lambda code: code in CODES,
        "seconds": _is_amount,
    }
    if not isinstance(value, Mapping) or "do" not in value:
        return False
    return all(name in tests and tests[name](inner) for name, inner in value.items())


def _or_none(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or test(value)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


_TESTS: Mapping[str, Callable[[Any], bool]] = {
    "scenario": _among(*SCENARIOS),
    "results": _among("full", "partial", "empty", "renamed"),
    "dialect": _among("a", "b"),
    "pace": _or_none(_is_amount),
    "queue": _or_none(_is_amount),
    "limits": _is_amount,
    "unit": _among("points", "money"),
    "timestamps": _among("customer", "account", "off"),
    "merge": _among("", "email", "mobile"),
    "collisions": _is_flag,
    "echo": _is_flag,
    "names_items": _is_flag,
    "stopped": _among("nothing", "results"),
    "breaks_after": _or_none(lambda value: _is_whole(value) and value > 0),
    "refuse": _or_none(lambda code: code in CODES),
    "retry_after": _or_none(_is_whole),
    "faults": lambda value: isinstance(value, list | tuple) and all(map(_is_fault, value)),
    "chance": _is_whole,
}


def _fits(name: str, value: Any) -> bool:
    return _TESTS[name](value)


@dataclass(frozen=True, slots=True)
class PracticeSettings:
    """What is fixed when the service starts. `state` None keeps everything in memory; `port` 0 takes a free one."""

    behaviour: Behaviour = field(default_factory=Behaviour)
    keys: tuple[KeyPair, ...] = (PRACTICE_KEYS,)
    state: Path | None = None
    seed: Seed = DEFAULT_SEED
    port: int = 0
    clock: Callable[[], float] = time.time  # seconds since 1970
    largest_body: int = 16 * 1024 * 1024  # bytes; beyond it 413
