"""A run that sent something is never deleted, whatever is asked about the rest of it."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from gb_desktop.accounts.model import Account, Keys
from gb_desktop.cli_runs import run_resolve
from gb_desktop.cli_sending import submitted
from gb_desktop.desk import Desk
from gb_desktop.runs.ledger import LedgerRun
from gb_desktop.runs.meta import Meta, now_iso
from gb_desktop.runs.model import RunError, RunState
from gb_desktop.runs.schema import open_to_write
from tests.e2e.cli_kit import TEST_KEYS, GameballFactory
from tests.runs.rig import planned_run

OPTIONS = Namespace(wait=10.0, report=None, json=True)


@pytest.mark.parametrize("begun", [True, False])
def test_that_a_run_refused_as_sent_before_is_deleted_only_when_nothing_of_it_was_sent(
    begun: bool, tmp_path: Path, gameball: GameballFactory
) -> None:
    desk = Desk(tmp_path)
    account = Account("env", "test", gameball().url, "v4.0")
    desk.use_keys(account, Keys(TEST_KEYS.api_key, TEST_KEYS.secret_key))
    facts, ledger = desk.facts(account), desk.shelf.ledger
    run = planned_run(desk.shelf, "cashback", "ab", account=facts)
    if begun:
        db = open_to_write(desk.shelf.path(run))
        Meta(db).set("first_sent", now_iso())
        db.close()
    ledger.record(LedgerRun("other", facts.fingerprint, "test", "cashback", "o", "u", now_iso(), "finished"))
    ledger.remember_idents(facts.fingerprint, "cashback", "other", [("T-2", 2)])
    with pytest.raises(RunError, match="T-2") as refused:
        submitted(desk, run, account, OPTIONS)
    assert refused.value.reason == "again"
    assert desk.shelf.path(run).exists() is begun


@pytest.mark.parametrize("how", ["look-up", "sent", "send-again"])
def test_that_nothing_is_decided_about_a_run_that_is_only_prepared(how: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    run = planned_run(desk.shelf, "cashback", "ab")
    with pytest.raises(RunError, match="only prepared") as refused:
        run_resolve(desk, Namespace(name=run, how=how, report=None))
    assert refused.value.reason == "state"
    assert desk.shelf.facts(run).state is RunState.READY
