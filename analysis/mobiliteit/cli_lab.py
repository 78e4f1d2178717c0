"""The commands of the lab: ``mobiliteit ask``, ``mobiliteit hypotheses`` and ``mobiliteit lab``.

Heavy imports happen inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Annotated

import typer

from mobiliteit.cli_options import LangOption, RootOption, show_mark, show_written

WIDTH = 100
ROBUST = {"nl": "robuust, ", "en": "robust, "}

WaveOption = Annotated[str, typer.Option("--wave", help="Which wave: a folder in data_raw/.")]


def ask(
    question: Annotated[
        str,
        typer.Argument(
            help="Such as 'A -> B | controls: C' or 'B between D', with names of the codebook."
        ),
    ],
    wave: WaveOption = "2006",
    lang: LangOption = "nl",
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the whole answer to this page as well.")
    ] = None,
    root: RootOption = None,
) -> None:
    """Put a question to a wave, in a small language of its own.

    Effect: a + b -> y. Via: a -> m -> y. Differs for: a * m -> y. Difference: y between g.
    Change: y since 2006. Who, and what is held constant, come after a bar: | mobielen, leeftijd
    25 - 44, controls: uren. Names are those of the codebook.
    """
    from mobiliteit.asking.ask import ask as put
    from mobiliteit.asking.grammar import parse_question
    from mobiliteit.errors import MobiliteitError
    from mobiliteit.project import write_text
    from mobiliteit.render.answer_measures import estimate_text
    from mobiliteit.render.answers import answer_page
    from mobiliteit.wave import load_wave

    try:
        asked = parse_question(question)
        since = load_wave(asked.since, root=root) if asked.since else None
        answer = put(asked, load_wave(wave, root=root), since=since)
    except MobiliteitError as error:
        typer.echo(error.say(lang), err=True)
        raise typer.Exit(2) from None
    if html is not None:
        # Before anything is printed: who reads only the first lines wants the page all the same.
        write_text(html, answer_page(answer, lang))
    show_mark(getattr(answer.mark, lang))
    _say(answer.question.text)
    _say(answer.say(lang))
    for heading, estimates in (("", answer.estimates), (ROBUST[lang], answer.robust)):
        for estimate in estimates:
            label = getattr(estimate.label, lang)
            numbers = estimate_text(estimate, answer.level, lang, p=estimate.p)
            _line(f"{heading}{label}: {numbers}, n = {estimate.n or '–'}")
    typer.echo("")
    _say(getattr(answer.why, lang))
    for note in answer.cautions:
        _line(getattr(note.text, lang))
    if html is not None:
        show_written([html])


def hypotheses(wave: WaveOption = "2006", lang: LangOption = "nl", root: RootOption = None) -> None:
    """Test the register of hypotheses on a wave, as one family, and write the page about it.

    The register is study/hypotheses.yaml. What the wave cannot answer is listed with the questions
    that a next wave would have to ask.
    """
    from mobiliteit.hypotheses import run_hypotheses
    from mobiliteit.project import find_project
    from mobiliteit.render.hypotheses import write_hypotheses
    from mobiliteit.wave import load_wave

    result = run_hypotheses(load_wave(wave, root=root))
    project = find_project(root, wave)
    paths = write_hypotheses(result, project.reports, project.figures, lang=lang)
    show_mark(result.wave.mark(lang))
    typer.echo(f"Hypotheses on wave {wave}:\n{result.summary().to_string()}\n")
    typer.echo(f"Corrected as one family of {result.m} tests (Holm). Contradicted:")
    for judged in result.judged:
        if judged.judgement.verdict == "contradicted":
            entry = judged.hypothesis.entry
            typer.echo(f"  {entry.id}: {getattr(entry, lang)}")
    typer.echo(f"Questions for a next wave: {len(result.lacking)}")
    show_written(paths)


def lab(
    wave: WaveOption = "2006",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="0 takes one that is free.")
    ] = 0,
    lang: LangOption = "nl",
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")
    ] = True,
    root: RootOption = None,
) -> None:
    """Open the lab: a page on this computer where questions are put together with the mouse.

    It can be reached from this computer only. Ctrl+C ends it; what was not downloaded is then gone.
    """
    from mobiliteit.lab.server import serve

    def started(address: str) -> None:
        typer.echo(f"The lab: {address}\nCtrl+C ends it.")
        if browser:
            import webbrowser

            webbrowser.open(address)

    serve(wave, root=root, port=port, lang=lang, started=started)


def _say(text: str) -> None:
    typer.echo(textwrap.fill(text, WIDTH) + "\n")


def _line(text: str) -> None:
    typer.echo(textwrap.fill(text, WIDTH, initial_indent="  - ", subsequent_indent="    "))
