"""Hints for students: their own numbers of a table against the computed ones, and what differs."""

from mobiliteit.hints.checking import check
from mobiliteit.hints.result import Explanation, Hints

__all__ = ["Explanation", "Hints", "check"]
