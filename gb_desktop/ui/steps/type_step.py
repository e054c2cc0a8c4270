"""Step 1: what to send. Above the eight cards: drafts and paused runs to go on with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from gb_desktop.catalog import BATCH_TYPES
from gb_desktop.runs.model import RunFacts, RunState
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.files import TEMPLATE, ask_where
from gb_desktop.ui.flow import Step
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.page import WorkPage, emptied
from gb_desktop.ui.steps.type_card import TypeCard
from gb_desktop.ui.widgets import (
    Card,
    ElidedLabel,
    IconLabel,
    ScrollPage,
    SecondaryButton,
    StateBadge,
    Text,
    Tone,
    isolated,
)
from gb_desktop.ui.words import STATE_ICONS, STATE_TONES, state_word, type_title, when

if TYPE_CHECKING:
    from gb_desktop.desk import Desk
    from gb_desktop.runs.draft import Draft

_A_ROW = 4
_WIDE_ENOUGH = 860
_OFFERED = 3
_UNFINISHED = (
    RunState.DRAFT,
    RunState.READY,
    RunState.PAUSED,
    RunState.INTERRUPTED,
    RunState.NEEDS_ATTENTION,
)
_GOING_ON = (RunState.DRAFT, RunState.PAUSED, RunState.INTERRUPTED)  # others have nothing that goes on by itself


class TypePage(WorkPage):
    """Choose one of the eight batch types, or go on with what was begun."""

    step = Step.TYPE

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.title = tr("What do you want to send?")
        inner = QWidget()
        self._inner = QVBoxLayout(inner)
        self._inner.setContentsMargins(0, 0, 0, 0)
        self._inner.setSpacing(tokens.MEDIUM)
        self.column.addWidget(Text(self.title, "title", self))
        self.column.addWidget(ScrollPage(inner, "type_scroll", self), 1)
        self._unfinished = QVBoxLayout()
        self._unfinished.setSpacing(tokens.SMALL)
        self._inner.addLayout(self._unfinished)
        self._group = QButtonGroup(self)
        self._cards: list[TypeCard] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(tokens.MEDIUM)
        self._a_row = _A_ROW
        self._make_cards()
        self._inner.addLayout(self._grid)
        self._inner.addStretch(1)
        self._group.buttonClicked.connect(self._chosen)

    def _make_cards(self) -> None:
        for kind in BATCH_TYPES:
            card = TypeCard(kind)
            card.template_wanted.connect(self._save_template)
            card.opened.connect(self.finished)
            card.arrow.connect(self._move)
            self._group.addButton(card)
            self._cards.append(card)
        self._place_cards()

    def _place_cards(self) -> None:
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // self._a_row, place % self._a_row)
        for column in range(_A_ROW):
            self._grid.setColumnStretch(column, 1 if column < self._a_row else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two rows of four; four rows of two where room is short."""
        super().resizeEvent(event)
        fitting = _A_ROW if self.width() >= _WIDE_ENOUGH else _A_ROW // 2
        if fitting != self._a_row:
            self._a_row = fitting
            self._place_cards()

    def enter(self) -> None:
        self._group.setExclusive(False)
        for card in self._cards:
            card.setChecked(card.key == self.session.batch_type)
        self._group.setExclusive(True)
        chosen = self._group.checkedButton() or self._cards[0]
        chosen.setFocus(Qt.FocusReason.OtherFocusReason)
        self.session.desk_tasks.run(self.session.desk.runs, self._show_unfinished, owner=self)

    def advance(self, done: Callable[[], None]) -> None:
        """Make the draft on the first Next; tell it the type."""
        session, draft, key = self.session, self.session.draft, self.session.batch_type
        if draft is not None:
            self.ask(lambda: draft.set_type(key), lambda _none: done())
            return

        def made(new: Draft) -> None:
            file = session.proposed_file
            session.use_draft(new)
            session.batch_type, session.proposed_file = key, file
            done()

        self.set_busy(tr("A new draft is being made."))
        self.ask(lambda: _new_draft(session.desk, key), made, self._not_made)

    def _not_made(self, error: Exception) -> None:
        self.set_busy("")
        self.say_error(error)

    @Slot(object)
    def _move(self, key: int) -> None:
        """Arrows move among the cards and choose, as in any group of radio buttons."""
        focused = self.focusWidget()
        if isinstance(focused, TypeCard):
            place = self._cards.index(focused) + self._step_of(key)
            if 0 <= place < len(self._cards):
                self._cards[place].setFocus(Qt.FocusReason.TabFocusReason)
                self._cards[place].click()

    def _step_of(self, key: int) -> int:
        """How many cards an arrow key moves on; 0 for any other key."""
        forward = -1 if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else 1
        steps = {
            Qt.Key.Key_Right: forward,
            Qt.Key.Key_Left: -forward,
            Qt.Key.Key_Down: self._a_row,
            Qt.Key.Key_Up: -self._a_row,
        }
        return next((step for wanted, step in steps.items() if wanted == key), 0)

    @Slot(QAbstractButton)
    def _chosen(self, button: QAbstractButton) -> None:
        if not isinstance(button, TypeCard) or button.key == self.session.batch_type:
            return
        session = self.session
        session.batch_type = button.key
        session.suggested = session.mapping = session.view = session.summary = session.review = None
        self.invalidated.emit()
        self.changed.emit()

    # ------------------------------------------------------------------ to go on with

    def _show_unfinished(self, runs: list[RunFacts]) -> None:
        emptied(self._unfinished)
        waiting = [run for run in runs if run.state in _UNFINISHED and _worth_showing(run, self.session.run)]
        if not waiting:
            return
        self._unfinished.addWidget(Text(tr("Go on with"), "subtitle"))
        for run in waiting[:_OFFERED]:
            line = UnfinishedLine(run)
            line.wanted.connect(self._go_on)
            self._unfinished.addWidget(line)
        if len(waiting) > _OFFERED:
            rest = len(waiting) - _OFFERED
            self._unfinished.addWidget(Text(tr("{count} more on the Runs page.", count=rest), "muted"))
        self._unfinished.addSpacing(tokens.SMALL)

    @Slot(str, bool)
    def _go_on(self, run: str, draft: bool) -> None:
        (self.session.open_draft if draft else self.session.open_run).emit(run)

    # ------------------------------------------------------------------ template

    @Slot(str)
    def _save_template(self, key: str) -> None:
        name = f"{key}-template.xlsx"
        ask_where(
            self,
            self.session,
            TEMPLATE,
            tr("Save the Excel template"),
            name,
            tr("Excel workbook (*.xlsx)"),
            lambda path: self._write(key, path),
        )

    def _write(self, key: str, path: str) -> None:
        desk = self.session.desk
        self.session.desk_tasks.run(
            lambda: desk.write_template(key, Path(path)), lambda _none: self._written(path), self.say_error, owner=self
        )

    def _written(self, path: str) -> None:
        title = tr("The template was saved as {file}.", file=isolated(path))
        self.banner.say(Tone.SUCCESS, title, tr("Fill in its columns and load it in the next step."), closable=True)


class UnfinishedLine(Card):
    """A draft or a run that is not at its end, with a button to go on."""

    wanted = Signal(str, bool)  # run, whether it is a draft

    def __init__(self, run: RunFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=tokens.MEDIUM)
        self._run = run
        row = QHBoxLayout()
        row.setSpacing(tokens.MEDIUM)
        row.addWidget(IconLabel(run.type or "new-batch", "muted", parent=self))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(_headline(run), "strong", self, wrap=False))
        words.addWidget(ElidedLabel(run.sentence or tr("Begun: {when}", when=when(run.created)), self, kind="muted"))
        row.addLayout(words, 1)
        row.addWidget(
            StateBadge(state_word(run.state), STATE_TONES[run.state], STATE_ICONS[run.state], self),
            0,
            Qt.AlignmentFlag.AlignVCenter,
        )
        text = tr("Continue") if run.state in _GOING_ON else tr("Open")
        self.button = SecondaryButton(text, f"continue_{run.run}", parent=self)
        self.button.setAccessibleName(tr("Go on with {run}", run=_headline(run)))
        self.button.clicked.connect(self._clicked)
        row.addWidget(self.button)
        self.layout_.addLayout(row)

    @Slot()
    def _clicked(self) -> None:
        self.wanted.emit(self._run.run, self._run.state is RunState.DRAFT)


def _headline(run: RunFacts) -> str:
    kind = type_title(run.type) or tr("Nothing chosen yet")
    if not run.file:
        return kind
    return tr("{type} from {file}", type=kind, file=isolated(Path(run.file).name))


def _worth_showing(run: RunFacts, current: str) -> bool:
    """A draft without a file holds nothing worth going on with, and the one being worked on is open already."""
    return run.run != current and (run.state is not RunState.DRAFT or bool(run.file))


def _new_draft(desk: Desk, key: str) -> Draft:
    draft = desk.new_draft()
    draft.set_type(key)
    return draft
