"""The control token: pause and stop, set from any thread, looked at between the engine's steps."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Control:
    """What the user wants of a run that is being sent. Every wait of the engine ends when this changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._paused = False
        self._stopped = False
        self._also_jobs = False
        self._closed = threading.Event()
        self._held = threading.Event()  # set while nothing may be sent
        self._ending = threading.Event()  # set once the run is to stop or the engine goes away
        self._wake: Callable[[], None] = lambda: None

    def on_change(self, wake: Callable[[], None]) -> None:
        """Call `wake` (thread-safe, quick) whenever something changes."""
        self._wake = wake

    def pause(self) -> None:
        """Send no new request for now; what was accepted is still watched."""
        self._set(paused=True)

    def resume(self) -> None:
        self._set(paused=False)

    def stop(self, also_jobs: bool = False) -> None:
        """Send no more; watch what was accepted to its end. also_jobs: ask Gameball to stop the jobs too."""
        with self._lock:
            self._stopped = True
            self._also_jobs = self._also_jobs or also_jobs
            self._held.set()
            self._ending.set()
        self._wake()

    def close(self) -> None:
        """End every wait at once: the engine is going away."""
        self._closed.set()
        self._held.set()
        self._ending.set()
        self._wake()

    def _set(self, paused: bool) -> None:
        with self._lock:
            self._paused = paused
            if self.may_send:
                self._held.clear()
            else:
                self._held.set()
        self._wake()

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def stopped(self) -> bool:
        return self._stopped

    @property
    def also_jobs(self) -> bool:
        return self._also_jobs

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    @property
    def ending(self) -> bool:
        """Whether the run was stopped or the engine is going away; a pause is neither."""
        return self._ending.is_set()

    @property
    def may_send(self) -> bool:
        return not (self._paused or self._stopped or self._closed.is_set())

    def wait(self, seconds: float) -> bool:
        """Wait; True when the engine is going away and the wait was cut short."""
        return self._closed.wait(seconds)

    def wait_to_send(self, seconds: float) -> bool:
        """Wait before sending; True when nothing may be sent any more and the wait was cut short."""
        return self._held.wait(seconds)

    def wait_to_end(self, seconds: float) -> bool:
        """Wait while only asking; True when the run is to end and the wait was cut short. A pause changes nothing."""
        return self._ending.wait(seconds)
