"""The right side of the check step: filters, search, the sheet itself, and the row under the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gb_desktop.runs.model import CheckCounts, GridRow
from gb_desktop.text import rows_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.grid.facets import FacetBar
from gb_desktop.ui.grid.model import Fetch, SheetModel, Tints
from gb_desktop.ui.grid.view import SheetView
from gb_desktop.ui.steps.page import add_shortcuts
from gb_desktop.ui.steps.replace_bar import ReplaceBar
from gb_desktop.ui.steps.row_strip import RowStrip
from gb_desktop.ui.theme import colours
from gb_desktop.ui.widgets import ElidedLabel, QuietButton, named
from gb_desktop.workbook.model import Column

_SETTLE_MS = 300


class SheetSide(QWidget):
    """Shows rows and passes on what the user wants; `filter_wanted` carries (which, text)."""

    filter_wanted = Signal(object)
    leave_out_wanted = Signal(object)  # (spans of positions, excluded)
    next_problem_wanted = Signal(object)  # (row number to start from, backwards)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.SMALL)
        top = QHBoxLayout()
        top.setSpacing(tokens.SMALL)
        self.facets = FacetBar(self)
        self.facets.chosen.connect(self._filter_changed)
        top.addWidget(self.facets, 1)
        self.search = named(QLineEdit(self), "search_rows", tr("Show rows that contain"))
        self.search.setPlaceholderText(tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(180)
        self.search.setMinimumWidth(80)
        top.addWidget(self.search)
        column.addLayout(top)
        column.addWidget(self._chosen_value())
        self.replacing = ReplaceBar(self)
        self.replacing.closed.connect(self._back_to_rows)
        column.addWidget(self.replacing)
        self.model = SheetModel(self)
        self.model.set_editable(True)
        self.view = named(SheetView(self.model, self), "sheet", tr("The rows of the sheet"))
        self.view.current_changed.connect(self._current_changed)
        self.view.next_problem_wanted.connect(self.ask_next_problem)
        self.view.exclude_wanted.connect(self._toggle_chosen)
        self.view.selectionModel().selectionChanged.connect(self._selection_changed)
        column.addWidget(self.view, 1)
        self.strip = RowStrip(self)
        self.strip.leave_out_wanted.connect(self._leave_out)
        column.addWidget(self.strip)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._filter_changed)
        self.search.textChanged.connect(self._settle.start)
        self._columns: tuple[Column, ...] = ()
        add_shortcuts(self, (QKeySequence(QKeySequence.StandardKey.Find), self.search.setFocus))

    def _chosen_value(self) -> QWidget:
        """The line that says which value's rows are shown, and goes back to all of them."""
        self.chosen = QWidget(self)
        row = QHBoxLayout(self.chosen)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.SMALL)
        self.chosen_words = ElidedLabel("", self.chosen, Qt.TextElideMode.ElideRight)
        row.addWidget(self.chosen_words)
        self.all_rows = QuietButton(tr("Show all rows"), "show_all_rows", "cross", self.chosen)
        self.all_rows.clicked.connect(self._show_all)
        row.addWidget(self.all_rows)
        row.addStretch(1)
        self.chosen.hide()
        return self.chosen

    def say_chosen(self, words: str) -> None:
        """Say which value's rows are shown."""
        self.choose_filter("")
        self.facets.choose("", tr("The chosen value"))
        self.chosen_words.setText(tr("Rows where {what}", what=words))
        self.chosen.show()

    @Slot()
    def _back_to_rows(self) -> None:
        self.view.setFocus()

    @Slot()
    def _show_all(self) -> None:
        self.choose_filter("all")
        self._filter_changed()

    def show_rows(self, columns: tuple[Column, ...], fetch: Fetch, count: int, counts: CheckCounts) -> None:
        """Show the rows of the position table; the place is kept while their number stays the same."""
        scheme = colours(self.palette())
        self.model.set_tints(
            Tints(
                QColor(scheme.danger_soft),
                QColor(scheme.warning_soft),
                QColor(scheme.accent_soft),
                QColor(scheme.muted),
            )
        )
        self.facets.set_counts(counts)
        if columns == self._columns and count == self.model.rowCount():
            self.model.refresh()
        else:
            self.model.show(columns, fetch, count)
        if columns != self._columns:
            self._columns = columns
            self.view.fit_columns()
            self.replacing.show_columns(columns)
        self._say_current()

    def show_first(self) -> None:
        """Back to the top: other rows are shown."""
        self.view.verticalScrollBar().setValue(0)

    def clear(self) -> None:
        self._columns = ()
        self.model.show((), _no_rows, 0)

    def choose_filter(self, which: str) -> None:
        """Show which filter the grid is under, and no search."""
        self._settle.stop()
        self.chosen.hide()
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.facets.choose(which)

    def current_row(self) -> int:
        """The sheet row under the cursor, 0 while there is none."""
        line = self.model.row_at(self.view.currentIndex().row())
        return line.row if line is not None else 0

    @Slot(object)
    def ask_next_problem(self, backwards: bool) -> None:
        self.next_problem_wanted.emit((self.current_row(), backwards))

    @Slot()
    def _filter_changed(self) -> None:
        self.chosen.hide()
        self.filter_wanted.emit((self.facets.current or "all", self.search.text().strip()))

    @Slot(object)
    def _current_changed(self, _line: GridRow | None) -> None:
        self._say_current()

    @Slot()
    def _selection_changed(self) -> None:
        self._say_current()

    def _say_current(self) -> None:
        line = self.model.row_at(self.view.currentIndex().row())
        self.strip.show_row(line, self._chosen_count())
        if line is None and self.search.text().strip():
            self.strip.words.setText(tr("{rows} found.", rows=rows_words(self.model.rowCount())))

    def _chosen_count(self) -> int:
        """How many rows are selected, counted by spans: all of a million may be."""
        return sum(last - first + 1 for first, last in self.view.chosen_spans())

    @Slot()
    def _toggle_chosen(self) -> None:
        self._leave_out(self.strip.leaving_out)

    @Slot(object)
    def _leave_out(self, excluded: bool) -> None:
        spans = self.view.chosen_spans()
        if spans:
            self.leave_out_wanted.emit((spans, excluded))


def _no_rows(first: int, count: int) -> Sequence[GridRow]:  # noqa: ARG001 - the shape of a page source
    return ()
