"""Rules that look at several rows: the same ID, the same moment, the same row, the same customer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gb_desktop.catalog import Resend
from gb_desktop.checking.messages import others_in_words, problem
from gb_desktop.checking.model import Problem
from gb_desktop.checking.plan import Mapped, Plan
from gb_desktop.checking.storage import CheckStore
from gb_desktop.mapping.model import SourceKind
from gb_desktop.text import tr


@dataclass(frozen=True, slots=True)
class AcrossRule:
    """A rule on the items that hold one key."""

    what: str  # of CheckStore.repeated
    code: str
    path: str = ""
    title: str = ""
    column: int | None = None

    def problem_of(self, item: int, value: str, items: Sequence[int]) -> Problem:
        """The problem of one of the `items` that hold the key `value`; of many items the first six will do."""
        words = {"value": value, "rows": others_in_words(items, item), "field": self.title}
        return problem(item, self.path, self.column, self.code, **words)


def problems_across(store: CheckStore, plan: Plan) -> Iterator[Problem]:
    """Problems of items that repeat something. The store's answers are read to their end before any is given out."""
    found = [(rule, value, items) for rule in rules_across(plan) for value, items in _repeated(store, rule)]
    for rule, value, items in found:
        for item in items:
            yield rule.problem_of(item, value, items)


def asked(plan: Plan) -> frozenset[str]:
    """What rules and facts together ask the store about, and what is looked up when some rows are checked again."""
    found = {rule.what for rule in rules_across(plan)}
    if _counts_customers(plan) or (plan.once_each and plan.batch_type.customer):
        found.add("customer")
    if plan.made or (plan.once_each and not plan.batch_type.customer):
        found.add("ident")
    return frozenset(found)


def facts_across(store: CheckStore, plan: Plan) -> list[str]:
    """Sentences on what repeats without being a problem: customers with several rows."""
    if not _counts_customers(plan):
        return []
    customers, rows = store.count_repeated("customer")
    if not customers:
        return []
    return [tr("Customers on more than one row: {customers}, with {rows} rows in all.", customers=customers, rows=rows)]


def _counts_customers(plan: Plan) -> bool:
    return bool(plan.batch_type.customer) and not plan.once_each


def rules_across(plan: Plan) -> list[AcrossRule]:
    """The rules across rows that a plan calls for."""
    batch_type = plan.batch_type
    if plan.once_each:
        return []
    own_ident = (ident := _mapped(plan, batch_type.ident)) is not None and ident.source.kind is not SourceKind.GENERATED
    rules = []
    if own_ident:
        rules += [_rule(plan, "ident", "duplicate-id", batch_type.ident)]
        rules += [_rule(plan, "ident-folded", "id-case", batch_type.ident)]
    else:
        rules.append(AcrossRule("content", "same-row"))
    time = _mapped(plan, batch_type.time)
    if time is not None and time.source.kind is not SourceKind.GENERATED:
        rules.append(_rule(plan, "time", "same-time", batch_type.time))
    # Events repeat customers by nature; an adjustment that repeats one may be a row entered twice.
    if batch_type.resend is Resend.ONCE and batch_type.amount:
        rules.append(_rule(plan, "customer", "same-customer", batch_type.customer))
    return rules


def _rule(plan: Plan, what: str, code: str, path: str | None) -> AcrossRule:
    mapped = _mapped(plan, path)
    title, column = (mapped.field.title, mapped.column) if mapped else ("", None)
    return AcrossRule(what, code, path or "", title, column)


def _repeated(store: CheckStore, rule: AcrossRule) -> list[tuple[str, list[int]]]:
    found = list(store.repeated(rule.what))
    if rule.what != "ident-folded" or not found:
        return found
    # IDs that are equal to the letter are told of as duplicates already.
    exact = {items[0]: len(items) for _, items in store.repeated("ident")}
    return [(value, items) for value, items in found if exact.get(items[0]) != len(items)]


def _mapped(plan: Plan, path: str | None) -> Mapped | None:
    place = plan.position(path) if path else None
    return None if place is None else plan.fields[place]
