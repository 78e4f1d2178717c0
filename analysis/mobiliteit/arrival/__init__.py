"""What arrives of a new wave: all that is wrong with it at once, and each variable as it comes out.

:func:`~mobiliteit.arrival.report.check_wave` does it all.
"""

from mobiliteit.arrival.columns import Arrival
from mobiliteit.arrival.report import ArrivalReport, check_wave

__all__ = ["Arrival", "ArrivalReport", "check_wave"]
