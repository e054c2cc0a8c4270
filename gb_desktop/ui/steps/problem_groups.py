"""The left side of the check step: problems grouped by cause, worst first, each with what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gb_desktop.checking.fix_model import FixKind
from gb_desktop.checking.model import Severity
from gb_desktop.runs.model import CheckSummary, FixOffer, ProblemGroup
from gb_desktop.text import rows_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.steps.page import emptied
from gb_desktop.ui.widgets import (
    Card,
    IconLabel,
    PushButton,
    QuietButton,
    StateBadge,
    Text,
    Tone,
    isolated,
    named,
    restyle,
)

Key = tuple[str, str]  # code and field of a group
_SAMPLE_LENGTH = 40
KEEP_FIRST = FixKind.LEAVE_LATER_OUT.value
EXCLUDE = FixKind.LEAVE_OUT.value  # a fix that every group has; it has a button of its own


class GroupCard(Card):
    """One cause. `shown` asks for its rows and fixes; the other signals change rows."""

    shown = Signal(object)  # Key
    fix_wanted = Signal(object)  # (Key, FixOffer.key)
    leave_out_wanted = Signal(object)  # Key

    def __init__(self, place: int, group: ProblemGroup, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=tokens.TINY, margin=tokens.MEDIUM)
        self.key: Key = (group.code, group.field)
        self._group = group
        self._place = place
        self.setObjectName(f"group_{place}")
        head = QHBoxLayout()
        error = group.severity is Severity.ERROR
        word, tone = (tr("Error"), Tone.ERROR) if error else (tr("Warning"), Tone.WARNING)
        head.addWidget(StateBadge(word, tone, "cross" if error else "warning", self))
        head.addStretch(1)
        head.addWidget(Text(rows_words(group.count), "strong", self, wrap=False))
        self.layout_.addLayout(head)
        self.layout_.addWidget(Text(group.message, "body", self))
        if group.count > 1:
            self.layout_.addWidget(Text(_row_words(group), "caption", self))
        self.show_button = QuietButton(tr("Show and fix"), f"group_{place}_show", "search", self)
        self.show_button.setAccessibleName(tr("Show and fix: {problem}", problem=group.message))
        self.show_button.clicked.connect(self._show)
        self.layout_.addWidget(self.show_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._fixes = QVBoxLayout()
        self._fixes.setSpacing(tokens.TINY)
        self.layout_.addLayout(self._fixes)

    def set_current(self, current: bool) -> None:
        """Mark this group as the one whose rows the grid shows."""
        restyle(self, selected=current)
        self.show_button.setVisible(not current)
        if not current:
            emptied(self._fixes)

    def show_fixes(self, fixes: Sequence[FixOffer]) -> None:
        """The bulk fixes with samples before and after, and leaving the rows out, which is always possible."""
        emptied(self._fixes)
        self._fixes.addSpacing(tokens.TINY)
        for place, fix in enumerate(fix for fix in fixes if fix.key != EXCLUDE):
            button = _LongButton(fix.key, fix.sentence, "check", f"group_{self._place}_fix_{place}", self)
            button.wanted.connect(self._fix)
            self._fixes.addWidget(button)
            if said := _settled_words(fix):
                self._fixes.addWidget(Text(said, "caption", self))
            for before, after in dict.fromkeys(fix.samples[:3]):
                self._fixes.addWidget(Text(_sample_words(before, after), "caption", self))
        words = tr("Leave out {rows}", rows=rows_words(self._group.count))
        leave_out = _LongButton(EXCLUDE, words, "exclude", f"group_{self._place}_leave_out", self)
        leave_out.clicked.connect(self._leave_out)
        self._fixes.addSpacing(tokens.TINY)
        self._fixes.addWidget(leave_out)

    @Slot()
    def _show(self) -> None:
        self.shown.emit(self.key)

    @Slot(str)
    def _fix(self, fix: str) -> None:
        self.fix_wanted.emit((self.key, fix))

    @Slot()
    def _leave_out(self) -> None:
        self.leave_out_wanted.emit(self.key)


class _LongButton(PushButton):
    """A button whose sentence takes as many lines as it needs: the column of groups is narrow."""

    wanted = Signal(str)

    def __init__(self, fix: str, sentence: str, icon: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = fix
        self.setProperty("kind", "secondary")
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        named(self, name, sentence, sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.MEDIUM, tokens.SMALL, tokens.MEDIUM, tokens.SMALL)
        row.setSpacing(tokens.SMALL)
        row.addWidget(IconLabel(icon, "text", tokens.ICON_SMALL, self), 0, Qt.AlignmentFlag.AlignTop)
        words = Text(sentence, "body", self)
        words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(words, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.clicked.connect(self._clicked)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout is not None else super().heightForWidth(width)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.totalSizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        return layout.totalMinimumSize() if layout is not None else super().minimumSizeHint()

    @Slot()
    def _clicked(self) -> None:
        self.wanted.emit(self._key)


class ProblemGroups(QWidget):
    """All groups of a check, and what was tidied on the way."""

    shown = Signal(object)
    fix_wanted = Signal(object)
    leave_out_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens.SMALL)
        self._cards: list[GroupCard] = []

    def show_summary(self, summary: CheckSummary) -> None:
        emptied(self._column)
        self._cards = []
        for place, group in enumerate(summary.groups):
            card = GroupCard(place, group, self)
            card.shown.connect(self.shown)
            card.fix_wanted.connect(self.fix_wanted)
            card.leave_out_wanted.connect(self.leave_out_wanted)
            self._cards.append(card)
            self._column.addWidget(card)
        if not summary.groups:
            self._column.addWidget(_all_well(self))
        if summary.changes:
            self._column.addSpacing(tokens.SMALL)
            self._column.addWidget(Text(tr("Noted on the way"), "strong", self))
            for sentence in summary.changes:
                self._column.addWidget(Text(sentence, "caption", self))
        self._column.addStretch(1)

    def set_current(self, key: Key | None) -> None:
        for card in self._cards:
            card.set_current(card.key == key)

    def show_fixes(self, key: Key, fixes: Sequence[FixOffer]) -> None:
        for card in self._cards:
            if card.key == key:
                card.show_fixes(fixes)
                self._see_whole(card)

    def _see_whole(self, card: QWidget) -> None:
        """Scroll to a card that has grown by its fixes."""
        viewport = self.parentWidget()
        area = viewport.parentWidget() if viewport is not None else None
        for layout in (card.layout(), self._column):
            if layout is not None:
                layout.activate()
        if isinstance(area, QScrollArea):
            self.adjustSize()
            area.ensureWidgetVisible(card, 0, tokens.SMALL)


def _all_well(parent: QWidget) -> Card:
    card = Card(parent, margin=tokens.MEDIUM)
    card.layout_.addWidget(StateBadge(tr("No problems"), Tone.SUCCESS, "check", card), 0, Qt.AlignmentFlag.AlignLeft)
    card.layout_.addWidget(Text(tr("Every row that is not left out can be sent."), "body", card))
    return card


def _row_words(group: ProblemGroup) -> str:
    """The first rows of a group, as Excel numbers them."""
    numbers = ", ".join(str(row) for row in group.rows[:6])
    if group.count > min(6, len(group.rows)):
        return tr("Rows {numbers} and more", numbers=isolated(numbers))
    if len(group.rows) == 1:
        return tr("Row {number}", number=isolated(numbers))
    return tr("Rows {numbers}", numbers=isolated(numbers))


def _settled_words(fix: FixOffer) -> str:
    """How many of the rows a fix settles, before anything is changed."""
    settled = fix.before - fix.after
    if not fix.before:
        return ""
    if fix.key == KEEP_FIRST:
        return tr("Keeps {kept} and leaves {others} out", kept=rows_words(fix.after), others=rows_words(settled))
    if fix.before < fix.count:
        return tr("Settles {settled} of the first {rows}", settled=settled, rows=rows_words(fix.before))
    rows = rows_words(fix.before)
    if fix.after == 1:
        return tr("Settles {settled} of {rows}, 1 stays", settled=settled, rows=rows)
    if fix.after:
        return tr("Settles {settled} of {rows}, {left} stay", settled=settled, rows=rows, left=fix.after)
    return tr("Settles this row") if fix.before == 1 else tr("Settles all {rows} rows", rows=fix.before)


def _sample_words(before: str, after: str) -> str:
    if not after:
        return tr("{before} is taken away", before=isolated(_quoted(before)))
    return tr("{before} becomes {after}", before=isolated(_quoted(before)), after=isolated(_quoted(after)))


def _quoted(text: str) -> str:
    """A sample in quotes, so that spaces at its ends can be seen."""
    return f"“{text[:_SAMPLE_LENGTH]}…”" if len(text) > _SAMPLE_LENGTH else f"“{text}”"
