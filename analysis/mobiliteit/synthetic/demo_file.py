"""Writing the demo wave: the supplier's CSV file, margins to weight to, and ``wave.yaml``.

The sidecar is a template, :data:`TEMPLATE`; checksum, number of rows and sizes of the planted
changes are filled in. All three files are functions of the seed, byte for byte.
"""

from __future__ import annotations

import hashlib
import tempfile
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import yaml

from mobiliteit.descriptor import load_descriptor
from mobiliteit.descriptor_schema import Descriptor
from mobiliteit.errors import MobiliteitError, Problem
from mobiliteit.project import FIRST_WAVE, Project, write_atomically, write_text
from mobiliteit.study import Study, load_study

from .demo import draw_demo, read_panel
from .demo_design import COMPOSITION, MORE_MOVERS, OLDER_YEARS, Panel, make_design
from .demo_export import export
from .demo_plants import ITEM_UP, LAGGED, MEAN_UP_SD, REVERSED_BETA

WAVE = "2008-demo"
FILE_NAME = "export_careers_2008.csv"
MARGINS = "margins.csv"
SIDECAR = "wave.yaml"
TEMPLATE = "demo_wave.yaml"
SEED = 2008
ENCODING, SEPARATOR = "cp1252", ";"


def write_demo(project: Project, *, seed: int = SEED) -> list[Path]:
    """Draw the demo wave and write it to ``data_raw/2008-demo``.

    Parameters
    ----------
    project : Project
        Holds ``data_raw/2006``.
    seed : int
        The same seed gives the same bytes.

    Returns
    -------
    list of Path
        The export, the margins of the population and ``wave.yaml``.

    Raises
    ------
    MobiliteitError
        The wave of 2006 cannot be used, or the folder cannot be written to.
    """
    study = load_study()
    first, folder = project.raw(FIRST_WAVE), project.raw(WAVE)
    panel = read_panel(first, study)
    drawn = draw_demo(seed, panel=panel, study=study)
    facts: dict[str, Any] = {
        "seed": seed,
        "salt": _salt(first, study),
        "file": FILE_NAME,
        "sha256": "0" * 64,
        "rows": 1,
        "corrections": "  []",
    }
    frame, corrections = export(drawn, panel, study, _read_filled(facts, study), seed)
    text = frame.to_csv(sep=SEPARATOR, index=False, lineterminator="\r\n")
    data = text.encode(ENCODING)
    facts |= {
        "sha256": hashlib.sha256(data).hexdigest(),
        "rows": len(frame),
        "corrections": "\n".join(f"  - {_flow(entry)}" for entry in corrections),
    }
    paths = [folder / FILE_NAME, folder / MARGINS, folder / SIDECAR]
    write_atomically(paths[0], lambda path: path.write_bytes(data))
    write_text(paths[1], population_margins(panel, study, drawn.planted))
    write_text(paths[2], fill_template(facts))
    return paths


def fill_template(facts: dict[str, Any]) -> str:
    """Write the sidecar.

    Parameters
    ----------
    facts : dict
        ``seed, salt, file, sha256, rows, corrections``.
    """
    sizes = {"item": ITEM_UP, "lagged": LAGGED, "reversed": REVERSED_BETA, "mean_up": MEAN_UP_SD}
    texts = {f"{name}_en": f"{size:.2f}" for name, size in sizes.items()}
    texts |= {f"{name}_nl": f"{size:.2f}".replace(".", ",") for name, size in sizes.items()}
    whole = {"movers": f"{100 * MORE_MOVERS:.0f}", "older": f"{OLDER_YEARS:.0f}"}
    template = files("mobiliteit.synthetic").joinpath(TEMPLATE).read_text(encoding="utf-8")
    return Template(template).substitute(texts | whole | facts)


def population_margins(panel: Panel, study: Study, planted: tuple[str, ...]) -> str:
    """Write sex, age and education in the population of the demo wave, as the file of margins."""
    weights = make_design(panel, frozenset(planted) & set(COMPOSITION)).population
    age = study.codebook.derived["leeftijd_klasse"].classes
    shares = {
        "geslacht_klasse": {
            name: float(weights[panel.column("geslacht") == code].sum())
            for code, name in enumerate(("vrouw", "man"))
        },
        "leeftijd_klasse": {
            name: float(weights[panel.age_class == entry.from_].sum())
            for name, entry in age.items()
        },
        "opleiding_klasse": {
            name: float(weights[panel.education == name].sum())
            for name in study.codebook.derived["opleiding_klasse"].classes
        },
    }
    lines = ["variable,category,share"]
    for variable, classes in shares.items():
        rounded = {name: round(share, 3) for name, share in classes.items()}
        largest = max(rounded, key=lambda name: rounded[name])
        rounded[largest] += 1 - sum(rounded.values())
        lines += [f"{variable},{name},{share:.3f}" for name, share in rounded.items()]
    return "\n".join(lines) + "\n"


def _salt(first: Path, study: Study) -> str:
    salt = load_descriptor(first, study).respondent.salt
    if salt is None:
        problem = Problem(
            "it publishes no salt, so that its ids cannot be linked with those of the demo wave",
            "Write `respondent: {column: ..., salt: ...}` in its sidecar.",
            wave=FIRST_WAVE,
            file=SIDECAR,
        )
        raise MobiliteitError("The demo wave cannot be written.", [problem])
    return salt


def _read_filled(facts: dict[str, Any], study: Study) -> Descriptor:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / WAVE
        folder.mkdir()
        (folder / SIDECAR).write_text(fill_template(facts), encoding="utf-8")
        return load_descriptor(folder, study)


def _flow(entry: dict[str, Any]) -> str:
    text = yaml.safe_dump(
        entry, default_flow_style=True, sort_keys=False, allow_unicode=True, width=1000
    )
    return text.strip()
