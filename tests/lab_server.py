"""A running lab for tests: its server in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mobiliteit.lab.desk import Desks
from mobiliteit.lab.server import make_server


@contextmanager
def running_lab(desks: Desks, *, framed: bool = False) -> Iterator[int]:
    """Serve the lab as long as the context lasts; gives the port."""
    started, found = threading.Event(), {}

    def serve() -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())
        server = make_server(desks, framed=framed)
        server.start()
        found["server"] = server
        server.io_loop.add_callback(started.set)
        server.io_loop.start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert started.wait(20), "the server of the lab did not start"
    server = found["server"]
    try:
        yield server.port
    finally:
        server.io_loop.add_callback(server.stop)
        server.io_loop.add_callback(server.io_loop.stop)
        thread.join(10)
