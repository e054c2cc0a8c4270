"""A job's status in both dialects, and its result lists in their documented and undocumented spellings.

Source: the batch API's page, "Watching a job" and "Result entries".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gb_desktop.practice import exact
from gb_desktop.practice.chance import percent
from gb_desktop.practice.jobs import Job
from gb_desktop.practice.settings import Behaviour
from gb_desktop.practice.world import moment

_LEFT_OUT = 25  # of 100 entries, in the results mode `partial`
_IN_B = {"queued": "pending", "running": "processing", "completed": "completed", "failed": "failed"}
_OTHER_WORDS = {
    "queued": "Queued",
    "running": "inProgress",
    "completed": "Finished",
    "failed": "Failed",
    "stopped": "Cancelled",
}
_OLDER_NAMES = {
    "customerId": "playerUniqueId",
    "redeemedPoints": "redeemEquivalentPoints",
    "points": "rewardEquivalentPoints",
    "amount": "rewardAmount",
}


def job_in_a(job: Job, behaviour: Behaviour) -> str:
    """The answer of `GET batch/{jobId}` as JSON text."""
    word = _OTHER_WORDS[job.word] if behaviour.results == "renamed" else job.word
    hidden = job.stopped and behaviour.stopped == "nothing"
    facts = exact.write(
        {
            "operation": job.batch_type.key,
            "status": word,
            "totalCount": len(job.items),
            "finishedCount": 0 if hidden else job.done - job.failures,
            "errorCount": 0 if hidden else job.failures,
            "createdAt": moment(job.accepted),
            "startedAt": None if job.started is None else moment(job.started),
        }
    )
    if hidden or not job.done or behaviour.results == "empty":
        return f'{facts[:-1]},"response":null}}'
    good, bad = _lists(job, behaviour)
    return f'{facts[:-1]},"response":{{"successful":[{good}],"failed":[{bad}]}}}}'


def job_in_b(job: Job, behaviour: Behaviour) -> str:
    """The answer of `GET batches/{batchId}/status` as JSON text. It has no word for a stopped job but `failed`."""
    hidden = job.stopped and behaviour.stopped == "nothing"
    done = 0 if hidden else job.done
    facts = exact.write(
        {
            "batchId": str(job.number),
            "status": _IN_B.get(job.word, "failed"),
            "progress": 100 * done // len(job.items),
            "totalItems": len(job.items),
            "processedItems": done,
            "failedItems": 0 if hidden else job.failures,
        }
    )
    if hidden or behaviour.results == "empty":
        return facts
    good, bad = _lists(job, behaviour)
    return f'{facts[:-1]},"results":[{good}],"errors":[{bad}]}}'


def stop_in_b(job: Job) -> dict[str, Any]:
    """The answer of `POST batches/{batchId}/stop`."""
    message = "The batch is stopped." if job.stopped else "The batch had finished before."
    return {"batchId": str(job.number), "status": job.word, "message": message}


def _lists(job: Job, behaviour: Behaviour) -> tuple[str, str]:
    """The successful and the failed entries as JSON texts without brackets."""
    shown = list(_entries(job, behaviour))
    return ",".join(text for ok, text in shown if ok), ",".join(text for ok, text in shown if not ok)


def _entries(job: Job, behaviour: Behaviour) -> Iterator[tuple[bool, str]]:
    for position, outcome in enumerate(job.outcomes):
        if behaviour.results == "partial" and percent(behaviour.chance, job.number, position) < _LEFT_OUT:
            continue
        if behaviour.results == "renamed":
            yield outcome.ok, exact.write(_renamed(exact.read(outcome.entry), position))
        else:
            yield outcome.ok, outcome.entry


def _renamed(entry: Mapping[str, Any], position: int) -> dict[str, Any]:
    """Three spellings in turn: capitals first, `error` for `message` and no code, the older names."""
    if position % 3 == 0:
        return {name[0].upper() + name[1:]: value for name, value in entry.items()}
    if position % 3 == 1:
        return {"error" if name == "message" else name: value for name, value in entry.items() if name != "code"}
    return {_OLDER_NAMES.get(name, name): value for name, value in entry.items()}
