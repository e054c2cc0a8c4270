"""Our SVG icons, recoloured from the palette and sharp at any scale."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gb_desktop.places import resources_dir
from gb_desktop.ui import tokens
from gb_desktop.ui.theme import colours

# Shown for a name that has no file: a plain dot, so that a screen never breaks over a drawing.
_MISSING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
    '<circle cx="12" cy="12" r="3" fill="currentColor"/></svg>'
)


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    path = resources_dir() / "icons" / f"{name}.svg"
    return path.read_text("utf-8") if path.is_file() else _MISSING


@lru_cache(maxsize=1024)
def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon `name` drawn in `colour` (`#rrggbb`), `size` device-independent pixels square."""
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return picture


def icon(name: str, colour: str, disabled: str = "", size: int = tokens.ICON) -> QIcon:
    """An icon in one colour, at the scales screens have; `disabled` is its colour when the widget is off."""
    made = QIcon()
    for ratio in (1.0, 1.25, 1.5, 2.0):
        made.addPixmap(pixmap(name, colour, size, ratio))
        if disabled:
            made.addPixmap(pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return made


def palette_icon(name: str, palette: QPalette, role: str = "text", size: int = tokens.ICON) -> QIcon:
    """An icon in a token's colour (`text`, `muted`, `accent`, `danger`, ...) of the palette's scheme."""
    scheme = colours(palette)
    return icon(name, getattr(scheme, role), scheme.disabled, size)


def app_icon() -> QIcon:
    """The application's own icon."""
    return QIcon(str(resources_dir() / "icons" / "app.svg"))
