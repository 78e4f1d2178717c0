"""The model of the study with the coefficients that a wave gives: what the path diagram draws."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mobiliteit.gallery.catalogue import Block, PathModel
from mobiliteit.results import tidy_frame
from mobiliteit.tables import TableResult
from mobiliteit.wave import Wave


@dataclass(frozen=True)
class EstimatedModel:
    """A model with its coefficients.

    Attributes
    ----------
    model : PathModel
        Boxes and factors, as the study's ``figures.yaml`` says.
    paths : pandas.DataFrame
        One row per path: ``block`` (position), ``source`` and ``target`` (variables), ``path``
        (``to_mediator``, ``to_outcome``, or ``behaviour`` from the behaviour to the outcome),
        ``beta`` (standardized; NaN where the wave cannot give it), ``p``, ``n``.
    wave : Wave
        The wave.
    """

    model: PathModel
    paths: pd.DataFrame
    wave: Wave

    def tidy(self) -> pd.DataFrame:
        """Return the coefficients as a tidy frame."""
        records = [
            {
                "row": path["source"],
                "column": path["target"],
                "statistic": "beta",
                "value": path["beta"],
                "p": path["p"],
                "n": path["n"],
                "note": path["path"],
            }
            for path in self.paths.to_dict("records")
        ]
        return tidy_frame(records, analysis="model", wave=self.wave.id)


def estimate_model(model: PathModel, results: Mapping[str, TableResult]) -> EstimatedModel:
    """Look up the coefficients of a model in tables of regressions.

    Parameters
    ----------
    model : PathModel
        Names the tables and their columns.
    results : mapping of str to TableResult
        The computed tables, by number; weighted where the wave is.

    Returns
    -------
    EstimatedModel
        Each block has a path from the behaviour to the outcome of its own: two models hold other
        factors constant.
    """
    wave = next(iter(results.values())).wave
    rows: list[dict[str, Any]] = []
    for position, block in enumerate(model.blocks):
        rows += _paths(model, block, position, results[block.table])
    columns = ["block", "source", "target", "path", "beta", "p", "n"]
    return EstimatedModel(model, pd.DataFrame(rows, columns=columns), wave)


def _paths(
    model: PathModel, block: Block, position: int, result: TableResult
) -> list[dict[str, Any]]:
    cells = {(cell["row"], cell["column"]): cell for cell in result.cells.to_dict("records")}
    behaviour, outcome = model.behaviour.variable, model.outcome.variable
    named = [f.variable for part in block.parts for f in part.factors if f.variable is not None]
    wanted = [
        *((name, behaviour, "to_mediator", block.to_mediator) for name in named),
        *((name, outcome, "to_outcome", block.to_outcome) for name in named),
        (behaviour, outcome, "behaviour", block.to_outcome),
    ]
    rows = []
    for source, target, path, column in wanted:
        cell: Mapping[Any, Any] = cells.get((source, column), {})
        rows.append(
            {
                "block": position,
                "source": source,
                "target": target,
                "path": path,
                "beta": cell.get("value", math.nan),
                "p": cell.get("p", math.nan),
                "n": cell.get("n", pd.NA),
            }
        )
    return rows
