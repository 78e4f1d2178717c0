"""Pictures of a wave for the page about it: distributions, days, alphas, correlations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .targets import Targets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_INK, _BAND, _ACCENT = "#26323a", "#dfe9e4", "#1f6f5c"
_GROUPS = ("#1f6f5c", "#c8842b", "#5b6fa8")


def _axes(rows: int, cols: int, height: float) -> tuple[Figure, np.ndarray]:
    from matplotlib.figure import Figure

    fig = Figure(figsize=(10.4, height), layout="constrained")
    axes = np.atleast_1d(fig.subplots(rows, cols, squeeze=False)).ravel()
    for ax in axes:
        ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(labelsize=7, colors=_INK)
    return fig, axes


def _title(targets: Targets, name: str) -> str:
    text = targets.codebook["variables"][name]["label_nl"].split(": ")[-1]
    return text[0].upper() + text[1:34] + ("…" if len(text) > 34 else "")


def distributions(targets: Targets, scores: pd.DataFrame) -> Figure:
    """Draw scale scores and answers by group, in percent of each group."""
    names = [n for n, s in targets.config["scores"].items() if "days" not in s]
    fig, axes = _axes(-(-len(names) // 4), 4, 11.5)
    for ax, name in zip(axes, names, strict=False):
        lo, hi = targets.bounds_of(name)
        k = len(targets.items_of(name))
        grid = np.arange((hi - lo) * k + 1)
        for g, colour in zip(targets.groups, _GROUPS, strict=True):
            x = scores.loc[scores["group"] == g, name].dropna()
            if len(x):
                share = (
                    np.bincount(np.rint((x - lo) * k).astype(int), minlength=len(grid))
                    / len(x)
                    * 100
                )
                ax.plot(
                    lo + grid / k,
                    share,
                    color=colour,
                    lw=1.3,
                    marker="o" if len(grid) < 9 else None,
                    ms=2.5,
                    label=g,
                )
        ax.set_title(_title(targets, name), fontsize=8, loc="left", color=_INK)
        ax.set_ylim(bottom=0)
    for ax in axes[len(names) :]:
        ax.set_visible(False)
    handles, labels = axes[0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside upper right", ncols=3, fontsize=8, frameon=False)
    return fig


def days(targets: Targets, scores: pd.DataFrame) -> Figure:
    """Draw training days: who had none, and classes above it."""
    names = [n for n, s in targets.config["scores"].items() if "days" in s]
    fig, axes = _axes(1, len(names), 2.6)
    edges = np.array([0, 1, 6, 11, 21, 51, 101, 366])
    labels = ["0", "1-5", "6-10", "11-20", "21-50", "51-100", ">100"]
    for ax, name in zip(axes, names, strict=True):
        share = np.histogram(scores[name].dropna(), edges)[0] / scores[name].notna().sum() * 100
        ax.bar(labels, share, color=_ACCENT)
        ax.tick_params(axis="x", rotation=60)
        ax.set_title(_title(targets, name), fontsize=8, loc="left", color=_INK)
    axes[0].set_ylabel("%", fontsize=8)
    return fig


def demographics(targets: Targets, scores: pd.DataFrame) -> Figure:
    """Draw age, hours and tenure."""
    fig, axes = _axes(1, 3, 2.6)
    for ax, name, width in zip(axes, ("leeftijd", "uren", "diensttijd"), (3, 4, 1), strict=True):
        x = scores[name].dropna()
        bins = np.arange(x.min() - x.min() % width, x.max() + width + 1, width)
        ax.hist(
            [x[scores["group"] == g] for g in targets.groups],
            bins,
            stacked=True,
            color=_GROUPS,
            label=targets.groups,
        )
        ax.set_title(_title(targets, name), fontsize=8, loc="left", color=_INK)
    axes[-1].legend(fontsize=7, frameon=False)
    axes[0].set_ylabel("respondenten", fontsize=8)
    return fig


def alpha_plot(targets: Targets, alphas: dict[str, float]) -> Figure:
    """Draw Cronbach's alpha of each scale on the chosen band."""
    fig, axes = _axes(1, 1, 3.6)
    ax = axes[0]
    limits = targets.config["bounds"]["alpha"]
    names = sorted(alphas, key=lambda n: alphas[n])
    ax.axvspan(limits["min"], limits["max"], color=_BAND, lw=0)
    ax.plot([alphas[n] for n in names], range(len(names)), "o", color=_ACCENT)
    for i, n in enumerate(names):
        ax.annotate(
            dutch(alphas[n], 2),
            (alphas[n], i),
            xytext=(8, -3),
            textcoords="offset points",
            fontsize=7.5,
            color=_INK,
        )
    ax.set_yticks(range(len(names)), [_title(targets, n) for n in names], fontsize=8)
    ax.set_xlim(0.5, 1.0)
    return fig


def numeric(targets: Targets, scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores with the contract as temporary (1) or permanent (0)."""
    frame = scores.copy()
    frame["dienstverband"] = (
        scores["dienstverband"]
        .isin(targets.config["counts"]["dienstverband_shares"]["tijdelijk"])
        .astype(float)
    )
    return frame


def correlations(targets: Targets, scores: pd.DataFrame) -> Figure:
    """Draw the correlations of all drawn variables, lower triangle."""
    config = targets.config
    names = [*config["scores"], *config["binary"], *config["demographic"]]
    r = numeric(targets, scores)[names].corr(min_periods=30).to_numpy()
    fig, axes = _axes(1, 1, 9.6)
    ax = axes[0]
    shown = np.where(np.tril(np.ones_like(r), -1) > 0, r, np.nan)
    image = ax.imshow(shown, cmap="RdBu_r", vmin=-0.7, vmax=0.7)
    for i in range(len(names)):
        for j in range(i):
            if abs(r[i, j]) >= 0.15:
                ax.text(
                    j,
                    i,
                    dutch(r[i, j], 2).replace("0,", ","),
                    ha="center",
                    va="center",
                    fontsize=4.8,
                    color="white" if abs(r[i, j]) > 0.42 else _INK,
                )
    ax.set_xticks(range(len(names)), names, rotation=90, fontsize=6.5)
    ax.set_yticks(range(len(names)), names, fontsize=6.5)
    bar = fig.colorbar(image, ax=ax, shrink=0.5, pad=0.01)
    bar.ax.tick_params(labelsize=7)
    return fig


def dutch(value: float, decimals: int) -> str:
    """Write a number in Dutch notation."""
    text = f"{value:,.{decimals}f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return text.replace("-0,00", "0,00")
