"""Gameball's paths, and which of them a dialect knows. Source: the batch API's page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from gb_desktop.catalog import BATCH_TYPES, BatchType
from gb_desktop.practice.refusals import Refusal

_BASE = re.compile(r"/api/v4(?:\.[01])?/integrations/(.+)")
_JOB_A = re.compile(r"batch/([^/]+)")
_STATUS_B = re.compile(r"batches/([^/]+)/status")
_STOP_B = re.compile(r"batches/([^/]+)/stop")
_ENDPOINTS = {f"batch/{batch_type.endpoint}": batch_type for batch_type in BATCH_TYPES}


class Action(Enum):
    """What a path and a method ask for; the value is the rate limits' resource."""

    CREATE = "others create"
    STATUS = "others status"
    STOP = "others stop"
    TRANSACTIONS = "transactions"

    @property
    def resource(self) -> str:
        """The resource whose rate limit the request counts against."""
        return self.value.split()[0]


@dataclass(frozen=True, slots=True)
class Route:
    """A request's meaning. `label` is its method and path without version and job, e.g. `GET batch/{job}`."""

    action: Action
    label: str
    batch_type: BatchType | None = None
    job: str = ""


def find(method: str, path: str, dialect: str) -> Route:
    """The route of a request; Refusal with 404 for a path the dialect doesn't know, 405 for another method."""
    base = _BASE.fullmatch(path)
    routes = _routes(base[1], dialect) if base else {}
    if not routes:
        raise Refusal(4004)
    if method not in routes:
        raise Refusal(4000, "The method is not allowed.", status=405)
    return routes[method]


def _routes(path: str, dialect: str) -> dict[str, Route]:
    """What the methods mean on a path below `/integrations/`; empty for an unknown path."""
    if path == "transactions":
        return {"GET": Route(Action.TRANSACTIONS, "GET transactions")}
    if path in _ENDPOINTS:
        return {"POST": Route(Action.CREATE, f"POST {path}", _ENDPOINTS[path])}
    return _routes_of_a(path) if dialect == "a" else _routes_of_b(path)


def _routes_of_a(path: str) -> dict[str, Route]:
    found = _JOB_A.fullmatch(path)
    if not found:
        return {}
    return {
        "GET": Route(Action.STATUS, "GET batch/{job}", job=found[1]),
        "DELETE": Route(Action.STOP, "DELETE batch/{job}", job=found[1]),
    }


def _routes_of_b(path: str) -> dict[str, Route]:
    status, stop = _STATUS_B.fullmatch(path), _STOP_B.fullmatch(path)
    if status:
        return {"GET": Route(Action.STATUS, "GET batches/{job}/status", job=status[1])}
    if stop:
        return {"POST": Route(Action.STOP, "POST batches/{job}/stop", job=stop[1])}
    return {}
