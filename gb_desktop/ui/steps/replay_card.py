"""Changes saved with the mapping, offered on this sheet with what each would do, and made with one click."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gb_desktop.mapping.changes import Change
from gb_desktop.runs.model import Progress, RunError
from gb_desktop.runs.replayed import ReplayLine, ReplayOffer
from gb_desktop.text import cells_words, rows_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.page import emptied
from gb_desktop.ui.widgets import Card, QuietButton, SecondaryButton, StateBadge, Text, Tone, isolated

_MOST = 8  # lines; the others are counted
_PATIENCE = 1500  # milliseconds after something else was asked for until the changes are tried again


class ReplayCard(Card):
    """Hidden while there is nothing to offer. The counts come from the worker, which really tries the changes.

    That can take as long as a check for each of them; whatever else is asked of the worker meanwhile goes first.
    """

    wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=tokens.TINY, margin=tokens.MEDIUM)
        self.setObjectName("replay_card")
        self._session = session
        self._asked: tuple[str, tuple[Change, ...]] | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_PATIENCE)
        self._again.timeout.connect(self._try_again)
        self._gave_way = False
        self.badge = StateBadge(tr("From last time"), Tone.INFO, "refresh", self)
        self.layout_.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignLeft)
        self.words = Text("", "body", self)
        self.layout_.addWidget(self.words)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(tokens.SMALL)
        self.layout_.addSpacing(tokens.TINY)
        self.layout_.addLayout(self._lines)
        self.layout_.addSpacing(tokens.TINY)
        self.make = SecondaryButton(tr("Make these changes"), "replay_make", "check", self)
        self.make.clicked.connect(self._make)
        self.layout_.addWidget(self.make)
        self.decline = QuietButton(tr("Not on this sheet"), "replay_decline", "cross", self)
        self.decline.clicked.connect(self._decline)
        self.layout_.addWidget(self.decline)
        self.hide()

    def forget(self) -> None:
        """Another draft is worked on."""
        self._asked = None
        self._gave_way = False
        self.hide()

    def consider(self) -> None:
        """After a check: ask what the mapping's changes would do, once for each run and mapping."""
        draft, mapping = self._session.draft, self._session.mapping
        if draft is None or mapping is None:
            return
        asked = (draft.run, mapping.changes)
        if mapping.changes and asked != self._asked:
            self._asked = asked
            self._gave_way = False
            emptied(self._lines)
            self.words.setText(tr("Trying on this sheet what was changed the last time…"))
            self._show_buttons(shown=False)
            self.show()
            self._session.tasks.run_reporting(
                draft.replay_offer, self.show_offer, self._failed, self._progress, owner=self, gives_way=draft.give_way
            )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._gave_way:
            self._again.start()

    @Slot()
    def _try_again(self) -> None:
        if self._gave_way and self.isVisible():
            self.consider()

    def _progress(self, progress: Progress) -> None:
        if progress.what == "changing":
            sentence = "Trying on this sheet what was changed the last time: {number} of {total}…"
            self.words.setText(tr(sentence, number=progress.done + 1, total=progress.total))

    def show_offer(self, offer: ReplayOffer) -> None:
        """Show what would be done; nothing when no change has a cause here."""
        emptied(self._lines)
        useful = [line for line in offer.lines if line.count]
        self.setVisible(bool(useful))
        self._show_buttons(shown=True)
        if not useful:
            return
        name = isolated(offer.name) if offer.name else tr("this mapping")
        self.words.setText(tr("The mapping {name} remembers changes that this sheet could use too:", name=name))
        for line in useful[:_MOST]:
            self._lines.addWidget(_Line(line, self))
        if len(useful) > _MOST:
            self._lines.addWidget(Text(tr("and {count} more", count=len(useful) - _MOST), "caption", self))

    def _show_buttons(self, *, shown: bool) -> None:
        self.make.setVisible(shown)
        self.decline.setVisible(shown)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, RunError) and error.reason == "gave-way":
            self._asked = None
            self._gave_way = True
            self._again.start()
            return
        self.hide()
        self._session.fail(error)

    @Slot()
    def _make(self) -> None:
        self.hide()
        self.wanted.emit()

    @Slot()
    def _decline(self) -> None:
        self.hide()
        if self._session.draft is not None:
            self._session.tasks.run(self._session.draft.decline_replay, None, self._session.fail, owner=self)


class _Line(QWidget):
    """One change: what it does, to how many cells or rows now, and to how many the last time."""

    def __init__(self, line: ReplayLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Text(line.sentence, "body", self))
        counts = QHBoxLayout()
        counts.setSpacing(tokens.SMALL)
        counts.addWidget(Text(_now(line), "strong", self, wrap=False))
        if line.before:
            counts.addWidget(Text(tr("{count} the last time", count=line.before), "caption", self, wrap=False))
        counts.addStretch(1)
        column.addLayout(counts)


def _now(line: ReplayLine) -> str:
    return rows_words(line.count) if line.leaves_out else cells_words(line.count)
