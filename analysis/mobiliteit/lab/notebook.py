"""The lab inside a notebook: its page in a frame, served by the notebook's own kernel."""

from __future__ import annotations

import asyncio
import os
import secrets
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from mobiliteit.lab.desk import Desk, Desks
from mobiliteit.lab.waves import Waves
from mobiliteit.lab.words import words
from mobiliteit.project import FIRST_WAVE

if TYPE_CHECKING:
    from mobiliteit.wave import Wave

# The main job hands this to the kernels of notebooks that become pages.
SAVED = "MOBILITEIT_OUTPUT"
HEIGHT = 900  # pixels
_DESKS = Desks()


@dataclass(frozen=True)
class Framed:
    """The lab as an output of a notebook.

    Attributes
    ----------
    address : str
        Of the page; empty in a notebook that becomes a page, where no kernel stays to serve it.
    lang : {'nl', 'en'}
        Language of the note above the frame.
    """

    address: str
    lang: str

    def __repr__(self) -> str:
        """Give the address, for a Python without a notebook."""
        return f"<the lab: {self.address or 'not served'}>"

    def _repr_html_(self) -> str:
        say = words(self.lang)
        if not self.address:
            return f'<p lang="{self.lang}">{say["saved"]}</p>'
        name, address = f"lab-{secrets.token_hex(8)}", escape(self.address)
        # A frame that nobody serves shows the browser's own error: it stays folded until the page
        # in it says that it is there. Where scripts do not run the link is what is left.
        return (
            f'<p lang="{self.lang}">{say["framed"]} <a href="{address}" target="_blank" '
            f'rel="noopener">{say["own_tab"]}</a></p>'
            f'<iframe id="{name}" src="{address}" title="{say["title"]}" '
            f'style="display: block; width: 100%; height: 0; border: 0"></iframe>'
            f'<script>addEventListener("message", (event) => {{ '
            f'const frame = document.getElementById("{name}"); '
            f'if (frame && event.source === frame.contentWindow && event.data === "{READY}") '
            f'frame.style.height = "{HEIGHT}px"; }});</script>'
        )


READY = "mobiliteit-lab"


def lab(
    wave: Wave | str = FIRST_WAVE, *, lang: str = "nl", root: Path | str | None = None
) -> Framed:
    """Show the lab inside a notebook.

    Parameters
    ----------
    wave : Wave or str
        The wave to begin with, or its folder under ``data_raw/``.
    lang : {'nl', 'en'}
        Language to begin with.
    root : path, optional
        A folder in the project; by default the current one.

    Returns
    -------
    Framed
        The page of ``mobiliteit lab`` on a new desk, in a frame. It can be used as long as the
        kernel runs, by a browser on the same computer that has its address; a page that was made
        of the notebook says how to get it.

    Raises
    ------
    MobiliteitError
        There is no such wave, or it cannot be used.
    """
    if isinstance(wave, str):
        waves, name = Waves(root), wave
        waves.check(name)
    else:
        waves, name = Waves(root, wave), wave.id
    if SAVED in os.environ:
        return Framed("", lang)
    waves.read(name)
    key = secrets.token_hex(16)
    _DESKS.put(key, Desk(waves, name, lang))
    return Framed(f"{_served()}?desk={key}", lang)


@cache
def _served() -> str:
    """Serve all desks of this kernel from a thread of its own, and return the address."""
    from mobiliteit.lab.server import address_of, make_server

    address: Future[str] = Future()

    def serve() -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())
        try:
            server = make_server(_DESKS, framed=True)
            server.start()
        except BaseException as error:
            address.set_exception(error)
            raise
        server.io_loop.add_callback(address.set_result, address_of(server))
        server.io_loop.start()

    threading.Thread(target=serve, name="lab-server", daemon=True).start()
    return address.result()
