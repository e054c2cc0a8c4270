"""The desk: accounts, runs and the practice service put together, for the window and the command line alike."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from gb_desktop.accounts.book import AccountBook
from gb_desktop.accounts.fingerprint import fingerprint, load_salt
from gb_desktop.accounts.model import Account, AccountError, Keys
from gb_desktop.accounts.vault import Vault
from gb_desktop.catalog import BATCH_TYPES, batch_type
from gb_desktop.gameball.client import Client
from gb_desktop.gameball.model import Connection, Dialect
from gb_desktop.mapping.applying import Applied, apply_saved
from gb_desktop.mapping.model import Mapping as MappingData
from gb_desktop.mapping.saved import SavedMapping, SavedMappings, export_mapping, import_mapping
from gb_desktop.new_keys import NewKeys
from gb_desktop.practice.process import PracticeError, PracticeProcess, start_practice
from gb_desktop.runs.draft import Draft
from gb_desktop.runs.engine import Engine
from gb_desktop.runs.events import Counts, RunPaused
from gb_desktop.runs.model import AccountFacts, RunError, RunFacts, RunState, Say, SendSettings, silent
from gb_desktop.runs.reader import RunReader
from gb_desktop.runs.resolving import allow_again, mark_sent, retry_failed, send_again
from gb_desktop.runs.sender import limiter_for, open_sender, require_same_account
from gb_desktop.runs.shelf import Shelf
from gb_desktop.runs.templates import template_columns
from gb_desktop.text import tr
from gb_desktop.workbook.model import Column
from gb_desktop.workbook.templates import write_template

FOR_EVER = 10 * 365 * 24 * 3600.0  # seconds


@dataclass(frozen=True, slots=True)
class AppSettings:
    """What the Settings page holds. Sizes in rows, 1 to 1,000; keep_days 0 keeps results for ever."""

    language: str = "en"
    theme: str = "system"
    chunk_size: int = 1000
    open_jobs: int = 64
    per_second: int = 30
    per_half_minute: int = 360
    proxy: str = ""
    keep_days: int = 0
    failure_share: float = 0.20
    look_up_seconds: float = 120.0  # how long rows whose answer was lost are looked up; not on the page


class Desk:
    """One a process. Methods block on disk, keyring or network: call them beside the window's thread."""

    def __init__(self, folder: Path, vault: Vault | None = None, practice: Mapping[str, Any] | None = None) -> None:
        self.folder = folder
        self.vault = vault or Vault()
        self.accounts = AccountBook(folder, self.vault)
        self.shelf = Shelf(folder)
        self._mappings = SavedMappings(self.shelf.mappings)
        self._practice_behaviour = dict(practice or {})
        self._practice: PracticeProcess | None = None
        self._starting = threading.Lock()
        self._closed = False
        self._environment_keys: dict[str, Keys] = {}

    def close(self) -> None:
        """End the practice service if it is ours; it is not started again."""
        with self._starting:
            self._closed = True
            self._end_practice()

    def _end_practice(self) -> None:
        if self._practice is not None:
            self._practice.stop()
            self._practice = None

    # Accounts

    @property
    def new_keys(self) -> NewKeys:
        """Adds accounts and changes their keys, so that what was sent with the old ones stays known."""
        return NewKeys(self.folder, self.accounts, self.shelf.ledger)

    def use_keys(self, account: Account, keys: Keys) -> None:
        """Keys for an account that isn't in the book (`--account env`), for this process alone."""
        self._environment_keys[account.name] = keys

    def keys(self, account: Account) -> Keys:
        """An account's keys. RunError(reason="keys") with one sentence when they can't be had."""
        if account.name in self._environment_keys:
            return self._environment_keys[account.name]
        try:
            return self.accounts.keys(account.name)
        except AccountError as error:
            raise RunError(str(error), "keys") from error

    def facts(self, account: Account) -> AccountFacts:
        """What a run keeps of the account. Starts the practice service when it is the practice account."""
        account = self._reachable(account)
        return AccountFacts(
            name=account.name,
            environment=account.environment,
            base_url=account.base_url,
            version=account.version,
            fingerprint=fingerprint(load_salt(self.folder), self.keys(account).api_key),
            merge=account.merge,
            unit=account.unit,
            dialect=account.dialect,
        )

    def test_connection(self, account: Account) -> str:
        """Ask for one balance, which changes nothing; a sentence about what came. RunError when it can't be used."""
        account = self._reachable(account)
        with Client(self._connection(account), limiter_for(self.shelf, self.facts(account))) as client:
            found = client.discover_dialect("gb-desktop-connection-check", threading.Event().wait, patience=20.0)
        if found.answer.job is None:
            raise RunError(found.answer.message, "keys")
        if found.dialect is not None:
            self._learnt(account, found.dialect)
        return tr("Gameball accepts these keys ({url}, {version}).", url=account.base_url, version=account.version)

    def _reachable(self, account: Account) -> Account:
        if account.environment != "practice":
            return account
        with self._starting:
            kept = self.accounts.practice_at(self._running_practice().url)
        return replace(kept, unit=account.unit or kept.unit, merge=account.merge)

    def _running_practice(self) -> PracticeProcess:
        """The practice service, started (again) where it doesn't run. To be called with `_starting` held."""
        if self._practice is not None and self._practice.alive:
            return self._practice
        if self._closed:
            raise RunError(tr("The practice service has ended with the app."), "keys")
        self._end_practice()
        try:
            self._practice = start_practice(self.folder, behaviour=self._practice_behaviour)
        except PracticeError as error:
            raise RunError(str(error), "keys") from error
        return self._practice

    def _revived(self, account: Account) -> str:
        """The base URL of an account at whose address nothing listens: practice is started again."""
        try:
            return self._reachable(account).base_url
        except (RunError, AccountError, OSError):
            return account.base_url  # the run waits and asks again

    def _connection(self, account: Account) -> Connection:
        keys = self.keys(account)
        proxy = account.proxy or self.settings().proxy
        if account.environment == "practice":
            proxy = ""
        return Connection(account.base_url, account.version, keys.api_key, keys.secret_key, proxy)

    def _learnt(self, account: Account, dialect: Dialect) -> None:
        try:
            self.accounts.remember_dialect(account.name, dialect.value)
        except AccountError:
            return  # it is learnt again next time

    # Runs

    def runs(self) -> list[RunFacts]:
        """Every run, newest first."""
        return self.shelf.runs()

    def new_draft(self) -> Draft:
        return Draft(self.shelf, self.shelf.create())

    def open_draft(self, run: str) -> Draft:
        return Draft(self.shelf, run)

    def reader(self, run: str) -> RunReader:
        return RunReader(self.shelf.path(run), self.shelf.sender_lock(run))

    def sender(self, run: str, account: Account, settings: SendSettings, *, rotated: bool = False) -> Engine:
        """The engine of a planned run, its locks taken."""
        account = self._reachable(account)
        return open_sender(
            self.shelf,
            run,
            self.facts(account),
            self._connection(account),
            settings,
            rotated=rotated,
            learnt=lambda dialect: self._learnt(account, dialect),
            revive=lambda: self._revived(account),
        )

    def account_of(self, run: str) -> Account:
        """The account that a run belongs to, by its name."""
        name = self.shelf.facts(run).account
        try:
            return self.accounts.get(name)
        except AccountError as error:
            raise RunError(str(error), "keys") from error

    def write_report(self, run: str, out: Path, progress: Say = silent) -> Path:
        """The results workbook of a run, written by a worker process."""
        with closing(Draft(self.shelf, run, reading=True)) as draft:
            return draft.write_results(out, progress)

    def retry_failed(self, run: str) -> str:
        """A new draft of the rows that failed; its name."""
        return retry_failed(self.shelf, run)

    def delete_run(self, run: str) -> None:
        self.shelf.delete(run)

    def stop_elsewhere(self, run: str, also_jobs: bool = False) -> None:
        """Leave a stop request for the process that sends the run."""
        self.shelf.stop_request(run).leave(also_jobs)

    def resolve(self, run: str, how: str, account: Account, wait: float = 0.0, *, rotated: bool = False) -> Counts:
        """Decide rows whose outcome is unknown. how: "look-up", "sent" or "send-again" (which plans, not sends).

        Rows that can be looked up are looked up once more before they are planned again. wait: seconds for another
        sender of the account. rotated: a person said that the account's keys were replaced since.
        """
        require_same_account(self.shelf, run, self.facts(account), rotated=rotated)
        if how == "sent":
            mark_sent(self.shelf, run)
        elif how == "look-up" or batch_type(self.shelf.facts(run).type).can_be_looked_up:
            self._look_up(run, account, wait, once=how != "look-up", rotated=rotated)
        if how == "send-again":
            send_again(self.shelf, run)
        with closing(self.reader(run)) as reader:
            return reader.counts()

    def allow_again(self, run: str) -> None:
        """A person said that this run is to be sent although its rows were sent before."""
        allow_again(self.shelf, run)

    def _look_up(self, run: str, account: Account, wait: float, *, once: bool, rotated: bool) -> None:
        engine = self.sender(run, account, SendSettings(wait_line=wait), rotated=rotated)
        for event in engine.look_up_only(once):
            if isinstance(event, RunPaused) and event.reason == "line":
                raise RunError(event.sentence, "locked")

    def write_template(self, key: str, out: Path) -> None:
        """The Excel template of a batch type."""
        write_template(template_columns(batch_type(key)), out)

    def delete_old(self) -> int:
        """Delete finished runs older than the settings keep them, unless rows of theirs are unknown; how many."""
        days = self.settings().keep_days
        if not days:
            return 0
        limit = (dt.datetime.now(dt.UTC) - dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        finished = [facts for facts in self.runs() if facts.state is RunState.FINISHED and not facts.counts.unknown]
        old = [facts.run for facts in finished if facts.finished < limit]
        for run in old:
            self.shelf.delete(run)
        return len(old)

    # Saved mappings

    def saved_mappings(self, key: str) -> list[str]:
        """Names of the saved mappings of a batch type, newest first."""
        return [saved.mapping.name for saved in self._mappings.all(key)]

    def load_mapping(self, key: str, name: str, columns: Sequence[Column]) -> Applied:
        """A saved mapping by its name, made to fit a sheet's columns."""
        for saved in self._mappings.all(key):
            if saved.mapping.name == name:
                return apply_saved(saved.mapping, columns, saved.headers)
        raise RunError(tr("There is no saved mapping {name} any more.", name=name), "missing")

    def save_mapping(self, mapping: MappingData, columns: Sequence[Column]) -> None:
        """Keep a mapping under its name; `columns` are the sheet's, to know the same headers again."""
        with _disk_sentences(self.shelf.mappings):
            self._mappings.save(mapping, columns)

    def delete_mapping(self, key: str, name: str) -> None:
        """Forget a saved mapping; it is not applied by itself any more."""
        with _disk_sentences(self.shelf.mappings):
            self._mappings.delete(key, name)

    def export_mapping(self, mapping: MappingData, columns: Sequence[Column], path: Path) -> None:
        """Write a mapping to a file to share."""
        with _disk_sentences(path):
            export_mapping(mapping, columns, path)

    def import_mapping(self, path: Path, key: str, columns: Sequence[Column]) -> Applied:
        """Read a mapping that somebody shared, made to fit a sheet's columns. RunError for another batch type's."""
        try:
            saved = import_mapping(path)
        except ValueError as error:
            raise RunError(str(error)) from error
        require_type(saved, key)
        return apply_saved(saved.mapping, columns, saved.headers)

    # Settings

    def settings(self) -> AppSettings:
        """The stored settings; the defaults where nothing usable is stored."""
        known = {field.name for field in fields(AppSettings)}
        try:
            kept = json.loads((self.folder / "settings.json").read_text(encoding="utf-8"))
            return AppSettings(**{name: value for name, value in kept.items() if name in known})
        except (OSError, ValueError, TypeError, AttributeError):
            return AppSettings()

    def save_settings(self, settings: AppSettings) -> None:
        draft = self.folder / "settings.new"
        draft.write_text(json.dumps(asdict(settings), indent=1), encoding="utf-8")
        draft.replace(self.folder / "settings.json")

    def send_settings(self) -> SendSettings:
        """How runs are sent, from the settings. A dead network is waited for; the command line sets its own limit."""
        kept = self.settings()
        return SendSettings(
            chunk_size=kept.chunk_size,
            open_jobs=kept.open_jobs,
            per_second=kept.per_second,
            per_half_minute=kept.per_half_minute,
            failure_share=kept.failure_share,
            wait_network=FOR_EVER,
            wait_line=FOR_EVER,
            look_up_seconds=kept.look_up_seconds,
        )


def require_type(saved: SavedMapping, key: str) -> None:
    """RunError when a mapping was saved for another batch type."""
    found = saved.mapping.batch_type
    if found != key:
        known = next((one.title for one in BATCH_TYPES if one.key == found), found)
        wanted = batch_type(key).title
        raise RunError(
            tr("The mapping {name} is for {found}, not for {type}.", name=saved.path.name, found=known, type=wanted)
        )


@contextmanager
def _disk_sentences(path: Path) -> Iterator[None]:
    """What the disk refuses, as one sentence."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise RunError(tr("{path} can't be written: {why}.", path=path, why=why), "disk") from error
