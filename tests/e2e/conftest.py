"""The command line's fixtures."""

from tests.e2e.cli_kit import desktop, gameball

__all__ = ["desktop", "gameball"]
