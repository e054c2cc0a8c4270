"""Below the problems: changes made to many rows can be kept with the mapping, for the next sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from gb_desktop.mapping.changes import Change, has
from gb_desktop.mapping.model import Mapping
from gb_desktop.runs.recipes import sentence_of
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.session import Session
from gb_desktop.ui.widgets import Card, SecondaryButton, Text, isolated, named
from gb_desktop.workbook.model import Column

if TYPE_CHECKING:
    from gb_desktop.desk import Desk
    from gb_desktop.runs.draft import Draft


class KeepChanges(Card):
    """Hidden while everything is kept. `kept` carries the sentence to say."""

    kept = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=tokens.SMALL, margin=tokens.MEDIUM)
        self.setObjectName("keep_changes")
        self._session = session
        self.words = Text("", "body", self)
        self.layout_.addWidget(self.words)
        self.name = named(QLineEdit(self), "keep_name", tr("Name of this mapping"))
        self.name.setPlaceholderText(tr("Name, e.g. March cashback"))
        self.name.textChanged.connect(self._named)
        self.name.returnPressed.connect(self._keep)
        self.layout_.addWidget(self.name)
        self.button = SecondaryButton("", "keep_button", "save", self)
        self.button.clicked.connect(self._keep)
        self.layout_.addWidget(self.button)
        self.hide()

    def consider(self) -> None:
        """After a check: what was done that the mapping doesn't know yet?"""
        draft = self._session.draft
        if draft is not None:
            self._session.tasks.run(draft.changes, self._show, self._session.fail, owner=self)

    def _show(self, made: tuple[Change, ...]) -> None:
        mapping, kind = self._session.mapping, self._session.type
        known = mapping.changes if mapping is not None else ()
        fresh = [change for change in made if not has(known, change)]
        self.setVisible(bool(fresh) and mapping is not None)
        if mapping is None or kind is None or not fresh:
            return
        self.words.setText(_offer(len(fresh), mapping.name))
        self.setToolTip("\n".join(sentence_of(change, kind) for change in fresh))
        self.name.setVisible(not mapping.name)
        self.button.setText(tr("Keep for next time") if mapping.name else tr("Save the mapping"))
        self._named()

    @Slot()
    def _named(self) -> None:
        self.button.setEnabled(bool(self._name()))

    def _name(self) -> str:
        mapping = self._session.mapping
        return (mapping.name if mapping is not None else "") or self.name.text().strip()

    @Slot()
    def _keep(self) -> None:
        draft, desk, loaded, name = self._session.draft, self._session.desk, self._session.loaded, self._name()
        if draft is not None and loaded is not None and name:
            columns = loaded.columns
            self._session.tasks.run(
                lambda: _kept(draft, desk, name, columns), self._was_kept, self._session.fail, owner=self
            )

    def _was_kept(self, mapping: Mapping) -> None:
        self._session.mapping = mapping
        self.hide()
        name = isolated(mapping.name)
        self.kept.emit(tr("Kept with the mapping {name}: the next sheet can be mended with one click.", name=name))


def _offer(count: int, mapping: str) -> str:
    """What can be kept, and with which mapping where it has a name: a name is too long for a button."""
    name = isolated(mapping)
    if count == 1 and mapping:
        return tr("This change can be kept with {name}, to be made again on the next sheet.", name=name)
    if count == 1:
        return tr("This change can be made again on the next sheet.")
    if mapping:
        return tr("{count} changes can be kept with {name}, to be made again with one click.", count=count, name=name)
    return tr("{count} changes can be made again on the next sheet with one click.", count=count)


def _kept(draft: Draft, desk: Desk, name: str, columns: tuple[Column, ...]) -> Mapping:
    """Save the mapping with everything that was done. Blocks: for a worker."""
    mapping = draft.keep_changes(name)
    desk.save_mapping(mapping, columns)
    return mapping
