"""What each request is answered: paths, keys, limits, trouble and content, without sockets.

Source: the batch API's page. Paths under `/practice/` are this service's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from urllib.parse import parse_qsl

from gb_desktop.practice.answers import stop_in_b
from gb_desktop.practice.creating import items_of
from gb_desktop.practice.exchange import Cut, Reply, Request, json_reply, text_reply
from gb_desktop.practice.limits import Limits
from gb_desktop.practice.own import PREFIX, OwnPaths
from gb_desktop.practice.refusals import Refusal
from gb_desktop.practice.routes import Action, Route, find
from gb_desktop.practice.service import Service
from gb_desktop.practice.settings import Fault, PracticeSettings
from gb_desktop.practice.tally import Tally
from gb_desktop.practice.trouble import Trouble
from gb_desktop.practice.world import Transaction

_LOOPBACK = ("127.0.0.1", "localhost")
_PROXY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_MOST_TRANSACTIONS = 200
_CUTS = {"cut-after": Cut.WHOLE, "half-answer": Cut.HALF}


class Api:
    """Answers requests; thread-safe. Holds the service, which it closes."""

    def __init__(self, settings: PracticeSettings) -> None:
        self._settings = settings
        self._service = Service(settings)
        self._tally = Tally()
        self._limits = Limits()
        self._trouble = Trouble()
        self._own = OwnPaths(self._service, self._tally, settings, self._trouble.reset)
        self._keys = {pair.api_key: pair for pair in settings.keys}
        self._request_ids = count(1)

    def close(self) -> None:
        """Close the journal; nothing can be answered afterwards."""
        self._service.close()

    def answer(self, request: Request) -> Reply:
        """The answer to a request, right or wrong."""
        label = f"{request.method} other"
        try:
            if request.headers.get("host", _LOOPBACK[0]).partition(":")[0] not in _LOOPBACK:
                raise Refusal(1002, "Only this computer may ask.")
            if request.path.startswith(PREFIX):
                return self._own.answer(request)
            route = find(request.method, request.path, self._service.behaviour.dialect)
            label = route.label
            reply = self._answer_gameball(request, route)
        except Refusal as refusal:
            reply = self._refused(refusal)
        except OSError as error:
            reply = self._refused(Refusal(5000, f"The state can't be written: {error.strerror}."))
        self._tally.count(label, 0 if reply.cut is Cut.WHOLE else reply.status)
        return reply

    def refuse(self, refusal: Refusal) -> Reply:
        """The answer to a request that could not even be read."""
        self._tally.count("- unread", refusal.status)
        return self._refused(refusal)

    def _refused(self, refusal: Refusal) -> Reply:
        return json_reply(refusal.body(f"practice-{next(self._request_ids):06d}"), refusal.status)

    def _answer_gameball(self, request: Request, route: Route) -> Reply:
        account = self._account(request.headers)
        behaviour = self._service.behaviour
        if not self._limits.admits(account, route.action.resource, self._settings.clock(), behaviour.limits):
            return _limited(behaviour.retry_after)
        fault = self._trouble.fault(behaviour, route.label, account, request.path, request.query, request.body)
        early = self._before(fault) if fault else None
        if early:
            return early
        try:
            reply = self._carried_out(request, route, account)
        except Refusal as refusal:
            reply = self._refused(refusal)
        return self._spoilt(reply, fault) if fault else reply

    def _account(self, headers: Mapping[str, str]) -> str:
        """The account of the request's keys; Refusal 1000 or 1001."""
        pair = self._keys.get(headers.get("apikey", ""))
        if pair is None:
            raise Refusal(1000)
        secret = headers.get("secretkey", "")
        if not secret:
            raise Refusal(1001)
        if secret != pair.secret_key:
            raise Refusal(1000)
        return pair.account

    def _before(self, fault: Fault) -> Reply | None:
        """The answer of a fault that keeps the request from being carried out."""
        if fault.do == "cut-before":
            return Reply(200, cut=Cut.WHOLE)
        if fault.do == "html-before":
            return Reply(502, _PROXY_PAGE, "text/html")
        if fault.do == "limit":
            return _limited(int(fault.seconds) or None)
        return self._refused(Refusal(fault.code)) if fault.do == "code" else None

    def _spoilt(self, reply: Reply, fault: Fault) -> Reply:
        """The answer of a request that was carried out, as the fault leaves it."""
        if fault.do in _CUTS:
            return replace(reply, cut=_CUTS[fault.do])
        if fault.do == "html-after":
            return Reply(502, _PROXY_PAGE, "text/html")
        if fault.do == "code-after":
            return self._refused(Refusal(fault.code))
        return replace(reply, wait=fault.seconds)

    def _carried_out(self, request: Request, route: Route, account: str) -> Reply:
        asked = dict(parse_qsl(request.query, keep_blank_values=True))
        if route.action is Action.TRANSACTIONS:
            return self._transactions(account, asked)
        if asked:
            raise Refusal(3016, f"The parameter {min(asked)} is not known.", status=400)
        if route.action is Action.CREATE:
            return self._create(request, route, account)
        return self._status(route, account) if route.action is Action.STATUS else self._stop(route, account)

    def _create(self, request: Request, route: Route, account: str) -> Reply:
        behaviour = self._service.behaviour
        if behaviour.refuse is not None:
            raise Refusal(behaviour.refuse)
        if route.batch_type is None:
            raise Refusal(4004)
        items = items_of(request.body, request.headers, route.batch_type, behaviour)
        return json_reply({"jobId": self._service.create(account, route.batch_type, items).number})

    def _status(self, route: Route, account: str) -> Reply:
        found = self._service.status(account, _number(route.job), self._service.behaviour.dialect)
        if found is None:
            raise Refusal(4004, "The job is not found.")
        return text_reply(found)

    def _stop(self, route: Route, account: str) -> Reply:
        job = self._service.stop(account, _number(route.job))
        if job is None:
            raise Refusal(4004, "The job is not found.")
        in_b = stop_in_b(job)
        return json_reply(in_b if route.label.startswith("POST") else {"message": in_b["message"]})

    def _transactions(self, account: str, asked: dict[str, str]) -> Reply:
        """`customerId`, `limit` (1 to 200) and `startAfter`: the last page's last ID, ours or Gameball's."""
        strangers = asked.keys() - {"customerId", "limit", "startAfter"}
        if strangers:
            raise Refusal(3016, f"The parameter {min(strangers)} is not known.", status=400)
        limit = asked.get("limit", "50")
        if not limit.isdecimal() or not 1 <= int(limit) <= _MOST_TRANSACTIONS:
            raise Refusal(3003, f"limit must be from 1 to {_MOST_TRANSACTIONS}.", status=400)
        found = self._service.transactions(account, asked.get("customerId"))
        start = _place_after(found, asked["startAfter"]) if "startAfter" in asked else 0
        return json_reply({"transactions": [one.to_json() for one in found[start : start + int(limit)]]})


def _place_after(found: Sequence[Transaction], cursor: str) -> int:
    """Where the page after the transaction with this ID, ours or Gameball's, begins."""
    for place, one in enumerate(found, start=1):
        if cursor in (str(one.number), one.ident):
            return place
    raise Refusal(3003, "startAfter is no transaction of this list.", status=400)


def _number(text: str) -> int:
    """A job's number; -1, which no job has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else -1


def _limited(retry_after: int | None) -> Reply:
    """429 in the older error form: the page documents none of its own."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return replace(json_reply({"error": 429, "message": "Too many requests."}, 429), headers=headers)
