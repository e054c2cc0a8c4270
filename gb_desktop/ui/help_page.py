"""Help: a short page a step, the keyboard, and About with licences and diagnostics."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import (
    QBrush,
    QColor,
    QGuiApplication,
    QShowEvent,
    QTextCursor,
    QTextFrameFormat,
    QTextTable,
    QTextTableFormat,
)
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from gb_desktop.places import resources_dir
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.diagnostics import app_version, diagnostics, libraries
from gb_desktop.ui.errors import mishap_of
from gb_desktop.ui.flow import Step, title_of
from gb_desktop.ui.session import Session
from gb_desktop.ui.theme import colours
from gb_desktop.ui.widgets import Banner, Choices, QuietButton, SecondaryButton, Text, Tone, named

KEYBOARD, ABOUT, CHANGES, START = "keyboard", "about", "changes", "start"


def topics() -> tuple[tuple[str, str], ...]:
    """The pages in order: name and title. A step's page is named after the step."""
    return (
        (START, tr("In short")),
        *((step.value, title_of(step)) for step in Step),
        ("runs", tr("Runs and outcomes")),
        ("accounts", tr("Accounts and keys")),
        (KEYBOARD, tr("Keyboard")),
        (CHANGES, tr("What's new")),
        (ABOUT, tr("About")),
    )


def page_text(topic: str) -> str:
    """A page's Markdown."""
    if topic == ABOUT:
        return _about()
    if topic == CHANGES:
        return (resources_dir() / "changelog.md").read_text("utf-8")
    return (resources_dir() / "help" / f"{topic}.md").read_text("utf-8")


def _about() -> str:
    lines = [
        f"# {tr('GB Desktop {version}', version=app_version())}",
        tr("Sends Excel sheets to Gameball: checked before, exactly once, every row accounted for."),
        f"## {tr('Licences')}",
        tr("GB Desktop is free software under the MIT licence. It is built with:"),
        "",
        f"| {tr('Library')} | {tr('Version')} | {tr('Licence')} |",
        "|---|---|---|",
        *(f"| {library.name} | {library.version} | {library.licence} |" for library in libraries()),
        "",
        tr("Qt and PySide6 are used under the LGPL version 3; you may exchange them for your own builds."),
    ]
    return "\n\n".join(lines[:4]) + "\n\n" + "\n".join(lines[4:])


class HelpPage(QWidget):
    """A list of pages on the left, the page on the right."""

    left = Signal()  # back to where F1 was pressed

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "help_page")
        self._session = session
        self._topics = topics()
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.HUGE, tokens.HUGE, tokens.HUGE, tokens.LARGE)
        column.setSpacing(tokens.LARGE)
        column.addLayout(self._head())
        self.banner = Banner(Tone.INFO, "help_banner", self)
        column.addWidget(self.banner)
        parts = QHBoxLayout()
        parts.setSpacing(tokens.LARGE)
        self.list = Choices("help_topics", tr("Help pages"), 200, self)
        for _name, title in self._topics:
            self.list.addItem(title)
        self.text = named(QTextBrowser(self), "help_text", tr("Help"))
        self.text.setOpenExternalLinks(True)
        self.text.document().setDocumentMargin(tokens.LARGE)
        parts.addWidget(self.list)
        parts.addWidget(self.text, 1)
        column.addLayout(parts, 1)
        self.list.currentRowChanged.connect(self._show_row)
        self.list.setCurrentRow(0)

    def _head(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(tokens.SMALL)
        line.addWidget(Text(tr("Help"), "title", self, wrap=False))
        line.addStretch(1)
        self.back = QuietButton(tr("Back to the batch"), "help_back", "chevron-left", self)
        self.back.clicked.connect(self.left)
        self.copy = SecondaryButton(tr("Copy diagnostics"), "help_copy", "copy", self)
        self.copy.setToolTip(tr("Versions and system facts for support; no keys, no customer data."))
        self.copy.clicked.connect(self._copy)
        line.addWidget(self.back)
        line.addWidget(self.copy)
        return line

    def show_topic(self, topic: str) -> None:
        """Show the page of that name; the first one where there is none."""
        names = [name for name, _title in self._topics]
        self.list.setCurrentRow(names.index(topic) if topic in names else 0)

    @Slot(int)
    def _show_row(self, row: int) -> None:
        self.text.setMarkdown(page_text(self._topics[max(row, 0)][0]))
        self._dress()
        self.text.verticalScrollBar().setValue(0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def showEvent(self, event: QShowEvent) -> None:
        self._dress()  # the scheme may have changed while another place was on the screen
        super().showEvent(event)

    def _dress(self) -> None:
        """Hair lines in the scheme's colour, and room above headings: Markdown brings borders of the text's colour."""
        document = self.text.document()
        for part in document.rootFrame().childFrames():
            if isinstance(part, QTextTable):
                part.setFormat(_table_format(colours(self.palette()).border_strong))
        block = document.begin()
        while block.isValid():
            if block.blockFormat().headingLevel() > 1:
                form = block.blockFormat()
                form.setTopMargin(tokens.LARGE)
                QTextCursor(block).setBlockFormat(form)
            block = block.next()

    @Slot()
    def _copy(self) -> None:
        vault = self._session.desk.vault
        self._session.desk_tasks.run(vault.describe, self._copy_with, self._say, owner=self)

    def _copy_with(self, keyring_sentence: str) -> None:
        QGuiApplication.clipboard().setText(diagnostics(keyring_sentence))
        self.banner.say(Tone.SUCCESS, tr("Copied. It holds no keys and no customer data."), closable=True)

    def _say(self, error: Exception) -> None:
        mishap = mishap_of(error)
        self.banner.say(Tone.ERROR, mishap.title, "", mishap.what_to_do, mishap.details, closable=True)


def _table_format(line: str) -> QTextTableFormat:
    form = QTextTableFormat()
    form.setBorderCollapse(True)
    form.setBorder(1)
    form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    form.setBorderBrush(QBrush(QColor(line)))
    form.setCellPadding(tokens.TINY)
    form.setTopMargin(tokens.SMALL)
    form.setBottomMargin(tokens.SMALL)
    return form
