"""A Gameball in memory, told in advance what goes wrong, and the client that the engine sees of it.

It keeps the truth: what was applied, and which rows were posted while their fate was open. The client classifies and
reads with the app's own code; only the network is left out.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from gb_desktop.catalog import BatchType, LookUp, Resend
from gb_desktop.gameball.classify import classify, explain, reaction_to
from gb_desktop.gameball.client import Discovery
from gb_desktop.gameball.model import Answer, Dialect, Facts, JobState, JobStatus, Reaction
from gb_desktop.gameball.results import read_status
from gb_desktop.gameball.transactions import TransactionPage, read_page

# What may happen to a create-job request. "after": the job was made; "before": it was not.
POSTS = {
    "lost-before": Facts(sent=True, failure="reset", detail="The connection was reset."),
    "lost-after": Facts(sent=True, failure="timeout", detail="No answer came in time."),
    "lost-late": Facts(sent=True, failure="timeout", detail="No answer came in time."),  # the job is made later
    "500-before": Facts(sent=True, status=500, body={"code": 5000, "message": "Internal error"}),
    "500-after": Facts(sent=True, status=502, text="<html>", failure="unreadable"),
    "offline": Facts(sent=False, failure="connect", detail="There is no connection to Gameball."),
    "429": Facts(sent=True, status=429, body={"error": 429, "message": "Too many"}),
    "2001": Facts(sent=True, status=422, body={"code": 2001, "message": "Another request is in progress"}),
    "3003": Facts(sent=True, status=422, body={"code": 3003, "message": "A value is invalid"}),
    "6000": Facts(sent=True, status=400, body={"code": 6000, "message": "Gameball is disabled"}),
    "6001": Facts(sent=True, status=400, body={"code": 6001, "message": "Cashback is disabled"}),
    "8000": Facts(sent=True, status=403, body={"code": 8000, "message": "Feature unavailable"}),
    "401": Facts(sent=True, status=401, body={"code": 1000, "message": "Unauthorised"}),
    "1002": Facts(sent=True, status=403, body={"code": 1002, "message": "Forbidden"}),
}
APPLIED = frozenset({"ok", "lost-after", "500-after"})
UNSURE = frozenset({"lost-before", "lost-after", "lost-late", "500-before", "500-after"})
# What may happen to the items of a job.
FATES = ("ok", "partial", "silent", "busy", "mixed", "refused", "stopped")
POLLS = ("ok", "unfinished", "404", "unreached")


@dataclass
class ModelJob:
    """A job: its items as sent, and what its lists will say."""

    keys: list[str]
    word: str
    good: list[dict[str, Any]]
    bad: list[dict[str, Any]]
    shows: bool = True

    def body(self) -> dict[str, Any]:
        lists = {"successful": self.good, "failed": self.bad} if self.shows else None
        counts = (len(self.good), len(self.bad)) if self.shows else (0, 0)
        return {
            "status": self.word,
            "totalCount": len(self.keys),
            "finishedCount": counts[0],
            "errorCount": counts[1],
            "response": lists,
        }


@dataclass
class ModelServer:
    """The truth. Items are told apart by a key: the whole text of the element."""

    batch_type: BatchType
    posts: deque[str] = field(default_factory=deque)  # fates of the next requests, "ok" when empty
    jobs_to_come: deque[str] = field(default_factory=deque)  # fates of the next jobs
    polls: deque[str] = field(default_factory=deque)
    applied: Counter[str] = field(default_factory=Counter)
    refused: set[str] = field(default_factory=set)  # failed for good, and never applied
    open_fate: set[str] = field(default_factory=set)  # posted, and nobody can know yet what became of it
    permitted: set[str] = field(default_factory=set)  # a person said: send again
    wrongs: list[str] = field(default_factory=list)
    poison: str = ""  # a request that holds this text is refused for its content
    refusal: int = 7000  # the code of rows that are refused for good
    names_items: bool = False  # ... and the refusal says which item it was
    requests: list[int] = field(default_factory=list)  # items of each request that arrived
    jobs: dict[str, ModelJob] = field(default_factory=dict)
    late: deque[list[Any]] = field(default_factory=deque)  # requests that wait in a queue of Gameball's own
    idents: dict[str, str] = field(default_factory=dict)  # ident -> key, of applied items

    def post(self, body: bytes) -> Facts:
        fate = self.posts.popleft() if self.posts else "ok"
        if fate == "offline":
            return POSTS[fate]
        items = json.loads(body)["body"]
        keys = [json.dumps(item) for item in items]
        self.requests.append(len(items))
        overtaken = [self.late.popleft()] if len(self.late) > 1 else []
        if self.poison and self.poison in body.decode():
            return self._refusal(keys)
        certain = fate not in APPLIED and fate not in UNSURE
        self._watch_for_repeats(keys, certain)
        job = self._job(items, keys) if fate in APPLIED else None
        for waited in overtaken:  # after the newer request: a lost one may be carried out at any time
            self.make(waited)
        if fate == "lost-late":
            self.late.append(items)
        if fate == "3003":
            self.refused.update(key for key in keys if not self.applied[key])
        if fate == "ok":
            return Facts(sent=True, status=200, body={"jobId": job})
        return POSTS[fate]

    def make(self, items: list[Any]) -> str:
        """Carry out a request."""
        return self._job(items, [json.dumps(item) for item in items])

    def make_late(self) -> None:
        """What waited is carried out."""
        while self.late:
            self.make(self.late.popleft())

    def _refusal(self, keys: list[str]) -> Facts:
        place = next(place for place, key in enumerate(keys) if self.poison in key.replace('": ', '":'))
        message = f"body[{place}].amount is invalid" if self.names_items else "A value is invalid"
        return Facts(sent=True, status=422, body={"code": 3003, "message": message})

    def _watch_for_repeats(self, keys: list[str], certain: bool) -> None:
        """A once-item whose fate is open goes again only with a person's word."""
        for key in keys:
            if self.batch_type.resend is Resend.ONCE and key in self.open_fate and key not in self.permitted:
                self.wrongs.append(f"sent again while its fate was open: {key}")
            if not certain:
                self.permitted.discard(key)
                self.open_fate.add(key)

    def _job(self, items: list[Any], keys: list[str]) -> str:
        fate = self.jobs_to_come.popleft() if self.jobs_to_come else "ok"
        job = ModelJob(keys, "stopped" if fate == "stopped" else "completed", [], [], fate not in ("silent", "stopped"))
        for place, (item, key) in enumerate(zip(items, keys, strict=True)):
            if fate == "stopped" and place % 2:
                continue
            entry = {"customerId": item["customerId"] if isinstance(item, dict) else item}
            self._carry_out(job, item, key, entry, fate, place)
        if fate == "mixed":
            job.good.clear()
        if fate == "partial":
            job.good, job.bad = job.good[1:], job.bad[1:]
        number = str(len(self.jobs) + 1)
        self.jobs[number] = job
        return number

    def _carry_out(self, job: ModelJob, item: Any, key: str, entry: dict[str, Any], fate: str, place: int) -> None:
        ident = _ident(item)
        if (fate == "busy" and place == 0) or (fate == "mixed" and place == 1):
            self.open_fate.discard(key)
            job.bad.append({**entry, "code": 2001, "message": "Another request is in progress"})
        elif fate == "refused" and place == 0 and not self.applied[key]:
            self.refused.add(key)
            job.bad.append({**entry, "code": self.refusal, "message": "Refused"})
        elif self.batch_type.resend is Resend.KEYED and ident in self.idents:
            job.bad.append({**entry, "code": 9004, "message": "Transaction ID already exists"})
        else:
            self._apply(ident, key)
            job.good.append({**entry, "message": "Success"})

    def _apply(self, ident: str | None, key: str) -> None:
        if ident is not None and self.idents.setdefault(ident, key) != key:
            self.wrongs.append(f"two different rows under one ID: {ident}")
        self.applied[key] += 1

    def status(self, job: str) -> Facts:
        fate = self.polls.popleft() if self.polls else "ok"
        if fate == "404" or job not in self.jobs:
            return Facts(sent=True, status=404, body={"code": 4004, "message": "Not found"})
        if fate == "unreached":
            return POSTS["lost-before"]
        body = self.jobs[job].body()
        return Facts(sent=True, status=200, body={**body, "status": "running"} if fate == "unfinished" else body)

    def listed(self, customer: str) -> Facts:
        found = []
        for key, count in self.applied.items():
            item = json.loads(key)
            if item["customerId"] == customer:
                entry = {"customerId": customer, "transactionId": _ident(item), "reason": item.get("reason")}
                found += [{**entry, "amount": item.get("amount")}] * count
        return Facts(sent=True, status=200, body={"transactions": found})


def _ident(item: Any) -> str | None:
    found = (item.get("transactionId") or item.get("orderId")) if isinstance(item, dict) else None
    return None if found is None else str(found)


class ModelClient:
    """What the engine sees of a model server."""

    def __init__(self, server: ModelServer) -> None:
        self.server = server
        self.dialect: Dialect | None = Dialect.A

    def create_job(self, endpoint: str, body: bytes, **_: Any) -> Answer:
        if endpoint != self.server.batch_type.endpoint:
            return self._looked_up_orders(body)
        return classify(self.server.post(body))

    def _looked_up_orders(self, body: bytes) -> Answer:
        idents = json.loads(body)["body"]
        known = [{"orderId": ident, "transactions": []} for ident in idents if ident in self.server.idents]
        unknown = [
            {"customerId": ident, "message": "Order not found."} for ident in idents if ident not in self.server.idents
        ]
        number = f"L{len(self.server.jobs)}"
        self.server.jobs[number] = ModelJob(idents, "completed", known, unknown)
        return classify(Facts(sent=True, status=200, body={"jobId": number}))

    def job_status(self, job: str, wait: Any = None) -> JobStatus:
        facts = self.server.status(job)
        if facts.status == 404:
            return JobStatus(JobState.MISSING, facts=facts)
        read = read_status(facts.body, Dialect.A, facts) if facts.status == 200 else None
        if read is None:
            return JobStatus(JobState.UNREACHED, facts=facts, reaction=reaction_to(facts), message=explain(facts))
        return read

    def stop_job(self, job: str, wait: Any = None) -> JobStatus:
        return JobStatus(JobState.UNFINISHED, word="stopped")

    def transactions(self, customer: str, **_: Any) -> TransactionPage:
        facts = self.server.listed(customer)
        page = read_page(facts.body, 200, None)
        assert page is not None
        return TransactionPage(facts, transactions=page[0], reaction=Reaction.NONE)

    def discover_dialect(self, customer: str, wait: Any, patience: float = 120.0) -> Discovery:
        return Discovery(classify(Facts(sent=True, status=200, body={"jobId": 1})))

    def close(self) -> None:
        """Nothing is open."""


def can_be_looked_up(batch_type: BatchType) -> bool:
    return batch_type.look_up not in (LookUp.NONE, LookUp.NOT_NEEDED)
