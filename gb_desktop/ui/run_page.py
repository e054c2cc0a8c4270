"""One run, opened from the list: how it went, what was in it, and its log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QTabWidget, QVBoxLayout, QWidget

from gb_desktop.runs.model import LogLine, Review, RunFacts
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.errors import mishap_of
from gb_desktop.ui.review_figures import ReviewFigures
from gb_desktop.ui.session import Session
from gb_desktop.ui.widgets import Banner, ElidedLabel, QuietButton, StateBadge, Text, Tone, named
from gb_desktop.ui.words import STATE_ICONS, STATE_TONES, state_word, type_title, when

if TYPE_CHECKING:
    from gb_desktop.runs.reader import RunReader

LOG_LINES = 1000
REFRESH_MS = 2000


@dataclass(frozen=True, slots=True)
class _Seen:
    facts: RunFacts
    review: Review | None
    log: tuple[LogLine, ...]


def _look(reader: RunReader) -> _Seen:
    return _Seen(reader.facts(), reader.review(), tuple(reader.log(LOG_LINES)))


class RunPage(QWidget):
    """A run's send screen, the figures it was reviewed with, and its log."""

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
        self.log = named(QPlainTextEdit(self), "run_log", tr("Log"))
        self.log.setReadOnly(True)
        self.tabs.addTab(self.sending, tr("Sending and results"))
        self.tabs.addTab(self.figures, tr("What was in it"))
        self.tabs.addTab(_inset(self.log), tr("Log"))
        column.addWidget(self.tabs, 1)
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.reload)
        session.sendings.changed.connect(self._follow)
        self._follow()

    def _head(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(tokens.HUGE, 0, tokens.HUGE, 0)
        line.setSpacing(tokens.MEDIUM)
        back = QuietButton(tr("Runs"), "run_back", "chevron-left", self)
        back.clicked.connect(self.left)
        self.title = ElidedLabel("", self, kind="subtitle")
        self.badge = StateBadge("", Tone.PLAIN, parent=self)
        self.about = Text("", "muted", self, wrap=False)
        line.addWidget(back)
        line.addWidget(self.title, 1)
        line.addWidget(self.about)
        line.addWidget(self.badge)
        return line

    @Slot()
    def _follow(self) -> None:
        sending = self._session.sendings.get(self.run)
        if sending is not None and sending.running:
            self._timer.start()
        else:
            self._timer.stop()
        self.reload()

    @Slot()
    def reload(self) -> None:
        """Read the run's facts, figures and log again, in the background."""
        session, run = self._session, self.run
        session.desk_tasks.run(lambda: session.read(run, _look), self._show, self._say, owner=self)

    def _show(self, seen: _Seen) -> None:
        facts = seen.facts
        self.title.setText(PurePath(facts.file).name or tr("No workbook yet"))
        self.about.setText(
            tr(
                "{type} · {account} {environment} · {when}",
                type=type_title(facts.type),
                account=facts.account,
                environment=facts.environment.upper(),
                when=when(facts.created),
            )
        )
        self.badge.set_state(state_word(facts.state), STATE_TONES[facts.state], STATE_ICONS[facts.state])
        self.figures.show_review(seen.review)
        lines = [tr("{when}  {sentence}", when=when(line.at), sentence=line.sentence) for line in seen.log]
        text = "\n".join(lines) or tr("Nothing has happened in this run yet.")
        if text != self.log.toPlainText():
            self.log.setPlainText(text)
            self.log.verticalScrollBar().setValue(self.log.verticalScrollBar().maximum())

    def _say(self, error: Exception) -> None:
        self._timer.stop()
        mishap = mishap_of(error)
        self.banner.say(Tone.ERROR, mishap.title, mishap.meaning, mishap.what_to_do, mishap.details)


def _inset(widget: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(tokens.HUGE, tokens.LARGE, tokens.HUGE, tokens.LARGE)
    column.addWidget(widget)
    return holder
