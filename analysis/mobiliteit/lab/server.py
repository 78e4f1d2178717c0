"""The web server of the lab: this computer alone, and nothing from outside.

Bokeh's server under Panel, with these limits: it listens on the loopback address and answers only
who calls it by that name; a page may load what this server has, and nothing else; a page keeps its
state on a desk that only the browser with its key can reach. The key is in a cookie, or for a page
in the frame of a notebook, where browsers may keep cookies back, in the address.
"""

from __future__ import annotations

import logging
import re
import secrets
import socket
from collections.abc import Callable
from http.cookies import SimpleCookie
from importlib.resources import files
from pathlib import Path
from typing import Any

import panel as pn
from panel.io.server import get_server
from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.ioloop import IOLoop
from tornado.web import OutputTransform, RequestHandler

from mobiliteit.errors import MobiliteitError, Problem
from mobiliteit.lab.bench import Bench
from mobiliteit.lab.desk import Desk, Desks
from mobiliteit.lab.style import TEXT
from mobiliteit.lab.waves import Waves
from mobiliteit.lab.words import words

LOG = logging.getLogger("mobiliteit.lab")
LOOPBACK = "127.0.0.1"
NAMES = (LOOPBACK, "localhost")
MOST_PAGES = 20
# Milliseconds that a page without a browser is kept, and between two looks for such pages.
UNUSED, LOOKING = 15_000, 5_000
HOUR = 3600
KEY = re.compile(r"[0-9a-f]{32}")
# Scripts: those with the number of this very page, and what they load. Bokeh and Panel set styles
# on elements, which only 'unsafe-inline' permits.
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; frame-ancestors {frames}"
)
# Who may show a page of a notebook in a frame: any server of notebooks on this computer.
NOTEBOOKS = " ".join(f"http://{name}:*" for name in NAMES)


class Elsewhere(RequestHandler):
    """Refuses who calls this server by another name, which a page elsewhere can make happen."""

    def prepare(self) -> None:
        """Refuse."""
        self.set_status(403)
        self.finish("This server answers only to 127.0.0.1 and localhost.\n")


def guard(cookie: str) -> type[OutputTransform]:
    """Return what goes over every answer of the server: its headers, and the key of a desk.

    Parameters
    ----------
    cookie : str
        Name of the cookie with the key; empty for pages that have it in their address and are
        shown in a frame.
    """
    frames = "'none'" if cookie else NOTEBOOKS

    class Guard(OutputTransform):
        def __init__(self, request: HTTPServerRequest) -> None:
            super().__init__(request)
            self.nonce, self.host = secrets.token_urlsafe(16), request.host
            known = request.cookies.get(cookie)
            self.key = ""
            if cookie and (known is None or not KEY.fullmatch(known.value)):
                self.key = secrets.token_hex(16)
                request.cookies.update(SimpleCookie({cookie: self.key}))

        def transform_first_chunk(
            self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
        ) -> tuple[int, HTTPHeaders, bytes]:
            headers["Content-Security-Policy"] = POLICY.format(
                nonce=self.nonce, host=self.host, frames=frames
            )
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "no-referrer"
            headers["Cross-Origin-Resource-Policy"] = "same-origin"
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
            if headers.get("Content-Type", "").startswith("text/html"):
                headers["Cache-Control"] = "no-store"
                chunk = chunk.replace(b"<script", b'<script nonce="%s"' % self.nonce.encode())
                if "Content-Length" in headers:
                    headers["Content-Length"] = str(len(chunk))
                if self.key:
                    headers.add(
                        "Set-Cookie", f"{cookie}={self.key}; Path=/; HttpOnly; SameSite=Strict"
                    )
            return status_code, headers, chunk

    return Guard


def make_server(desks: Desks, *, port: int = 0, lang: str = "nl", framed: bool = False) -> Any:
    """Make the server of the lab; it listens, and runs when its loop does.

    Parameters
    ----------
    desks : Desks
        Of all pages.
    port : int
        0 takes one that is free.
    lang : {'nl', 'en'}
        Of a page without a desk, which says why.
    framed : bool
        Whether pages stand in the frame of a notebook, with the key of their desk in the address.

    Returns
    -------
    bokeh.server.server.Server
        :func:`address_of` says where it listens.

    Raises
    ------
    MobiliteitError
        The port is in use, or may not be used.
    """
    port = _free(port)
    cookie = "" if framed else f"mobiliteit-lab-{port}"
    pages: list[int] = []
    template = files("mobiliteit.lab").joinpath("page.html").read_text(encoding="utf-8")
    static = Path(str(files("mobiliteit.lab").joinpath("static")))

    def key() -> str:
        if cookie:
            return str(pn.state.cookies.get(cookie, ""))
        return b"".join(pn.state.session_args.get("desk", ())).decode("ascii", "replace")

    def page() -> Any:
        try:
            return made()
        except Exception:
            LOG.exception("the page of the lab could not be made")
            return notice(f"<h1>{words(lang)['no_page']}</h1><p>{words(lang)['no_page_why']}</p>")

    def made() -> Any:
        if len(pages) >= MOST_PAGES:
            return notice(f"<p>{words(lang)['full']}</p>")
        desk = desks.at(key())
        if desk is None:
            return notice(f"<p>{words(lang)['gone' if framed else 'full']}</p>")
        bench = Bench(desk)
        pn.config.exception_handler = bench.fail
        pages.append(id(bench))
        pn.state.on_session_destroyed(lambda context: pages.remove(id(bench)))
        pn.state.onload(bench.prepare)
        parts = ("mark", "header", "left", "right", "foot", "signal")
        items = {name: getattr(bench, name) for name in parts}
        return pn.Template(template, items=items)

    server = get_server(
        {"/": page},
        port=port,
        address=LOOPBACK,
        websocket_origin=[f"{name}:{port}" for name in NAMES],
        loop=IOLoop.current(),
        title="Lab · mobiliteit",
        location=False,
        static_dirs={"/lab": str(static)},
        include_headers=["Host"],
        include_cookies=[cookie] if cookie else [],
        unused_session_lifetime_milliseconds=UNUSED,
        check_unused_sessions_milliseconds=LOOKING,
        session_token_expiration=HOUR,
    )
    application = server._tornado
    names = "|".join(map(re.escape, NAMES))
    application.add_handlers(rf"^(?!(?:{names})$).*$", [(r".*", Elsewhere)])
    application.add_transform(guard(cookie))
    return server


def serve(
    wave: str,
    *,
    root: Path | str | None = None,
    port: int = 0,
    lang: str = "nl",
    started: Callable[[str], None],
) -> None:
    """Serve the lab until it is interrupted.

    Parameters
    ----------
    wave : str
        The wave to begin with.
    root : path, optional
        A folder in the project; by default the current one.
    port : int
        0 takes one that is free.
    lang : {'nl', 'en'}
        Language to begin with.
    started : callable
        Gets the address once the server listens.

    Raises
    ------
    MobiliteitError
        There is no such wave, or the port is in use.
    """
    waves = Waves(root)
    waves.check(wave)
    server = make_server(Desks(lambda: Desk(waves, wave, lang)), port=port, lang=lang)
    server.start()
    server.io_loop.add_callback(started, address_of(server))
    try:
        server.io_loop.start()
    except KeyboardInterrupt:
        server.stop()


def notice(text: str) -> Any:
    """Make a page that only says something; `text` is HTML."""
    return pn.pane.HTML(text, stylesheets=[TEXT], sizing_mode="stretch_width", margin=24)


def address_of(server: Any) -> str:
    """Return where a server of the lab listens."""
    return f"http://{LOOPBACK}:{server.port}/"


def _free(port: int) -> int:
    """Return the port, or one that is free for 0; bokeh's own message would be a traceback."""
    with socket.socket() as tried:
        try:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((LOOPBACK, port))
        except (OSError, OverflowError) as error:
            problem = Problem(
                f"port {port} cannot be used ({getattr(error, 'strerror', None) or error})",
                "Choose another with --port, or leave it out to take one that is free.",
            )
            raise MobiliteitError("The lab cannot start.", [problem]) from None
        return int(tried.getsockname()[1])
