"""Reading a create-job request without any leniency. Source: the batch API's page, "Creating a job"."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import Message
from itertools import islice
from typing import Any

from gb_desktop.catalog import BatchType
from gb_desktop.practice import exact
from gb_desktop.practice.refusals import Refusal, text_of
from gb_desktop.practice.settings import Behaviour
from gb_desktop.practice.shape import MISSING, Flaw, check_of

MOST_ITEMS = 1000
TOO_MANY = 3011


def items_of(
    body: bytes, headers: Mapping[str, str], batch_type: BatchType, behaviour: Behaviour
) -> list[tuple[Any, str]]:
    """The items of a request, each with its text as received. Refusal when anything about it is wrong."""
    require_json(headers)
    try:
        items = list(islice(exact.cut(body.decode("utf-8")), MOST_ITEMS + 1))
    except exact.OtherShapeError as error:
        raise Refusal(3016, str(error)) from None
    except ValueError as error:
        raise Refusal(3016, str(error), status=400) from None
    if not items:
        raise Refusal(MISSING, '"body" holds no item.')
    if len(items) > MOST_ITEMS:
        raise Refusal(TOO_MANY, f'"body" holds more than {MOST_ITEMS:,} items.')
    _check(items, batch_type, behaviour)
    return items


def require_json(headers: Mapping[str, str]) -> None:
    """Refusal with 415 unless the content type is JSON in UTF-8."""
    header = Message()
    header["content-type"] = headers.get("content-type", "")
    charset = str(header.get_param("charset", "utf-8")).lower()
    if header.get_content_type() != "application/json" or charset not in ("utf-8", "utf8"):
        raise Refusal(3013)


def _check(items: list[tuple[Any, str]], batch_type: BatchType, behaviour: Behaviour) -> None:
    check = check_of(batch_type)
    merged_by = behaviour.merge if batch_type.field(behaviour.merge) else ""
    for position, (item, _) in enumerate(items):
        flaw = check(item)
        if flaw is None and merged_by and merged_by not in item:
            flaw = Flaw(MISSING, "is required, because the account merges channels by it", (merged_by,))
        if flaw:
            named = f"body[{position}]{flaw.place} {flaw.text}."
            raise Refusal(flaw.code, named if behaviour.names_items else text_of(flaw.code))
