"""A proposal as the text of ``wave.yaml``, for a researcher to correct by hand.

The columns stand in the order of the codebook: the items of a scale stay together whatever the
supplier did, and what is lacking shows. What could not be matched follows in the order of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from mobiliteit.descriptor_schema import PLACEHOLDER, CsvOptions, ExcelOptions
from mobiliteit.errors import legible
from mobiliteit.proposal.columns import Code, SourceProfile
from mobiliteit.proposal.matching import ACCEPTED, Match
from mobiliteit.proposal.roles import Roles
from mobiliteit.proposal.translated import entry, flow, grouped, number, shared_missing, undecided
from mobiliteit.reading import RawTable
from mobiliteit.study import Study

WIDTH = 60
MOST_VALUES = 6
SHOWN_FROM = 3
"""A value given by fewer people is not written into the sidecar: it may say who they are."""
# How the facts of a text file name the signs.
_SIGNS = {"semicolon": ";", "comma": ",", "tab": "\t", "bar": "|"}
_DECIMALS = {"comma": ",", "point": "."}
_WHY = ("naam", "label", "antwoorden", "reeks")


def sidecar_text(
    *,
    wave: str,
    file: str,
    sha256: str,
    table: RawTable,
    stated: Mapping[str, CsvOptions | ExcelOptions | None],
    profiles: Sequence[SourceProfile],
    matches: Sequence[Match],
    roles: Roles,
    unmatched: Sequence[str],
    lacking: Sequence[str],
    study: Study,
) -> str:
    """Write a proposed sidecar.

    Parameters
    ----------
    wave, file, sha256 : str
        Name of the wave, and name and checksum of the file.
    table : RawTable
        The file as read.
    stated : mapping
        ``csv`` and ``excel``: how the researcher said that the file is written.
    profiles, matches, roles
        What is known of its columns.
    unmatched : sequence of str
        Columns that need a decision.
    lacking : sequence of str
        Codebook columns that nothing was matched with.
    study : Study
        With the codebook.

    Returns
    -------
    str
        YAML with comments. What only the researcher knows is
        :data:`~mobiliteit.descriptor_schema.PLACEHOLDER`.
    """
    by_name = {profile.name: profile for profile in profiles}
    parts = [
        _head(wave, matches),
        _facts(wave, file, sha256, table, stated),
        _people(roles),
        _selection(roles, int(table.frame.duplicated().sum())),
        _columns(matches, by_name, study),
        _several_answers(roles),
        _ignored(unmatched, roles, by_name),
        _absent(lacking, study),
        _process(roles),
    ]
    lines = (line for part in parts for line in part)
    # what a supplier wrote stands in comments: no end of line in it may begin an entry of its own
    return "\n".join(legible(line.replace("\n", "\\n")) for line in lines).rstrip() + "\n"


def _head(wave: str, matches: Sequence[Match]) -> Iterator[str]:
    yield f"# Voorstel van `mobiliteit wave new` voor golf {wave}: loop het na en verbeter het."
    yield "# Het getal achter een regel zegt hoe zeker de koppeling is (0-1), en waarop zij berust."
    yield f'# Wat onder {ACCEPTED:.2f} blijft staat als "# ?": haal die tekens weg om het over te'
    yield f"# nemen. Vul elk `{PLACEHOLDER}` in; `mobiliteit wave check {wave}` zegt wat nog mist."
    if undecided(matches):
        yield f"# `missing: {{...: {PLACEHOLDER}}}`: kies een reden van het codeboek."
    yield ""


def _facts(
    wave: str,
    file: str,
    sha256: str,
    table: RawTable,
    stated: Mapping[str, CsvOptions | ExcelOptions | None],
) -> Iterator[str]:
    year = re.search(r"(?:19|20)\d\d", wave)
    yield f"wave: {flow(wave)}"
    yield f"year: {year[0] if year else PLACEHOLDER}"
    for key, what in (
        ("title_nl", "titel in het Nederlands"),
        ("title_en", "titel in het Engels"),
        ("producer", "wie de gegevens verzamelde en leverde"),
        ("licence", "onder welke voorwaarden"),
        ("date", "dag van levering, jjjj-mm-dd"),
    ):
        yield f"{key}: {PLACEHOLDER}  # {what}"
    yield "synthetic: false"
    yield "file:"
    yield f"  name: {flow(file)}"
    yield f"  sha256: {sha256}"
    yield f"  rows: {len(table.frame)}"
    for section, found in _options_found(table.facts).items():
        said = stated[section]
        options = found | (said.model_dump(exclude_unset=True) if said is not None else {})
        yield f"  {section}: {flow(options)}  # zo gevonden; verbeter het als het niet klopt"
    for name, fact in table.facts.items():
        yield f"  # {name}: {_short(fact)}"
    for caution in table.cautions:
        yield f"  # let op: {_short(caution, 200)}"
    yield ""


def _options_found(facts: dict[str, str]) -> dict[str, dict[str, str | int]]:
    """Return how a file is written, as `file.csv` or `file.excel` states it, from what was found.

    What is stated is obeyed from then on, also where a next delivery would be read otherwise.
    """
    if "sheet" in facts:
        rows = int(facts["header_rows"])
        return {"excel": {"sheet": facts["sheet"], **({"header_rows": rows} if rows > 1 else {})}}
    if "separator" not in facts:
        return {}
    found = {name: fact.split()[0] for name, fact in facts.items() if fact}
    options: dict[str, str | int] = {}
    if found["encoding"].casefold() != "ascii":  # a next delivery may hold an accent
        options["encoding"] = found["encoding"]
    if found["separator"] in _SIGNS:
        options["separator"] = _SIGNS[found["separator"]]
    if found.get("decimal") in _DECIMALS:
        options["decimal"] = _DECIMALS[found["decimal"]]
    return {"csv": options}


def _people(roles: Roles) -> Iterator[str]:
    if roles.respondent is None:
        yield f"respondent: {PLACEHOLDER}  # geen kolom met een nummer per persoon herkend"
    else:
        yield f"respondent: {flow(roles.respondent)}  # wordt versleuteld met data_raw/salt.txt"
    if roles.identifiers:
        yield "identifiers:  # herleidbaar tot personen: gaan eruit voor al het andere"
        for column, kind in roles.identifiers.items():
            yield f"  {flow(column)}: {flow(kind)}"
    yield ""


def _selection(roles: Roles, copies: int) -> Iterator[str]:
    if copies:
        labels = "nl: tweemaal geleverd record, en: record delivered twice"
        yield f"# {copies} rijen zijn in elke kolom gelijk aan een eerdere. Eruit? Dan:"
        yield f"# identical_rows: {{action: drop, reason: dubbel_geleverd, {labels}}}"
        yield ""
    if roles.selection is None:
        return
    found = roles.selection
    yield "# Welke rijen respondenten zijn? Voorstel:"
    yield f"# include: {{column: {flow(found.column)}, is: {flow([*map(number, found.complete)])}}}"
    yield "# exclude:"
    for code, label in found.others.items():
        reason = re.sub(r"\W+", "_", label.casefold()).strip("_")
        labels = f"nl: {flow(label)}, en: {PLACEHOLDER}"
        yield (
            f"#   - {{reason: {flow(reason)}, {labels}, column: {flow(found.column)}, "
            f"is: [{flow(number(code))}]}}"
        )
    yield ""


def _columns(
    matches: Sequence[Match], profiles: dict[str, SourceProfile], study: Study
) -> Iterator[str]:
    book = study.codebook
    columns = {column.name: column for column in book.columns()}
    mapped = [match for match in matches if not match.translation.ticks]
    accepted = [match for match in mapped if match.accepted]
    shared = shared_missing(accepted, columns)
    if shared:
        yield "# Codes zonder antwoord die voor de hele golf gelden, naast die van het codeboek."
        yield f"missing: {flow({number(code): reason for code, reason in shared.items()})}"
        yield ""
    entries = {match.source: entry(match, columns[match.target], shared) for match in mapped}
    yield "columns:" if accepted else "columns: {}  # haal {} weg zodra u een regel overneemt"
    for key, value, members in grouped(mapped, entries, book):
        sure = min(match.confidence for match in members)
        mark = "" if members[0].accepted else "# ? "
        remark = _remark(members, sure, profiles)
        yield f"  {mark}{flow(key)}: {flow(value)}  # {remark}"
    yield ""


def _remark(members: Sequence[Match], sure: float, profiles: dict[str, SourceProfile]) -> str:
    """Return how sure a line is, what it rests on, what was assumed, and the supplier's label."""
    first = members[0]
    words = [word for word in _WHY if all(word in match.why for match in members)]
    text = (
        f"{sure:.2f} {', '.join(words[:-1]) + ' en ' if words[1:] else ''}{words[-1:][0]}"
        if (words)
        else f"{sure:.2f}"
    )
    if len(members) > 1:
        text += f" ({len(members)} items)"
    if first.translation.rescale is not None:
        text += "; alleen als u wilt omrekenen"
    for note in dict.fromkeys(note for match in members for note in match.translation.notes):
        text += f"; {_short(note)}"
    label = profiles[first.source].label
    return f"{text}; {_short(label)!r}" if label not in ("", first.source) else text


def _several_answers(roles: Roles) -> Iterator[str]:
    if not roles.ticks and not roles.lists:
        return
    yield "# Vragen met meer antwoorden? Voorstel:"
    yield "# multi_select:"
    for ticks in roles.ticks:
        yield "#   - kind: columns"
        yield f"#     columns: {flow(ticks.columns)}"
        yield f"#     ticked: {flow([*map(number, ticks.ticked)])}"
        yield f"#     nothing_ticked: {PLACEHOLDER}  # `no` of `missing`"
    for listed in roles.lists:
        yield "#   - kind: list"
        yield f"#     column: {flow(listed.column)}"
        yield f"#     separator: {flow(listed.separator)}"
        yield f"#     options: {flow(listed.options)}"
    yield ""


def _ignored(
    unmatched: Sequence[str], roles: Roles, profiles: dict[str, SourceProfile]
) -> Iterator[str]:
    if not unmatched:
        return
    purposes = {
        **dict.fromkeys(roles.dates, "procesgegeven: datum of tijd"),
        **dict.fromkeys(roles.durations, "procesgegeven: invulduur"),
        **dict.fromkeys(roles.weights, "weegfactor"),
    }
    if roles.selection is not None:
        purposes[roles.selection.column] = "alleen gebruikt om rijen uit te sluiten"
    yield "# Kolommen van het bestand zonder plaats in het codeboek: koppel ze hierboven, of"
    yield "# negeer ze met een reden."
    yield "# ignore:"
    for name in unmatched:
        reason = purposes.get(name, PLACEHOLDER)
        yield f"#   {flow(name)}: {flow(reason)}  # {_content(profiles[name])}"
    yield ""


def _content(profile: SourceProfile) -> str:
    """Describe a column by its label and the answers that several people gave."""
    label = f"{_short(profile.label)!r}; " if profile.label not in ("", profile.name) else ""
    total = sum(profile.counts.values())
    often = [(code, n) for code, n in profile.counts.items() if n >= SHOWN_FROM][:MOST_VALUES]
    if often and total:
        shown = ", ".join(
            f"{number(code)}{_in_words(profile, code)} {100 * n / total:.0f}%" for code, n in often
        )
        return label + shown
    if profile.kind == "number":
        return f"{label}getal van {profile.low:g} tot {profile.high:g}"
    words = {"date": "datum", "text": "tekst", "number": "getal"}
    return f"{label}{words[profile.kind]}, {profile.distinct} verschillende waarden"


def _in_words(profile: SourceProfile, code: Code) -> str:
    return f" ({_short(profile.labels[code], 24)})" if code in profile.labels else ""


def _absent(lacking: Sequence[str], study: Study) -> Iterator[str]:
    if not lacking:
        return
    labels = {column.name: column.label_nl for column in study.codebook.columns()}
    yield "# Vragen van het codeboek waarvoor geen kolom is gevonden: koppel ze hierboven, of noem"
    yield "# ze hier met de reden (zij worden gemarkeerde gaten in de tabellen)."
    yield "# absent:"
    for name in lacking:
        yield f"#   {name}: {PLACEHOLDER}  # {_short(labels[name])}"
    yield ""


def _process(roles: Roles) -> Iterator[str]:
    for name in roles.weights[:1]:
        yield "# Een weegfactor? Zo ja:"
        yield f"# weights: {{column: {flow(name)}}}"
        yield ""
    for name in roles.durations[:1]:
        yield "# Wie te snel invulde aanwijzen (`flag`) of weglaten (`exclude`)? Bijvoorbeeld:"
        rule = f"column: {flow(name)}, share_of_median: 0.4, action: flag"
        yield f"# careless: {{speeders: {{{rule}}}}}"
        yield ""


def _short(text: str, most: int = WIDTH) -> str:
    """Put a text on one line of a comment, cut off where it is long."""
    line = " ".join(str(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
