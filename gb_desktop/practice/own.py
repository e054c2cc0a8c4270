"""The practice service's own paths: what it carried out, what it was asked, how it behaves.

They need no keys. Only this computer reaches them, and no web page does: the service refuses foreign Host headers, and
switching needs a JSON content type, which a page of another origin can't send unasked.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from urllib.parse import parse_qsl

from gb_desktop.practice.creating import require_json
from gb_desktop.practice.exchange import Reply, Request, json_reply
from gb_desktop.practice.refusals import Refusal
from gb_desktop.practice.service import Service
from gb_desktop.practice.settings import PracticeSettings
from gb_desktop.practice.tally import Tally

PREFIX = "/practice/"


class OwnPaths:
    """Answers `/practice/...`."""

    def __init__(
        self, service: Service, tally: Tally, settings: PracticeSettings, switched: Callable[[], None]
    ) -> None:
        self._service = service
        self._tally = tally
        self._state = str(settings.state.resolve()) if settings.state else "memory"
        self._switched = switched

    def answer(self, request: Request) -> Reply:
        """The answer to a request whose path starts with PREFIX; Refusal for one that isn't understood."""
        match request.method, request.path.removeprefix(PREFIX):
            case "GET", "hello":
                return json_reply({"service": "gb-desktop practice", "pid": os.getpid(), "state": self._state})
            case "GET", "ledger":
                return self._ledger(request.query)
            case "GET", "jobs":
                return json_reply({"jobs": self._service.jobs()})
            case "GET", "requests":
                return json_reply(self._tally.to_json())
            case "GET", "scenario":
                return json_reply(self._service.behaviour.to_json())
            case "POST", "scenario":
                return self._switch(request)
        raise Refusal(4004)

    def _ledger(self, query: str) -> Reply:
        """`?after=N&limit=M`: a page; without them all of it, streamed."""
        asked = dict(parse_qsl(query, keep_blank_values=True))
        after, limit = asked.pop("after", "0"), asked.pop("limit", None)
        if asked or not after.isdecimal() or not (limit is None or limit.isdecimal()):
            raise Refusal(3003, "The ledger takes after=N and limit=N.")
        return Reply(200, pieces=self._service.ledger(int(after), None if limit is None else int(limit)))

    def _switch(self, request: Request) -> Reply:
        """A JSON object of the settings to change, by the names of `Behaviour`; answers all of them."""
        require_json(request.headers)
        try:
            changes = json.loads(request.body)
        except ValueError:
            raise Refusal(3016, "The text is not JSON.", status=400) from None
        if not isinstance(changes, dict):
            raise Refusal(3003, "The settings to change must be a JSON object.")
        try:
            behaviour = self._service.behaviour.switched(changes)
        except ValueError as error:
            raise Refusal(3003, str(error)) from None
        self._service.switch(behaviour)
        self._switched()
        return json_reply(behaviour.to_json())
