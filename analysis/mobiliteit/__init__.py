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
    "adjust": "inference.multiplicity",
    "association": "inference.association",
    "block_regression": "inference.blocks",
    "check_wave": "arrival",
    "compare_beyond": "beyond",
    "compare_means": "compare",
    "compare_ranks": "inference.ranks",
    "compare_shares": "compare",
    "compute_table": "tables",
    "compute_tables": "tables",
    "correct_table": "inference.multiplicity",
    "count_groups": "compare",
    "count_tests": "beyond",
    "diagnose_regression": "inference.diagnostics",
    "equivalent_coefficient": "inference.equivalence",
    "equivalent_means": "inference.equivalence",
    "equivalent_shares": "inference.equivalence",
    "figures": "render.figures",
    "find_project": "project",
    "find_suppressors": "inference.suppress",
    "impute": "inference.imputation",
    "imputed_table": "imputed",
    "imputed_tables": "imputed",
    "independence": "inference.categorical",
    "infer_regression": "inference.regression",
    "item_reliability": "inference.reliability",
    "load_study": "study",
    "load_wave": "wave",
    "measurement_invariance": "inference.invariance",
    "mediate": "inference.mediate",
    "mediate_beyond": "beyond",
    "MobiliteitError": "errors",
    "open_scorecard": "notebook",
    "ordinal_regression": "inference.ordered",
    "pairwise_means": "inference.contrasts",
    "propose_wave": "proposal",
    "raw_file": "notebook",
    "regress_beyond": "beyond",
    "regress_imputed": "inference.regress_imputed",
    "reproduce": "reproduction",
    "score_wave": "scorecard",
    "scratch_project": "notebook",
    "shares": "inference.shares",
    "show_beyond": "render.beyond",
    "show_check": "render.new_wave",
    "show_file": "render.new_wave",
    "show_imputed": "render.imputed",
    "show_ledger": "render.lists",
    "show_planted": "render.new_wave",
    "show_proposal": "render.new_wave",
    "show_summary": "render.summary",
    "show_table": "render.tables",
    "show_tables": "render.tables",
    "show_unequal": "render.lists",
    "show_wave": "render.lists",
    "show_weighted": "render.new_wave",
    "show_weights": "render.weights",
    "standardized_differences": "inference.effects",
    "standardized_regression": "regress",
    "variance_explained": "inference.effects",
    "welch_anova": "inference.contrasts",
}
_MODULES = {"figures"}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Import the home module of a public name when the name is first used."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{_HOME[name]}")
    return module if name in _MODULES else getattr(module, name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
