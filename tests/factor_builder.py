"""Items drawn from one factor, and rows that have given moments exactly."""

import numpy as np
import pandas as pd


def exact_rows(covariance, n=200, mean=None, seed=0):
    """Rows whose mean and covariance (divisor n) are exactly the given ones."""
    covariance = np.asarray(covariance, dtype="float64")
    drawn = np.random.default_rng(seed).normal(size=(n, len(covariance)))
    drawn -= drawn.mean(axis=0)
    white = drawn @ np.linalg.inv(np.linalg.cholesky(drawn.T @ drawn / n)).T
    rows = white @ np.linalg.cholesky(covariance).T
    return rows + (0 if mean is None else np.asarray(mean))


def frame_of(*groups):
    """Groups of rows as a frame: columns x1, x2, ... and a categorical ``wave`` a, b, ..."""
    rows = np.vstack(groups)
    frame = pd.DataFrame(rows, columns=[f"x{i + 1}" for i in range(rows.shape[1])])
    labels = [chr(ord("a") + g) for g in range(len(groups))]
    wave = np.repeat(labels, [len(group) for group in groups])
    return frame.assign(wave=pd.Categorical(wave, categories=labels))


def draw(rng, n, loadings, *, mean=0.0, sd=1.0, intercepts=None, five_points=True):
    """Answers of n people: one factor, item variances near 1; in five skewed classes if asked."""
    loadings = np.asarray(loadings, dtype="float64")
    factor = rng.normal(mean, sd, n)
    shift = 0 if intercepts is None else np.asarray(intercepts)
    noise = rng.normal(size=(n, len(loadings))) * np.sqrt(1 - loadings**2)
    latent = factor[:, None] * loadings + shift + noise
    return 1.0 + np.digitize(latent, [-1.5, -0.8, 0.0, 1.0]) if five_points else latent
