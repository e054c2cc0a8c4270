"""Fusion, a palette and one style sheet made from the tokens, following the system's scheme."""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QScrollBar

from gb_desktop.places import resources_dir
from gb_desktop.ui import tokens
from gb_desktop.ui.tokens import DARK, LIGHT, Colours

SCHEMES = ("system", "light", "dark")
SMALLEST_FONT = 9.0


def colours(palette: QPalette) -> Colours:
    """The tokens that a palette was made from; widgets that paint themselves ask with their own palette.

    Told by `Mid`, a role that style sheets leave alone.
    """
    return DARK if palette.color(QPalette.ColorRole.Mid).lightness() < 128 else LIGHT


def palette_of(scheme: Colours) -> QPalette:
    """A palette with every role that our widgets and Fusion read."""
    palette = QPalette()
    role = QPalette.ColorRole
    for target, colour in (
        (role.Window, scheme.window),
        (role.WindowText, scheme.text),
        (role.Base, scheme.surface),
        (role.AlternateBase, scheme.raised),
        (role.Text, scheme.text),
        (role.Button, scheme.raised),
        (role.ButtonText, scheme.text),
        (role.ToolTipBase, scheme.raised),
        (role.ToolTipText, scheme.text),
        (role.PlaceholderText, scheme.muted),
        (role.Highlight, scheme.accent_fill),
        (role.HighlightedText, scheme.on_accent),
        (role.Link, scheme.accent),
        (role.LinkVisited, scheme.accent),
        (role.Accent, scheme.accent_fill),
        (role.Light, scheme.surface),
        (role.Midlight, scheme.raised),
        (role.Mid, scheme.border),
        (role.Dark, scheme.border_strong),
        (role.BrightText, scheme.danger),
    ):
        palette.setColor(target, QColor(colour))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(scheme.disabled))
    return palette


def style_sheet(scheme: Colours, points: float) -> str:
    """The style sheet of resources/styles with the tokens filled in. `points` is the body text's size."""
    values = {name: str(value) for name, value in asdict(scheme).items()}
    for name in ("TINY", "SMALL", "MEDIUM", "LARGE", "HUGE", "RADIUS"):
        values[name.lower()] = str(getattr(tokens, name))
    for name in ("CAPTION", "BODY", "SUBTITLE", "TITLE", "FIGURE"):
        values["font_" + name.lower()] = f"{points + getattr(tokens, name):g}pt"
    values["styles"] = (resources_dir() / "styles").as_posix()
    values["scheme"] = "dark" if scheme.dark else "light"
    return Template((resources_dir() / "styles" / "app.qss").read_text("utf-8")).substitute(values)


class Theme(QObject):
    """Dresses the application, and again when the system or the setting changes."""

    changed = Signal()

    def __init__(self, app: QApplication, scheme: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self._scheme = scheme
        app.setStyle("Fusion")
        font = app.font()
        if font.pointSizeF() < SMALLEST_FONT:
            font.setPointSizeF(SMALLEST_FONT + 1)
        font.setFeature(QFont.Tag("tnum"), 1)  # digits of one width, so that numbers line up and don't dance
        font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
        app.setFont(font)
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._apply()

    def choose(self, scheme: str) -> None:
        """Use `system`, `light` or `dark` from now on."""
        if scheme != self._scheme:
            self._scheme = scheme
            self._apply()

    @Slot(Qt.ColorScheme)
    def _system_changed(self, _scheme: Qt.ColorScheme) -> None:
        if self._scheme == "system":
            self._apply()

    def _apply(self) -> None:
        chosen = DARK if self._is_dark() else LIGHT
        scrolled = [(bar, bar.value()) for bar in self._app.allWidgets() if isinstance(bar, QScrollBar) and bar.value()]
        self._app.setStyleSheet("")  # where one sheet replaces another, Qt dresses each widget once for every parent
        self._app.setPalette(palette_of(chosen))
        self._app.setStyleSheet(style_sheet(chosen, self._app.font().pointSizeF()))
        if scrolled:
            self._app.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        for bar, value in scrolled:
            bar.setValue(value)  # undressed, a page is shorter, and may have been scrolled back
        self.changed.emit()

    def _is_dark(self) -> bool:
        if self._scheme == "system":
            return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return self._scheme == "dark"
