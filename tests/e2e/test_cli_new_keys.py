"""Runs that were sent with other keys: refused, and gone on with only when a person says that these were replaced."""

from __future__ import annotations

import pytest

from gb_desktop.practice import KeyPair
from tests.e2e.cli_kit import (
    TEST_KEYS,
    Desktop,
    GameballFactory,
    adds_up,
    applied,
)
from tests.e2e.cli_sheets import write_sheet
from tests.e2e.test_cli_outcomes import EVENTS, LOST_ANSWER


def test_that_nobody_decides_about_a_run_with_other_keys(desktop: Desktop, gameball: GameballFactory) -> None:
    service = gameball(faults=(LOST_ANSWER,))
    file = write_sheet(desktop.folder / "events.xlsx", EVENTS)
    account = desktop.at(service.url)
    run = account.submit(file, "events").json["run"]
    other = KeyPair("gb_test_e2e_other_51b7", TEST_KEYS.secret_key, account="other")
    for decision in ("--sent", "--send-again", "--look-up"):
        ran = desktop.at(service.url, other).run("resolve", run, decision, "--json")
        assert (ran.code, ran.out) == (3, ""), ran.err
        assert "other keys" in ran.sentence
    adds_up(account.run("resume", run, "--json").json, rows=5, unknown=5, state="needs_attention")
    assert len(applied(service, "events")) == 5


def test_that_a_run_goes_on_with_new_keys_only_when_that_is_said(desktop: Desktop, gameball: GameballFactory) -> None:
    new = KeyPair("gb_test_e2e_new_77aa", "gb_secret_e2e_new", account=TEST_KEYS.account)
    service = gameball(faults=(LOST_ANSWER,), keys=(TEST_KEYS, new))
    file = write_sheet(desktop.folder / "events.xlsx", EVENTS)
    run = desktop.at(service.url).submit(file, "events").json["run"]
    later = desktop.at(service.url, new)

    refused = later.run("resume", run, "--json")
    assert (refused.code, refused.out) == (3, ""), refused.err
    assert f"resume {run} --new-keys" in refused.sentence

    adds_up(later.run("resume", run, "--new-keys", "--json").json, rows=5, unknown=5, state="needs_attention")
    adds_up(later.run("resolve", run, "--sent", "--json").json, rows=5, already_applied=5)
    assert len(applied(service, "events")) == 5


@pytest.mark.parametrize(("decision", "sent"), [("--sent", 5), ("--send-again", 10)])
def test_that_rows_are_decided_with_new_keys_only_when_that_is_said(
    decision: str, sent: int, desktop: Desktop, gameball: GameballFactory
) -> None:
    new = KeyPair("gb_test_e2e_new_77aa", "gb_secret_e2e_new", account=TEST_KEYS.account)
    service = gameball(faults=(LOST_ANSWER,), keys=(TEST_KEYS, new))
    run = desktop.at(service.url).submit(write_sheet(desktop.folder / "e.xlsx", EVENTS), "events").json["run"]
    later = desktop.at(service.url, new)
    refused = later.run("resolve", run, decision, "--json")
    assert (refused.code, refused.out) == (3, ""), refused.err
    assert f"resolve {run} {decision} --new-keys" in refused.sentence
    assert len(applied(service, "events")) == 5
    decided = later.run("resolve", run, decision, "--new-keys", "--json")
    assert decided.code == 0, decided.err
    assert len(applied(service, "events")) == sent


def test_that_a_run_is_stopped_with_new_keys_only_when_that_is_said(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    new = KeyPair("gb_test_e2e_new_77aa", "gb_secret_e2e_new", account=TEST_KEYS.account)
    service = gameball(faults=(LOST_ANSWER,), keys=(TEST_KEYS, new))
    run = desktop.at(service.url).submit(write_sheet(desktop.folder / "e.xlsx", EVENTS), "events").json["run"]
    later = desktop.at(service.url, new)
    refused = later.run("stop", run)
    assert refused.code == 3, refused.err
    assert f"stop {run} --new-keys" in refused.sentence
    assert later.run("stop", run, "--new-keys").code == 0
    assert later.run("stop", run).code == 0, "from now on it belongs to the new keys"
