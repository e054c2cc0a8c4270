"""A desktop notification when sending has ended, for whoever went to do something else."""

from __future__ import annotations

from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from gb_desktop.text import tr
from gb_desktop.ui.icons import app_icon


def notify_of_end(page: QWidget) -> None:
    """Say that sending has ended, unless the window is in front or the desktop has no place for such words."""
    if page.isActiveWindow() or not QSystemTrayIcon.isSystemTrayAvailable():
        return
    tray = QSystemTrayIcon(app_icon(), page)
    tray.messageClicked.connect(tray.hide)
    tray.show()
    title = tr("GB Desktop: sending has ended")
    tray.showMessage(title, tr("Open the window to see what came of it."), app_icon())
