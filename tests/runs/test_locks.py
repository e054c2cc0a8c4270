"""Locks between windows and commands: an owner keeps others out, a looker nobody."""

from __future__ import annotations

import threading
from pathlib import Path

from gb_desktop.runs.locks import LOOKERS_LEAVE, FileLock, is_locked


def test_that_looking_at_a_lock_keeps_nobody_from_taking_it(tmp_path: Path) -> None:
    place, over = tmp_path / "run.sender", threading.Event()

    def look() -> None:
        while not over.is_set():
            is_locked(place)

    lookers = [threading.Thread(target=look) for _ in range(2)]
    for looker in lookers:
        looker.start()
    try:
        for _ in range(100):
            lock = FileLock(place)
            assert lock.acquire(LOOKERS_LEAVE)
            lock.release()
    finally:
        over.set()
        for looker in lookers:
            looker.join()


def test_that_a_held_lock_is_seen_and_refused(tmp_path: Path) -> None:
    place = tmp_path / "run.sender"
    owner = FileLock(place)
    assert owner.acquire()
    assert is_locked(place)
    assert not FileLock(place).acquire(0.05)
    owner.release()
    assert not is_locked(place)
