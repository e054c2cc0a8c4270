"""The runs that this window is sending: one at a time per account, the others in line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gb_desktop.runs.model import SendSettings
from gb_desktop.ui.engine_thread import EngineThread

if TYPE_CHECKING:
    from gb_desktop.accounts.model import Account
    from gb_desktop.desk import Desk


class Sending(EngineThread):
    """A run on its way, or in line behind another of the same account."""

    def __init__(self, desk: Desk, run: str, account: Account, settings: SendSettings, rotated: bool) -> None:
        super().__init__(run, lambda: desk.sender(run, account, settings, rotated=rotated))
        self.account = account
        self.begun = False

    def start(self) -> None:
        self.begun = True
        super().start()


class Sendings(QObject):
    """Starts sendings, keeps the line, and knows which are still under way. They outlive the screens that show them."""

    changed = Signal()  # one began, ended or moved up the line
    ended = Signal(object)  # the Sending

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._all: dict[str, Sending] = {}

    def get(self, run: str) -> Sending | None:
        """The last sending of a run from this window, under way or over."""
        return self._all.get(run)

    def active(self) -> tuple[Sending, ...]:
        """Those under way, and those in line."""
        return tuple(sending for sending in self._all.values() if sending.running)

    def ahead_of(self, run: str) -> int:
        """How many sendings of the same account must end before this one begins."""
        wanted = self._all.get(run)
        if wanted is None or wanted.begun:
            return 0
        same = [sending for sending in self.active() if sending.account.name == wanted.account.name]
        return same.index(wanted)

    def start(self, run: str, account: Account, settings: SendSettings, rotated: bool = False) -> Sending:
        """Send a run (or go on with it); it waits while another of the same account is under way."""
        already = self._all.get(run)
        if already is not None and already.running:
            return already
        sending = Sending(self._desk, run, account, settings, rotated)
        sending.setParent(self)
        sending.ended.connect(self._one_ended)
        self._all.pop(run, None)
        self._all[run] = sending
        self._move_up()
        return sending

    def leave_line(self, run: str) -> None:
        """Take a run that has not begun out of the line; nothing of it was sent."""
        sending = self._all.get(run)
        if sending is not None and not sending.begun:
            del self._all[run]
            sending.deleteLater()
            self.changed.emit()

    def let_go(self) -> None:
        """The window is closing: those under way end after their requests, those in line leave it."""
        for sending in self.active():
            if sending.begun:
                sending.let_go()
            else:
                self.leave_line(sending.run)

    def closed(self) -> bool:
        """True once every sending thread has ended."""
        return all(sending.closed() for sending in self._all.values())

    @Slot(object)
    def _one_ended(self, _ended: object) -> None:
        sending = self.sender()
        self._move_up()
        self.ended.emit(sending)

    def _move_up(self) -> None:
        taken: set[str] = set()
        for sending in self.active():
            if sending.account.name not in taken and not sending.begun:
                sending.start()
            taken.add(sending.account.name)
        self.changed.emit()
