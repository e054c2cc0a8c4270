"""The practice fixture, for these tests run alone."""

from tests.practice.fixtures import practice

__all__ = ["practice"]
