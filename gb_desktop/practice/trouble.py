"""Which requests go wrong, and how: scripted faults first, then the scenario's share of them."""

from __future__ import annotations

from collections import Counter
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
        self._tries: Counter[str] = Counter()
        self._lock = Lock()

    def reset(self) -> None:
        """Count from the beginning: the behaviour was switched."""
        with self._lock:
            self._matched.clear()
            self._tries.clear()

    def fault(self, behaviour: Behaviour, label: str, content: str) -> Fault | None:
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

    def _by_chance(self, behaviour: Behaviour, label: str, content: str) -> Fault | None:
        way = behaviour.way
        if not way.limited and not way.cut:
            return None
        self._tries[content] += 1
        tries = self._tries[content]
        if tries > _PATIENCE:
            # A status is asked for again and again with the same words: that is no stubborn trouble.
            self._tries[content] = 0
            return None
        drawn = percent(behaviour.chance, label, content, tries)
        if drawn < way.limited:
            return Fault("limit", seconds=behaviour.retry_after or 0)
        if drawn < way.limited + way.cut:
            return Fault(_CUTS[drawn % len(_CUTS)])
        return None
