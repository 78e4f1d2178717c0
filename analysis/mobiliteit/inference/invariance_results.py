"""What a test of measurement invariance gives: the rule, the steps, the means, the verdict.

:func:`mobiliteit.inference.invariance.measurement_invariance` makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from mobiliteit.inference.factors import FactorFit
from mobiliteit.inference.invariance_words import Reason, in_words
from mobiliteit.inference.item_pairs import ItemPair
from mobiliteit.inference.item_samples import ItemSample
from mobiliteit.results import tidy_frame
from mobiliteit.samples import pair_label, percent_text

HOLDS, PARTIAL, FAILS, CANNOT_SAY = "holds", "partial", "fails", "cannot say"
STEP_MEASURES = ("chi2", "df", "chi2_scaled", "cfi_drop", "rmsea_rise", "srmr_rise")
MEAN_STATISTICS = tuple(
    f"{what}{part}"
    for what in ("observed", "latent", "expected")
    for part in ("", "_se", "_low", "_high")
)


def _records(frame: pd.DataFrame) -> list[Mapping[str, Any]]:
    return cast("list[Mapping[str, Any]]", frame.to_dict("records"))


def _bare(tidy: pd.DataFrame) -> list[Mapping[str, Any]]:
    return _records(tidy.drop(columns=["analysis", "wave", "sample"]))


@dataclass(frozen=True)
class InvarianceRule:
    """When a step of invariance fails.

    A step fails when its scaled chi-square difference is significant *and* the fit gets worse by
    more than one of the two bounds. A part that is None is not asked. The test by itself rejects
    any difference when the wave is large; a bound by itself rejects by chance when it is small.

    Attributes
    ----------
    alpha : float or None
        Level of the test of a step, and of the tests that look for the item (Holm).
    cfi_drop : float or None
        Most that CFI may fall: 0.010 (Cheung & Rensvold, 2002; Chen, 2007).
    rmsea_rise : float or None
        Most that RMSEA may rise: 0.015 (Chen, 2007). Not looked at when the looser model is
        saturated and has no RMSEA of its own (three items).
    least_cfi, most_srmr : float
        What the configural model must have: 0.90 and 0.08, the usual bounds of acceptable fit. Not
        looked at when it is saturated.

    References
    ----------
    Cheung, G. W., & Rensvold, R. B. (2002). Structural Equation Modeling, 9, 233-255. Chen, F. F.
    (2007). Structural Equation Modeling, 14, 464-504.
    """

    alpha: float | None = 0.05
    cfi_drop: float | None = 0.010
    rmsea_rise: float | None = 0.015
    least_cfi: float = 0.90
    most_srmr: float = 0.08


@dataclass(frozen=True)
class Invariance:
    """Whether a scale is the same scale in all groups.

    Attributes
    ----------
    sample : ItemSample
        Items, groups and moments.
    rule : InvarianceRule
        What the verdict follows from.
    level : float
        Confidence level of the intervals.
    fits : dict of str to FactorFit
        ``configural``, ``metric``, ``metric (partial)``, ``scalar``, ``scalar (partial)``,
        ``strict``, as far as it came, in that order.
    steps : pandas.DataFrame
        One row per model after the first. Columns ``model``, ``against``, `STEP_MEASURES`, ``p``,
        ``p_scaled``, ``holds`` (bool) and ``note``.
    freed : pandas.DataFrame
        Parameters that differ between groups: the partial invariance. Columns ``model``, ``kind``
        (``loadings`` or ``intercepts``), ``item``, ``chi2_scaled``, ``df``, ``p``, ``p_holm`` (over
        the items it was chosen from) and ``note``.
    means : pandas.DataFrame
        One row per group after the first, against the first. Columns ``group``, ``n`` (both
        groups), ``observed`` (difference of the means of the items' mean, in points; interval by
        Welch), ``latent`` (in standard deviations of the factor in the first group) and
        ``expected`` (the difference in points that the factor alone would have made, the items as
        in the first group), each with ``_se``, ``_low`` and ``_high``; ``latent_p`` and ``note``.
        Errors of the last two are robust. NaN where the scale is not comparable.
    pair : ItemPair or None
        With two items, what can be said of them.
    verdict : str
        ``holds``, ``partial`` (means may be compared, on the items that stayed the same),
        ``fails``, or ``cannot say``.
    reasons : tuple of (str, str)
        Why: keys of :data:`mobiliteit.inference.invariance_words.SAYS`, each with its note.
    """

    sample: ItemSample
    rule: InvarianceRule
    level: float
    fits: dict[str, FactorFit]
    steps: pd.DataFrame
    freed: pd.DataFrame
    means: pd.DataFrame
    pair: ItemPair | None
    verdict: str
    reasons: tuple[Reason, ...]

    def in_words(self, lang: str = "nl") -> str:
        """Return the verdict and its reason in a few sentences, Dutch or English."""
        return in_words(self.reasons, _records(self.freed), lang)

    @property
    def comparable(self) -> bool | None:
        """Whether a difference in means may be read as one of the factor; None: cannot say."""
        return None if self.verdict == CANNOT_SAY else self.verdict in (HOLDS, PARTIAL)

    def tidy(self) -> pd.DataFrame:
        """Return verdict, fit, steps, freed parameters, last parameters and means."""
        sample = self.sample
        common = {"n": sample.n, "n_missing": sample.n_missing}
        comparable = np.nan if self.comparable is None else float(self.comparable)
        verdict = {"row": "verdict", "column": self.verdict, "statistic": "comparable"}
        records: list[Mapping[str, Any]] = [
            {**verdict, "value": comparable, "note": self.in_words(), **common}
        ]
        for name, fit in self.fits.items():
            part = fit.tidy()
            part = part[part["row"] == "fit"].assign(row=name, column="")
            records += _bare(part)
        for _, step in self.steps.iterrows():
            where = {"row": step["model"], "column": f"na {step['against']}", "note": step["note"]}
            values = {f"step_{name}": step[name] for name in STEP_MEASURES}
            values["step_holds"] = float(step["holds"])
            p = {"step_chi2": step["p"], "step_chi2_scaled": step["p_scaled"]}
            records += [
                {"statistic": name, "value": value, "p": p.get(name, np.nan), **where, **common}
                for name, value in values.items()
            ]
        records += [
            {
                "row": entry["item"],
                "column": entry["model"],
                "statistic": f"freed_{entry['kind']}",
                "value": entry["chi2_scaled"],
                "p": entry["p_holm"],
                "note": entry["note"],
                **common,
            }
            for _, entry in self.freed.iterrows()
        ]
        if self.fits:
            last = list(self.fits.values())[-1].tidy()
            last = last[last["row"] != "fit"]
            records += _bare(last)
        records += self._mean_records()
        own = tidy_frame(records, analysis="invariance")
        return own if self.pair is None else pd.concat([own, self.pair.tidy()], ignore_index=True)

    def _mean_records(self) -> list[Mapping[str, Any]]:
        interval = f"{percent_text(self.level)}-interval"
        records: list[Mapping[str, Any]] = []
        for _, entry in self.means.iterrows():
            for statistic in MEAN_STATISTICS:
                limit = statistic.endswith(("_low", "_high"))
                record = {
                    "row": "mean",
                    "column": pair_label(entry["group"], self.sample.labels[0]),
                    "statistic": statistic,
                    "value": entry[statistic],
                    "n": entry["n"],
                    "n_missing": self.sample.n_missing,
                    "note": entry["note"] or (interval if limit else ""),
                }
                records.append(record | ({"p": entry["latent_p"]} if statistic == "latent" else {}))
        return records
