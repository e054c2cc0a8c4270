"""Settings and seeds: what is understood, and what is said about the rest."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gb_desktop.practice import DEFAULT_SEED, PRACTICE_KEYS, Behaviour, Fault, PracticeSettings, Seed, SeedCustomer
from gb_desktop.practice.settings import SCENARIOS


def test_that_a_behaviour_is_read_back_from_its_json() -> None:
    behaviour = Behaviour(scenario="flaky", pace=2.5, faults=(Fault("wait", seconds=1.5),), refuse=8000)
    assert Behaviour().switched(json.loads(json.dumps(behaviour.to_json()))) == behaviour


def test_that_pace_and_queue_are_the_scenarios_unless_given() -> None:
    assert Behaviour(scenario="slow").way == SCENARIOS["slow"]
    assert Behaviour(scenario="picky", pace=0).way == replace(SCENARIOS["picky"], pace=0)
    assert Behaviour(scenario="busy", queue=0).way == replace(SCENARIOS["busy"], queue=0)


def test_that_secret_keys_do_not_show_when_settings_are_printed() -> None:
    assert PRACTICE_KEYS.secret_key not in repr(PracticeSettings())


def test_that_the_default_seed_is_read_back_from_its_json() -> None:
    assert Seed.from_json(DEFAULT_SEED.to_json()) == DEFAULT_SEED


def test_that_the_default_seed_knows_templates_samples_and_any_id_that_does_not_say_otherwise() -> None:
    assert {f"C-{number}" for number in range(10001, 11000)} == DEFAULT_SEED.customers.keys()
    assert DEFAULT_SEED.starts_with("C-99999") == SeedCustomer(Decimal(1000))
    assert DEFAULT_SEED.starts_with("C-Unknown-7") is None
    assert Seed.from_json(DEFAULT_SEED.to_json()) == DEFAULT_SEED


def test_that_a_seed_file_keeps_its_digits(tmp_path: Path) -> None:
    path = tmp_path / "seed.json"
    path.write_text('{"customers":[{"customerId":"A","balance":0.10,"holds":{"H":"0.05"}}],"point_value":0.01}')
    seed = Seed.from_file(path)
    assert str(seed.customers["A"].balance) == "0.10"
    assert seed.customers["A"].holds == {"H": Decimal("0.05")}
    assert seed.point_value == Decimal("0.01")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("[]", "JSON object"),
        ('{"customer":[]}', "customer "),
        ('{"customers":{"A":1}}', "customers"),
        ('{"customers":[{"balance":1}]}', "customers"),
        ('{"customers":[{"customerId":5}]}', "customers"),
        ('{"customers":[{"customerId":"A","balance":"much"}]}', "customers"),
        ('{"customers":[{"customerId":"A","balance":true}]}', "customers"),
        ('{"accept_unknown":"yes"}', "accept_unknown"),
        ('{"currency":5}', "currency"),
        ('{"balance":"NaN"}', "balance"),
        ('{"point_value":0}', "point_value"),
        ('{"balance":1,"balance":2}', "twice"),
        ("{", "not JSON"),
    ],
)
def test_that_a_wrong_seed_file_is_named_with_what_is_wrong(tmp_path: Path, content: str, named: str) -> None:
    path = tmp_path / "seed.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=named) as caught:
        Seed.from_file(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("content", [b"\xff\xfe", b""])
def test_that_a_seed_file_that_is_no_text_is_named(tmp_path: Path, content: Any) -> None:
    path = tmp_path / "seed.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"seed\.json"):
        Seed.from_file(path)
