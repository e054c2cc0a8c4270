"""What the review step says in words beside its figures. Knows no Qt."""

from __future__ import annotations

from gb_desktop.catalog import BatchType, Effect, Resend
from gb_desktop.runs.model import AccountFacts, CheckSummary, Review
from gb_desktop.text import tr


def notes_of(
    review: Review, kind: BatchType | None, facts: AccountFacts | None, summary: CheckSummary | None
) -> list[str]:
    """Differences from the last run, what is left out, and what can't be taken back."""
    found = list(review.differences)
    if left_out := left_out_of(summary):
        one = tr("1 row of the sheet is left out.")
        found.append(one if left_out == 1 else tr("{count} rows of the sheet are left out.", count=left_out))
    if review.prefix:
        found.append(tr("The IDs that GB Desktop makes begin with {prefix}.", prefix=review.prefix))
    if kind is not None and not kind.reads_only:
        found.append(tr("Earlier runs are known only when they were made on this computer."))
        found.append(
            tr("Gameball may write to these customers, as your account is set up. A message can't be taken back.")
        )
    if kind is not None and kind.effect is Effect.MOVES and facts is not None and not facts.unit:
        found.append(_unit_words(facts))
    return found


def left_out_of(summary: CheckSummary | None) -> int:
    """Rows of the sheet that are not sent: those with errors, and those somebody or the app left out."""
    return summary.counts.errors + summary.counts.excluded if summary else 0


def again_words(kind: BatchType | None, generated: bool) -> str:
    """What sending the same rows again would do. `generated`: with IDs of our own, which are new in every run."""
    if kind is None or kind.resend is Resend.HARMLESS:
        return tr("Sending the same rows again changes nothing more.")
    if kind.resend is Resend.KEYED and not generated:
        return tr("Gameball refuses the IDs that it knows already, and their rows fail.")
    return tr("Every row would count a second time.")


def _unit_words(facts: AccountFacts) -> str:
    if facts.environment == "live":
        return tr(
            "Whether Gameball reads these amounts as points or as money isn't known yet for this account: one row goes "
            "alone, you are shown what it did to the balance, and then you decide."
        )
    return tr("Whether Gameball reads these amounts as points or as money isn't known yet for this account.")
