"""The page about the bundled wave: distributions, correlations and alphas beside the bounds.

One HTML file with its pictures inside. Everything on it is measured from the written files, not
from the generator.
"""

from __future__ import annotations

import base64
import html
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import yaml

from . import pictures
from .bounds import Bound, keyed_items, measure_bounds
from .check import Verdict, evaluate, read_back
from .items import cronbach_alpha
from .pictures import dutch
from .targets import Targets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STYLE = """
:root{--ink:#26323a;--soft:#5d6b73;--line:#d5dcdf;--mark:#8a4b08;--ok:#1f6f5c;--bad:#a8322a}
body{font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:#fff;max-width:1060px;
margin:0 auto;padding:1.5rem}
h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0 1rem}
h2{font-size:1.2rem;margin:2.4rem 0 .5rem}
p,li{max-width:46rem}
.mark{background:#fdf3e1;border-left:5px solid var(--mark);padding:.7rem 1rem;margin:1rem 0}
.mark strong{color:var(--mark)}
.facts{display:flex;flex-wrap:wrap;gap:1rem 2.5rem;margin:1.2rem 0}
.facts div{color:var(--soft)}
.facts b{color:var(--ink);display:block;font-size:1.6rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .9rem .25rem 0;text-align:left;border-bottom:1px solid var(--line);
white-space:nowrap}
td.n,th.n{text-align:right}
.ok{color:var(--ok)}
.bad{color:var(--bad);font-weight:600}
img{max-width:100%;height:auto}
figure{margin:.8rem 0}
figcaption{color:var(--soft);font-size:.9rem;max-width:46rem}
details{margin:.6rem 0}
summary{cursor:pointer}
code{overflow-wrap:anywhere}
"""

_CANNOT = (
    "Niets wat het rapport niet drukte. Er zijn ontelbaar veel golven met dezelfde tabellen; dit "
    "is er een van.",
    "De vorm van een verdeling, een alfa, een correlatie die niet in een tabel staat, een verschil "
    "binnen een kleine groep: die zijn gekozen of toeval, en zeggen niets over werknemers in zorg "
    "en welzijn.",
    "Of het rapport goed heeft gerekend. De golf is naar de gedrukte uitkomsten toe gemaakt en kan "
    "ze dus niet toetsen.",
)


def write_page(targets: Targets, wave_dir: Path, path: Path) -> Path:
    """Write the page about a wave.

    Parameters
    ----------
    targets : Targets
    wave_dir : Path
        Folder with ``wave.yaml`` and the SPSS file.
    path : Path
        The HTML file; replaced in one step.
    """
    side = yaml.safe_load((wave_dir / "wave.yaml").read_text(encoding="utf-8"))
    answers, scores = read_back(targets, wave_dir)
    verdicts = evaluate(targets, scores)
    bounds = measure_bounds(targets, answers, scores)
    alphas = {
        name: cronbach_alpha(keyed_items(targets, answers, name))
        for name, spec in targets.config["scores"].items()
        if "alpha" in spec
    }
    body = [
        _head(side, verdicts, bounds),
        "<h2>Wat deze golf niet kan vertellen</h2><ul>",
        *(f"<li>{text}</li>" for text in _CANNOT),
        "</ul>",
        _margins(verdicts),
        "<h2>Getallen in de tekst van hoofdstuk 3</h2>",
        _bounds_table([b for b in bounds if b.kind == "tekst"], "Gedrukt"),
        "<h2>Grenzen aan wat aannemelijk is</h2>",
        _bounds_table([b for b in bounds if b.kind != "tekst"], "Grens"),
        "<h2>Verdelingen</h2>",
        _figure(
            pictures.distributions(targets, scores),
            "Schaalscores en antwoorden naar groep, in procenten van elke groep.",
        ),
        _figure(
            pictures.days(targets, scores),
            "Opleidingsdagen in het afgelopen jaar: wie geen dagen had, en daarboven in klassen.",
        ),
        _figure(pictures.demographics(targets, scores), "Leeftijd, uren en diensttijd."),
        "<h2>Betrouwbaarheid</h2>",
        _figure(
            pictures.alpha_plot(targets, alphas),
            "Cronbachs alfa per schaal; het vlak is de gekozen marge.",
        ),
        "<h2>Samenhang</h2>",
        _figure(
            pictures.correlations(targets, scores),
            "Correlaties tussen alle getrokken variabelen, over wie beide beantwoordde; "
            "getallen vanaf ,15.",
        ),
        _pairs(targets, scores),
        "<h2>Waar de keuzen staan</h2><p>Alle gewenste correlaties, alfa’s en grenzen staan in "
        "<code>synthetic_targets.yaml</code>, elk met bron of als eigen keuze. Deze bladzijde "
        "opnieuw maken: <code>mobiliteit synthesize --check</code>.</p>",
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{os.getpid()}.{path.name}")
    part.write_text(_document(side["title_nl"], "\n".join(body)), encoding="utf-8")
    part.replace(path)
    return path


def _document(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body>{body}</body></html>"
    )


def _head(side: dict[str, Any], verdicts: Sequence[Verdict], bounds: Sequence[Bound]) -> str:
    exact, met = sum(v.exact for v in verdicts), sum(b.met for b in bounds)
    facts = [
        (f"{exact} van {len(verdicts)}", "gedrukte cellen komen precies uit"),
        (f"{met} van {len(bounds)}", "tekstgetallen en grenzen gehaald"),
        (dutch(side["file"]["rows"], 0), "rijen in het bestand"),
        (str(side["generator"]["seed"]), f"seed, generator versie {side['generator']['version']}"),
    ]
    return (
        f"<h1>De meegeleverde golf van {side['year']}: hoe hij eruitziet</h1>"
        '<div class="mark"><strong>Synthetisch.</strong> '
        f"{html.escape(side['synthetic_note_nl'])}</div>"
        f'<div class="facts">{"".join(f"<div><b>{a}</b>{b}</div>" for a, b in facts)}</div>'
        f"<p>Bestand <code>{html.escape(side['file']['name'])}</code>, sha256 "
        f"<code>{side['file']['sha256'][:16]}…</code>. Alles op deze bladzijde is gemeten aan het "
        "geschreven bestand.</p>"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Write an HTML table; cells are HTML already, ``right`` lists the columns of numbers."""

    def cells(tag: str, row: Sequence[str]) -> str:
        side = [' class="n"' if i in right else "" for i in range(len(row))]
        return "".join(f"<{tag}{c}>{x}</{tag}>" for c, x in zip(side, row, strict=True))

    lines = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><tr>{cells("th", head)}</tr>{lines}</table></div>'


def _margins(verdicts: Sequence[Verdict]) -> str:
    """List the narrowest cells: how far they stay from a rounding edge or a threshold."""
    tight = sorted((v for v in verdicts if np.isfinite(v.slack)), key=lambda v: v.slack)[:5]
    close = sorted((v for v in verdicts if np.isfinite(v.p_room)), key=lambda v: v.p_room)[:5]
    rows = [(v, f"{dutch(100 * v.slack, 1)}% van de halve breedte tot de rand") for v in tight]
    rows += [(v, f"p-waarde {dutch(100 * v.p_room, 1)}% van een grens") for v in close]
    return (
        "<h2>De krapste cellen</h2><p>Hoe ver de krapste getallen van de rand van hun "
        "afrondingsinterval blijven, en p-waarden van hun grens (tabel 3.8 laat voor twee "
        "verklaarde varianties haast geen ruimte).</p>"
        + _table(
            ("Tabel", "Rij en kolom", "Gedrukt", "Ruimte"),
            [(v.cell.table, f"{v.cell.row}, {v.cell.column}", v.cell.printed, x) for v, x in rows],
        )
    )


def _bounds_table(bounds: Sequence[Bound], what: str) -> str:
    rows = [
        (
            html.escape(b.kind),
            html.escape(b.name),
            _limits(b),
            dutch(b.value, 2),
            '<span class="ok">gehaald</span>' if b.met else '<span class="bad">gemist</span>',
            html.escape(_source(b.source)),
        )
        for b in bounds
    ]
    return _table(("Soort", "Wat", what, "Golf", "", "Bron"), rows, (2, 3))


def _limits(b: Bound) -> str:
    if b.kind == "tekst":
        return dutch((b.low + b.high) / 2, 0)
    if np.isinf(b.high):
        return f"ten minste {dutch(b.low, 2)}"
    if b.low <= 0 <= b.high and b.kind != "correlatie":
        return f"ten hoogste {dutch(b.high, 2)}"
    return f"{dutch(b.low, 2)} tot {dutch(b.high, 2)}"


def _source(source: str) -> str:
    known = {"ours": "eigen keuze", "forced": "volgt uit de gedrukte getallen"}
    return known.get(source, source if source.startswith("p.") else f"p. {source}")


def _pairs(targets: Targets, scores: pd.DataFrame) -> str:
    frame = pictures.numeric(targets, scores)
    rows = [
        (a, b, dutch(r, 2), dutch(float(frame[a].corr(frame[b])), 2))
        for a, b, r in targets.config["prior"]["pairs"]
    ]
    return (
        "<details><summary>Gewenste en bereikte correlaties</summary>"
        f"{_table(('', '', 'Gewenst', 'Golf'), rows, (2, 3))}</details>"
    )


def _figure(fig: Figure, caption: str) -> str:
    buffer = io.BytesIO()
    # no name of a program in the file: the page is a function of the wave
    fig.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    text = html.escape(caption)
    return (
        f'<figure><img alt="{text}" src="data:image/png;base64,{data}">'
        f"<figcaption>{text} Synthetische gegevens.</figcaption></figure>"
    )
