"""The account of the environment variables, for servers and schedulers: `--account env`."""

from __future__ import annotations

from collections.abc import Mapping

from gb_desktop.accounts.model import (
    ENVIRON_NAME,
    GAMEBALL_URL,
    VERSIONS,
    Account,
    AccountError,
    Keys,
    Unit,
    environment_of,
)
from gb_desktop.accounts.tidy import tidy_keys, tidy_url
from gb_desktop.text import tr


def from_environment(environ: Mapping[str, str]) -> tuple[Account, Keys]:
    """The account and keys of the GB_DESKTOP_* variables; its environment is told by the API key's prefix.

    AccountError names the variable that is missing or can't be used.
    """
    for name in ("GB_DESKTOP_API_KEY", "GB_DESKTOP_SECRET_KEY"):
        if not environ.get(name, "").strip():
            raise AccountError(
                tr("The environment variable {name} is missing: set it to the account's key.", name=name)
            )
    keys = tidy_keys(environ["GB_DESKTOP_API_KEY"], environ["GB_DESKTOP_SECRET_KEY"])
    return (
        Account(
            name=ENVIRON_NAME,
            environment="test" if environment_of(keys.api_key) == "test" else "live",
            base_url=_url(environ),
            version=_version(environ),
            unit=_unit(environ),
        ),
        keys,
    )


def _url(environ: Mapping[str, str]) -> str:
    try:
        return tidy_url(environ.get("GB_DESKTOP_BASE_URL") or GAMEBALL_URL)
    except AccountError as error:
        raise AccountError(
            tr("The environment variable {name}: {why}", name="GB_DESKTOP_BASE_URL", why=error.sentence)
        ) from None


def _version(environ: Mapping[str, str]) -> str:
    version = environ.get("GB_DESKTOP_API_VERSION", "").strip() or VERSIONS[0]
    if version not in VERSIONS:
        raise AccountError(
            tr("The environment variable {name} must be v4.0 or v4.1.", name="GB_DESKTOP_API_VERSION"),
        )
    return version


def _unit(environ: Mapping[str, str]) -> Unit:
    unit = environ.get("GB_DESKTOP_ADJUST_UNIT", "").strip().lower()
    if unit == "points":
        return "points"
    if unit == "money":
        return "money"
    if unit:
        raise AccountError(
            tr("The environment variable {name} must be points or money.", name="GB_DESKTOP_ADJUST_UNIT")
        )
    return ""
