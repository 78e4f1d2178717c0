"""The parsing process, seen from the one that asks: started once, ended with its owner."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from mobiliteit.reading.child import CAN_FORK

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from mobiliteit.reading.child import serve; serve()"
)
_PACKAGES = Path(__file__).parents[2]
# All that the process gets to see of our environment: enough to start, and no secrets.
_KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH")
# Linear algebra is not what it is for, and its threads take address space.
_GIVEN = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "LC_ALL": "C.UTF-8",
}


class Helper:
    """Starts the parsing process when it is first needed, and talks to it.

    Safe to use from several threads: they wait for each other. A fork of the process that owns the
    helper gets one of its own.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._owner = 0

    def parse(self, order: dict[str, Any], seconds: float) -> int | None:
        """Let one file be parsed.

        Parameters
        ----------
        order : dict
            As :func:`mobiliteit.reading.child.serve` expects it.
        seconds : float
            How long that may take by the clock.

        Returns
        -------
        int or None
            The exit code of the parsing process, negative for a signal; None when it took too
            long and was ended.
        """
        with self._lock:
            process = self._running()
            late = threading.Event()

            def end() -> None:
                late.set()
                _kill(process)

            clock = threading.Timer(seconds, end)
            clock.daemon = True
            clock.start()
            try:
                answer = _ask(process, order)
            except BaseException:
                # Interrupted: what the process answers later must not pass for the next answer.
                self.close()
                raise
            finally:
                clock.cancel()
            status = json.loads(answer)["status"] if answer else process.wait()
            if not answer or late.is_set() or not CAN_FORK:
                self.close()
            return None if late.is_set() else int(status)

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            path = [str(_PACKAGES), *(entry for entry in sys.path if entry)]
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-X", "utf8", "-c", _START, json.dumps(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _KEPT if name in os.environ} | _GIVEN,
                text=True,
                encoding="utf-8",
                start_new_session=True,
            )
            self._owner = os.getpid()
        return self._process

    def close(self) -> None:
        """End the process, and what it is parsing."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        _kill(process)
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def _ask(process: subprocess.Popen[str], order: dict[str, Any]) -> str:
    """Return the answer to an order; empty when the process has ended."""
    if process.stdin is None or process.stdout is None:
        return ""
    try:
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        return process.stdout.readline()
    except BrokenPipeError:
        return ""


def _kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        # The session that it leads, so that the fork that parses ends too.
        os.killpg(process.pid, signal.SIGKILL)


HELPER = Helper()
atexit.register(HELPER.close)
