"""A person at the real window: clicks, keys and what can be read on the screen. Nothing else is called."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QSpinBox,
    QWidget,
)
from pytestqt.exceptions import TimeoutError as PatienceError
from pytestqt.qtbot import QtBot

from gb_desktop.app import Window
from gb_desktop.ui.flow import Step
from gb_desktop.ui.main_window import MainWindow

W = TypeVar("W", bound=QWidget)
LEFT = Qt.MouseButton.LeftButton
PLAIN = str.maketrans({"\u2068": None, "\u2069": None, "\u00a0": " "})  # as it is read, not as it is set
PATIENCE = 40.0  # seconds; a busy machine may be slow, a right answer is still the only one


class Person:
    """Sits before one window."""

    def __init__(self, qtbot: QtBot, window: Window) -> None:
        self.qtbot = qtbot
        self.main: MainWindow = window.main
        self._window = window
        self.gone = False

    # ------------------------------------------------------------------ waiting and looking

    def until(self, true: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
        """Wait as a person does, the window working meanwhile."""
        try:
            self.qtbot.waitUntil(lambda: bool(true()), timeout=int(seconds * 1000))
        except PatienceError as error:
            said = "\n".join([self.words(), *self._folded()])
            raise AssertionError(f"{what} never came. The window says:\n{said}") from error

    def _folded(self) -> list[str]:
        """Details of faults that a person would have to unfold."""
        boxes = [box for top in _tops() for box in top.findChildren(QPlainTextEdit)]
        return [box.toPlainText() for box in boxes if box.objectName().endswith("_details_text")]

    def shown(self, name: str) -> list[QWidget]:
        """Every widget of this object name that is on the screen."""
        return [
            widget
            for top in _tops()
            for widget in top.findChildren(QWidget, name)
            if widget.isVisible() and widget.window() is top  # a question is a child of its window too
        ]

    def starting(self, prefix: str) -> list[QWidget]:
        """Every widget on the screen whose object name begins so; waited for."""

        def found() -> list[QWidget]:
            return [w for w in self.main.findChildren(QWidget) if w.objectName().startswith(prefix) and w.isVisible()]

        self.until(found, f"{prefix}…")
        return found()

    def sees(self, name: str) -> bool:
        return bool(self.shown(name))

    def find(self, kind: type[W], name: str) -> W:
        """The one widget of this name on the screen; it is waited for."""
        self.until(lambda: self.shown(name), name)
        (widget,) = self.shown(name)
        assert isinstance(widget, kind), (name, widget)
        return widget

    def words(self, within: QWidget | None = None) -> str:
        """Everything that labels on the screen say."""
        tops = [within] if within else _tops()
        labels = [label for top in tops for label in top.findChildren(QLabel) if label.isVisible() and label.text()]
        return "\n".join(label.text().translate(PLAIN) for label in labels)

    def text(self, name: str) -> str:
        """What a label or button says."""
        widget: Any = self.find(QWidget, name)
        return str(widget.text()).translate(PLAIN)

    def figure(self, name: str) -> str:
        """The large number of a figure, as it is written."""
        return next(
            label.text() for label in self.find(QWidget, name).findChildren(QLabel) if label.text()[:1] in "-0123456789"
        )

    def number(self, name: str) -> int:
        return int(self.figure(name).replace(",", ""))

    def reads(self, sentence: str, seconds: float = PATIENCE) -> None:
        """Wait until the screen says something."""
        self.until(lambda: sentence in self.words(), repr(sentence), seconds)

    # ------------------------------------------------------------------ mouse and keys

    def press(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click a widget where it is: scrolled to, enabled, not covered, not behind an open question."""
        modal = QApplication.activeModalWidget()
        assert modal is None or widget.window() is modal, f"{modal.objectName()} stands before {widget.objectName()}"
        self.until(widget.isEnabled, f"{widget.objectName()} to be enabled")
        self.until(lambda: self._is_hit(widget, at or _middle(widget)), f"a free sight of {widget.objectName()}")
        place = at or _middle(widget)
        QTest.mouseMove(widget, place)
        QTest.mouseClick(widget, LEFT, Qt.KeyboardModifier.NoModifier, place)

    def _is_hit(self, widget: QWidget, place: QPoint) -> bool:
        """Whether a click there would reach the widget: it is scrolled to, and nothing lies over it."""
        self._scroll_to(widget)
        top = widget.window()
        hit = top.childAt(widget.mapTo(top, place))
        return hit is widget or (hit is not None and widget.isAncestorOf(hit))

    def click(self, name: str) -> None:
        self.press(self.find(QWidget, name))

    def _scroll_to(self, widget: QWidget) -> None:
        parent = widget.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(widget)
            parent = parent.parentWidget()
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)

    def type(self, name: str, text: str) -> None:
        """Click a field, select what stands in it, type over it."""
        widget = self.find(QWidget, name)
        field = widget if isinstance(widget, QLineEdit) else widget.findChild(QLineEdit)  # of a number field
        assert field is not None
        self.press(field)
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        _write(field, text)

    def choose(self, name: str, words: str) -> None:
        """Open a drop-down, walk to a line by the arrow keys, press Enter."""
        box = self.find(QComboBox, name)
        self.press(box, QPoint(box.width() - 10, box.height() // 2) if box.isEditable() else None)
        view = box.view()
        self.until(view.isVisible, f"the lines of {name}")
        QTest.keyClick(view, Qt.Key.Key_Home)
        for _ in range(box.count()):
            if view.currentIndex().data() == words:
                break
            QTest.keyClick(view, Qt.Key.Key_Down)
        assert view.currentIndex().data() == words, f"{words} is no line of {name}"
        QTest.keyClick(view, Qt.Key.Key_Return)
        self.until(lambda: not view.isVisible() and box.currentText() == words, f"{words} in {name}")

    def cell(self, name: str, row: int, column: int) -> QPoint:
        """Where a cell of a table is, in its viewport's coordinates."""
        view = self.find(QAbstractItemView, name)
        rect = view.visualRect(view.model().index(row, column))
        assert view.viewport().rect().contains(rect.center()), f"row {row} of {name} is not on the screen"
        return rect.center()

    def click_cell(self, name: str, row: int, column: int) -> None:
        view = self.find(QAbstractItemView, name)
        QTest.mouseClick(view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, self.cell(name, row, column))

    def in_file_dialog(self, path: Path) -> None:
        """Paste a path into the file dialog that is open, and press Enter."""
        self.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog), "the file dialog")
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        assert field is not None
        field.clear()
        _paste(field, str(path))  # typing would open Qt's list of completions, which takes the Enter
        QTest.keyClick(field, Qt.Key.Key_Return)
        self.until(lambda: not isinstance(QApplication.activeModalWidget(), QFileDialog), "the file dialog's end")

    # ------------------------------------------------------------------ the wizard

    def choose_account(self, name: str) -> None:
        self.until(lambda: name in _lines(self.find(QComboBox, "account_chooser")), f"the account {name}")
        self.choose("account_chooser", name)

    @property
    def step(self) -> Step:
        """The step whose page is on the screen."""
        return next(step for step in Step if self._step_button(step).property("current"))

    def _step_button(self, step: Step) -> QAbstractButton:
        button = self.main.findChild(QAbstractButton, f"step_{step}")
        assert button is not None
        return button

    def may_go_on(self) -> bool:
        return self.find(QAbstractButton, "wizard_next").isEnabled()

    def next(self, step: Step) -> None:
        """Click Next as soon as it can be clicked, and arrive at `step`."""
        self.until(self.may_go_on, f"Next before {step}")
        self.click("wizard_next")
        self.until(lambda: self.step is step, f"the step {step}")

    def refused(self) -> str:
        """Next can't be clicked; the reason beside it."""
        assert not self.may_go_on()
        return self.text("wizard_why")

    def begin(self, batch_type: str) -> None:
        """Choose a card; arrive at the Workbook step."""
        self.click(f"type_{batch_type}")
        self.next(Step.WORKBOOK)

    def open_workbook(self, file: Path) -> None:
        """Browse for a file; the screen has shown its first rows or a complaint when this is over."""
        self.click("browse" if self.sees("browse") else "other_file")
        self.in_file_dialog(file)

    def tick(self, name: str) -> None:
        """Click a check box or radio button on its mark."""
        button = self.find(QAbstractButton, name)
        assert isinstance(button, QCheckBox | QRadioButton)
        self.press(button, QPoint(9, button.height() // 2))
        assert button.isChecked()

    def to_review(self, batch_type: str, file: Path) -> int:
        """With a sheet that has nothing to decide: everything up to Review; the requests that it announces."""
        self.begin(batch_type)
        self.open_workbook(file)
        for step in (Step.COLUMNS, Step.CHECK, Step.REVIEW):
            self.next(step)
        self.until(self.may_go_on, "the figures")
        return self.number("figure_requests")

    # ------------------------------------------------------------------ other places

    def rows_per_request(self, rows: int) -> None:
        """Change it on the Settings page, and come back."""
        self.click("rail_settings")
        self.until(lambda: self.find(QSpinBox, "settings_chunk_size").text() == "1,000", "the settings")
        self.type("settings_chunk_size", str(rows))
        self.click("settings_save")
        self.reads("Saved.")
        self.click("rail_new")

    def add_account(self, name: str, url: str, api_key: str, secret_key: str) -> None:
        """Type an account into the Accounts page."""
        self.click("rail_accounts")
        self.click("accounts_add")
        for field, text in (
            ("account_name", name),
            ("account_api_key", api_key),
            ("account_secret_key", secret_key),
            ("account_url", url),
        ):
            self.type(field, text)
        self.click("account_save")
        self.until(lambda: "Saved." in self.words() or self.sees("accounts_banner"), "an answer to Add account")

    # ------------------------------------------------------------------ sending

    def sent(self, seconds: float = PATIENCE) -> None:
        """Watch the Send page until the run is at rest."""
        self.until(lambda: self.sees("save_results") or self.sees("save_results_so_far"), "the run's end", seconds)

    def counters(self) -> dict[str, int]:
        """The four counters of the Send page."""
        return {word: self.number(f"count_{word}") for word in ("succeeded", "failed", "waiting", "unknown")}

    def save_results(self, file: Path) -> Path:
        self.click("save_results" if self.sees("save_results") else "save_results_so_far")
        self.in_file_dialog(file)
        self.reads("The results workbook was saved as")
        return file

    # ------------------------------------------------------------------ closing

    def close(self, answer: str = "") -> None:
        """Close the window by its title bar; `answer` the question that comes while rows are sent (yes, no)."""
        self.main.close()
        if answer:
            self.until(lambda: self.sees(f"closing_{answer}"), "the question before closing")
            self.click(f"closing_{answer}")
        if answer != "no":
            self.until(lambda: not self.main.isVisible() and self._window.session.closed(), "the window's end")
            self.gone = True


def _tops() -> list[QWidget]:
    return [top for top in QApplication.topLevelWidgets() if top.isVisible()]


def _middle(widget: QWidget) -> QPoint:
    return QPoint(widget.width() // 2, widget.height() // 2)


def _write(field: QLineEdit, text: str) -> None:
    """Type a text; one that a Latin keyboard doesn't have is pasted."""
    if text.isascii():
        QTest.keyClicks(field, text)
    else:
        _paste(field, text)


def _paste(field: QWidget, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def _lines(box: QComboBox) -> list[str]:
    return [box.itemText(line) for line in range(box.count())]
