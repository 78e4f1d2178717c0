"""Writing a drawn wave: a labelled SPSS file and its ``wave.yaml``, reproducible byte for byte."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import yaml

from .rawfile import missing_codes, parents_of, recode_of, source_columns
from .targets import Targets

VERSION = "1"
FILE_NAME = "panel_2006.sav"


def _labels(targets: Targets) -> dict[str, Any]:
    """Labels, value labels, missing ranges, measures and formats by source column."""
    spec = targets.config["export"]
    names = spec["columns"]
    parents = parents_of(targets)
    labels = {
        names["respondent"]: spec["respondent_label"],
        names["status"]: spec["status_label"],
        names["date"]: spec["date_label"],
        names["duration"]: spec["duration_label"],
    }
    values: dict[str, dict[int, str]] = {
        names["status"]: {int(k): v for k, v in spec["status"].items()}
    }
    missing: dict[str, list[int]] = {}
    measure = {
        names["respondent"]: "nominal",
        names["status"]: "nominal",
        names["date"]: "scale",
        names["duration"]: "scale",
    }
    formats = {names["respondent"]: "F8.0", names["status"]: "F1.0", names["duration"]: "F6.0"}
    reasons = targets.codebook["missing_reasons"]
    for column, item in source_columns(targets).items():
        name = parents[item]
        entry = targets.codebook["variables"][name]
        scale = targets.scale_of(name)
        text = (
            entry["label_nl"]
            if item == name
            else f"{entry['label_nl']}: {entry['items'][item]['nl']}"
        )
        labels[column] = text
        recode = recode_of(targets, name)
        own = {int(c): v["nl"] for c, v in scale.get("values", {}).items()}
        if recode:
            own = {k: spec["value_labels"].get(name, {}).get(k, own[v]) for k, v in recode.items()}
        own |= {int(c): reasons[r]["nl"] for c, r in scale.get("missing", {}).items()}
        values[column] = own
        missing[column] = missing_codes(targets, name)
        measure[column] = {"nominal": "nominal", "binary": "nominal", "ordinal": "ordinal"}.get(
            scale["level"], "scale"
        )
        formats[column] = "F4.0"
    return {
        "labels": labels,
        "values": values,
        "missing": missing,
        "measure": measure,
        "formats": formats,
    }


def write_wave(
    targets: Targets, raw: pd.DataFrame, corrections: list[dict[str, Any]], seed: int, out_dir: Path
) -> Path:
    """Write the SPSS file and ``wave.yaml``, each in one step so that nobody reads half a file.

    Returns
    -------
    Path
        The SPSS file.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    meta = _labels(targets)
    path = out_dir / FILE_NAME
    part = out_dir / f".{os.getpid()}.{FILE_NAME}"
    pyreadstat.write_sav(
        raw,
        str(part),
        file_label=targets.config["export"]["descriptor"]["title_nl"],
        column_labels=meta["labels"],
        variable_value_labels=meta["values"],
        missing_ranges=meta["missing"],
        variable_measure=meta["measure"],
        variable_format=meta["formats"],
    )
    data = bytearray(part.read_bytes())
    # the header holds the time of writing; a fixed one makes the file a function of the seed alone
    stamp = targets.config["export"]["descriptor"]["date"].strftime("%d %b %y").encode("ascii")
    data[92:101] = stamp.ljust(9)[:9]
    data[101:109] = b"12:00:00"
    part.write_bytes(bytes(data))
    descriptor = _descriptor(
        targets, raw, corrections, seed, hashlib.sha256(bytes(data)).hexdigest()
    )
    text = yaml.safe_dump(
        descriptor, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None
    )
    side = out_dir / f".{os.getpid()}.wave.yaml"
    side.write_text(text, encoding="utf-8")
    os.replace(part, path)
    os.replace(side, out_dir / "wave.yaml")
    return path


def _descriptor(
    targets: Targets, raw: pd.DataFrame, corrections: list[dict[str, Any]], seed: int, sha256: str
) -> dict[str, Any]:
    spec = targets.config["export"]["descriptor"]
    parents = parents_of(targets)
    columns: dict[str, Any] = {}
    for column, item in source_columns(targets).items():
        recode = recode_of(targets, parents[item])
        columns[column] = {"variable": item, "recode": recode} if recode else item
    return {
        "wave": spec["wave"],
        "year": targets.config["export"]["year"],
        "title_nl": spec["title_nl"],
        "title_en": spec["title_en"],
        "producer": spec["producer"],
        "licence": spec["licence"],
        "date": spec["date"],
        "synthetic": True,
        "synthetic_note_nl": spec["synthetic_note_nl"],
        "synthetic_note_en": spec["synthetic_note_en"],
        "file": {"name": FILE_NAME, "sha256": sha256, "rows": len(raw)},
        "generator": {"name": "mobiliteit.synthetic", "version": VERSION, "seed": seed},
        "respondent": {
            "column": targets.config["export"]["columns"]["respondent"],
            "salt": spec["salt"],
        },
        "exclude": spec["exclude"],
        "include": spec["include"],
        "identical_rows": spec["identical_rows"],
        "columns": columns,
        "ignore": spec["ignore"],
        "corrections": corrections,
    }
