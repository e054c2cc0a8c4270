"""The one file of measures and colours that every screen is drawn with."""

from __future__ import annotations

from dataclasses import dataclass

# Spacing in device-independent pixels; nothing on a screen uses a number that is not here.
TINY, SMALL, MEDIUM, LARGE, HUGE = 4, 8, 12, 16, 24
RADIUS = 6
ICON_SMALL, ICON, ICON_LARGE = 16, 20, 32
RAIL_WIDTH = 164
STEP_RAIL_WIDTH = 160
MINIMUM_WINDOW = (1024, 700)
DEFAULT_WINDOW = (1280, 820)
COUNTER_WIDTH = 104
TITLE_BAR = 40  # at most, of the systems we know

# Type scale in points, added to the size of the system's own font.
CAPTION, BODY, SUBTITLE, TITLE, FIGURE = -1.0, 0.0, 1.5, 6.0, 10.0


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one scheme, as `#rrggbb`.

    Every text colour reaches a contrast of 4.5 on `window`, `surface`, `raised` and on its own soft background;
    the `on_` colours reach it on the fill they are named after.
    """

    dark: bool
    window: str
    surface: str
    raised: str
    hover: str
    border: str
    border_strong: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_soft: str
    accent_fill: str
    accent_fill_hover: str
    accent_fill_pressed: str
    on_accent: str
    success: str
    success_soft: str
    warning: str
    warning_soft: str
    danger: str
    danger_soft: str
    danger_fill: str
    on_danger: str


LIGHT = Colours(
    dark=False,
    window="#f5f6f8",
    surface="#ffffff",
    raised="#eef1f5",
    hover="#e6eaf0",
    border="#dde2e9",
    border_strong="#8792a2",
    text="#18212d",
    muted="#535e6d",
    disabled="#929cab",
    accent="#2352c8",
    accent_soft="#e9effc",
    accent_fill="#2a5bd7",
    accent_fill_hover="#2350c0",
    accent_fill_pressed="#1d45a8",
    on_accent="#ffffff",
    success="#186a3b",
    success_soft="#e5f4ea",
    warning="#7d5200",
    warning_soft="#fcf2da",
    danger="#a81f15",
    danger_soft="#fdebe9",
    danger_fill="#b8261b",
    on_danger="#ffffff",
)

DARK = Colours(
    dark=True,
    window="#13171d",
    surface="#1b212a",
    raised="#242c37",
    hover="#2c3542",
    border="#303946",
    border_strong="#748091",
    text="#e7ebf0",
    muted="#a6b0bd",
    disabled="#667080",
    accent="#8fb1ff",
    accent_soft="#1e2c4a",
    accent_fill="#3c6ade",
    accent_fill_hover="#4170e0",
    accent_fill_pressed="#345ec8",
    on_accent="#ffffff",
    success="#77d09a",
    success_soft="#173325",
    warning="#ebbd5c",
    warning_soft="#382d13",
    danger="#ff968b",
    danger_soft="#41201d",
    danger_fill="#c2372b",
    on_danger="#ffffff",
)


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb`, 0 to 1. Source: WCAG 2.2, "relative luminance"."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21. Source: WCAG 2.2, "contrast ratio"."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
