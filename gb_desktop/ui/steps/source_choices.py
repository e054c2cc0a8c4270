"""The entries of the source drop-downs: one list for all fields of a kind, however many columns a sheet has."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gb_desktop.catalog import Field
from gb_desktop.mapping.model import SourceKind
from gb_desktop.text import tr

Choice = tuple[SourceKind, str] | None  # the string is the header of a column


class SourceChoices(QObject):
    """Made once for a sheet; drop-downs share its models instead of holding thousands of entries each."""

    def __init__(
        self, headers: Sequence[str], parent: QObject | None = None, hidden: Collection[str] = frozenset()
    ) -> None:
        super().__init__(parent)
        self.headers = tuple(headers)
        self._hidden = hidden  # headers of columns that the sheet hides: offered all the same, and marked
        self.columns = Entries([(header, header) for header in headers], self)
        nothing: list[tuple[str, object]] = [(tr("No third column"), "")]
        self.optional_columns = Entries([*nothing, *((header, header) for header in headers)], self)
        self._models: dict[tuple[bool, bool], Entries] = {}

    def of(self, field: Field) -> Entries:
        """The entries for a field: whether it is required and whether the app can make its values decide."""
        key = (field.required, field.generated)
        if key not in self._models:
            self._models[key] = Entries(self._listed(*key), self)
        return self._models[key]

    def _listed(self, required: bool, generated: bool) -> list[tuple[str, object]]:
        found: list[tuple[str, object]] = [(tr("Choose…") if required else tr("Not sent"), None)]
        found += [(self._marked(header), (SourceKind.COLUMN, header)) for header in self.headers]
        found.append((tr("Same value for all rows"), (SourceKind.CONSTANT, "")))
        if generated:
            found.append((tr("Made by GB Desktop"), (SourceKind.GENERATED, "")))
        for words, kind in (
            (tr("Columns joined"), SourceKind.JOINED),
            (tr("The part of a column before…"), SourceKind.BEFORE),
            (tr("The part of a column after…"), SourceKind.AFTER),
            (tr("A text in front of a column"), SourceKind.PREFIXED),
        ):
            found.append((words, (kind, "")))
        return found

    def _marked(self, header: str) -> str:
        return tr("{header} (hidden column)", header=header) if header in self._hidden else header


class Entries(QAbstractListModel):
    """Texts with data, never changed."""

    def __init__(self, entries: Sequence[tuple[str, object]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries = tuple(entries)
        self._places = {value: place for place, (_text, value) in reversed(list(enumerate(self._entries)))}

    def place_of(self, value: object) -> int:
        """Where an entry with this data stands; 0 when there is none."""
        return self._places.get(value, 0)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        text, value = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        return value if role == Qt.ItemDataRole.UserRole else None
