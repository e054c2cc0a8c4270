"""Where secrets are kept: one trusted keyring, asked with a time limit, and never a file."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from gb_desktop.accounts.backends import LOCKED_ERRORS, Backend, MemoryBackend, first_usable, title_of
from gb_desktop.accounts.model import AccountError
from gb_desktop.text import tr

LIMIT_SECONDS = 60.0  # a person may have to type the keyring's password meanwhile
LARGEST_BYTES = 2560  # of UTF-16: what the Windows Credential Manager keeps in one entry
VAULT_FULL = 8  # Windows' ERROR_NOT_ENOUGH_MEMORY


class Outcome(StrEnum):
    """What asking the keyring for a secret came to."""

    FOUND = "found"
    ABSENT = "absent"
    LOCKED = "locked"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Answer:
    """A secret, or one sentence that says why there is none."""

    outcome: Outcome
    sentence: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a secret went: `lasting` is False when it is gone once the app closes. The sentence says so."""

    lasting: bool
    sentence: str


class NotKeptError(Exception):
    """The keyring took a secret and gave something else back."""


class NoKeyringError(Exception):
    """There is no keyring that GB Desktop trusts."""


class Vault:
    """Secrets in the system's keyring, else in memory until the app closes.

    Every call may wait up to `limit` seconds (an unlock prompt), so none belongs on the window's thread. Each runs in
    a thread of its own, one at a time: some keyrings hang, and none is known to be safe in parallel.
    """

    def __init__(
        self,
        backend: Backend | None = None,
        *,
        limit: float = LIMIT_SECONDS,
        choose: Callable[[], Backend | None] = first_usable,
    ) -> None:
        """`backend` is used as it is; without one, `choose` finds it at the first call, or None where there is none."""
        self._choose = choose if backend is None else lambda: backend
        self._limit = limit
        self._turn = threading.Lock()
        self._chosen = False
        self._backend: Backend | None = None
        self._proved = False
        self._memory = MemoryBackend()
        self._trouble = ""

    def get(self, entry: str, user: str) -> Answer:
        """The secret kept as `user` in `entry`."""
        held = self._memory.get_password(entry, user)
        if held:
            return Answer(Outcome.FOUND, tr("They are kept in memory until GB Desktop closes."), held)
        try:
            secret = self._ask(lambda backend: backend.get_password(entry, user))
        except Exception as error:  # noqa: BLE001 - keyrings raise whatever their system raises: judged below
            return Answer(*self._judged(error))
        if not secret:
            return Answer(Outcome.ABSENT, tr("They are not stored in {keyring}.", keyring=self._title()))
        return Answer(Outcome.FOUND, tr("They are stored in {keyring}.", keyring=self._title()), secret)

    def put(self, entry: str, user: str, secret: str) -> Kept:
        """Keep the secret, and say "stored" only after reading it back.

        A keyring that is locked, missing or forgetful leaves it in memory, and the sentence says that. AccountError
        when the secret is longer than a keyring's entry.
        """
        if len(secret.encode("utf-16-le")) > LARGEST_BYTES:
            raise AccountError(tr("A key has at most {most} characters: copy the key alone.", most=LARGEST_BYTES // 2))
        try:
            self._ask(lambda backend: self._store(backend, entry, user, secret))
        except Exception as error:  # noqa: BLE001 - as above
            self._memory.set_password(entry, user, secret)
            self._trouble = self._memory_sentence(error)
            return Kept(False, self._trouble)
        self._drop(entry, user)
        return Kept(True, tr("Keys are stored in {keyring}.", keyring=self._title()))

    def remove(self, entry: str, user: str) -> Answer:
        """Forget the secret. ABSENT afterwards, also when it was never there; else it is still stored."""
        only_here = self._drop(entry, user)
        try:
            self._ask(lambda backend: _delete(backend, entry, user))
        except Exception as error:  # noqa: BLE001 - as above
            if not only_here:
                return Answer(*self._judged(error))
        return Answer(Outcome.ABSENT, tr("They are not stored in {keyring}.", keyring=self._title()))

    def describe(self) -> str:
        """One sentence about where keys are kept."""
        if self._trouble:
            return self._trouble
        try:
            self._ask(lambda _backend: None)
        except Exception as error:  # noqa: BLE001 - as above
            return self._memory_sentence(error)
        return tr("Keys are stored in {keyring}.", keyring=self._title())

    def _drop(self, entry: str, user: str) -> bool:
        """Forget what memory holds; True where it held it, which it does only for what no keyring took."""
        held = self._memory.get_password(entry, user) is not None
        self._memory.delete_password(entry, user)
        if self._memory.is_empty:
            self._trouble = ""
        return held

    def _ask(self, work: Callable[[Backend], str | None]) -> str | None:
        """Run `work` in a thread of its own; TimeoutError past the limit, else whatever the keyring raised."""
        if not self._turn.acquire(timeout=self._limit):
            raise TimeoutError
        call = _Call(work, self._found_backend, self._turn.release)
        call.start()
        call.join(self._limit)
        return call.result()

    def _found_backend(self) -> Backend:
        if not self._chosen:
            self._backend, self._chosen = self._choose(), True
        if self._backend is None:
            raise NoKeyringError
        return self._backend

    def _store(self, backend: Backend, entry: str, user: str, secret: str) -> None:
        if not self._proved:
            _probe(backend)
            self._proved = True
        backend.set_password(entry, user, secret)
        if backend.get_password(entry, user) != secret:
            raise NotKeptError

    def _title(self) -> str:
        return title_of(self._backend) if self._backend else tr("this computer's keyring")

    def _judged(self, error: Exception) -> tuple[Outcome, str]:
        keyring, why = self._title(), type(error).__name__  # never str(error): it may hold what was being stored
        if isinstance(error, NoKeyringError):
            return Outcome.UNAVAILABLE, tr("No keyring was found on this computer.")
        if _is_locked(error):
            return Outcome.LOCKED, tr("Unlock {keyring} and try again.", keyring=keyring)
        if isinstance(error, TimeoutError):
            return Outcome.LOCKED, tr(
                "There was no answer from {keyring} within {seconds} seconds: unlock it and try again.",
                keyring=keyring,
                seconds=round(self._limit),
            )
        return Outcome.UNAVAILABLE, tr("An error ({why}) came from {keyring}.", keyring=keyring, why=why)

    def _memory_sentence(self, error: Exception) -> str:
        keyring = self._title()
        if isinstance(error, NoKeyringError):
            return tr("Keys are kept in memory until GB Desktop closes: no keyring was found on this computer.")
        if _is_locked(error) or isinstance(error, TimeoutError):
            return tr(
                "Keys are kept in memory until GB Desktop closes: unlock {keyring} and save them again to keep them.",
                keyring=keyring,
            )
        if getattr(error, "winerror", None) == VAULT_FULL:
            return tr(
                "Keys are kept in memory until GB Desktop closes: {keyring} is full. "
                "Remove entries that you no longer need and save the keys again.",
                keyring=keyring,
            )
        return tr(
            "Keys are kept in memory until GB Desktop closes: {keyring} does not store them.",
            keyring=keyring,
        )


class _Call(threading.Thread):
    """One call of the keyring. It can't be cancelled: past the limit it is left to end by itself."""

    def __init__(
        self, work: Callable[[Backend], str | None], backend: Callable[[], Backend], done: Callable[[], None]
    ) -> None:
        super().__init__(name="keyring", daemon=True)
        self._work, self._backend, self._done = work, backend, done
        self._value: str | None = None
        self._error: Exception | None = None

    def run(self) -> None:
        try:
            self._value = self._work(self._backend())
        except Exception as error:  # noqa: BLE001 - handed to the caller
            self._error = error
        finally:
            self._done()

    def result(self) -> str | None:
        if self.is_alive():
            raise TimeoutError
        if self._error is not None:
            raise self._error
        return self._value


def _probe(backend: Backend) -> None:
    """Prove with a random value that the keyring keeps what it takes, before it is trusted with a key."""
    entry, value = f"GB Desktop probe {secrets.token_hex(8)}", secrets.token_hex(16)
    backend.set_password(entry, "probe", value)
    kept = backend.get_password(entry, "probe")
    _delete(backend, entry, "probe")
    if kept != value:
        raise NotKeptError


def _delete(backend: Backend, entry: str, user: str) -> None:
    """Delete, where there is something: backends disagree on what deleting nothing means."""
    if backend.get_password(entry, user) is not None:
        backend.delete_password(entry, user)


def _is_locked(error: Exception) -> bool:
    return isinstance(error, LOCKED_ERRORS) or str(getattr(error, "name", "")).endswith(".IsLocked")
