"""Figures of the tables: computed numbers filled, published ones hollow.

Every function takes tables as :func:`mobiliteit.show_table` gives them and returns a matplotlib
figure; none of them knows a table or a variable. Which table a figure shows is said in the
notebook. This module gathers them; they live in the ``figures_*`` modules beside it.
"""

from __future__ import annotations

from mobiliteit.render.canvas import save_figure, show
from mobiliteit.render.figures_groups import classes, counts, groups, profile
from mobiliteit.render.figures_models import coefficients, models
from mobiliteit.render.figures_verdicts import verdicts

__all__ = [
    "classes",
    "coefficients",
    "counts",
    "groups",
    "models",
    "profile",
    "save_figure",
    "show",
    "verdicts",
]
