"""The same people over waves: who stayed, who moved, what changed within them, and what came after.

:mod:`.link` finds them by their hashed ids; :mod:`.moves`, :mod:`.lost`, :mod:`.change`,
:mod:`.within` and :mod:`.lagged` each answer one question; :mod:`.report` asks all of them, as
``study/panel.yaml`` (:mod:`.settings`) says.
"""

from mobiliteit.panel.change import Change, within_change
from mobiliteit.panel.lagged import CrossLagged, Lagged, cross_lagged, lagged_regression
from mobiliteit.panel.link import Panel, link_waves
from mobiliteit.panel.lost import Attrition, attrition
from mobiliteit.panel.moves import Transitions, transitions
from mobiliteit.panel.report import PanelReport, analyse_panel
from mobiliteit.panel.settings import PanelSettings, load_panel_settings
from mobiliteit.panel.within import WithinModels, within_models

__all__ = [
    "Attrition",
    "Change",
    "CrossLagged",
    "Lagged",
    "Panel",
    "PanelReport",
    "PanelSettings",
    "Transitions",
    "WithinModels",
    "analyse_panel",
    "attrition",
    "cross_lagged",
    "lagged_regression",
    "link_waves",
    "load_panel_settings",
    "transitions",
    "within_change",
    "within_models",
]
