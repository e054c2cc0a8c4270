"""Which words a sheet's columns hold, asked of the draft when a field of few values gets another source."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from gb_desktop.catalog import BatchType
from gb_desktop.mapping.model import Mapping, Source
from gb_desktop.mapping.words import ColumnWords, takes_words
from gb_desktop.ui.session import Session

NONE = ColumnWords()


class WordCounts(QObject):
    """`counted` says that the words of the mapping on screen are there."""

    counted = Signal()

    def __init__(self, session: Session, failed: Callable[[Exception], None], parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._failed = failed
        self._asked: dict[str, Source] = {}
        self._words: dict[str, ColumnWords] = {}

    def forget(self) -> None:
        """The rows may be others now."""
        self._asked, self._words = {}, {}

    def of(self, path: str) -> ColumnWords:
        """The words that feed a field, none while they are not known."""
        return self._words.get(path, NONE)

    def follow(self, mapping: Mapping, kind: BatchType) -> None:
        """Ask for the words of every field that has another source than the last time."""
        wanted = {
            path: source
            for path, source in mapping.sources.items()
            if source.columns and (field := kind.field(path)) is not None and takes_words(field)
        }
        if wanted == self._asked:
            return
        self._asked = wanted
        self._words = {path: found for path, found in self._words.items() if path in wanted}
        draft = self._session.draft
        if wanted and draft is not None:
            asked = (wanted, mapping)
            self._session.tasks.run(
                lambda: (asked[0], draft.column_words(asked[1])), self._know, self._failed, owner=self
            )

    def _know(self, answer: tuple[dict[str, Source], dict[str, ColumnWords]]) -> None:
        wanted, words = answer
        if wanted == self._asked:
            self._words = words
            self.counted.emit()
