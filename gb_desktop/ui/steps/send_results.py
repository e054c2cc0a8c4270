"""What can be done with a run that is at rest: go on, save its results, retry, and decide about unknown rows."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gb_desktop.catalog import BatchType, Effect
from gb_desktop.runs.model import RunState
from gb_desktop.text import rows_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.dialogs import Question
from gb_desktop.ui.steps.send_words import Shares, again_warning, can_look_up
from gb_desktop.ui.steps.send_work import Stored
from gb_desktop.ui.widgets import Card, PrimaryButton, SecondaryButton, Text

_CAN_GO_ON = (RunState.READY, RunState.PAUSED, RunState.INTERRUPTED)


class ResultActions(QWidget):
    """The row of buttons; which of them stands first depends on whether anything is left to send."""

    go_on_wanted = Signal()
    save_wanted = Signal()
    retry_wanted = Signal()
    change_wanted = Signal()  # of a run that nothing was sent of

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.SMALL)
        self.go_on = PrimaryButton(tr("Go on sending"), "go_on", "play", self)
        self.save_first = PrimaryButton(tr("Save results workbook"), "save_results", "download", self)
        self.save = SecondaryButton(tr("Save results workbook"), "save_results_so_far", "download", self)
        self.retry = SecondaryButton(tr("Retry failed rows"), "retry_failed", "refresh", self)
        self.retry.setToolTip(tr("Makes a new batch of the failed rows; they keep their IDs"))
        self.change = SecondaryButton(tr("Change it before sending"), "change_ready", "edit", self)
        for button in (self.go_on, self.change, self.save_first, self.save, self.retry):
            row.addWidget(button)
        row.addStretch(1)
        self.go_on.clicked.connect(self.go_on_wanted)
        self.save_first.clicked.connect(self.save_wanted)
        self.save.clicked.connect(self.save_wanted)
        self.retry.clicked.connect(self.retry_wanted)
        self.change.clicked.connect(self.change_wanted)

    def show_run(self, found: Stored, shares: Shares) -> None:
        facts = found.facts
        elsewhere = facts.state is RunState.SENDING
        can_go_on = facts.state in _CAN_GO_ON and found.reason not in ("unit", "again")
        self.go_on.setText(tr("Send now") if facts.state is RunState.READY else tr("Go on sending"))
        self.go_on.setVisible(can_go_on)
        self.change.setVisible(facts.state is RunState.READY)
        at_end = facts.state in (RunState.FINISHED, RunState.NEEDS_ATTENTION)
        self.save_first.setVisible(at_end)
        self.save.setVisible(not at_end and not elsewhere and facts.state is not RunState.READY)
        self.retry.setVisible(at_end and shares.failed > 0)


class Decisions(Card):
    """Rows whose outcome nobody knows, and the unit of adjustments: a person decides."""

    resolve_wanted = Signal(str)  # look-up, sent, send-again
    unit_wanted = Signal(str)  # points, money
    again_wanted = Signal()  # rows that another run sent while this one waited

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("decisions")
        self.title = Text("", "subtitle", self)
        self.words = Text("", "body", self)
        self.layout_.addWidget(self.title)
        self.layout_.addWidget(self.words)
        row = QHBoxLayout()
        row.setSpacing(tokens.SMALL)
        self.look_up = SecondaryButton(tr("Look them up at Gameball"), "resolve_look_up", "search", self)
        self.sent = SecondaryButton(tr("Mark as sent"), "resolve_sent", "check", self)
        self.again = SecondaryButton(tr("Send them again…"), "resolve_again", "refresh", self)
        self.all_the_same = SecondaryButton(tr("Send all the same…"), "send_all_the_same", "send", self)
        self.points = SecondaryButton(tr("Points: send the rest"), "unit_points", parent=self)
        self.money = SecondaryButton(tr("Money: send the rest"), "unit_money", parent=self)
        for button in (self.look_up, self.sent, self.again, self.all_the_same, self.points, self.money):
            row.addWidget(button)
        row.addStretch(1)
        self.layout_.addLayout(row)
        self._kind: BatchType | None = None
        self._unknown = 0
        self._unseen = ""
        self.look_up.clicked.connect(self._look_up)
        self.sent.clicked.connect(self._mark_sent)
        self.again.clicked.connect(self._send_again)
        self.all_the_same.clicked.connect(self._send_all_the_same)
        self.points.clicked.connect(self._points)
        self.money.clicked.connect(self._money)
        self.hide()

    def show_run(self, found: Stored, shares: Shares, kind: BatchType) -> None:
        self._kind, self._unknown = kind, shares.unknown
        unit = found.reason == "unit" and bool(found.unit_question)
        at_rest = found.facts.state is not RunState.SENDING
        sent_before = found.reason == "again" and at_rest
        unknown = shares.unknown > 0 and at_rest and not unit and not sent_before
        self.all_the_same.setVisible(sent_before)
        for button in (self.points, self.money):
            button.setVisible(unit)
        for button in (self.sent, self.again):
            button.setVisible(unknown)
        self.look_up.setVisible(unknown and can_look_up(kind))
        if unit:
            self.title.setText(tr("Points or money?"))
            self.words.setText(f"{found.unit_question} {_rest_words(shares.waiting)}")
        elif sent_before:
            self.title.setText(tr("These rows were sent while this run waited"))
            self.words.setText(found.facts.sentence)
        elif unknown:
            self.title.setText(tr("The outcome of {rows} is unknown", rows=rows_words(shares.unknown)))
            self.words.setText(" ".join(filter(None, (_unknown_words(kind), found.unseen))))
        self._unseen = found.unseen
        self.setVisible(unit or unknown or sent_before)

    def _ask(self, name: str, title: str, sentences: tuple[str, ...], yes: str, how: str) -> None:
        self.question = Question(
            self.window(),
            name,
            title,
            sentences,
            yes,
            tr("Leave them unknown"),
            lambda: self.resolve_wanted.emit(how),
            danger=how == "send-again",
        )
        self.question.open()

    @Slot()
    def _look_up(self) -> None:
        self.resolve_wanted.emit("look-up")

    @Slot()
    def _mark_sent(self) -> None:
        rows = rows_words(self._unknown)
        self._ask(
            "marking",
            tr("Mark {rows} as sent?", rows=rows),
            (
                tr("Choose this when you have seen at Gameball that they were applied."),
                tr("They count as succeeded, with your word as the evidence, and are not sent again."),
            ),
            tr("Mark as sent"),
            "sent",
        )

    @Slot()
    def _send_again(self) -> None:
        if self._kind is None:
            return
        self._ask(
            "sending_again",
            tr("Send {rows} again?", rows=rows_words(self._unknown)),
            (
                " ".join(filter(None, (tr("Nobody knows whether Gameball applied them."), self._unseen))),
                again_warning(self._kind),
            ),
            tr("Send again"),
            "send-again",
        )

    @Slot()
    def _send_all_the_same(self) -> None:
        self.question = Question(
            self.window(),
            "sending_all_the_same",
            tr("Send rows that were sent before?"),
            (self.words.text(), tr("Choose this when they are really to be sent twice.")),
            tr("Send all the same"),
            tr("Don't send"),
            self.again_wanted.emit,
            danger=True,
        )
        self.question.open()

    @Slot()
    def _points(self) -> None:
        self.unit_wanted.emit("points")

    @Slot()
    def _money(self) -> None:
        self.unit_wanted.emit("money")


def no_reversal_words(kind: BatchType) -> str:
    """What is said about taking adjustments back; "" for types where nobody expects it."""
    if kind.effect is not Effect.MOVES:
        return ""
    return tr("To take adjustments back, send a sheet with the opposite amounts; this version has no button for it.")


def _rest_words(waiting: int) -> str:
    """What an answer about the unit sets off. The figures show what was done, which may not be what was meant."""
    return tr(
        "Your answer is kept with the account, and {rows} more will be sent just so. If that is not what you meant, "
        "answer nothing: the run stays paused, and no other row is sent.",
        rows=rows_words(waiting),
    )


def _unknown_words(kind: BatchType) -> str:
    if can_look_up(kind):
        return tr(
            "Gameball's answer was lost. Looking them up can prove that they were applied; not finding them proves "
            "nothing, because a lost job may still be waiting there."
        )
    return tr("Gameball's answer was lost, and there is no way to look these rows up. Check some of them at Gameball.")
