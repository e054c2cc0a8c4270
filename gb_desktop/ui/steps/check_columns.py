"""A click on a header: what the column holds, and from there to its rows or to replacing a value."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtWidgets import QWidget

from gb_desktop.runs.model import ColumnFacts, ValueCount
from gb_desktop.text import isolated, tr
from gb_desktop.ui.grid.column_panel import ColumnPanel
from gb_desktop.ui.grid.shown import shown
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.check_work import View
from gb_desktop.ui.steps.replace_bar import ReplaceBar
from gb_desktop.workbook.model import Column


class CheckColumns(QObject):
    """`view_wanted` carries (View, the words for it)."""

    view_wanted = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, replacing: ReplaceBar, page: QWidget) -> None:
        super().__init__(page)
        self._session = session
        self._replacing = replacing
        self.panel = ColumnPanel(page)
        self.panel.rows_wanted.connect(self._show_rows)
        self.panel.replace_wanted.connect(self._replace)

    @Slot(object)
    def open(self, wanted: tuple[Column, QPoint]) -> None:
        """Open the panel for a column at a place of the screen."""
        draft = self._session.draft
        if draft is not None:
            column, place = wanted
            self.panel.open(column, place)
            self._session.tasks.run(
                lambda: draft.column_facts(column.index), self._counted, self.failed.emit, owner=self
            )

    def _counted(self, facts: ColumnFacts) -> None:
        self.panel.show_facts(facts)

    @Slot(object)
    def _show_rows(self, wanted: tuple[Column, ValueCount]) -> None:
        column, value = wanted
        words = tr("{column} is “{value}”", column=isolated(column.header), value=isolated(shown(value.value)[:60]))
        self.view_wanted.emit((View("value", str(column.index), value.cell), words))

    @Slot(object)
    def _replace(self, wanted: tuple[Column, ValueCount]) -> None:
        column, value = wanted
        self._replacing.open_for(column.index, shown(value.value))
