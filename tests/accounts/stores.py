"""Keyrings that misbehave as real ones do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import NoReturn

from gb_desktop.accounts.backends import MemoryBackend


class ForgetfulBackend(MemoryBackend):
    """Takes everything, keeps nothing: the keyring package's null backend."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Say nothing, store nothing."""


class BrokenBackend(MemoryBackend):
    """Raises the same error at every call, with the secret in its text where it gets one."""

    def __init__(self, error: type[Exception]) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> NoReturn:
        raise self.error(service)

    def set_password(self, service: str, username: str, password: str) -> NoReturn:
        raise self.error(password)

    def delete_password(self, service: str, username: str) -> NoReturn:
        raise self.error(service)


class FullVaultError(Exception):
    """As Windows says that its vault is full."""

    winerror = 8


class HangingBackend(MemoryBackend):
    """Waits for `answered`, as behind an unlock prompt that nobody sees."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = threading.Event()
        self.most_at_once = 0
        self._inside = 0

    def get_password(self, service: str, username: str) -> str | None:
        self._inside += 1
        self.most_at_once = max(self.most_at_once, self._inside)
        self.answered.wait(10)
        self._inside -= 1
        return super().get_password(service, username)


class PickyBackend(MemoryBackend):
    """Refuses to store or delete entries whose name holds a word of `refused`; lets others act before it stores."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: set[str] = set()
        self.on_next_store: Callable[[], object] | None = None

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check(service)
        if self.on_next_store:
            meanwhile, self.on_next_store = self.on_next_store, None
            meanwhile()
        super().set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        self._check(service)
        super().delete_password(service, username)

    def entries(self) -> set[tuple[str, str]]:
        return set(self._secrets)

    def stored(self) -> set[str]:
        return set(self._secrets.values())

    def _check(self, service: str) -> None:
        if any(word in service for word in self.refused):
            raise OSError("refused")
