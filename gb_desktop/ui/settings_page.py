"""The settings: language, theme, how much is sent at once, proxy, how long results are kept, where data is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.errors import mishap_of
from gb_desktop.ui.session import Session
from gb_desktop.ui.theme import SCHEMES
from gb_desktop.ui.widgets import (
    Banner,
    Card,
    CardEdge,
    Chooser,
    ElidedLabel,
    Number,
    PrimaryButton,
    ScrollPage,
    SecondaryButton,
    Text,
    Tone,
    labelled,
    named,
)

if TYPE_CHECKING:
    from gb_desktop.desk import AppSettings

LANGUAGES = ("", "en")
_WIDTH = 720


class SettingsPage(QWidget):
    """A form over AppSettings; nothing changes before Save."""

    saved = Signal(object)  # AppSettings

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "settings_page")
        self._session = session
        self._stored: AppSettings | None = None
        self._shown: AppSettings | None = None  # the form as it was when they were shown
        self._then: Callable[[], None] | None = None  # where to go once they are stored
        self.saving = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(tokens.HUGE, tokens.HUGE, tokens.HUGE, tokens.LARGE)
        outer.setSpacing(tokens.LARGE)
        outer.addWidget(Text(tr("Settings"), "title", self))
        self.banner = Banner(Tone.ERROR, "settings_banner", self)
        outer.addWidget(self.banner)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.LARGE)
        for card in (self._looks(), self._sending(), self._keeping()):
            column.addWidget(card)
        column.addStretch(1)
        area = ScrollPage(holder, "settings_area", self)
        area.setMaximumWidth(_WIDTH)
        self._form = holder
        outer.addWidget(area, 1)
        foot = QWidget(self)
        foot.setMaximumWidth(_WIDTH)
        foot.setLayout(self._foot(area))
        outer.addWidget(foot)
        self._allow(False, tr("The settings are being read."))

    def _looks(self) -> QWidget:
        card = Card(self)
        card.layout_.setSpacing(tokens.LARGE)
        self.language = Chooser("settings_language", tr("Language"), card)
        for word in (tr("As the system"), tr("English")):
            self.language.addItem(word)
        self.theme = Chooser("settings_theme", tr("Theme"), card)
        for word in (tr("As the system"), tr("Light"), tr("Dark")):
            self.theme.addItem(word)
        card.layout_.addWidget(labelled(tr("Language"), self.language))
        card.layout_.addWidget(labelled(tr("Theme"), self.theme))
        return card

    def _sending(self) -> QWidget:
        card = Card(self)
        card.layout_.setSpacing(tokens.LARGE)
        self.chunk_size = self._number("settings_chunk_size", tr("Rows per request"), 1, 1000)
        self.open_jobs = self._number("settings_open_jobs", tr("Open jobs at once"), 1, 64)
        self.per_second = self._number("settings_per_second", tr("Requests in a second"), 1, 100)
        self.per_half_minute = self._number("settings_per_half_minute", tr("Requests in 30 seconds"), 1, 1200)
        self.failure_share = self._number("settings_failure_share", tr("Pause when failures pass"), 1, 100)
        self.failure_share.setSuffix(" %")
        self.proxy = named(QLineEdit(card), "settings_proxy", tr("Proxy"))
        self.proxy.setPlaceholderText(tr("None: the system's proxy is used"))
        for label, field, hint in (
            (tr("Rows per request"), self.chunk_size, tr("1 to 1,000. Fewer rows mean more requests.")),
            (tr("Open jobs at once"), self.open_jobs, tr("How many requests Gameball may be working on for you.")),
            (
                tr("Requests in a second"),
                self.per_second,
                tr("Gameball allows an account 30. Take fewer when other systems use the same account."),
            ),
            (tr("Requests in 30 seconds"), self.per_half_minute, tr("Gameball allows an account 360.")),
            (
                tr("Pause when failures pass"),
                self.failure_share,
                tr("A run pauses by itself when this share of its rows has failed."),
            ),
            (tr("Proxy"), self.proxy, tr("For example http://proxy.example.com:8080")),
        ):
            card.layout_.addWidget(labelled(label, field, hint))
        return card

    def _keeping(self) -> QWidget:
        card = Card(self)
        card.layout_.setSpacing(tokens.LARGE)
        self.keep_days = self._number("settings_keep_days", tr("Keep results for"), 0, 3650)
        self.keep_days.valueChanged.connect(self._days)
        self._days(self.keep_days.value())
        self.keep_days.setSpecialValueText(tr("For ever"))
        card.layout_.addWidget(
            labelled(
                tr("Keep results for"),
                self.keep_days,
                tr("Finished runs older than this are deleted here. The IDs that were sent are remembered."),
            )
        )
        place = QWidget(card)
        line = QHBoxLayout(place)
        line.setContentsMargins(0, 0, 0, 0)
        self.folder = ElidedLabel(str(self._session.desk.folder), place)
        named(self.folder, "settings_folder")
        self.open_folder = SecondaryButton(tr("Open"), "settings_open_folder", "folder", place)
        self.open_folder.clicked.connect(self._open_folder)
        line.addWidget(self.folder, 1)
        line.addWidget(self.open_folder)
        card.layout_.addWidget(labelled(tr("Data folder"), place))
        return card

    @Slot(int)
    def _days(self, days: int) -> None:
        self.keep_days.setSuffix(tr(" day") if days == 1 else tr(" days"))

    def _number(self, name: str, words: str, least: int, most: int) -> Number:
        field = Number(name, words, least, most, self)
        field.setMaximumWidth(160)
        return field

    def _foot(self, area: ScrollPage) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.SMALL)
        self.state = named(Text("", "muted", self), "settings_state")
        line.addWidget(self.state, 1)
        self.save_button = PrimaryButton(tr("Save"), "settings_save", parent=self)
        self.save_button.clicked.connect(self._save)
        line.addWidget(self.save_button)
        line.addWidget(CardEdge(area, tokens.SMALL, self))
        return line

    # ------------------------------------------------------------------ in and out

    def enter(self) -> None:
        """The page is shown. What could not be stored when it was left is still there."""
        if self.saving or self.altered:
            return
        self.banner.clear()
        self._allow(False, tr("The settings are being read."))
        self._session.desk_tasks.run(self._session.desk.settings, self._show, self._not_read, owner=self)

    def _allow(self, allowed: bool, why_not: str = "") -> None:
        """What is typed before the stored settings are there would be overwritten by them."""
        self._form.setEnabled(allowed)
        self.save_button.setEnabled(allowed)
        self.state.setText(why_not)

    def _not_read(self, error: Exception) -> None:
        self._allow(False, tr("The settings could not be read, so none can be changed."))
        self._say(error)

    def _show(self, settings: AppSettings) -> None:
        self._allow(True)
        self._stored = settings
        self.language.setCurrentIndex(LANGUAGES.index(settings.language) if settings.language in LANGUAGES else 0)
        self.theme.setCurrentIndex(SCHEMES.index(settings.theme) if settings.theme in SCHEMES else 0)
        self.chunk_size.setValue(settings.chunk_size)
        self.open_jobs.setValue(settings.open_jobs)
        self.per_second.setValue(settings.per_second)
        self.per_half_minute.setValue(settings.per_half_minute)
        self.failure_share.setValue(round(settings.failure_share * 100))
        self.proxy.setText(settings.proxy)
        self.keep_days.setValue(settings.keep_days)
        self._shown = self.typed(settings)

    @property
    def altered(self) -> bool:
        """Whether anything was changed since the settings were shown or stored."""
        return self._stored is not None and self.typed(self._stored) != self._shown

    def unsaved(self) -> tuple[str, str]:
        return tr("Save the changed settings?"), tr("Settings were changed on this page and are not saved yet.")

    def forget(self) -> None:
        """Show what is stored again."""
        if self._stored is not None:
            self._show(self._stored)

    def typed(self, base: AppSettings) -> AppSettings:
        """The settings as the form shows them."""
        return replace(
            base,
            language=LANGUAGES[self.language.currentIndex()],
            theme=SCHEMES[self.theme.currentIndex()],
            chunk_size=self.chunk_size.value(),
            open_jobs=self.open_jobs.value(),
            per_second=self.per_second.value(),
            per_half_minute=self.per_half_minute.value(),
            failure_share=self.failure_share.value() / 100,
            proxy=self.proxy.text().strip(),
            keep_days=self.keep_days.value(),
        )

    def save(self, then: Callable[[], None]) -> None:
        """Store what was typed, then go on; or say why not, and stay."""
        self._then = then
        if not self.saving:
            self._save()

    @Slot()
    def _save(self) -> None:
        if self._stored is None:
            return
        settings, desk = self.typed(self._stored), self._session.desk

        def store() -> AppSettings:
            desk.save_settings(settings)
            return settings

        self.saving = True
        self._allow(False, tr("The settings are being saved."))
        self._session.desk_tasks.run(store, self._saved, self._not_saved, owner=self)

    def _not_saved(self, error: Exception) -> None:
        self.saving, self._then = False, None
        self._allow(True, tr("Nothing was saved."))
        self._say(error)

    def _saved(self, settings: AppSettings) -> None:
        self.saving = False
        self._allow(True)
        self._stored = settings
        self._shown = self.typed(settings)
        self.banner.say(
            Tone.SUCCESS, tr("Saved. Runs that are under way keep the settings they began with."), closable=True
        )
        self.saved.emit(settings)
        then, self._then = self._then, None
        if then is not None:
            then()

    def _say(self, error: Exception) -> None:
        mishap = mishap_of(error)
        self.banner.say(Tone.ERROR, mishap.title, "", mishap.what_to_do, mishap.details, closable=True)

    @Slot()
    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._session.desk.folder)))
