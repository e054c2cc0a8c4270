"""Opens a planned run for sending: locks, binding to its account, client, journal, engine."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from gb_desktop.catalog import batch_type
from gb_desktop.gameball.client import Client
from gb_desktop.gameball.limiter import Limiter, Windows
from gb_desktop.gameball.model import Connection, Dialect
from gb_desktop.runs import schema
from gb_desktop.runs.clock import SystemClock
from gb_desktop.runs.control import Control
from gb_desktop.runs.disk import disk_sentence
from gb_desktop.runs.engine import Engine
from gb_desktop.runs.journal import Journal
from gb_desktop.runs.line import Turn
from gb_desktop.runs.locks import LOOKERS_LEAVE, FileLock, LockTogether
from gb_desktop.runs.meta import Meta
from gb_desktop.runs.model import AccountFacts, RunError, RunState, SendSettings
from gb_desktop.runs.pace import FailureBrake, JobWindow, PollClock
from gb_desktop.runs.pace_memory import PaceMemory
from gb_desktop.runs.shelf import Shelf
from gb_desktop.runs.state import Sending
from gb_desktop.runs.wire import from_wire, to_wire
from gb_desktop.text import tr

SENDING_CACHE = 8 * 1024  # KiB: sending goes through the file once, from its beginning to its end
RESERVE = 1024 * 1024  # bytes kept free beside the run, so that a job's ID can be written on a full disk

_limiters: dict[tuple[str, Path], Limiter] = {}


def windows_of(settings: SendSettings) -> Windows:
    """(requests, seconds) to keep to: a little less than what is allowed.

    Gameball counts when a request arrives, we when it leaves, and a 429 costs far more than the margin.
    """
    in_second, in_half_minute = settings.per_second * 5 // 6, settings.per_half_minute * 44 // 45
    return (max(1, in_second), 1.25), (max(1, in_half_minute), 30.75)


WINDOWS = windows_of(SendSettings())  # of the documented 30 in 1 s and 360 in 30 s


def limiter_for(shelf: Shelf, account: AccountFacts, windows: Windows | None = None) -> Limiter:
    """The one limiter of an account in this process: POSTs, polls and look-ups of all its runs together.

    It counts what other processes sent before. `windows`: what it is to keep to from now on, where that is known.
    """
    path = shelf.account_pace(account.fingerprint)
    memory = PaceMemory(path, account.base_url)
    limiter = _limiters.setdefault((account.base_url, path), Limiter(time.monotonic, WINDOWS, memory=memory))
    if windows is not None:
        limiter.set_windows(windows)
    limiter.recall()
    return limiter


def open_sender(
    shelf: Shelf,
    run: str,
    account: AccountFacts,
    connection: Connection,
    settings: SendSettings,
    *,
    rotated: bool = False,
    learnt: Callable[[Dialect], None] | None = None,
    revive: Callable[[], str] | None = None,
) -> Engine:
    """The engine of a run, the run's lock taken; it waits for the account's by itself, `settings.wait_line` seconds.

    RunError: missing, locked, state, keys, damaged, disk.

    rotated: a person confirmed that the account's keys were exchanged, in the same environment.
    revive: starts the service that the account's address belongs to, and gives its address; for practice.
    """
    lock, writer = FileLock(shelf.sender_lock(run)), FileLock(shelf.writer_lock(run))
    if not lock.acquire(LOOKERS_LEAVE):
        raise RunError(tr("The run {run} is being sent already, by another window or command.", run=run), "locked")
    if not writer.acquire(LOOKERS_LEAVE):  # or it could be changed while it is sent, or waits in line
        lock.release()
        raise RunError(tr("The run {run} is open in another window or command.", run=run), "locked")
    db: sqlite3.Connection | None = None
    try:
        shelf.stop_request(run).take()
        db = schema.open_to_write(shelf.path(run), SENDING_CACHE)
        _bind(shelf, Meta(db), run, account, rotated)
        return _engine(shelf, run, account, connection, settings, db, (writer, lock), learnt, revive)
    except BaseException as error:
        if db is not None:
            db.close()
        writer.release()
        lock.release()
        if isinstance(error, sqlite3.OperationalError):
            raise RunError(disk_sentence(error), "disk") from error
        raise


def require_same_account(shelf: Shelf, run: str, account: AccountFacts, *, rotated: bool = False) -> None:
    """Refuse to decide about a run with other keys than it was sent with. RunError(reason="keys").

    rotated: a person confirmed that the account's keys were exchanged.
    """
    with closing(schema.open_to_read(shelf.path(run))) as db:
        _require_same(Meta(db), run, account, rotated)


def _bind(shelf: Shelf, meta: Meta, run: str, account: AccountFacts, rotated: bool) -> None:
    _require_same(meta, run, account, rotated)
    planned: AccountFacts = from_wire(AccountFacts, meta.get("account"))
    if planned.fingerprint != account.fingerprint:
        shelf.ledger.follow_keys(planned.fingerprint, account.fingerprint)
    meta.set("account", to_wire(account))


class OtherKeysError(RunError):
    """The keys are not those of the run; a person may say that they replaced them."""


def _require_same(meta: Meta, run: str, account: AccountFacts, rotated: bool) -> None:
    """Refuse another account than the run was planned for: its rows may be half sent there."""
    if meta.state() is RunState.DRAFT:
        raise RunError(tr("The run {run} is a draft: check and prepare it first.", run=run), "state")
    planned: AccountFacts = from_wire(AccountFacts, meta.get("account"))
    where = (planned.base_url, planned.environment), (account.base_url, account.environment)
    practice = planned.environment == account.environment == "practice"
    if where[0] != where[1] and not practice:
        sentence = tr(
            "The run {run} belongs to {environment} data at {url}; it can't go on anywhere else.",
            run=run, environment=planned.environment, url=planned.base_url,
        )  # fmt: skip
        raise RunError(sentence, "keys")
    if planned.fingerprint != account.fingerprint and not rotated:
        sentence = tr("The run {run} was begun with other keys; it goes on only with the same ones.", run=run)
        raise OtherKeysError(sentence, "keys")


def _engine(
    shelf: Shelf,
    run: str,
    account: AccountFacts,
    connection: Connection,
    settings: SendSettings,
    db: sqlite3.Connection,
    locks: tuple[FileLock, ...],
    learnt: Callable[[Dialect], None] | None,
    revive: Callable[[], str] | None,
) -> Engine:
    journal = Journal(db)
    control = Control()
    turn = LockTogether(lambda: shelf.account_locks(account.fingerprint))
    limiter = limiter_for(shelf, account, windows_of(settings))
    client = Client(
        connection,
        limiter,
        dialect=Dialect(account.dialect) if account.dialect else None,
        on_dialect=learnt,
        cancelled=lambda: control.closed,
        revive=revive,
    )
    sending = Sending(
        run=run,
        batch_type=batch_type(journal.meta.get("type")),
        account=account,
        settings=settings,
        journal=journal,
        ledger=shelf.ledger,
        client=client,
        control=control,
        clock=SystemClock(),
        window=JobWindow(settings.open_jobs),
        polls=PollClock(),
        brake=FailureBrake(settings.failure_share, journal.tally.counts()),
        turn=Turn(turn, limiter.recall).take,
    )
    reserve = _keep_reserve(shelf.folder / f"{run}.reserve")
    sending.free_reserve = partial(reserve.unlink, missing_ok=True)

    def give_back() -> None:
        db.close()
        sending.free_reserve()
        turn.release()
        for lock in locks:
            lock.release()

    request = shelf.stop_request(run)
    return Engine(sending, stop_requested=request.take, on_close=give_back)


def _keep_reserve(path: Path) -> Path:
    try:
        path.write_bytes(b"\0" * RESERVE)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise RunError(
            tr("The disk that holds {folder} is full: free some space before sending.", folder=path.parent), "disk"
        ) from error
    return path
