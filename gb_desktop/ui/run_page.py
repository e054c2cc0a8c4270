"""One run, opened from the list: how it went, and what was in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from gb_desktop.runs.model import Review, RunFacts
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.errors import mishap_of
from gb_desktop.ui.review_figures import ReviewFigures
from gb_desktop.ui.session import Session
from gb_desktop.ui.widgets import Banner, ElidedLabel, QuietButton, Text, Tone, named
from gb_desktop.ui.words import type_title, when

if TYPE_CHECKING:
    from gb_desktop.runs.reader import RunReader


@dataclass(frozen=True, slots=True)
class _Seen:
    facts: RunFacts
    review: Review | None


def _look(reader: RunReader) -> _Seen:
    return _Seen(reader.facts(), reader.review())


class RunPage(QWidget):
    """A run's send screen with its results and log, and the figures it was reviewed with."""

    left = Signal()  # back to the list

    def __init__(
        self, session: Session, run: str, send_page: Callable[[str], QWidget], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        named(self, "run_page")
        self._session = session
        self.run = run
        column = QVBoxLayout(self)
        column.setContentsMargins(0, tokens.LARGE, 0, 0)
        column.setSpacing(tokens.SMALL)
        column.addLayout(self._head())
        self.banner = Banner(Tone.ERROR, "run_banner", self)
        column.addWidget(self.banner)
        self.tabs = named(QTabWidget(self), "run_tabs", tr("Parts of this run"))
        self.tabs.setDocumentMode(True)
        self.sending = send_page(run)
        self.figures = ReviewFigures(self)
        self.tabs.addTab(self.sending, tr("Sending, results and log"))
        self.tabs.addTab(self.figures, tr("What was in it"))
        column.addWidget(self.tabs, 1)
        session.sendings.changed.connect(self.reload)
        self.reload()

    def _head(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(tokens.HUGE, 0, tokens.HUGE, 0)
        line.setSpacing(tokens.MEDIUM)
        back = QuietButton(tr("Runs"), "run_back", "chevron-left", self)
        back.clicked.connect(self.left)
        self.title = ElidedLabel("", self, kind="subtitle")
        self.about = Text("", "muted", self, wrap=False)
        line.addWidget(back)
        line.addWidget(self.title, 1)
        line.addWidget(self.about)
        return line

    @Slot()
    def reload(self) -> None:
        """Read the run's facts and figures again, in the background."""
        session, run = self._session, self.run
        session.desk_tasks.run(lambda: session.read(run, _look), self._show, self._say, owner=self)

    def _show(self, seen: _Seen) -> None:
        facts = seen.facts
        self.title.setText(PurePath(facts.file).name or tr("No workbook yet"))
        self.about.setText(
            tr(
                "{type} · {account} · {environment} · {when}",
                type=type_title(facts.type),
                account=facts.account,
                environment=facts.environment.upper(),
                when=when(facts.created),
            )
        )
        self.figures.show_review(seen.review)

    def _say(self, error: Exception) -> None:
        mishap = mishap_of(error)
        self.banner.say(Tone.ERROR, mishap.title, mishap.meaning, mishap.what_to_do, mishap.details)
