"""The process that parses: it may crash, starve or be killed, and nothing else suffers.

Parsers of SPSS, Stata and SAS are compiled code that damaged bytes can end without an exception.
One helper process imports them and, where the system can fork, reads each file in a fork of its own
with limits on memory and time; so that a file costs milliseconds, not the start of an interpreter.
Elsewhere the helper reads one file and ends.

Nothing here, and nothing that a format's module imports, may import pandas: it takes longer to load
than most files take to read.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from mobiliteit.errors import Problem, WaveError

CAN_FORK = sys.platform == "linux"
DONE, NO_MEMORY, FAILED = 0, 3, 4


def serve() -> None:
    """Read a file for every line on standard input.

    A line is a JSON object with ``path``, ``module``, ``kind``, ``name``, ``options``, ``limits``
    and ``folder``, where the result goes; the answer is ``{"status": n}``, as
    ``subprocess.Popen.returncode`` has it. Ends when standard input does.
    """
    # Standard output carries the answers; what a library prints must not.
    answers = os.fdopen(os.dup(1), "w")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    for line in sys.stdin:
        order = json.loads(line)
        # Before the fork, so that the next file of this format finds it imported.
        importlib.import_module(f"mobiliteit.reading.{order['module']}")
        if CAN_FORK:
            child = os.fork()
            if child == 0:
                answers.close()
                os.dup2(nothing, 0)
                os._exit(obey(order))
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        else:
            status = obey(order)
        answers.write(json.dumps({"status": status}) + "\n")
        answers.flush()


def obey(order: dict[str, Any]) -> int:
    """Parse one file within the limits, and write what came of it to the folder of the order."""
    from mobiliteit.reading.parsed import save, save_problems

    folder = Path(order["folder"])
    try:
        _limit(**order["limits"])
        save(_parse(order), folder)
    except MemoryError:
        return NO_MEMORY
    except WaveError as error:
        save_problems(error.problems, folder)
    # The one place where any exception is meant: a parser of untrusted bytes can raise them all.
    except Exception as error:
        if "allocate memory" in str(error):
            return NO_MEMORY
        said = str(error).strip().rstrip(".") or type(error).__name__
        problem = Problem(
            f"it is no readable {order['name']} file, or it was cut off ({said})",
            "Ask the supplier for it again.",
        )
        save_problems([problem], folder)
    return DONE


def _limit(memory: int, seconds: int, **others: int) -> None:
    try:
        import resource
    except ImportError:  # a system without such limits
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (memory, memory))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)


def _parse(order: dict[str, Any]) -> Any:
    module = importlib.import_module(f"mobiliteit.reading.{order['module']}")
    limits = order["limits"]
    parsed = module.read(Path(order["path"]), order["kind"], order["options"], limits)
    if not parsed.columns or not parsed.rows:
        raise WaveError("", [Problem("it holds no respondents", "Ask the supplier for it again.")])
    return parsed
