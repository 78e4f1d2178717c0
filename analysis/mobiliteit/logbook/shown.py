"""What a notebook shows of a session: answers, or why there is none, and what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from mobiliteit.asking.answer import Answer
from mobiliteit.errors import MobiliteitError
from mobiliteit.logbook.export_words import say
from mobiliteit.logbook.overview import NUMBERS, asked_header, asked_rows, waiting_lines
from mobiliteit.logbook.session import Session
from mobiliteit.render.lists import ShownList


@dataclass(frozen=True)
class ShownRefusal:
    """Why a question got no answer. Displays itself in a notebook, letter for letter in place.

    Attributes
    ----------
    lead : str
        What this is.
    message : str
        The error, in lines.
    """

    lead: str
    message: str

    def _repr_html_(self) -> str:
        style = "padding:8px 12px;border-left:4px solid #E69F00;white-space:pre-wrap"
        return f'<p>{escape(self.lead)}</p><pre style="{style}">{escape(self.message)}</pre>'


def show_answer(
    session: Session, question: str, *, remark: str | None = None, lang: str = "nl"
) -> Answer | ShownRefusal:
    """Ask a question in a session, and show the answer or why there is none.

    Parameters
    ----------
    session : Session
        Its wave answers.
    question : str
        Text of the question.
    remark : str, optional
        Keeps the answer, with this beside it.
    lang : {'nl', 'en'}
        Language of a refusal.

    Returns
    -------
    Answer or ShownRefusal
        The second where the text cannot be read or the wave cannot answer it.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    words = say(lang)
    try:
        answer = session.ask(question)
    except MobiliteitError as error:
        return ShownRefusal(words["refused"], error.say(lang))
    if remark is not None:
        session.keep(answer, remark)
    return answer


def show_session(session: Session, *, lang: str = "nl") -> ShownList:
    """List everything asked in a session, with corrected p-values, and what is still to be asked.

    Parameters
    ----------
    session : Session
        The session.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    ShownList
        One line per question, in the order of asking.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    words = say(lang)
    lead = [words["all_lead"]]
    lead += [f"{words['waiting']}: {line}" for line in waiting_lines(session, lang)]
    rows = tuple(asked_rows(session, lang))
    return ShownList(tuple(lead), asked_header(lang), rows, numbers=NUMBERS)
