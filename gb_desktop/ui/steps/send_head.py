"""The head of the send step: what the run is doing in a line, its state, its account and file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gb_desktop.runs.model import RunFacts, RunState
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.widgets import ElidedLabel, StateBadge, Text, isolated
from gb_desktop.ui.words import STATE_ICONS, STATE_TONES, state_word, type_title


class SendHead(QWidget):
    """`headline` is the page's title."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.MEDIUM)
        row = QHBoxLayout()
        row.setSpacing(tokens.MEDIUM)
        self.headline = Text("", "title", self)
        row.addWidget(self.headline, 1)
        self.badge = StateBadge(parent=self)
        row.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(row)
        self.about = ElidedLabel("", self, kind="muted")
        column.addWidget(self.about)

    def show_sending(self, facts: RunFacts) -> None:
        """The run is being sent from this window."""
        self._show(facts, RunState.SENDING, tr("Sending {type}", type=type_title(facts.type).lower()))

    def show_rest(self, facts: RunFacts, title: str) -> None:
        """The run is at rest, or is sent by another."""
        self._show(facts, facts.state, title)

    def _show(self, facts: RunFacts, state: RunState, title: str) -> None:
        word = state_word(state)
        self.headline.setText(title)
        self.badge.set_state(word, STATE_TONES[state], STATE_ICONS[state])
        self.badge.setVisible(title != word)  # said once is enough
        file = isolated(Path(facts.file).name)
        self.about.setText(tr("{account} · {file}", account=facts.account, file=file) if facts.file else "")
