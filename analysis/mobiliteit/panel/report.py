"""All that is asked of the same people over waves, as ``study/panel.yaml`` asks it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mobiliteit.panel.change import Change, within_change
from mobiliteit.panel.lagged import CrossLagged, Lagged, cross_lagged, lagged_regression
from mobiliteit.panel.link import Panel
from mobiliteit.panel.lost import Attrition, attrition
from mobiliteit.panel.moves import Transitions, transitions
from mobiliteit.panel.within import WithinModels, within_models


@dataclass(frozen=True)
class PanelReport:
    """Everything about one panel.

    Attributes
    ----------
    panel : Panel
        The linked people.
    attrition : Attrition
        Who was lost.
    transitions : Transitions
        Who moved from group to group.
    change : Change
        What changed within people.
    within : dict of str to WithinModels
        Per question of the study.
    lagged : dict of str to Lagged
        Per question of the study.
    crossed : dict of str to CrossLagged
        Per question of the study.
    """

    panel: Panel
    attrition: Attrition
    transitions: Transitions
    change: Change
    within: dict[str, WithinModels]
    lagged: dict[str, Lagged]
    crossed: dict[str, CrossLagged]

    def tidy(self) -> pd.DataFrame:
        """Return all results as one tidy frame; ``wave`` names the waves, joined."""
        models: list[tuple[str, WithinModels | Lagged | CrossLagged]] = [
            *self.within.items(),
            *self.lagged.items(),
            *self.crossed.items(),
        ]
        parts = [part.tidy() for part in (self.panel, self.attrition, self.transitions)]
        parts.append(self.change.tidy())
        for key, model in models:
            part = model.tidy()
            parts.append(part.assign(analysis=part["analysis"] + f"_{key}"))
        frame = pd.concat(parts, ignore_index=True)
        frame["wave"] = frame["wave"].where(frame["wave"] != "", " + ".join(self.panel.ids))
        return frame


def analyse_panel(panel: Panel) -> PanelReport:
    """Ask all that the study asks of the people who are in two waves or more.

    Parameters
    ----------
    panel : Panel
        Of :func:`mobiliteit.panel.link.link_waves`.

    Returns
    -------
    PanelReport
        Where a model has too few people, its note says so.

    Raises
    ------
    AnalysisError
        A variable of the study is not in the waves.
    """
    settings = panel.settings
    lost = attrition(panel)
    return PanelReport(
        panel=panel,
        attrition=lost,
        transitions=transitions(panel, lost),
        change=within_change(panel, lost),
        within={
            key: within_models(panel, asked.outcome, asked.predictors, beside=asked.beside)
            for key, asked in settings.within.items()
        },
        lagged={
            key: lagged_regression(
                panel,
                asked.outcome,
                asked.predictors,
                present=asked.present,
                beside=asked.beside,
                own_past=asked.own_past,
                attrition=lost,
            )
            for key, asked in settings.lagged.items()
        },
        crossed={
            key: cross_lagged(panel, asked.one, asked.other, beside=asked.beside, attrition=lost)
            for key, asked in settings.crossed.items()
        },
    )
