"""The model of who took part again: what it says of a perfect prediction, and what it lets through.

The numbers themselves are held against R in ``test_panel_numbers.py``.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from mobiliteit.inference.staying import SEPARATED, fit_staying

PEOPLE = 80
TRIM = (0.01, 0.99)


def blocks(x: np.ndarray) -> dict[str, pd.DataFrame]:
    return {"x": pd.DataFrame({"": x})}


@pytest.mark.parametrize("spread", [1.0, 1e6])
def test_a_perfect_prediction_is_said_and_warns_of_nothing(spread):
    x = spread * np.linspace(-1, 1, PEOPLE)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = fit_staying(blocks(x), x > 0, TRIM, 0.95)
    assert found.note == SEPARATED
    assert found.weight is None
    assert found.model.empty


def test_any_other_warning_of_the_fit_is_seen(monkeypatch):
    fitted = sm.GLM.fit

    def doubtful(self, **options):
        warnings.warn("something new", UserWarning, stacklevel=1)
        return fitted(self, **options)

    monkeypatch.setattr(sm.GLM, "fit", doubtful)
    x = np.linspace(-1, 1, PEOPLE)
    with pytest.warns(UserWarning, match="something new"):
        fit_staying(blocks(x), np.arange(PEOPLE) % 3 > 0, TRIM, 0.95)
