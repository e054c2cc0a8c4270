"""The keyrings that GB Desktop trusts, one list for each system; nothing else is ever picked.

The keyring package's own choice can be steered by PYTHON_KEYRING_BACKEND, by a configuration file, and by whatever
plaintext backend another program installed. So its classes are made here, by name, and its global functions are not
used; KEYRING_PROPERTY_* variables are not read either.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Protocol

from keyring.errors import KeyringLocked

from gb_desktop.text import tr

if sys.platform == "win32":
    from keyring.backends import Windows
elif sys.platform == "darwin":
    from keyring.backends import macOS
else:
    from keyring.backends import SecretService, kwallet
    from secretstorage.exceptions import LockedException, PromptDismissedException

APP_ID = "GB Desktop"


class Backend(Protocol):
    """What the vault asks of a keyring. The calls may block, and raise whatever their system raises."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


class MemoryBackend:
    """Secrets that live as long as this object."""

    def __init__(self) -> None:
        self._secrets: dict[tuple[str, str], str] = {}

    @property
    def is_empty(self) -> bool:
        return not self._secrets

    def get_password(self, service: str, username: str) -> str | None:
        return self._secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._secrets.pop((service, username), None)


class _Deaf:
    """Put before a keyring class: its settings are ours, not the environment's."""

    def set_properties_from_env(self) -> None:
        """Read nothing."""


if sys.platform == "win32":

    class WindowsVault(_Deaf, Windows.WinVaultKeyring):
        """Windows Credential Manager, kept on this computer: the default would roam with the domain profile."""

        def set_properties_from_env(self) -> None:
            self.persist = "local machine"

    TRUSTED: tuple[type[Backend], ...] = (WindowsVault,)
    LOCKED_ERRORS: tuple[type[Exception], ...] = (KeyringLocked,)
elif sys.platform == "darwin":

    class Keychain(_Deaf, macOS.Keyring):
        """The login keychain."""

        keychain = None

    TRUSTED: tuple[type[Backend], ...] = (Keychain,)
    LOCKED_ERRORS: tuple[type[Exception], ...] = (KeyringLocked,)
else:

    class DesktopKeyring(_Deaf, SecretService.Keyring):
        """GNOME Keyring, KeePassXC and others, over the Secret Service."""

        appid = APP_ID

    class Wallet(_Deaf, kwallet.DBusKeyring):
        """KDE's wallet."""

        appid = APP_ID

    TRUSTED: tuple[type[Backend], ...] = (DesktopKeyring, Wallet)
    LOCKED_ERRORS: tuple[type[Exception], ...] = (KeyringLocked, LockedException, PromptDismissedException)


def first_usable(candidates: Iterable[type[Backend]] = TRUSTED) -> Backend | None:
    """The first trusted keyring that works here, or None. May wait for the system: never on the window's thread."""
    for candidate in candidates:
        if getattr(candidate, "viable", False):
            return candidate()
    return None


def title_of(backend: Backend) -> str:
    """What people call the keyring."""
    titles = {
        "WindowsVault": tr("the Windows Credential Manager"),
        "Keychain": tr("the macOS Keychain"),
        "DesktopKeyring": tr("this computer's keyring (Secret Service)"),
        "Wallet": tr("KWallet"),
    }
    return titles.get(type(backend).__name__, tr("this computer's keyring"))
