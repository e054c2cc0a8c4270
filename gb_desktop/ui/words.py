"""Words that several screens use for the same thing: states, environments, times."""

from __future__ import annotations

import datetime as dt

from gb_desktop.catalog import batch_type
from gb_desktop.runs.model import Outcome, RunState
from gb_desktop.text import tr
from gb_desktop.ui.widgets import Tone


def state_word(state: RunState) -> str:
    """A run's state in a word or two."""
    words = {
        RunState.DRAFT: tr("Draft"),
        RunState.READY: tr("Ready"),
        RunState.SENDING: tr("Sending"),
        RunState.PAUSED: tr("Paused"),
        RunState.INTERRUPTED: tr("Interrupted"),
        RunState.NEEDS_ATTENTION: tr("Needs attention"),
        RunState.FINISHED: tr("Finished"),
    }
    return words[state]


STATE_TONES = {
    RunState.DRAFT: Tone.PLAIN,
    RunState.READY: Tone.PLAIN,
    RunState.SENDING: Tone.INFO,
    RunState.PAUSED: Tone.WARNING,
    RunState.INTERRUPTED: Tone.WARNING,
    RunState.NEEDS_ATTENTION: Tone.ERROR,
    RunState.FINISHED: Tone.SUCCESS,
}
STATE_ICONS = {
    RunState.DRAFT: "edit",
    RunState.READY: "clock",
    RunState.SENDING: "send",
    RunState.PAUSED: "pause",
    RunState.INTERRUPTED: "warning",
    RunState.NEEDS_ATTENTION: "warning",
    RunState.FINISHED: "check",
}


def outcome_word(outcome: Outcome) -> str:
    """What became of a row, in a word or two."""
    words = {
        Outcome.SUCCEEDED: tr("Succeeded"),
        Outcome.FAILED: tr("Failed"),
        Outcome.ALREADY_APPLIED: tr("Already applied"),
        Outcome.UNKNOWN: tr("Unknown"),
        Outcome.NOT_SENT: tr("Not sent"),
        Outcome.EXCLUDED: tr("Left out"),
    }
    return words[outcome]


def type_title(key: str) -> str:
    """A batch type's title; "" stays ""."""
    try:
        return tr(batch_type(key).title) if key else ""
    except KeyError:
        return key


def when(moment: str, now: dt.datetime | None = None) -> str:
    """A UTC ISO 8601 time in the computer's zone: `Today 14:05`, `Yesterday 09:10`, `2026-03-02 14:05`; "" stays ""."""
    if not moment:
        return ""
    here = dt.datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone()
    today = (now or dt.datetime.now().astimezone()).date()
    clock = here.strftime("%H:%M")
    if here.date() == today:
        return tr("Today {clock}", clock=clock)
    if here.date() == today - dt.timedelta(days=1):
        return tr("Yesterday {clock}", clock=clock)
    return here.strftime("%Y-%m-%d %H:%M")


def duration(seconds: float) -> str:
    """A length of time in the two units that matter: `42 s`, `3 min 20 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return tr("{seconds} s", seconds=whole)
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return tr("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
    hours, minutes = divmod(minutes, 60)
    return tr("{hours} h {minutes} min", hours=hours, minutes=minutes)
