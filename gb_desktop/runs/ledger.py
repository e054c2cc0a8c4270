"""The ledger: every run that was sent from this computer, its content hashes, and every ID ever sent."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

TABLES = """
CREATE TABLE IF NOT EXISTS runs (
  run TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, environment TEXT NOT NULL, type TEXT NOT NULL,
  ordered TEXT NOT NULL, unordered TEXT NOT NULL, sent_at TEXT NOT NULL, state TEXT NOT NULL,
  unknown INTEGER NOT NULL DEFAULT 0, items INTEGER NOT NULL DEFAULT 0, total TEXT NOT NULL DEFAULT '',
  account TEXT NOT NULL DEFAULT '') STRICT;
CREATE INDEX IF NOT EXISTS runs_by_content ON runs (fingerprint, unordered);
-- An ID may have been sent by several runs, with a person's word: what one of them says of it holds for that one alone.
CREATE TABLE IF NOT EXISTS sent_idents (
  fingerprint TEXT NOT NULL, type TEXT NOT NULL, ident TEXT NOT NULL, run TEXT NOT NULL, item INTEGER NOT NULL,
  PRIMARY KEY (fingerprint, type, ident, run)) STRICT, WITHOUT ROWID;
-- IDs that were sent and certainly refused, by the last run that sent them: free to be sent again.
CREATE TABLE IF NOT EXISTS refused_idents (
  fingerprint TEXT NOT NULL, type TEXT NOT NULL, ident TEXT NOT NULL, run TEXT NOT NULL, item INTEGER NOT NULL,
  PRIMARY KEY (fingerprint, type, ident)) STRICT, WITHOUT ROWID;
-- Keys of one account that were exchanged for each other. What one of them sent counts for all of its family.
CREATE TABLE IF NOT EXISTS families (fingerprint TEXT PRIMARY KEY, family TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class LedgerRun:
    """What the ledger keeps of a run that sent something."""

    run: str
    fingerprint: str
    environment: str
    type: str
    ordered: str  # hash of the items in order
    unordered: str  # hash of the items in any order
    sent_at: str
    state: str
    unknown: int = 0
    items: int = 0
    total: str = ""
    account: str = ""  # its name, for when the keys that were used can't be read any more


COLUMNS = "run, fingerprint, environment, type, ordered, unordered, sent_at, state, unknown, items, total, account"


class Ledger:
    """`ledger.sqlite` beside the runs. Rollback journal, one short transaction a call, safe between processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as db:
            db.executescript(TABLES)
            _take_over_older(db)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
        with closing(sqlite3.connect(self._path, timeout=30.0, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = DELETE")
            db.execute("PRAGMA synchronous = FULL")
            yield db

    def record(self, run: LedgerRun) -> None:
        """Add a run before its first request, or bring what is known of it up to date."""
        values = tuple(getattr(run, name) for name in COLUMNS.split(", "))
        with self._open() as db:
            db.execute(f"INSERT OR REPLACE INTO runs ({COLUMNS}) VALUES ({_marks(values)})", values)

    def update(self, run: str, state: str, unknown: int) -> None:
        """How a recorded run stands now; nothing when it never sent anything."""
        with self._open() as db:
            db.execute("UPDATE runs SET state = ?, unknown = ? WHERE run = ?", (state, unknown, run))

    def like(self, fingerprint: str, batch_type: str, unordered: str) -> list[LedgerRun]:
        """Runs of the same account with the same items, newest first."""
        with self._open() as db:
            kin = _kin(db, fingerprint)
            found = db.execute(
                f"SELECT {COLUMNS} FROM runs WHERE fingerprint IN ({_marks(kin)}) AND type = ? AND unordered = ? "
                "ORDER BY sent_at DESC",
                (*kin, batch_type, unordered),
            ).fetchall()
        return [LedgerRun(*row) for row in found]

    def last_of(self, fingerprint: str, batch_type: str, but: str) -> LedgerRun | None:
        """The newest run of a batch type, `but` left aside."""
        with self._open() as db:
            kin = _kin(db, fingerprint)
            row = db.execute(
                f"SELECT {COLUMNS} FROM runs WHERE fingerprint IN ({_marks(kin)}) AND type = ? AND run <> ? "
                "ORDER BY sent_at DESC LIMIT 1",
                (*kin, batch_type, but),
            ).fetchone()
        return LedgerRun(*row) if row else None

    def remember_idents(
        self, fingerprint: str, batch_type: str, run: str, idents: Sequence[tuple[str, int]], asked: bool = True
    ) -> dict[str, str]:
        """Write IDs down before the request that carries them.

        asked: a person knows that other runs may have sent them. Else, where some are another run's, nothing is
        written, and those are what comes back: ID -> run.
        """
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            known = {} if asked else _known(db, fingerprint, batch_type, [ident for ident, _ in idents], run)
            if not known:
                db.executemany(
                    "INSERT OR IGNORE INTO sent_idents VALUES (?, ?, ?, ?, ?)",
                    ((fingerprint, batch_type, ident, run, item) for ident, item in idents),
                )
            db.execute("COMMIT")
        return known

    def free_idents(self, fingerprint: str, batch_type: str, run: str, idents: Iterable[str]) -> None:
        """IDs that this run sent and of which it is certain that nothing was applied: they may go again.

        An ID that another run sent too stays that run's.
        """
        mine = "fingerprint = ? AND type = ? AND ident = ? AND run = ?"
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            kin = _kin(db, fingerprint)
            keys = [(one, batch_type, ident, run) for ident in idents for one in kin]
            db.executemany(f"INSERT OR REPLACE INTO refused_idents SELECT * FROM sent_idents WHERE {mine}", keys)
            db.executemany(f"DELETE FROM sent_idents WHERE {mine}", keys)
            db.execute("COMMIT")

    def follow_keys(self, before: str, after: str) -> None:
        """A person said that an account's keys were exchanged: what was sent with either counts for both.

        Nothing is moved: another run may go on under the old keys, or go back to them.
        """
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            family = _family(db, before)
            db.execute("UPDATE families SET family = ? WHERE family = ?", (family, _family(db, after)))
            pairs = [(before, family), (after, family)]
            db.executemany("INSERT OR REPLACE INTO families VALUES (?, ?)", pairs)
            db.execute("COMMIT")

    def family(self, fingerprint: str) -> str:
        """The one name of an account for all keys that it had; of the first, where they were exchanged."""
        with self._open() as db:
            return _family(db, fingerprint)

    def kin(self, fingerprint: str) -> list[str]:
        """The fingerprints of all keys that the account had, as far as a person said so; at least this one."""
        with self._open() as db:
            return _kin(db, fingerprint)

    def has_sent(self, fingerprint: str, environment: str) -> bool:
        """Whether an account sent anything with these keys, or with others that they were exchanged for."""
        with self._open() as db:
            kin = _kin(db, fingerprint)
            query = f"SELECT 1 FROM runs WHERE fingerprint IN ({_marks(kin)}) AND environment = ? LIMIT 1"
            return db.execute(query, (*kin, environment)).fetchone() is not None

    def last_keys(self, account: str, environment: str) -> str:
        """The fingerprint of the keys with which an account of this name sent last; "" when none did."""
        query = "SELECT account, fingerprint FROM runs WHERE environment = ? ORDER BY sent_at DESC"
        with self._open() as db:
            found = (keys for name, keys in db.execute(query, (environment,)) if name.casefold() == account.casefold())
            return next(found, "")

    def knows_any(self, fingerprint: str, batch_type: str, but: str) -> bool:
        """Whether another run of the same account sent any ID of this type."""
        with self._open() as db:
            kin = _kin(db, fingerprint)
            found = db.execute(
                f"SELECT 1 FROM runs WHERE fingerprint IN ({_marks(kin)}) AND type = ? AND run <> ? LIMIT 1",
                (*kin, batch_type, but),
            ).fetchone()
        return found is not None

    def known(self, fingerprint: str, batch_type: str, idents: Sequence[str], but: str) -> dict[str, str]:
        """Of these IDs, those sent before by another run than `but`: ID -> run."""
        with self._open() as db:
            return _known(db, fingerprint, batch_type, idents, but)


def _take_over_older(db: sqlite3.Connection) -> None:
    """A ledger that kept one run for each ID, and no names of accounts."""
    idents = "SELECT 1 FROM sqlite_master WHERE name = 'idents'"
    names = "SELECT 1 FROM pragma_table_info('runs') WHERE name = 'account'"
    if db.execute(idents).fetchone() is None and db.execute(names).fetchone():
        return
    db.execute("BEGIN IMMEDIATE")
    if db.execute(idents).fetchone():  # nobody else did meanwhile
        db.execute("INSERT OR IGNORE INTO sent_idents SELECT * FROM idents")
        db.execute("DROP TABLE idents")
    if db.execute(names).fetchone() is None:
        db.execute("ALTER TABLE runs ADD COLUMN account TEXT NOT NULL DEFAULT ''")
    db.execute("COMMIT")


def _known(
    db: sqlite3.Connection, fingerprint: str, batch_type: str, idents: Sequence[str], but: str
) -> dict[str, str]:
    found: dict[str, str] = {}
    asked = "SELECT ident, run FROM sent_idents WHERE fingerprint = ? AND type = ? AND run <> ? AND ident IN"
    ordered = sorted(idents)  # as the table is, so that neighbours are found together
    for kin in _kin(db, fingerprint):
        for start in range(0, len(ordered), 500):
            part = ordered[start : start + 500]
            for ident, run in db.execute(f"{asked} ({_marks(part)})", (kin, batch_type, but, *part)):
                found[ident] = min(run, found.get(ident, run))  # the first: their names begin with their time
    return found


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _family(db: sqlite3.Connection, fingerprint: str) -> str:
    row = db.execute("SELECT family FROM families WHERE fingerprint = ?", (fingerprint,)).fetchone()
    return str(row[0]) if row else fingerprint


def _kin(db: sqlite3.Connection, fingerprint: str) -> list[str]:
    family = _family(db, fingerprint)
    found = db.execute("SELECT fingerprint FROM families WHERE family = ? ORDER BY fingerprint", (family,))
    return [kin for (kin,) in found] or [fingerprint]
