"""The run file's tables, and how an older file becomes a current one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from gb_desktop.runs.disk import disk_sentence, is_the_disk
from gb_desktop.runs.model import RunError
from gb_desktop.text import tr

VERSION = 2
BUSY_SECONDS = 10.0
CACHE = 64 * 1024  # KiB of the file that a connection keeps in memory

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE log (line INTEGER PRIMARY KEY, at TEXT NOT NULL, sentence TEXT NOT NULL) STRICT;

-- The sheet as read; edits change `cells` and are kept, with the value before, in `edits`.
CREATE TABLE rows (position INTEGER PRIMARY KEY, row INTEGER NOT NULL, cells TEXT NOT NULL, flag TEXT NOT NULL) STRICT;
CREATE TABLE left_out (row INTEGER PRIMARY KEY) STRICT;
CREATE TABLE steps (step INTEGER PRIMARY KEY, kind TEXT NOT NULL, sentence TEXT NOT NULL,
                    undone INTEGER NOT NULL DEFAULT 0,
                    recipe TEXT NOT NULL DEFAULT '') STRICT;  -- JSON of a change that can be made again, '' of others
CREATE TABLE edits (edit INTEGER PRIMARY KEY, step INTEGER NOT NULL, row INTEGER NOT NULL, col INTEGER NOT NULL,
                    before TEXT NOT NULL, after TEXT NOT NULL) STRICT;
CREATE INDEX edits_by_row ON edits (row);
CREATE INDEX edits_by_step ON edits (step);

-- What checking found. state: 0 ready, 1 error, 2 excluded. severity: 0 error, 1 warning.
CREATE TABLE checked (row INTEGER PRIMARY KEY, state INTEGER NOT NULL, item INTEGER, reason TEXT) STRICT;
CREATE TABLE problems (problem INTEGER PRIMARY KEY, row INTEGER NOT NULL, field TEXT NOT NULL, col INTEGER,
                       code TEXT NOT NULL, severity INTEGER NOT NULL, message TEXT NOT NULL) STRICT;
CREATE TABLE items (item INTEGER PRIMARY KEY, customer TEXT, ident TEXT, time TEXT, amount TEXT,
                    content BLOB NOT NULL, body TEXT NOT NULL, rows INTEGER NOT NULL DEFAULT 1,
                    previous INTEGER) STRICT;
-- Items of rows that only a rule across rows refuses (a repeated ID): kept apart, so that nothing can send them,
-- and put back when an edit of another row settles it.
CREATE TABLE blocked_items (item INTEGER PRIMARY KEY, customer TEXT, ident TEXT, time TEXT, amount TEXT,
                    content BLOB NOT NULL, body TEXT NOT NULL, rows INTEGER NOT NULL DEFAULT 1,
                    previous INTEGER) STRICT;
CREATE TABLE lines (key TEXT NOT NULL, row INTEGER NOT NULL, reading TEXT NOT NULL) STRICT;
CREATE TABLE shown (position INTEGER PRIMARY KEY, row INTEGER NOT NULL) STRICT;

-- Sending. A chunk's bytes follow from its items' bodies, which no longer change once it is planned.
CREATE TABLE chunks (
  chunk INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('planned', 'sending', 'accepted', 'finished', 'rejected', 'unsure')),
  kind TEXT NOT NULL,                      -- first, unit, main, tail, half, follow-up, heal, look-up
  layer INTEGER NOT NULL,
  generation INTEGER NOT NULL DEFAULT 0,   -- how many follow-ups came before
  repeated INTEGER NOT NULL DEFAULT 0,     -- 1: sent before with an unknown outcome, so a refusal may be our own repeat
  items INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  job TEXT,
  sent_at INTEGER, accepted_at INTEGER, finished_at INTEGER,   -- UTC milliseconds
  sentence TEXT NOT NULL DEFAULT '') STRICT;
CREATE INDEX chunks_by_state ON chunks (state, chunk);
CREATE TABLE chunk_items (chunk INTEGER NOT NULL, place INTEGER NOT NULL, item INTEGER NOT NULL,
                          PRIMARY KEY (chunk, place)) STRICT, WITHOUT ROWID;
CREATE TABLE attempts (attempt INTEGER PRIMARY KEY, chunk INTEGER NOT NULL, digest TEXT NOT NULL,
                       started_at INTEGER NOT NULL, ended_at INTEGER, sent INTEGER, status INTEGER, verdict TEXT,
                       detail TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE jobs (job TEXT NOT NULL, chunk INTEGER NOT NULL, word TEXT NOT NULL, read_at INTEGER NOT NULL,
                   total INTEGER, succeeded INTEGER, failed INTEGER, PRIMARY KEY (job, chunk)) STRICT;
CREATE TABLE outcomes (item INTEGER PRIMARY KEY, outcome TEXT NOT NULL, code INTEGER, message TEXT NOT NULL,
                       evidence TEXT NOT NULL, job TEXT, returned TEXT) STRICT;
CREATE TRIGGER finished_chunks_stay BEFORE UPDATE OF state ON chunks
  WHEN OLD.state IN ('finished', 'rejected') AND NEW.state <> OLD.state
  BEGIN SELECT RAISE(ABORT, 'a finished chunk does not change'); END;
"""

# What makes a file of the version before a current one; only ever added to.
MIGRATIONS = {
    1: "ALTER TABLE steps ADD COLUMN recipe TEXT NOT NULL DEFAULT '';",
}


def create(path: Path) -> sqlite3.Connection:
    """A new, empty run file with mode 0600, open for writing."""
    path.touch(mode=0o600, exist_ok=False)
    connection = _connect(path, "rwc")
    connection.executescript("BEGIN;" + TABLES + f"PRAGMA user_version = {VERSION}; COMMIT;")
    return connection


def open_to_write(path: Path, cache: int = CACHE) -> sqlite3.Connection:
    """The one read-write connection of a run file. RunError when it is missing, damaged or newer than this app.

    `cache`: KiB of the file that it keeps in memory.
    """
    return _opened(path, "rw", cache)


def open_to_read(path: Path) -> sqlite3.Connection:
    """A read-only connection; any number of them may be open beside the writer (WAL)."""
    return _opened(path, "ro")


def _opened(path: Path, mode: str, cache: int = CACHE) -> sqlite3.Connection:
    if not path.is_file():
        raise RunError(tr("The run {name} is not on this computer.", name=path.stem), "missing")
    connection = None
    try:
        connection = _connect(path, mode, cache)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if mode == "rw":
            _require_sound(connection, path)
            _migrate(connection, version)
    except sqlite3.DatabaseError as error:
        if connection:
            connection.close()
        if is_the_disk(error):
            raise RunError(disk_sentence(error), "disk") from error
        raise RunError(damaged(path, error), "damaged") from error
    except RunError:
        if connection:
            connection.close()
        raise
    if version > VERSION:
        connection.close()
        raise newer(path.stem)
    return connection


def newer(run: str) -> RunError:
    """A run that only a newer version of the app understands."""
    return RunError(tr("The run {name} was made by a newer version of GB Desktop: update the app.", name=run), "newer")


def damaged(path: Path, error: Exception) -> str:
    """The sentence about a run file that can't be understood."""
    return tr("The run file {path} can't be opened ({reason}); nothing was changed.", path=path, reason=error)


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    """Make an older file current, whole or not at all. Reading needs no migration: what is added has defaults."""
    for older in range(version, VERSION):
        script = f"BEGIN IMMEDIATE; {MIGRATIONS[older]} PRAGMA user_version = {older + 1}; COMMIT;"
        connection.executescript(script)


def _require_sound(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a run file whose sending tables are damaged: a wrong state could send rows twice."""
    for table in ("meta", "items", "chunks", "chunk_items", "outcomes", "attempts"):
        found = connection.execute(f"PRAGMA quick_check({table})").fetchone()[0]
        if found != "ok":
            raise RunError(
                tr("The run file {path} is damaged, so nothing is sent from it; make a copy of it and ask for help.",
                   path=path),
                "damaged",
            )  # fmt: skip


def _connect(path: Path, mode: str, cache: int = CACHE) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False)
    if mode != "ro":
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = 1")
        connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA cache_size = -{cache}")
    return connection
