"""What the step pages have in common: a column of room, a place for errors, and calls that answer later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from gb_desktop.runs.model import Say
from gb_desktop.ui import tokens
from gb_desktop.ui.errors import mishap_of
from gb_desktop.ui.session import Session
from gb_desktop.ui.step_page import StepPage
from gb_desktop.ui.widgets import Banner, Tone
from gb_desktop.ui.workers import Task

L = TypeVar("L", bound=QLayout)
CANCELLED = "cancelled"


class WorkPage(StepPage):
    """A step page with a banner on top and helpers for blocking calls."""

    meaning = ""  # what an error of this step means for the data

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(tokens.HUGE, tokens.LARGE, tokens.HUGE, tokens.LARGE)
        self.column.setSpacing(tokens.MEDIUM)
        self.banner = Banner(Tone.ERROR, f"{self.step}_banner", self)
        self.column.addWidget(self.banner)

    def ask(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Task:
        """Queue a blocking call of the draft; errors land in the banner unless `failed` is given."""
        return self.session.tasks.run(work, done, failed or self.say_error, owner=self)

    def ask_reporting(
        self,
        work: Callable[[Say], Any],
        done: Callable[[Any], None],
        progress: Say,
        failed: Callable[[Exception], None] | None = None,
    ) -> Task:
        """The same for a call that reports progress and can be cancelled by the draft's own `cancel`."""
        draft = self.session.draft
        return self.session.tasks.run_reporting(
            work, done, failed or self.say_error, progress, owner=self, stop=draft.cancel if draft else None
        )

    def say_error(self, error: Exception, what_to_do: str = "") -> None:
        """Show an error where the step is, in words. A cancelled call is no error."""
        if getattr(error, "reason", "") == CANCELLED:
            return
        mishap = mishap_of(error, self.meaning, what_to_do)
        self.banner.clear_actions()
        self.banner.say(Tone.ERROR, mishap.title, mishap.meaning, mishap.what_to_do, mishap.details, closable=True)

    def set_busy(self, sentence: str) -> None:
        """Keep Next waiting, with the reason beside it; "" ends it."""
        self.session.busy = sentence
        self.changed.emit()


def emptied(layout: L) -> L:
    """The layout without what stood in it."""
    while (item := layout.takeAt(0)) is not None:
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()
        elif inner := item.layout():
            emptied(inner)
    return layout


def add_shortcuts(page: QWidget, *shortcuts: tuple[QKeySequence, Callable[[], object]]) -> None:
    """Keys that work wherever the focus is within the page."""
    for keys, slot in shortcuts:
        shortcut = QShortcut(keys, page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(slot)
