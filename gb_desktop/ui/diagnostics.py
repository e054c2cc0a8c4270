"""What a helper needs to know about this computer and this app: no keys, no customer data."""

from __future__ import annotations

import importlib.metadata
import locale
import platform
import sys
from dataclasses import dataclass

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

LIBRARIES = (
    "PySide6-Essentials",
    "python-calamine",
    "XlsxWriter",
    "orjson",
    "msoffcrypto-tool",
    "olefile",
    "cryptography",
    "phonenumbers",
    "requests",
    "urllib3",
    "truststore",
    "keyring",
    "platformdirs",
    "tzdata",
    "tqdm",
)


@dataclass(frozen=True, slots=True)
class Library:
    """A library that is part of the app."""

    name: str
    version: str
    licence: str


def app_version() -> str:
    """The version of GB Desktop; "source" where it runs without being installed."""
    try:
        return importlib.metadata.version("gb-desktop")
    except importlib.metadata.PackageNotFoundError:
        return "source"


def libraries() -> tuple[Library, ...]:
    """The libraries in use with their versions and licences, as their own metadata says."""
    return tuple(_library(name) for name in LIBRARIES)


def _library(name: str) -> Library:
    try:
        facts = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return Library(name, "", "")
    classifiers = [line for line in facts.get_all("Classifier") or () if line.startswith("License ::")]
    named = [facts[key] for key in ("License-Expression", "License") if key in facts]
    first_lines = [text.splitlines()[0] for text in named if text.strip()]
    licence = next(iter(first_lines), next((line.rsplit("::", 1)[-1].strip() for line in classifiers), ""))
    return Library(name, facts["Version"], licence)


def diagnostics(keyring_sentence: str) -> str:
    """Lines to copy into a message to support. `keyring_sentence` is what the vault says of itself."""
    screen = QGuiApplication.primaryScreen()
    size = screen.size()
    lines = [
        f"GB Desktop {app_version()}",
        f"System: {platform.platform()}",
        f"Python {platform.python_version()} ({'frozen' if getattr(sys, 'frozen', False) else 'source'})",
        f"Qt {qVersion()} ({QGuiApplication.platformName()})",
        f"Screen: {size.width()} x {size.height()} at {screen.devicePixelRatio():g}",
        "Locale: " + ".".join(part for part in locale.getlocale() if part),
        f"Keyring: {keyring_sentence}",
        *(" ".join((library.name, library.version)) for library in libraries()),
    ]
    return "\n".join(lines)
