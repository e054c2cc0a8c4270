"""Mappings with a name: save the one on screen, load an earlier one, share them as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gb_desktop.mapping.applying import Applied
from gb_desktop.mapping.changes import Change, merged
from gb_desktop.mapping.model import Mapping
from gb_desktop.runs.recipes import sentence_of
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.dialogs import Question
from gb_desktop.ui.files import MAPPING, ask_where
from gb_desktop.ui.session import Session
from gb_desktop.ui.widgets import Card, Chooser, IconButton, QuietButton, SecondaryButton, Text, isolated, named
from gb_desktop.workbook.model import Column

if TYPE_CHECKING:
    from gb_desktop.desk import Desk


class SavedMappings(Card):
    """`loaded` carries a mapping to use (Applied); `said` a sentence about what was done; `failed` an exception."""

    loaded = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("saved_mappings")
        self._session = session
        self._made: tuple[Change, ...] = ()  # in Check, on this sheet
        self.layout_.addWidget(Text(tr("Saved mappings"), "subtitle", self))
        self.names = Chooser("mapping_names", tr("Saved mappings"), self)
        self.names.activated.connect(self._load)
        choosing = QHBoxLayout()
        choosing.setSpacing(tokens.TINY)
        choosing.addWidget(self.names, 1)
        self.delete = IconButton("trash", tr("Delete a saved mapping"), "mapping_delete", parent=self)
        self.delete.clicked.connect(self._ask_to_delete)
        choosing.addWidget(self.delete)
        self.layout_.addLayout(choosing)
        row = QHBoxLayout()
        row.setSpacing(tokens.TINY)
        self.name = named(QLineEdit(self), "mapping_name", tr("Name of this mapping"))
        self.name.setPlaceholderText(tr("Name"))
        self.name.textChanged.connect(self._named)
        self.name.returnPressed.connect(self._save)
        row.addWidget(self.name, 1)
        self.save = SecondaryButton(tr("Save"), "mapping_save", "save", self)
        self.save.clicked.connect(self._save)
        row.addWidget(self.save)
        self.layout_.addLayout(row)
        self.with_changes = QCheckBox(self)
        named(self.with_changes, "mapping_with_changes")
        self.with_changes.setChecked(True)
        self.with_changes.hide()
        self.layout_.addWidget(self.with_changes)
        files = QVBoxLayout()
        files.setSpacing(0)
        self.import_button = QuietButton(tr("Load a file…"), "mapping_import", "upload", self)
        self.import_button.clicked.connect(self._import)
        self.share = QuietButton(tr("Share as a file…"), "mapping_export", "share", self)
        self.share.clicked.connect(self._export)
        files.addWidget(self.import_button)
        files.addWidget(self.share)
        self.layout_.addLayout(files)

    def enter(self) -> None:
        """List what is saved for this batch type; name the mapping on screen."""
        mapping = self._session.mapping
        self.name.setText(mapping.name if mapping is not None else "")
        self._named(self.name.text())
        desk, kind, draft = self._session.desk, self._session.batch_type, self._session.draft
        self._ask(lambda: desk.saved_mappings(kind), self._show_names)
        self._made = ()
        self._show_changes()
        if draft is not None:
            self._ask(draft.changes, self._know_changes)

    def _know_changes(self, made: tuple[Change, ...]) -> None:
        self._made = made
        self._show_changes()

    def _show_changes(self) -> None:
        """How many changes to many rows go with the mapping; a click leaves them out."""
        changes, kind = self._changes(), self._session.type
        self.with_changes.setVisible(bool(changes))
        self.with_changes.setText(
            tr("With 1 change made in Check")
            if len(changes) == 1
            else tr("With {count} changes made in Check", count=len(changes))
        )
        self.with_changes.setAccessibleName(self.with_changes.text())
        if kind is not None:
            listed = "\n".join(sentence_of(change, kind) for change in changes)
            self.with_changes.setToolTip(tr("They are offered again on the next sheet:\n{list}", list=listed))

    def _changes(self) -> tuple[Change, ...]:
        mapping = self._session.mapping
        return merged(mapping.changes if mapping is not None else (), self._made)

    def _ask(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        self._session.tasks.run(work, done, self.failed.emit, owner=self)

    def _show_names(self, names: list[str]) -> None:
        self.names.clear()
        self.names.addItem(tr("Load one…") if names else tr("None is saved yet"), "")
        for name in names:
            self.names.addItem(name, name)
        self.names.setEnabled(bool(names))
        self._named(self.name.text())

    @Slot(str)
    def _named(self, name: str) -> None:
        self.save.setEnabled(bool(name.strip()))
        self.share.setEnabled(bool(name.strip()))
        self.delete.setEnabled(self.names.findData(name.strip()) > 0)

    @Slot()
    def _ask_to_delete(self) -> None:
        """The mapping whose name stands below, if it is a saved one."""
        name = self.name.text().strip()
        title = tr("Delete the saved mapping {name}?", name=isolated(name))
        kept = tr("What is chosen on this screen stays. Other sheets get it no more, unless it was the last one used.")
        words = (tr("Delete it"), tr("Keep it"))
        Question(self, "mapping_deleting", title, [kept], *words, partial(self._delete, name), danger=True).open()

    def _delete(self, name: str) -> None:
        desk, kind = self._session.desk, self._session.batch_type
        self._ask(lambda: _deleted(desk, kind, name), partial(self._was_deleted, name))

    def _was_deleted(self, name: str, names: list[str]) -> None:
        self._show_names(names)
        self.said.emit(tr("The saved mapping {name} was deleted.", name=isolated(name)))

    @Slot(int)
    def _load(self, _index: int) -> None:
        name, desk, kind = self.names.currentData(), self._session.desk, self._session.batch_type
        if name:
            columns = self._columns()
            self._ask(lambda: desk.load_mapping(kind, name, columns), self._take)

    def _take(self, applied: Applied) -> None:
        self.name.setText(applied.mapping.name)
        self.loaded.emit(applied)
        self._show_changes()

    def _current(self) -> Mapping | None:
        """What is saved: the mapping on screen under the name given, with the changes made in Check if wanted."""
        mapping = self._session.mapping
        if mapping is None:
            return None
        changes = self._changes() if self.with_changes.isChecked() else ()
        return replace(mapping, name=self.name.text().strip(), changes=changes)

    def _kept_changes(self) -> tuple[Change, ...]:
        """The changes that the mapping on screen goes on with: none, once it was saved without them."""
        mapping = self._session.mapping
        return mapping.changes if mapping is not None and self.with_changes.isChecked() else ()

    def _columns(self) -> tuple[Column, ...]:
        return self._session.loaded.columns if self._session.loaded is not None else ()

    @Slot()
    def _save(self) -> None:
        mapping, desk, columns = self._current(), self._session.desk, self._columns()
        if mapping is None or not mapping.name:
            return
        self._session.mapping = replace(mapping, changes=self._kept_changes())
        self._ask(lambda: _saved(desk, mapping, columns), self._was_saved)

    def _was_saved(self, names: list[str]) -> None:
        self._show_names(names)
        self.said.emit(tr("The mapping was saved as {name}.", name=isolated(self.name.text().strip())))

    @Slot()
    def _import(self) -> None:
        kinds = tr("Mappings ({patterns})", patterns="*.json")
        ask_where(self, self._session, MAPPING, tr("Load a mapping"), "", kinds, self._import_from)

    def _import_from(self, path: str) -> None:
        desk, kind, columns = self._session.desk, self._session.batch_type, self._columns()
        self._ask(lambda: desk.import_mapping(Path(path), kind, columns), self._take)

    @Slot()
    def _export(self) -> None:
        mapping = self._current()
        if mapping is not None and mapping.name:
            name, kinds = f"{mapping.name}.json", tr("Mappings ({patterns})", patterns="*.json")
            ask_where(self, self._session, MAPPING, tr("Share this mapping"), name, kinds, self._export_to)

    def _export_to(self, path: str) -> None:
        mapping, desk, columns = self._current(), self._session.desk, self._columns()
        if mapping is not None:
            self._ask(lambda: _exported(desk, mapping, columns, Path(path)), self._was_exported)

    def _was_exported(self, path: Path) -> None:
        self.said.emit(tr("The mapping was written to {file}.", file=isolated(str(path))))


def _saved(desk: Desk, mapping: Mapping, columns: tuple[Column, ...]) -> list[str]:
    """Save, and tell what is saved now. Blocks: for a worker."""
    desk.save_mapping(mapping, columns)
    return desk.saved_mappings(mapping.batch_type)


def _deleted(desk: Desk, kind: str, name: str) -> list[str]:
    """Delete, and tell what is saved now. Blocks: for a worker."""
    desk.delete_mapping(kind, name)
    return desk.saved_mappings(kind)


def _exported(desk: Desk, mapping: Mapping, columns: tuple[Column, ...], path: Path) -> Path:
    """Write the mapping to a file to share. Blocks: for a worker."""
    desk.export_mapping(mapping, columns, path)
    return path
