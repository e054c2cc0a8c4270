"""How every command reads its options: what is wrong is said in one sentence, with exit code 2."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

from gb_desktop.text import tr

USAGE = 2


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence instead of several lines of usage."""

    def error(self, message: str) -> NoReturn:
        problem = message[:1].upper() + message[1:]
        sys.stderr.write(tr("{problem} (see {program} --help)", problem=problem, program=self.prog) + "\n")
        sys.exit(USAGE)
