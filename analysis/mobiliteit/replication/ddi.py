"""The codebook of a wave as DDI-Codebook 2.5 XML, the format in which archives exchange codebooks.

Written from the specification and the published schema of DDI-Codebook 2.5 (DDI Alliance, 2012),
within the cardinalities of 2.5 itself, so that an instance is valid under 2.5.1 too. It holds
descriptions and summary statistics; no respondent's answers.

Tested against a schema of our own that states content models, order, required attributes and
controlled values of the elements used here (``tests/reference/ddi``; its README says how that was
compared with the text of the official one, which is not kept here).
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version

from mobiliteit.replication.variables import Described, Summary, describe_variables, roles
from mobiliteit.study_schema import Label
from mobiliteit.wave import Wave
from mobiliteit.weights import WEIGHT

NAMESPACE = "ddi:codebook:2_5"
LOCATION = "https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
LANGUAGES = ("en", "nl")
FILE_ID = "F1"
# DDI knows no binary variables; two codes without an order are nominal.
NATURE = {"binary": "nominal"}
EMPTY = (
    "Missing answers are empty in the data file, whatever the reason; the missing codes listed here"
    " are those of the questionnaire."
)
CLEANED = (
    "Exclusions, missing values, recodes and corrections are counted, with reasons, in the ledger"
    " beside the data file. Reversed items are mirrored, so that high means high on the scale."
)


def codebook_xml(wave: Wave, variables: Sequence[Described] | None = None) -> str:
    """Write the codebook of a wave as DDI-Codebook 2.5.

    Parameters
    ----------
    wave : Wave
        The wave. With weights, weighted means, deviations and percentages stand beside the
        unweighted ones, flagged ``wgtd``.
    variables : sequence of Described, optional
        Of :func:`mobiliteit.replication.variables.describe_variables`, when made already.

    Returns
    -------
    str
        An XML document in UTF-8 whose labels are in Dutch and English. Statistics are unrounded,
        with a decimal point; what cannot be computed is left out.
    """
    variables = describe_variables(wave) if variables is None else variables
    root = ET.Element(
        "codeBook",
        {"xmlns": NAMESPACE, "version": "2.5", LANG: "en", INSTANCE: f"{NAMESPACE} {LOCATION}"},
    )
    _document(root, wave)
    _study(root, wave)
    _file(root, wave)
    _data(root, wave, variables)
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _add(
    parent: ET.Element, tag: str, text: str = "", lang: str = "", **attributes: str
) -> ET.Element:
    """Add an element; `_` in the name of an attribute stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in attributes.items()}
    child = ET.SubElement(parent, tag, {LANG: lang, **named} if lang else named)
    # XML 1.0 has no place for control characters, whatever a supplier wrote
    child.text = "".join(c for c in text if c.isprintable() or c == "\n") or None
    return child


def _both(parent: ET.Element, tag: str, label: Label, **attributes: str) -> None:
    """Add an element in both languages."""
    for lang in LANGUAGES:
        _add(parent, tag, getattr(label, lang), lang, **attributes)


def _titles(parent: ET.Element, title: Label, identifier: str) -> ET.Element:
    citation = _add(parent, "citation")
    statement = _add(citation, "titlStmt")
    _add(statement, "titl", title.en, "en")
    _add(statement, "parTitl", title.nl, "nl")
    _add(statement, "IDNo", identifier, agency="mobiliteit")
    return citation


def _document(root: ET.Element, wave: Wave) -> None:
    book = wave.study.codebook.study
    title = Label(
        nl=f"Codeboek van golf {wave.id}: {wave.descriptor.title_nl}",
        en=f"Codebook of wave {wave.id}: {wave.descriptor.title_en}",
    )
    citation = _titles(_add(root, "docDscr"), title, f"{book.id}-{wave.id}-codebook")
    produced = _add(citation, "prodStmt")
    _add(produced, "producer", "mobiliteit")
    _add(produced, "software", "mobiliteit", version=version("mobiliteit"))


def _study(root: ET.Element, wave: Wave) -> None:
    book, descriptor = wave.study.codebook.study, wave.descriptor
    study = _add(root, "stdyDscr")
    title = Label(nl=descriptor.title_nl, en=descriptor.title_en)
    citation = _titles(study, title, f"{book.id}-{wave.id}")
    _add(_add(citation, "rspStmt"), "AuthEnty", descriptor.producer)
    produced = _add(citation, "prodStmt")
    _add(produced, "producer", descriptor.producer)
    moment = descriptor.date.isoformat()
    _add(produced, "prodDate", moment, date=moment)
    scope = _add(study, "stdyInfo")
    marks = {lang: wave.mark(lang) for lang in LANGUAGES}
    for lang, name in zip(LANGUAGES, (book.title_en, book.title_nl), strict=True):
        source = book.source_en if lang == "en" else book.source
        _add(scope, "abstract", " ".join(filter(None, [f"{name}. {source}.", marks[lang]])), lang)
    summary = _add(scope, "sumDscr")
    year = str(descriptor.year)
    _add(summary, "timePrd", year, date=year, event="single")
    _both(summary, "universe", Label(nl=book.population_nl, en=book.population_en))
    kind = "synthetic survey data, drawn by a generator" if wave.synthetic else "survey data"
    _add(summary, "dataKind", kind)
    collected = _add(_add(study, "method"), "dataColl")
    if wave.weights is not None:
        said = f"Raked to margins: {wave.weights.source}." if wave.weights.source else ""
        column = f"Source column: {wave.weights.column}." if wave.weights.column else ""
        text = " ".join(filter(None, ["Weights have mean 1.", column, said]))
        _add(collected, "weight", text, "en", ID="W1")
    _add(collected, "cleanOps", CLEANED, "en")
    use = _add(_add(study, "dataAccs"), "useStmt")
    _add(use, "conditions", f"Licence: {descriptor.licence}")
    if marks["en"]:
        _add(use, "disclaimer", marks["en"], "en")


def _file(root: ET.Element, wave: Wave) -> None:
    text = _add(_add(root, "fileDscr", ID=FILE_ID), "fileTxt")
    _add(text, "fileName", f"{wave.id}.parquet")
    size = _add(text, "dimensns")
    _add(size, "caseQnty", str(len(wave.frame)))
    _add(size, "varQnty", str(wave.frame.shape[1]))
    _add(text, "fileType", "Apache Parquet")
    _add(text, "dataMsng", EMPTY, "en")


def _data(root: ET.Element, wave: Wave, variables: Sequence[Described]) -> None:
    # Names of columns may hold what an XML id may not.
    ids = {entry.name: f"V{position}" for position, entry in enumerate(variables, start=1)}
    data = _add(root, "dataDscr")
    number = 0
    for role, label in roles(wave.study).items():
        members = [entry.name for entry in variables if entry.role == role]
        if members:
            number += 1
            _group(data, f"G{number}", "subject", label, members, ids)
    for entry in variables:
        if entry.kind == "scale":
            number += 1
            _group(data, f"G{number}", "grid", entry.label, [entry.name, *entry.of], ids)
    for entry in variables:
        _variable(data, entry, ids)


def _group(
    data: ET.Element,
    identifier: str,
    kind: str,
    label: Label,
    members: Iterable[str],
    ids: Mapping[str, str],
) -> None:
    listed = " ".join(ids[name] for name in members)
    group = _add(data, "varGrp", ID=identifier, type=kind, var=listed)
    _both(group, "labl", label)


def _variable(data: ET.Element, entry: Described, ids: Mapping[str, str]) -> None:
    variable = _add(
        data,
        "var",
        ID=ids[entry.name],
        name=entry.name,
        files=FILE_ID,
        intrvl="contin" if entry.level == "interval" else "discrete",
        nature=NATURE.get(entry.level, entry.level),
        **({"wgt": "wgt"} if entry.name == WEIGHT else {}),
        **({"measUnit": entry.unit.en} if entry.unit else {}),
    )
    _both(variable, "labl", entry.label)
    _valid(variable, entry)
    if entry.missing:
        invalid = _add(variable, "invalrng")
        for code in entry.missing:
            _add(invalid, "item", VALUE=str(code))
    if entry.asked:
        _both(variable, "universe", entry.asked)
    _statistics(variable, entry, ids)
    _categories(variable, entry, ids)
    if entry.of:
        derivation = _add(variable, "derivation", var=" ".join(ids[name] for name in entry.of))
        if entry.made:
            _add(derivation, "drvdesc", entry.made.en, "en")
    coded = bool(entry.categories) and entry.summary is None
    text = coded or (entry.kind == "weight" and entry.summary is None)
    _add(variable, "varFormat", type="character" if text else "numeric")
    _notes(variable, entry)


def _valid(variable: ET.Element, entry: Described) -> None:
    if entry.range is None and not entry.categories:
        return
    valid = _add(variable, "valrng")
    if entry.range is not None:
        low, high = (f"{value:g}" for value in entry.range)
        _add(valid, "range", UNITS="REAL", min=low, max=high)
    for category in entry.categories if entry.range is None else ():
        _add(valid, "item", VALUE=category.value)


def _statistics(variable: ET.Element, entry: Described, ids: Mapping[str, str]) -> None:
    _add(variable, "sumStat", str(entry.n), type="vald", wgtd="not-wgtd")
    _add(variable, "sumStat", str(entry.n_missing), type="invd", wgtd="not-wgtd")
    if entry.summary is None:
        return
    found: Summary = entry.summary
    plain = {"min": found.low, "max": found.high, "mean": found.mean, "stdev": found.sd}
    for kind, value in plain.items():
        if math.isfinite(value):
            _add(variable, "sumStat", repr(value), type=kind, wgtd="not-wgtd")
    for kind, value in {"mean": found.weighted_mean, "stdev": found.weighted_sd}.items():
        if math.isfinite(value):
            marks = {"type": kind, "wgtd": "wgtd", "wgt_var": ids[WEIGHT]}
            _add(variable, "sumStat", repr(value), **marks)


def _categories(variable: ET.Element, entry: Described, ids: Mapping[str, str]) -> None:
    for category in entry.categories:
        element = _add(variable, "catgry")
        _add(element, "catValu", category.value)
        _both(element, "labl", category.label)
        _add(element, "catStat", str(category.n), type="freq", wgtd="not-wgtd")
        if math.isfinite(category.percent):
            marks = {"type": "percent", "wgtd": "wgtd", "wgt_var": ids[WEIGHT]}
            _add(element, "catStat", repr(category.percent), **marks)
    for code, reason in (entry.missing or {}).items():
        element = _add(variable, "catgry", missing="Y", missType=reason.en)
        _add(element, "catValu", str(code))
        _both(element, "labl", reason)


def _notes(variable: ET.Element, entry: Described) -> None:
    if entry.n_not_asked:
        text = f"Not asked: {entry.n_not_asked} of the {entry.n_missing} without a value."
        _add(variable, "notes", text, "en", type="not asked")
    if entry.assumption:
        _add(variable, "notes", entry.assumption, "en", type="assumption")
    if entry.kind == "item":
        text = "The wording is inferred from the report, which prints no questionnaire."
        _add(variable, "notes", text, "en", type="wording")
    if entry.reversed:
        text = "Mirrored: lowest plus highest code minus the answer. Labels are those of the answer"
        _add(variable, "notes", f"{text} given.", "en", type="reversed")
    if entry.page:
        tables = f", tables {', '.join(entry.tables)}" if entry.tables else ""
        _add(variable, "notes", f"Report: page {entry.page}{tables}.", "en", type="source")
    for note in entry.notes:
        _both(variable, "notes", note, type="wave")
