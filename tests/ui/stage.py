"""A stage for single step pages: a session over the stand-in desk, and waiting until its queues are empty."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gb_desktop.runs.model import Loaded
from gb_desktop.ui.session import Session
from gb_desktop.ui.step_page import StepPage
from gb_desktop.ui.theme import Theme
from gb_desktop.workbook.model import Skipped
from tests.ui import standin
from tests.ui.standin_desk import StandInDesk

P = TypeVar("P", bound=StepPage)
W = TypeVar("W", bound=QWidget)


class Stage:
    """What a test of a page needs at hand."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.desk = StandInDesk()
        self.draft = self.desk.draft
        self.session = Session(self.desk)  # type: ignore[arg-type]
        self.mishaps: list[object] = []
        self.session.failed.connect(self.mishaps.append)
        self.live = False
        self.use_account("Practice", "practice")

    def use_account(self, name: str, environment: str) -> None:
        account = SimpleNamespace(name=name, environment=environment, merge=frozenset(), unit="")
        self.session.account = account  # type: ignore[assignment]
        self.session.facts = standin.LIVE if environment == "live" else standin.PRACTICE

    def loaded(self, batch_type: str = "cashback", skipped: Skipped | None = None) -> None:
        """A draft whose sheet stands in the run file."""
        session = self.session
        session.use_draft(self.draft)  # type: ignore[arg-type]
        session.batch_type = batch_type
        session.look = standin.look()
        session.loaded = Loaded("Cashback", 3, standin.COLUMNS, standin.ROWS, skipped or Skipped())

    def mapped(self) -> None:
        self.loaded()
        self.session.mapping = standin.mapping()

    def show(self, page: P) -> P:
        """The page as the wizard shows it, after everything it asked for has come."""
        self.qtbot.addWidget(page)
        page.resize(900, 700)
        page.show()
        page.enter()
        self.idle()
        return page

    def idle(self) -> None:
        """Wait until nothing is asked any more, and what came back was shown."""
        session = self.session
        for _ in range(2):  # an answer may ask again, and an editor commits by a posted event
            QApplication.processEvents()
            self.qtbot.waitUntil(lambda: not (session.tasks.busy or session.desk_tasks.busy), timeout=5000)

    def asked(self, what: str) -> list[tuple[object, ...]]:
        """The arguments of every call of one kind."""
        return [ask[1:] for ask in (*self.draft.asked, *self.desk.asked) if ask[0] == what]

    def close(self) -> None:
        self.session.begin_close()
        self.qtbot.waitUntil(self.session.closed, timeout=5000)


def child(page: QWidget, kind: type[W], name: str) -> W:
    """The widget with an object name; it has to be there."""
    found = page.findChild(kind, name)
    assert found is not None, name
    return found


def words_on(page: QWidget) -> str:
    """Everything that labels on a page say, for assertions about sentences."""
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication) -> Iterator[Stage]:
    theme = Theme(qapp, "light")
    made = Stage(qtbot)
    yield made
    made.close()
    theme.deleteLater()
