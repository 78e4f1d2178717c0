"""From a file to a table: the one way in."""

from __future__ import annotations

import dataclasses
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mobiliteit.errors import Problem, WaveError
from mobiliteit.reading.child import DONE, NO_MEMORY
from mobiliteit.reading.formats import EXCEL, TEXT, Format, recognize
from mobiliteit.reading.helper import HELPER
from mobiliteit.reading.limits import Limits
from mobiliteit.reading.parsed import EMPTY_DATE, Column, Garbage, Parsed, load
from mobiliteit.reading.table import MissingCodes, RawTable

if TYPE_CHECKING:
    import pandas as pd

    from mobiliteit.descriptor_schema import CsvOptions, ExcelOptions

_DAMAGED = "Restore the file, or ask the supplier for it again."
_TOO_MUCH = "If the file is not damaged, ask the supplier for the columns that you need."


def read_file(
    path: Path,
    *,
    csv: CsvOptions | None = None,
    excel: ExcelOptions | None = None,
    limits: Limits | None = None,
) -> RawTable:
    """Read a supplier's file, in a process of its own.

    The content decides what it is; a suffix that says otherwise is an error. Formulas and macros
    are never acted on.

    Parameters
    ----------
    path : Path
        SPSS (``.sav``, ``.zsav``, ``.por``), Stata (``.dta``), SAS (``.sas7bdat``, ``.xpt``), text
        (``.csv``, ``.tsv``, ``.txt``), Excel (``.xlsx``, ``.xlsm``) or Parquet.
    csv : CsvOptions, optional
        How a text file is written; what is left out is found.
    excel : ExcelOptions, optional
        Which sheet, and how many rows of headers.
    limits : Limits, optional
        What reading may cost.

    Returns
    -------
    RawTable
        As delivered.

    Raises
    ------
    WaveError
        The file is empty, damaged, of an unknown format, not what its suffix or its options say,
        or costs more than the limits: all that is known to be wrong, together.
    OSError
        It cannot be opened.
    """
    form = recognize(path)
    options = _options(path, form, csv, excel)
    bounds = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="mobiliteit-") as folder:
        order = {
            "path": str(path.resolve()),
            "module": form.module,
            "kind": form.kind,
            "name": form.name,
            "options": options,
            "limits": dataclasses.asdict(bounds),
            "folder": folder,
        }
        status = HELPER.parse(order, 2 * bounds.seconds)
        if status != DONE:
            raise _refuse(path, [_death(status, form, bounds)])
        try:
            parsed = load(Path(folder))
            if isinstance(parsed, Parsed):
                return _table(parsed)
        except (Garbage, UnicodeError) as error:
            what = f"its bytes are damaged: reading it gives no table ({error})"
            raise _refuse(path, [Problem(what, _DAMAGED)]) from None
    raise _refuse(path, parsed)


def _refuse(path: Path, problems: list[Problem]) -> WaveError:
    placed = [dataclasses.replace(problem, file=path.name) for problem in problems]
    return WaveError(f"{path.name} cannot be read.", placed)


def _options(
    path: Path, form: Format, csv: CsvOptions | None, excel: ExcelOptions | None
) -> dict[str, Any]:
    problems = [
        Problem(
            f"the sidecar has `file.{name}`, but the file is {form.name}",
            f"Remove `file.{name}`, or name another file.",
        )
        for name, given, meant in (("csv", csv, TEXT), ("excel", excel, EXCEL))
        if given is not None and form is not meant
    ]
    if problems:
        raise _refuse(path, problems)
    given = csv or excel
    return {} if given is None else given.model_dump()


def _death(status: int | None, form: Format, limits: Limits) -> Problem:
    if status is None or status == -_number("SIGXCPU"):
        return Problem(
            f"reading it takes longer than {limits.seconds} seconds: it is damaged, or too large",
            _TOO_MUCH,
        )
    if status in {NO_MEMORY, -_number("SIGXFSZ"), -_number("SIGKILL")}:
        return Problem(
            f"reading it takes more than {limits.memory / 2**30:.3g} GiB of memory: it is damaged, "
            "or too large",
            _TOO_MUCH,
        )
    by = signal.Signals(-status).name if status < 0 else f"exit code {status}"
    return Problem(
        f"its bytes are damaged: reading it as {form.name} ends the parser ({by})", _DAMAGED
    )


def _number(name: str) -> int:
    # Not every system has all signals.
    return int(getattr(signal, name, 0)) or 10_000


def _table(parsed: Parsed) -> RawTable:
    import pandas as pd

    return RawTable(
        frame=pd.DataFrame(
            {name: _series(column) for name, column in parsed.columns.items()},
            index=pd.RangeIndex(parsed.rows),
        ),
        labels=parsed.labels,
        value_labels=parsed.value_labels,
        missing={
            name: MissingCodes(tuple(codes), tuple(ranges))
            for name, (codes, ranges) in parsed.missing.items()
        },
        facts=parsed.facts | {"rows": str(parsed.rows), "columns": str(len(parsed.columns))},
        cautions=tuple(parsed.cautions),
    )


def _series(column: Column) -> np.ndarray | pd.Series:
    import pandas as pd

    if column.kind == "number":
        return column.data
    if column.kind == "date":
        return np.where(
            column.data == EMPTY_DATE, np.datetime64("NaT"), column.data.astype("datetime64[us]")
        )
    texts = all(isinstance(value, str) for value in column.distinct)
    values = pd.Series(column.distinct, dtype="str" if texts else "object")
    return values.reindex(column.data).set_axis(pd.RangeIndex(len(column.data)))
