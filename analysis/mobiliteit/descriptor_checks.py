"""What can be wrong with a sidecar that fits its schema: held against itself and the codebook.

Each check yields what is wrong, what to do about it, and the source column that it is about;
:func:`mobiliteit.descriptor.load_descriptor` shows all of them together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from mobiliteit.codes import Key, key_of, keys_of, missing_codes, shown
from mobiliteit.descriptor_schema import (
    PLACEHOLDER,
    Descriptor,
    MultiSelect,
    SourceColumn,
    TickColumns,
    TickList,
)
from mobiliteit.errors import brief
from mobiliteit.study import Study
from mobiliteit.study_schema import Column

Found = tuple[str, str, str | None]
YES_NO = {0, 1}


def sidecar_problems(descriptor: Descriptor, study: Study, folder: str) -> Iterator[Found]:
    """Find all that is wrong with a sidecar, its item patterns written out.

    Parameters
    ----------
    descriptor : Descriptor
        The sidecar.
    study : Study
        With the codebook and the segment rules that the wave must serve.
    folder : str
        Name of the wave's folder.

    Yields
    ------
    tuple of (str, str, str or None)
        What is wrong, the remedy, and the source column.
    """
    columns = {column.name: column for column in study.codebook.columns()}
    yield from _heading(descriptor, folder)
    yield from _roles(descriptor)
    yield from _reasons(descriptor, study)
    for source, entry in descriptor.columns.items():
        if entry.variable in columns:
            for what in _translation(entry, columns[entry.variable], descriptor, study):
                yield what, "Correct the entry.", source
    for multi in descriptor.multi_select:
        for what in _multi_select(multi, columns):
            yield what, "Correct the entry under `multi_select`.", _first_source(multi)
    yield from _mapping(descriptor, study, set(columns))
    yield from _selection(descriptor)
    yield from _corrections(descriptor, study)


def multi_sources(multi: MultiSelect) -> list[str]:
    """Source columns of a question with several answers."""
    if isinstance(multi, TickList):
        return [multi.column]
    return [*multi.columns, *([multi.none] if multi.none is not None else [])]


def multi_targets(multi: MultiSelect) -> list[str]:
    """Codebook columns that a question with several answers fills, each as often as mapped to."""
    if isinstance(multi, TickList):
        # two options may say the same, such as two kinds of one answer
        return list(dict.fromkeys(target for target in multi.options.values() if target))
    return [multi.variable] if multi.variable is not None else [*map(str, multi.columns.values())]


def _first_source(multi: MultiSelect) -> str:
    return multi_sources(multi)[0]


def _heading(descriptor: Descriptor, folder: str) -> Iterator[Found]:
    if descriptor.wave != folder:
        yield (
            f"the sidecar names wave {brief(descriptor.wave)}, its folder is {folder}",
            "Give both the same name.",
            None,
        )
    if descriptor.synthetic and not (descriptor.synthetic_note_nl and descriptor.synthetic_note_en):
        yield (
            "a synthetic wave without a note that says so",
            "Fill in synthetic_note_nl and synthetic_note_en.",
            None,
        )
    if not descriptor.synthetic and descriptor.respondent.salt is not None:
        yield (
            "a real wave gives its salt in the sidecar, where whoever reads it can guess ids",
            "Remove respondent.salt; the salt stays in data_raw/salt.txt.",
            None,
        )
    for name in ("title_nl", "title_en", "producer", "licence"):
        if PLACEHOLDER in str(getattr(descriptor, name)).casefold():
            yield f"{name} is still to be filled in", "Fill it in.", None


def _roles(descriptor: Descriptor) -> Iterator[Found]:
    """Find source columns that have two roles that exclude each other."""
    places: list[tuple[str, Iterable[str]]] = [
        ("respondent", [descriptor.respondent.column]),
        ("columns", descriptor.columns),
        *(("multi_select", multi_sources(multi)) for multi in descriptor.multi_select),
        ("identifiers", descriptor.identifiers),
        ("ignore", descriptor.ignore),
    ]
    roles: dict[str, list[str]] = {}
    for role, sources in places:
        for source in sources:
            roles.setdefault(source, []).append(role)
    for source, named in roles.items():
        if named == ["columns", "ignore"]:
            yield "it is both mapped and ignored", "Remove one of the two.", source
        elif len(named) > 1:
            yield f"it stands under {' and '.join(named)}", "Keep one of them.", source
    for source in descriptor.not_identifying:
        if source in descriptor.identifiers:
            yield "it stands under identifiers and not_identifying", "Keep one.", source
    for source in dict.fromkeys(descriptor.selection_columns):
        if source in descriptor.identifiers:
            yield (
                "a rule of `exclude` or `include` names it, but identifiers are dropped first",
                "Use another column, or move it to `ignore` if it identifies nobody.",
                source,
            )
    yield from _process_roles(descriptor, roles)


def _process_roles(descriptor: Descriptor, roles: Mapping[str, list[str]]) -> Iterator[Found]:
    speeders = descriptor.careless.speeders if descriptor.careless else None
    design = descriptor.weights
    measured = {"careless.speeders.column": speeders.column if speeders else None}
    drawn: dict[str, str | None] = {}
    if design is not None:
        measured["weights.column"] = design.column
        drawn = {"weights.stratum": design.stratum, "weights.cluster": design.cluster}
    # a stratum may be a question of the study, such as the branch; a weight or a duration is none
    for allowed, named in (({"ignore"}, measured), ({"ignore", "columns"}, drawn)):
        for place, source in named.items():
            for role in roles.get(str(source), []):
                if source is not None and role not in allowed:
                    yield f"{place} names it, and so does {role}", "Keep one of them.", source
    used = Counter(source for source in (*measured.values(), *drawn.values()) if source)
    for source, n in used.items():
        if n > 1:
            yield "`careless` and `weights` name it more than once", "Name other columns.", source


def _reasons(descriptor: Descriptor, study: Study) -> Iterator[Found]:
    """Find missing reasons that the codebook does not have, and codes that cannot be told apart."""
    known = study.codebook.missing_reasons
    listed: list[tuple[str | None, Mapping[int | float | str, str]]] = [
        (None, descriptor.missing),
        *((source, entry.missing or {}) for source, entry in descriptor.columns.items()),
        *((m.column, m.missing) for m in descriptor.multi_select if isinstance(m, TickList)),
    ]
    for source, missing in listed:
        for code, reason in missing.items():
            if reason not in known:
                yield (
                    f"`missing` gives {_code(code)} the reason {_said(reason)}, which the codebook "
                    f"does not have; it has {', '.join(known)}",
                    "Use one of these, or add it to the codebook.",
                    source,
                )
        for what in _alike(missing, "missing", descriptor):
            yield what, "Keep one of them.", source


def _alike(codes: Iterable[object], place: str, descriptor: Descriptor) -> Iterator[str]:
    """Find codes that are the same once trimmed and freed of capitals, and empty ones."""
    seen: dict[Key, object] = {}
    for code in codes:
        key = key_of(code, descriptor.file.csv)
        if key is None:
            yield f"`{place}` lists an empty cell, which is no answer given in any case"
        elif key in seen:
            both = f"{_said(seen[key])} and {_said(code)}"
            yield f"`{place}` lists {both}, which cannot be told apart"
        seen[key] = code


def _translation(
    entry: SourceColumn, column: Column, descriptor: Descriptor, study: Study
) -> Iterator[str]:
    """Find translations that lead nowhere, or that would lose answers in silence."""
    csv = descriptor.file.csv
    yield from _alike(entry.recode, "recode", descriptor)
    low, high = column.bounds
    missing = missing_codes(entry, column, descriptor)
    recoded = keys_of(entry.recode, csv)
    for code, target in entry.recode.items():
        if not _is_answer(target, column):
            yield f"it recodes {_code(code)} to {target}, which is no answer to {column.name}"
    for code in missing:
        key = key_of(code, csv)
        if key in recoded:
            yield f"it recodes {_code(code)}, which is a missing code of {column.name}"
        elif entry.rescale is not None and _between(key, *entry.rescale):
            yield (
                f"{_code(code)} is a missing code and lies on the scale that `rescale` names; "
                "give this column its own `missing`, which may be empty ({})"
            )
        elif entry.missing is None and not entry.recode and _is_answer(key, column):
            yield (
                f"the sidecar's `missing` lists {_code(code)}, an answer to {column.name}; "
                "give this column its own `missing`"
            )
    if entry.rescale is not None:
        if not column.values or column.level not in ("ordinal", "interval"):
            yield f"it rescales, but {column.name} has no response scale"
        elif column.variable in _decisive(study):
            yield f"it rescales, but single answers to {column.variable} decide who is asked what"
    if entry.reversed:
        if entry.recode:
            yield "give `recode` or `reversed`, not both: a recode can list the codes reversed"
        elif not column.values or column.level == "nominal":
            yield f"it is reversed, but the answers to {column.name} have no order"
        elif entry.rescale is None and {low + high - code for code in column.values} != set(
            column.values
        ):
            yield f"it is reversed, but the codes of {column.name} are not evenly placed"


def _said(text: object) -> str:
    # whoever wrote the sidecar decides how long a name is; a message stays readable
    return brief(repr(text))


def _code(value: object) -> str:
    return brief(shown(value))


def _is_answer(code: object, column: Column) -> bool:
    if not isinstance(code, int | float):
        return False
    return _between(code, *column.bounds) if column.range else code in column.values


def _between(key: object, low: float, high: float) -> bool:
    return isinstance(key, int | float) and low <= key <= high


def _decisive(study: Study) -> set[str]:
    """Variables of which single codes decide: those of the skip rules and the segment rules."""
    filters = {name for entry in study.codebook.variables.values() for name in entry.asked}
    return filters | _segment_variables(study)


def _segment_variables(study: Study) -> set[str]:
    segments = study.segments.segments.values()
    return {name for segment in segments for rule in segment.when for name in rule.variables}


def _multi_select(multi: MultiSelect, columns: Mapping[str, Column]) -> Iterator[str]:
    if isinstance(multi, TickColumns) and multi.variable is not None:
        if multi.variable in columns:
            for source, code in multi.columns.items():
                if not _is_answer(code, columns[multi.variable]):
                    yield f"{brief(source)} stands for {code}, no answer to {multi.variable}"
    else:
        for name in multi_targets(multi):
            if name in columns and set(columns[name].values) != YES_NO:
                yield f"{name} is no yes-or-no question, so a tick cannot answer it"
    if isinstance(multi, TickColumns):
        both = keys_of(multi.ticked) & keys_of(multi.unticked)
        if both:
            yield f"{', '.join(map(_code, both))} would mean ticked and unticked"
        if None in keys_of(multi.ticked):
            yield "an empty cell cannot mean ticked"
        if multi.none in multi.columns:
            yield f"{brief(multi.none)} stands for an answer and for none of them"
        return
    parts = [*multi.options, *multi.none]
    if len(keys_of([*parts, *multi.missing])) < len([*parts, *multi.missing]):
        yield "two of its options, `none` and `missing` cannot be told apart"
    for part in parts:
        if not isinstance(part, str):
            continue
        if not part.strip():
            yield "one of its options is empty"
        elif multi.separator in part:
            separator = _said(multi.separator)
            yield f"its option {_said(part)} holds the separator {separator}: it never matches"


def _mapping(descriptor: Descriptor, study: Study, known: set[str]) -> Iterator[Found]:
    mapped = [(entry.variable, source) for source, entry in descriptor.columns.items()]
    for multi in descriptor.multi_select:
        mapped += [(target, _first_source(multi)) for target in multi_targets(multi)]
    times = Counter(name for name, _ in mapped)
    for name, source in mapped:
        if name not in known:
            yield (
                f"it maps to {_said(name)}, which is not in the codebook",
                "Correct the name, or move the column to `ignore`.",
                source,
            )
        elif times[name] > 1:
            yield f"{name} is mapped more than once", "Keep one source column.", source
    for name in sorted(known - set(times) - set(descriptor.absent)):
        yield (
            f"no source column is mapped to {name}",
            "Map one under `columns`, or list it under `absent` with the reason.",
            None,
        )
    for name in sorted(set(descriptor.absent) & set(times)):
        yield f"{brief(name)} is both mapped and absent", "Remove one of the two.", None
    for name in sorted(set(descriptor.absent) - known):
        yield (
            f"`absent` lists {brief(name)}, which is not in the codebook",
            "Correct the name.",
            None,
        )
    for name in sorted(set(descriptor.absent) & _segment_variables(study)):
        yield (
            f"`absent` lists {name}, without which nobody can be sorted into a segment",
            "Map the source column that answers it: segments.yaml says what the rules need.",
            None,
        )


def _selection(descriptor: Descriptor) -> Iterator[Found]:
    include, csv = descriptor.include, descriptor.file.csv
    for rule in descriptor.exclude:
        if include is not None and rule.column == include.column:
            both = keys_of(rule.is_, csv) & keys_of(include.is_, csv)
            if both:
                codes = ", ".join(map(_code, both))
                yield f"`exclude` and `include` both name {codes}", "Keep one.", rule.column


def _corrections(descriptor: Descriptor, study: Study) -> Iterator[Found]:
    reasons = study.codebook.missing_reasons
    correctable = {
        *descriptor.columns,
        *(source for multi in descriptor.multi_select for source in multi_sources(multi)),
    }
    for correction in descriptor.corrections:
        if correction.column not in correctable:
            yield "a correction of a column that is not mapped", "Correct it.", correction.column
        if (correction.to is None) != (correction.missing_reason in reasons):
            yield (
                "a correction needs either `to`, or `to: null` with a missing_reason out of "
                + ", ".join(reasons),
                "Complete the entry.",
                correction.column,
            )
