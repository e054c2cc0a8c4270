"""Which requests go wrong, and how: scripted faults first, then the scenario's share of them."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from threading import Lock

from gb_desktop.practice.chance import percent
from gb_desktop.practice.settings import Behaviour, Fault

# After so many tries of the same request the scenarios let it through, so that everything comes to its end.
_PATIENCE = 3
_CUTS = ("cut-before", "cut-after", "half-answer", "cut-before", "cut-after", "html-after", "html-before")


class Trouble:
    """Picks the fault of a request, the same one for the same requests on every run. Thread-safe."""

    def __init__(self) -> None:
        self._matched: Counter[int] = Counter()  # by the fault's place in the script
        self._tries: Counter[bytes] = Counter()  # by the digest of a request
        self._lock = Lock()

    def reset(self) -> None:
        """Count from the beginning: the behaviour was switched."""
        with self._lock:
            self._matched.clear()
            self._tries.clear()

    def fault(self, behaviour: Behaviour, label: str, *content: str | bytes) -> Fault | None:
        """The fault of a request, or None. `label` names its kind, `content` tells it from others of the kind."""
        with self._lock:
            return self._scripted(behaviour, label) or self._by_chance(behaviour, label, content)

    def _scripted(self, behaviour: Behaviour, label: str) -> Fault | None:
        hit = None
        for place, fault in enumerate(behaviour.faults):
            if fault.on in label:
                self._matched[place] += 1
                if 0 <= self._matched[place] - fault.nth < fault.times:
                    hit = hit or fault
        return hit

    def _by_chance(self, behaviour: Behaviour, label: str, content: tuple[str | bytes, ...]) -> Fault | None:
        way = behaviour.way
        if not way.limited and not way.cut:
            return None
        digest = _digest(content)
        self._tries[digest] += 1
        tries = self._tries[digest]
        if tries > _PATIENCE:
            # A status is asked for again and again with the same words: that is no stubborn trouble.
            self._tries[digest] = 0
            return None
        drawn = percent(behaviour.chance, label, digest.hex(), tries)
        if drawn < way.limited:
            # Half of them say when to come again.
            return Fault("limit", seconds=drawn % 2)
        if drawn < way.limited + way.cut:
            return Fault(_CUTS[drawn % len(_CUTS)])
        return None


def _digest(content: tuple[str | bytes, ...]) -> bytes:
    found = blake2b(digest_size=16)
    for part in content:
        found.update(part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part)
        found.update(b"\0")
    return found.digest()
