"""What went wrong, in words; the log file that keeps the rest; and the hooks that let nothing be silent."""

from __future__ import annotations

import functools
import logging
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

from gb_desktop.runs.model import RunError
from gb_desktop.text import tr

log = logging.getLogger(__name__)
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Mishap:
 type: ignore[arg-type]  """An error for people: what happened, what it means for the data, what to do. `details` are for whoever helps."""

 type: ignore[arg-type]  title: str
 type: ignore[arg-type]  meaning: str = ""
 type: ignore[arg-type]  what_to_do: str = ""
 type: ignore[arg-type]  details: str = ""
 type: ignore[arg-type]  reason: str = ""  # RunError's stable word


# Every room's own errors end in one sentence for people; anything else is a fault of the app.
_SPOKEN = ("RunError", "WorkbookError", "AccountError", "PracticeError", "ValueError")


def mishap_of(error: BaseException, meaning: str = "", what_to_do: str = "") -> Mishap:
 type: ignore[arg-type]  """An exception in words. A room's own error is one sentence already; a fault of ours says so and keeps details."""
 type: ignore[arg-type]  if isinstance(error, RunError) or type(error).__name__ in _SPOKEN[:4]:
 type: ignore[arg-type]      return Mishap(str(error), meaning, what_to_do, reason=str(getattr(error, "reason", "")))
 type: ignore[arg-type]  return Mishap(
 type: ignore[arg-type]      tr("Something went wrong inside GB Desktop."),
 type: ignore[arg-type]      meaning or tr("What was sent and what was answered is kept in the run; nothing is sent twice because of this."),
 type: ignore[arg-type]      what_to_do or tr("Try again. If it happens again, copy the details and send them to support."),
 type: ignore[arg-type]      details_of(error),
 type: ignore[arg-type]  )


def details_of(error: BaseException) -> str:
 type: ignore[arg-type]  """The traceback as text."""
 type: ignore[arg-type]  return "".join(traceback.format_exception(error))


class Reporter(QObject):
 type: ignore[arg-type]  """Receives faults that nobody caught, from any thread, and tells the window by signal."""

 type: ignore[arg-type]  fault = Signal(object)  # Mishap

 type: ignore[arg-type]  def install(self) -> None:
 type: ignore[arg-type]      """Take over Python's and Qt's last-resort handlers."""
 type: ignore[arg-type]      sys.excepthook = self._uncaught
 type: ignore[arg-type]      threading.excepthook = self._uncaught_in_thread
 type: ignore[arg-type]      qInstallMessageHandler(_qt_message)

 type: ignore[arg-type]  def uninstall(self) -> None:
 type: ignore[arg-type]      """Give the handlers back."""
 type: ignore[arg-type]      sys.excepthook = sys.__excepthook__
 type: ignore[arg-type]      threading.excepthook = threading.__excepthook__
 type: ignore[arg-type]      qInstallMessageHandler(None)

 type: ignore[arg-type]  def _uncaught(self, kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
 type: ignore[arg-type]      if issubclass(kind, KeyboardInterrupt):
 type: ignore[arg-type]          sys.__excepthook__(kind, error, _trace)
 type: ignore[arg-type]          return
 type: ignore[arg-type]      log.error("uncaught %s", kind.__name__, exc_info=error)
 type: ignore[arg-type]      self.fault.emit(mishap_of(error))

 type: ignore[arg-type]  def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
 type: ignore[arg-type]      if args.exc_value is not None:
 type: ignore[arg-type]          self._uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def guarded(method: F) -> F:
 type: ignore[arg-type]  """For slots and virtuals: a fault goes to the reporter at once instead of surfacing somewhere else later."""

 type: ignore[arg-type]  @functools.wraps(method)
 type: ignore[arg-type]  def inner(*args: Any, **names: Any) -> Any:
 type: ignore[arg-type]      try:
 type: ignore[arg-type]          return method(*args, **names)
 type: ignore[arg-type]      except Exception:  # noqa: BLE001 - the reporter is the one place that shows and logs it
 type: ignore[arg-type]          sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
 type: ignore[arg-type]          return None

 type: ignore[arg-type]  return inner  # type: ignore[return-value]


_LEVELS = {
 type: ignore[arg-type]  QtMsgType.QtDebugMsg: logging.DEBUG,
 type: ignore[arg-type]  QtMsgType.QtInfoMsg: logging.INFO,
 type: ignore[arg-type]  QtMsgType.QtWarningMsg: logging.WARNING,
 type: ignore[arg-type]  QtMsgType.QtCriticalMsg: logging.ERROR,
 type: ignore[arg-type]  QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def _qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
 type: ignore[arg-type]  logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s (%s)", message, context.category or "default")


class RedactingFormatter(logging.Formatter):
 type: ignore[arg-type]  """Takes known secrets out of every line, tracebacks included."""

 type: ignore[arg-type]  def __init__(self, secrets: Callable[[], frozenset[str]]) -> None:
 type: ignore[arg-type]      super().__init__("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
 type: ignore[arg-type]      self._secrets = secrets

 type: ignore[arg-type]  def format(self, record: logging.LogRecord) -> str:
 type: ignore[arg-type]      line = super().format(record)
 type: ignore[arg-type]      for secret in self._secrets():
 type: ignore[arg-type]          line = line.replace(secret, "[removed]")
 type: ignore[arg-type]      return line


def open_log(folder: Path, secrets: Callable[[], frozenset[str]]) -> RotatingFileHandler:
 type: ignore[arg-type]  """Write the app's log to `folder`/gb-desktop.log (1 MB, three of them), readable by its owner alone."""
 type: ignore[arg-type]  folder.mkdir(parents=True, exist_ok=True, mode=0o700)
 type: ignore[arg-type]  path = folder / "gb-desktop.log"
 type: ignore[arg-type]  path.touch(mode=0o600, exist_ok=True)
 type: ignore[arg-type]  handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
 type: ignore[arg-type]  handler.setFormatter(RedactingFormatter(secrets))
 type: ignore[arg-type]  root = logging.getLogger()
 type: ignore[arg-type]  root.addHandler(handler)
 type: ignore[arg-type]  root.setLevel(logging.INFO)
 type: ignore[arg-type]  logging.getLogger("urllib3").setLevel(logging.ERROR)
 type: ignore[arg-type]  return handler
