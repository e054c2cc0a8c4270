"""Sentences about a sending under way that the window and the command line share."""

from __future__ import annotations

from gb_desktop.runs.events import Finishing
from gb_desktop.text import tr


def finishing_words(now: Finishing) -> str:
    """What is still let finish while nothing new is sent: "finishing 2 requests"."""
    requests = _requests(now.requests)
    if now.requests and now.jobs:
        return tr("finishing {requests}, {jobs} still to be read", requests=requests, jobs=_jobs(now.jobs))
    if now.requests:
        return tr("finishing {requests}", requests=requests)
    return tr("{jobs} still to be read", jobs=_jobs(now.jobs))


def _requests(count: int) -> str:
    return tr("1 request") if count == 1 else tr("{count} requests", count=count)


def _jobs(count: int) -> str:
    return tr("the result of 1 job") if count == 1 else tr("the results of {count} jobs", count=count)


def unseen_words(minutes: int, looked_up: bool) -> str:
    """Since when rows of unknown outcome were not seen at Gameball; it proves nothing."""
    if not looked_up:
        return tr("The last of them were sent {ago} ago.", ago=_minutes(minutes))
    return tr("They were looked up and not seen at Gameball {ago} after they were sent.", ago=_minutes(minutes))


def _minutes(count: int) -> str:
    if not count:
        return tr("less than a minute")
    return tr("1 minute") if count == 1 else tr("{count} minutes", count=count)
