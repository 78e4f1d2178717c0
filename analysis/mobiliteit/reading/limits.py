"""What a file may cost to read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What reading one file may cost; a file that wants more is refused.

    The defaults leave room for 100,000 respondents with several hundred columns.

    Attributes
    ----------
    memory : int
        Address space of the process that parses the file, in bytes.
    seconds : int
        Processor time of that process; twice as long may pass on the clock.
    cells : int
        Rows times columns.
    inflated : int
        Bytes that the parts of a compressed file may unpack to.
    """

    memory: int = 3 * 2**30
    seconds: int = 120
    cells: int = 60_000_000
    inflated: int = 2**30
