"""What a notebook shows of a wave being brought in: file, proposal, check, and what weights do."""

from __future__ import annotations

from typing import Any

from mobiliteit.reading import RawTable
from mobiliteit.render import wording
from mobiliteit.render.lists import ShownList
from mobiliteit.render.numbers import format_number
from mobiliteit.tables import DIFFERENCE, TableResult
from mobiliteit.wave import Wave

FACTS = {
    "format": "soort bestand",
    "encoding": "tekencodering",
    "separator": "scheidingsteken",
    "decimal": "decimaalteken",
    "thousands": "duizendtallen",
    "rows": "records",
    "columns": "kolommen",
}
MOST = 12
"""Messages that are written out; of the others only the number."""
BANDS = (
    (0.95, 1.01, "0,95 of hoger"),
    (0.80, 0.95, "0,80 tot 0,95"),
    (0.0, 0.80, "lager dan 0,80"),
)


def show_file(table: RawTable) -> ShownList:
    """Show in Dutch what was found about a file.

    Parameters
    ----------
    table : RawTable
        From :func:`mobiliteit.reading.read_file`.

    Returns
    -------
    ShownList
        Its facts, as found or stated, and what a researcher should know.
    """
    rows = [(FACTS.get(name, name), value) for name, value in table.facts.items()]
    return ShownList(
        table.cautions, ("Wat", "Gevonden (in de woorden van de opdracht)"), tuple(rows)
    )


def show_proposal(proposal: Any, wave: Wave) -> ShownList:
    """Hold a proposed sidecar against the one that a researcher made of it.

    Parameters
    ----------
    proposal : Proposal
        Of :func:`mobiliteit.propose_wave`.
    wave : Wave
        The same file as a wave, with its corrected sidecar.

    Returns
    -------
    ShownList
        Per band of confidence how many columns were proposed, and how many of those rightly; what
        was left for the researcher.
    """
    descriptor = wave.descriptor
    truth = {source: entry.variable for source, entry in descriptor.columns.items()}
    rows = []
    for low, high, label in BANDS:
        band = [match for match in proposal.matches if low <= match.confidence < high]
        right = sum(truth.get(match.source) == match.target for match in band)
        written = sum(match.accepted for match in band)
        rows.append((label, str(len(band)), str(right), str(len(band) - right), str(written)))
    lead = (
        f"{len(proposal.profiles)} kolommen in het bestand, {len(truth)} daarvan zijn een vraag "
        f"uit het codeboek. Zonder voorstel bleven {len(proposal.unmatched_columns)} kolommen en "
        f"{len(proposal.unmatched_variables)} vragen.",
        "Herkend als persoonsgegeven, en dus weggelaten: "
        f"{', '.join(proposal.roles.identifiers) or 'geen'}.",
    )
    header = ("Zekerheid", "Voorgesteld", "Juist", "Onjuist", "Als regel geschreven")
    return ShownList(lead, header, tuple(rows), numbers=4)


def show_check(report: Any) -> ShownList:
    """Show what ``wave check`` finds: whether a wave can be used, and what to look at.

    Parameters
    ----------
    report : ArrivalReport
        Of :func:`mobiliteit.check_wave`.

    Returns
    -------
    ShownList
        One line per problem and per warning, in the words of the command; of many, the first.
    """
    verdict = "bruikbaar" if report.usable else "nog niet bruikbaar"
    lead = (
        f"Golf {report.wave} is {verdict}. Fouten: {len(report.problems)}. "
        f"Om naar te kijken: {len(report.warnings)}.",
    )
    rows = [("fout", str(problem)) for problem in report.problems]
    rows += [("let op", warning) for warning in report.warnings]
    if len(rows) > MOST:
        rows = [*rows[:MOST], ("…", f"en nog {len(rows) - MOST} meldingen")]
    return ShownList(lead, ("Wat", "Melding (zoals de opdracht die geeft)"), tuple(rows))


def show_planted(wave: Wave) -> ShownList:
    """List in Dutch what the generator of a synthetic wave changed on purpose."""
    planted = wave.descriptor.planted
    lead = () if planted else (f"In golf {wave.id} is niets geplant.",)
    return ShownList(lead, ("Verandering", "Wat"), tuple((p.id, p.nl) for p in planted))


def show_weighted(weighted: TableResult, unweighted: TableResult) -> ShownList:
    """Show a table of group means and shares with and without weights, side by side.

    Parameters
    ----------
    weighted, unweighted : TableResult
        The same table of the same wave.

    Returns
    -------
    ShownList
        Per row and group the number without and with weights; a gap where there is none. Both have
        one decimal more than the table prints, since weights move little.
    """
    rows_nl = wording.row_labels(weighted, "nl")
    columns_nl = wording.column_labels(weighted, "nl")
    names = [name for name in dict.fromkeys(weighted.cells["column"]) if name != DIFFERENCE]
    values = {
        place: {
            (cell["row"], cell["column"]): format_number(
                float(cell["value"]), int(cell["decimals"]) + 1
            )
            for cell in result.cells.to_dict("records")
            if cell["column"] != DIFFERENCE
        }
        for place, result in enumerate((unweighted, weighted))
    }
    rows = [
        (
            rows_nl.get(row, row),
            *(values[place].get((row, name), "") for name in names for place in (0, 1)),
        )
        for row in dict.fromkeys(weighted.cells["row"])
    ]
    header = [
        f"{columns_nl.get(name, name)}, {how}" for name in names for how in ("ongewogen", "gewogen")
    ]
    return ShownList((), ("Kenmerk", *header), tuple(rows), numbers=len(header))
