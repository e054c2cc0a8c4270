"""A process beside the worker that checks some of a sheet's batches: spans come in, checked batches go out."""

from __future__ import annotations

import pickle
import sys
from contextlib import closing
from pathlib import Path

from gb_desktop.checking.check import batch_checker
from gb_desktop.checking.checked import CheckFacts
from gb_desktop.runs import schema
from gb_desktop.runs.crew import receive
from gb_desktop.runs.limits import collect_by_hand, limit_memory
from gb_desktop.runs.staged import Span, Staged


def serve() -> int:
    """Answer until the pipe closes. Exit code 0; 1 after a fault, and then the worker does it by itself."""
    limit_memory()
    collect_by_hand()
    asking, answers = sys.stdin.buffer, sys.stdout.buffer
    try:
        path, facts = receive(asking, tuple[Path, CheckFacts])
        with closing(schema.open_to_read(path)) as db:
            staged, checker = Staged(db), batch_checker(facts)
            while True:
                pickler = pickle.Pickler(answers, pickle.HIGHEST_PROTOCOL)
                pickler.fast = True  # nothing in an answer refers to itself
                pickler.dump(checker.checked(staged.batch(receive(asking, Span))))
                answers.flush()
    except EOFError:
        return 0
    except Exception:  # noqa: BLE001 - whatever it is, the worker meets it too and finds the words
        return 1
