"""Inference beyond the published tables: group comparisons, regressions, mediation.

Bare data frames in, frozen results with ``.tidy()`` out. What each function does with missing
values stands in its docstring; none of them supports weights.
"""
