"""Mobiliteit: the research toolkit around the 2006 TNO study of careers in Dutch care and welfare.

>>> import mobiliteit as mb
>>> wave = mb.load_wave("2006")
>>> mb.score_wave(wave).summary()

The bundled wave is synthetic: it was drawn so that it agrees with the published tables, and nothing
that the report did not print may be read off it as a finding.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Names are fetched on first use, so that `mobiliteit --help` need not wait for pandas and
# statsmodels.
_HOME = {
    "compare_means": "compare",
    "compare_shares": "compare",
    "compute_table": "tables",
    "compute_tables": "tables",
    "count_groups": "compare",
    "figures": "render.figures",
    "find_project": "project",
    "load_study": "study",
    "load_wave": "wave",
    "MobiliteitError": "errors",
    "open_scorecard": "notebook",
    "reproduce": "reproduction",
    "score_wave": "scorecard",
    "show_summary": "render.summary",
    "show_table": "render.tables",
    "show_tables": "render.tables",
    "standardized_regression": "regress",
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Import the home module of a public name when the name is first used."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{_HOME[name]}")
    return module if _HOME[name].endswith(f".{name}") else getattr(module, name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
