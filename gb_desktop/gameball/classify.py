"""What a create-job request came to, decided from facts alone. Source: the API page, "Re-send rules"."""

from __future__ import annotations

from typing import Any

from gb_desktop.gameball.codes import ErrorClass, class_of, meaning
from gb_desktop.gameball.model import Answer, Facts, Reaction, Verdict
from gb_desktop.text import tr

_CERTAIN_WITH_CODE = frozenset({400, 401, 403, 404, 412, 413, 415, 422})
_REACTIONS = {
    ErrorClass.AUTH: Reaction.KEYS,
    ErrorClass.CONFIGURATION: Reaction.ACCOUNT,
    ErrorClass.SUBSCRIPTION: Reaction.ACCOUNT,
}
_UNSENT = {
    "tls": Reaction.SETUP,
    "proxy": Reaction.SETUP,
    "stopped": Reaction.NONE,
}
_LONGEST_JOB = 200
_TOO_MANY_AT_ONCE = 2001


def classify(facts: Facts) -> Answer:
    """The verdict on a create-job request. Whatever no rule names is UNSURE, and UNSURE never asks for a re-send."""
    if not facts.sent and facts.status is None:
        return Answer(Verdict.NOT_SENT, _UNSENT.get(facts.failure, Reaction.NETWORK), facts, message=facts.detail)
    if facts.status is None:
        return _unsure(facts)
    if 200 <= facts.status < 300:
        return _success(facts)
    return _refused(facts) or _unsure(facts)


def error_code(body: Any) -> int | None:
    """The four-digit code of an error body, in either documented form; None for anything else."""
    if not isinstance(body, dict):
        return None
    return _four_digits(body.get("code")) or _four_digits(body.get("error"))


def error_message(body: Any) -> str:
    """Gameball's own text of an error body, an empty string without one."""
    text = body.get("message") if isinstance(body, dict) else None
    return text.strip() if isinstance(text, str) else ""


def job_of(body: Any) -> str | None:
    """The job's ID as an opaque string, or None when the answer names none that can be asked for."""
    if not isinstance(body, dict):
        return None
    named = [value for key, value in body.items() if key.lower() == "jobid"]
    if len(named) != 1:
        return None
    if isinstance(named[0], int) and not isinstance(named[0], bool):
        return str(named[0]) if named[0] > 0 else None
    return named[0] if isinstance(named[0], str) and _can_be_asked_for(named[0]) else None


def reaction_to(facts: Facts) -> Reaction:
    """What the run should do about a poll or look-up that brought no usable answer."""
    if facts.status is None:
        # Once something was sent there is a network; a kept connection may simply have been closed meanwhile.
        return _UNSENT.get(facts.failure, Reaction.RETRY if facts.sent else Reaction.NETWORK)
    by_class = _REACTIONS.get(class_of(error_code(facts.body)))
    if by_class and facts.status in _CERTAIN_WITH_CODE:
        return by_class
    if facts.status in (401, 403):
        return Reaction.KEYS
    if 300 <= facts.status < 400 or facts.status == 407:
        return Reaction.SETUP
    return Reaction.RETRY


def explain(facts: Facts) -> str:
    """One sentence for people about an answer that is not what was asked for."""
    code, said = error_code(facts.body), error_message(facts.body)
    if code is not None:
        return _in_both_words(meaning(code, said).sentence, said)
    if facts.status is None or facts.failure not in ("", "unreadable"):
        return facts.detail
    return _by_status(facts, said)


def _success(facts: Facts) -> Answer:
    job = None if facts.failure else job_of(facts.body)
    if job is None:
        return _unsure(facts)
    return Answer(Verdict.ACCEPTED, Reaction.NONE, facts, job=job)


def _refused(facts: Facts) -> Answer | None:
    """The answers after which it is certain that nothing was applied; None for all others."""
    code = error_code(facts.body)
    if facts.status == 429:
        return _nothing(facts, Reaction.RETRY)
    if facts.status == 407:
        return _nothing(facts, Reaction.SETUP)
    if code is not None:
        return _refused_by_code(facts, code)
    if facts.status in (401, 403):
        return _nothing(facts, Reaction.KEYS)
    return None


def _refused_by_code(facts: Facts, code: int) -> Answer | None:
    if facts.status not in _CERTAIN_WITH_CODE:
        return None
    error_class = class_of(code)
    if error_class is ErrorClass.PAYLOAD:
        return _answer(Verdict.REJECTED, Reaction.NONE, facts)
    if error_class is ErrorClass.REQUEST:
        # Any other precondition stays unmet however often it is asked, so only 2001 waits and goes again.
        return _nothing(facts, Reaction.RETRY if code == _TOO_MANY_AT_ONCE else Reaction.SETUP)
    reaction = _REACTIONS.get(error_class)
    return _nothing(facts, reaction) if reaction else None


def _nothing(facts: Facts, reaction: Reaction) -> Answer:
    return _answer(Verdict.NOT_SENT, reaction, facts)


def _unsure(facts: Facts) -> Answer:
    """UNSURE pauses the run only for what no later request could pass; it never asks for a re-send."""
    reaction = Reaction.NONE
    if facts.status is not None:
        reaction = _REACTIONS.get(class_of(error_code(facts.body)), reaction)
        if 300 <= facts.status < 400 or (facts.status == 404 and error_code(facts.body) is None):
            reaction = Reaction.SETUP
    return _answer(Verdict.UNSURE, reaction, facts)


def _answer(verdict: Verdict, reaction: Reaction, facts: Facts) -> Answer:
    return Answer(verdict, reaction, facts, code=error_code(facts.body), message=explain(facts))


def _four_digits(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value) if len(value) == 4 else None
    usable = isinstance(value, int) and not isinstance(value, bool) and 1000 <= value <= 9999
    return value if usable else None


def _can_be_asked_for(job: str) -> bool:
    """Whether the text can be one segment of a path; dots alone would name another address."""
    return 0 < len(job) <= _LONGEST_JOB and job.isprintable() and bool(job.strip().strip("."))


def _by_status(facts: Facts, said: str) -> str:
    status = facts.status or 0
    if 200 <= status < 300:
        return tr("Gameball's answer could not be read.")
    if 300 <= status < 400:
        return _redirected(facts.location)
    if status == 401:
        return tr("Gameball does not accept these keys. Check the API key and the secret key.")
    if status == 403:
        return tr("Access was refused (403) by Gameball or by something on the way. Check the keys and the network.")
    if status == 404:
        return tr("Nothing is at this address (404). Check the Gameball address and the API version.")
    if status == 407:
        return tr("The proxy asks for a user name and password. Add them to the proxy address in the settings.")
    if status == 429:
        return tr("Gameball asks to slow down.")
    return _plainly(str(status), said)


def _in_both_words(ours: str, theirs: str) -> str:
    """Our sentence, and Gameball's own text with it: only that says which item or value it was."""
    if not theirs or theirs == ours:
        return ours
    return tr("{meaning} Gameball says: {said}", meaning=ours, said=theirs)


def _plainly(status: str, said: str) -> str:
    if said:
        return tr("Gameball answered {status}: {said}", status=status, said=said)
    return tr("Gameball answered {status} without an explanation.", status=status)


def _redirected(location: str) -> str:
    if not location:
        return tr("The answer pointed to another address. Check the Gameball address.")
    return tr("The answer pointed to another address ({location}). Check the Gameball address.", location=location)
