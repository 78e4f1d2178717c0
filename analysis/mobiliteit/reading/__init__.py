"""Reading a supplier's file, whatever its format, without trusting it."""

from mobiliteit.reading.limits import Limits
from mobiliteit.reading.reader import read_file
from mobiliteit.reading.table import MissingCodes, RawTable

__all__ = ["Limits", "MissingCodes", "RawTable", "read_file"]
