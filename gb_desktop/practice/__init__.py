"""A local stand-in for Gameball on loopback. Knows the catalog alone."""

from gb_desktop.practice.seed import DEFAULT_SEED, Seed, SeedCustomer
from gb_desktop.practice.server import PracticeServer
from gb_desktop.practice.settings import PRACTICE_KEYS, Behaviour, Fault, KeyPair, PracticeSettings

__all__ = [
    "DEFAULT_SEED",
    "PRACTICE_KEYS",
    "Behaviour",
    "Fault",
    "KeyPair",
    "PracticeServer",
    "PracticeSettings",
    "Seed",
    "SeedCustomer",
]
