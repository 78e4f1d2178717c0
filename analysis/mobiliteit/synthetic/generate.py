"""Draw the bundled wave, check the written file, and go to the next seed if it misses."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mobiliteit.errors import MobiliteitError, Problem

from .anneal import anneal
from .assemble import assemble
from .bounds import Bound, measure_bounds
from .check import Verdict, evaluate, read_back
from .draw import Draw, draw_answers
from .people import draw_people
from .problem import build_problem
from .rawfile import build_file
from .savfile import FILE_NAME, write_wave
from .targets import Targets, load_targets

Progress = Callable[[str, float], None]


class SyntheticError(MobiliteitError):
    """No wave was drawn; the earlier one is left as it was."""


@dataclass(frozen=True)
class Attempt:
    """What one seed gave.

    Attributes
    ----------
    seed : int
    seconds : float
    loss : float
        Loss left by the annealing; 0 when every cell is inside its interval.
    exact, cells : int
        Published cells that the written file gives, and all of them.
    missed : tuple of str
        Cells and bounds that are missed.
    """

    seed: int
    seconds: float
    loss: float
    exact: int
    cells: int
    missed: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Every cell exact and every bound met."""
        return self.exact == self.cells and not self.missed


@dataclass(frozen=True)
class Checked:
    """A written wave held against every published cell and every bound."""

    verdicts: tuple[Verdict, ...]
    bounds: tuple[Bound, ...]

    @property
    def exact(self) -> int:
        """Number of published cells that the wave gives."""
        return sum(verdict.exact for verdict in self.verdicts)

    @property
    def missed(self) -> tuple[str, ...]:
        """Cells and bounds that are missed, each with what was wanted and what was found."""
        cells = [
            f"{v.cell.table} {v.cell.row} {v.cell.column} ({v.cell.printed}: {v.computed:.4f})"
            for v in self.verdicts
            if not v.exact
        ]
        return (
            *cells,
            *(
                f"{b.kind} {b.name} ({b.value:.3f} not in {b.low:g}..{b.high:g})"
                for b in self.bounds
                if not b.met
            ),
        )


@dataclass(frozen=True)
class Run:
    """Outcome of :func:`run`: the accepted seed, where the wave is, and every attempt."""

    seed: int
    path: Path
    attempts: tuple[Attempt, ...] = field(default_factory=tuple)


def run(
    seed: int | None = None,
    out_dir: str | Path = "data_raw/2006",
    *,
    resume: bool = True,
    progress: bool | Progress = True,
) -> Run:
    """Draw the synthetic wave and write it, with its ``wave.yaml``.

    Parameters
    ----------
    seed : int, optional
        Only this seed. By default the seeds of ``synthetic_targets.yaml`` are tried in turn until
        one gives a wave
        that agrees with every published cell, every number in the text and every bound.
    out_dir : path
        Folder of the wave. It is written only when a seed succeeds.
    resume : bool
        Go on from the checkpoint of an interrupted run with the same targets (kept beside
        ``out_dir``).
    progress : bool or callable
        True: a progress bar; a callable gets (text, share done); False: silence.

    Returns
    -------
    Run

    Raises
    ------
    SyntheticError
        No seed succeeded, or numba is not installed; ``out_dir`` is as it was.
    """
    if importlib.util.find_spec("numba") is None:
        # before any work, rather than after the first draw
        remedy = "Run `make synthesize`, or install the extra `synthesize` (numba)."
        raise SyntheticError(
            "The generator cannot run.", [Problem("numba is not installed", remedy)]
        )
    targets = load_targets()
    out = Path(out_dir)
    work = out.parent / f".{out.name}.synthesize"
    if not resume and work.exists():
        shutil.rmtree(work)
    work.mkdir(parents=True, exist_ok=True)
    attempts: list[Attempt] = []
    with _shown(progress) as show:
        for one in [seed] if seed is not None else targets.config["seeds"]:
            with tempfile.TemporaryDirectory() as temp:
                attempt = draw_wave(targets, one, Path(temp), work / f"{one}.npz", show)
                attempts.append(attempt)
                if attempt.good:
                    _publish(Path(temp), out)
                    break
    best = max(attempts, key=lambda a: (a.good, a.exact, -len(a.missed)))
    if not best.good:
        raise SyntheticError(
            f"No seed of {[a.seed for a in attempts]} gave a wave that agrees with everything; the "
            f"nearest, {best.seed}, has {best.exact} of {best.cells} cells.",
            [Problem(text, "Widen a prior or add a seed.") for text in best.missed[:8]],
        )
    shutil.rmtree(work)
    return Run(best.seed, out / FILE_NAME, tuple(attempts))


def draw_wave(
    targets: Targets, seed: int, out_dir: Path, checkpoint: Path | None, show: Progress
) -> Attempt:
    """Draw one wave for one seed, write it to ``out_dir`` and check the written file.

    A seed gives the same wave on the same machine and library versions; other versions of the
    numerical libraries may round differently on the way and end in another wave.
    """
    began = time.perf_counter()
    spec = targets.config["anneal"]
    rng = [np.random.default_rng([seed, stage]) for stage in range(4)]
    show(f"seed {seed}: head counts and people", 0.01)
    people = draw_people(targets, rng[0])
    draw = draw_answers(targets, people, rng[1])
    problem, x = build_problem(targets, draw)
    x, loss = anneal(
        problem,
        x,
        spec,
        seed,
        checkpoint,
        lambda k, n, t, rest: show(
            f"seed {seed}: temperature {t:.4f}, loss {rest:.2f}",
            0.03 + 0.9 * min(1.0, k / spec["chunks"]) * (k <= n),
        ),
    )
    show(f"seed {seed}: items and file", 0.95)
    done = Draw(draw.names, x[:, : len(draw.names)].copy(), draw.answered, people)
    # the contract was annealed as temporary or not; the answer has four codes
    done.values[:, draw.names.index("dienstverband")] = people["dienstverband"]
    answers = assemble(targets, done, rng[2])
    raw, corrections = build_file(targets, answers, people, rng[3])
    write_wave(targets, raw, corrections, seed, out_dir)
    checked = check_wave(targets, out_dir)
    exact, cells = checked.exact, len(checked.verdicts)
    show(f"seed {seed}: {exact} of {cells} cells", 1.0)
    seconds = time.perf_counter() - began
    return Attempt(seed, seconds, loss, exact, cells, checked.missed)


def check_wave(targets: Targets, wave_dir: Path) -> Checked:
    """Measure the cells and bounds of a written wave, from its files alone."""
    answers, scores = read_back(targets, wave_dir)
    return Checked(
        tuple(evaluate(targets, scores)), tuple(measure_bounds(targets, answers, scores))
    )


def _publish(source: Path, out: Path) -> None:
    """Move the files of a finished wave into place, each in one step, the descriptor last."""
    out.mkdir(parents=True, exist_ok=True)
    for name in (FILE_NAME, "wave.yaml"):
        part = out / f".{name}.part"
        shutil.copyfile(source / name, part)
        part.replace(out / name)


@contextmanager
def _shown(progress: bool | Progress) -> Iterator[Progress]:
    """Show progress by a bar, the caller's function, or not at all."""
    if callable(progress):
        yield progress
    elif not progress:
        yield lambda text, share: None
    else:
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        with Bar(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()) as bar:
            task = bar.add_task("synthetic wave", total=1.0)
            yield lambda text, share: bar.update(task, description=text, completed=share)
