"""Leaving a form: what was typed into it and not saved is asked about first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from gb_desktop.text import tr
from gb_desktop.ui.dialogs import Question


@runtime_checkable
class Form(Protocol):
    """A page that stores what is typed only when it is saved."""

    @property
    def altered(self) -> bool:
        """Whether anything was typed that is not stored."""

    @property
    def saving(self) -> bool:
        """Whether it is being stored now."""

    def unsaved(self) -> tuple[str, str]:
        """The question to be asked, and a sentence about what is not stored."""

    def save(self, then: Callable[[], None]) -> None:
        """Store it, then go on. Where that can't be, say so and stay."""

    def forget(self) -> None:
        """Show what is stored again."""


class Leaving(QObject):
    """Asks at most one question at a time."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._page = parent
        self._question: Question | None = None

    def go_on(self, shown: object, go: Callable[[], None]) -> None:
        """Go on at once, or after the answer, or (to Stay) not at all."""
        if self._question is not None:
            return
        if isinstance(shown, Form) and shown.saving:
            shown.save(go)
        elif isinstance(shown, Form) and shown.altered:
            self._question = ask_to_leave(self._page.window(), shown, go)
            self._question.finished.connect(self._answered)
        else:
            go()

    @Slot()
    def _answered(self) -> None:
        self._question = None


def ask_to_leave(parent: QWidget, form: Form, go: Callable[[], None]) -> Question:
    """Save, don't save, or stay."""

    def lose() -> None:
        form.forget()
        go()

    title, sentence = form.unsaved()
    dialog = Question(
        parent,
        "leaving",
        title,
        (sentence,),
        tr("Save"),
        tr("Don't save"),
        lambda: form.save(go),
        no=lose,
        stay_words=tr("Stay here"),
    )
    dialog.open()
    return dialog
