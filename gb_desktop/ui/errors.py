"""What went wrong, in words; the log file that keeps the rest; and the hooks that let nothing be silent."""

from __future__ import annotations

import functools
import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from gb_desktop.accounts.model import AccountError
from gb_desktop.runs.model import RunError
from gb_desktop.text import tr
from gb_desktop.workbook.model import WorkbookError

log = logging.getLogger(__name__)
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Mishap:
    """An error for people: what happened, what it means for the data, what to do. `details` are for whoever helps."""

    title: str
    meaning: str = ""
    what_to_do: str = ""
    details: str = ""
    reason: str = ""  # RunError's stable word


# The rooms' own errors: each is one sentence for people. Anything else is a fault of the app.
_SPOKEN = (RunError, WorkbookError, AccountError)


def mishap_of(error: BaseException, meaning: str = "", what_to_do: str = "") -> Mishap:
    """An exception in words. A room's own error is one sentence already; a fault of ours says so and keeps details."""
    if isinstance(error, _SPOKEN):
        return Mishap(str(error), meaning, what_to_do, reason=str(getattr(error, "reason", "")))
    return Mishap(
        tr("Something went wrong inside GB Desktop."),
        meaning or tr("What was sent and what was answered is kept in the run; nothing is sent twice because of this."),
        what_to_do or tr("Try again. If it happens again, copy the details and send them to support."),
        details_of(error),
    )


def details_of(error: BaseException) -> str:
    """The traceback as text."""
    return "".join(traceback.format_exception(error))


class Reporter(QObject):
    """Receives faults that nobody caught, from any thread, and tells the window by signal."""

    fault = Signal(object)  # Mishap

    def install(self) -> None:
        """Take over Python's and Qt's last-resort handlers."""
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        qInstallMessageHandler(_qt_message)

    def uninstall(self) -> None:
        """Give the handlers back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)

    def _uncaught(self, kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, _trace)
            return
        log.error("uncaught %s", kind.__name__, exc_info=error)
        self.fault.emit(mishap_of(error))

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def guarded(method: F) -> F:
    """For slots and virtuals: a fault goes to the reporter at once instead of surfacing somewhere else later."""

    @functools.wraps(method)
    def inner(*args: Any, **names: Any) -> Any:
        try:
            return method(*args, **names)
        except Exception:  # noqa: BLE001 - the reporter is the one place that shows and logs it
            sys.excepthook(*sys.exc_info())
            return None

    return inner  # type: ignore[return-value]


_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def _qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s (%s)", message, context.category or "default")


class RedactingFormatter(logging.Formatter):
    """Takes everything that looks like a key out of every line, tracebacks included."""

    _KEYS = re.compile(r"gb_(?:test|live)_[^\s'\",;)\]}]+", re.IGNORECASE)
    _HEADERS = re.compile(r"((?:api|secret)[-_ ]?key['\"]?\s*[:=]\s*['\"]?)[^\s'\",;)\]}]+", re.IGNORECASE)

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        line = self._KEYS.sub("[key]", super().format(record))
        return self._HEADERS.sub(r"\1[key]", line)


def open_log(folder: Path) -> RotatingFileHandler:
    """Write the app's log to `folder`/gb-desktop.log (1 MB, three of them), readable by its owner alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "gb-desktop.log"
    path.touch(mode=0o600, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(RedactingFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    return handler


def close_log(handler: RotatingFileHandler) -> None:
    """Stop writing to the log."""
    logging.getLogger().removeHandler(handler)
    handler.close()
