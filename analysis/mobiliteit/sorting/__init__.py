"""How fragile the sorting is: other segment rules, who moves under them, which findings flip."""

from mobiliteit.sorting.fragile import compare_sortings, sort_otherwise
from mobiliteit.sorting.result import Sorting, SortingVersion

__all__ = ["Sorting", "SortingVersion", "compare_sortings", "sort_otherwise"]
