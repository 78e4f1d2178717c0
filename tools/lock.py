"""Write requirements.txt, requirements-synthesize.txt and environment.yml (``make lock``).

pyproject.toml says what is needed, uv chooses the versions, and environment.yml repeats them for
conda, so that the three cannot drift apart. Uses the standard library and uv alone, and writes no
index address and no path of this machine.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAIN = "requirements.txt"
SYNTHESIZE = "requirements-synthesize.txt"
ENVIRONMENT = "environment.yml"

COMPILE = (
    *("uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"),
    # One version on all Pythons where there is one, so that all give the same numbers.
    *("--fork-strategy", "fewest", "--constraints", "tools/constraints.txt"),
    *("--no-emit-index-url", "--no-emit-find-links"),
)

ENVIRONMENT_HEAD = """\
# This file was written by `make lock`: the versions of requirements.txt for conda users.
#   conda env create --file environment.yml && conda activate mobiliteit
name: {name}
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python {python}
  - pip
  - make
  - pip:
"""


def main() -> int:
    """Compile both locks and write environment.yml from the first; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    python = project["requires-python"]
    oldest = ["--python-version", python.removeprefix(">=")]
    try:
        # The synthesize extra takes part, so that numba finds a numpy that it can work with; what
        # it alone needs is left to its own lock.
        alone = packages_needed_only_by("synthesize", [*oldest, *upgrade])
        left_out = [arg for name in alone for arg in ("--no-emit-package", name)]
        every_extra = [arg for name in extras for arg in ("--extra", name)]
        compile_lock(
            ["pyproject.toml", *every_extra, *left_out, *oldest, *upgrade, "-o", MAIN],
        )
        compile_lock(
            ["-", "--constraints", MAIN, *oldest, *upgrade, "-o", SYNTHESIZE],
            stdin="\n".join(extras["synthesize"]),
        )
    except FileNotFoundError:
        print("make lock needs uv: pip install uv", file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        print(f"uv could not resolve the versions (exit code {error.returncode})", file=sys.stderr)
        return 2

    lock = (ROOT / MAIN).read_text(encoding="utf-8")
    text = environment(lock, name=project["name"], python=python)
    (ROOT / ENVIRONMENT).write_text(text, encoding="utf-8")
    print(f"wrote {MAIN}, {SYNTHESIZE} and {ENVIRONMENT}: {len(pins(lock))} pins")
    return 0


def packages_needed_only_by(extra: str, options: list[str]) -> list[str]:
    """Find the packages that are in the resolution only when `extra` is asked for."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for extras in (["--extra", "dev"], ["--extra", "dev", "--extra", extra]):
            output = Path(folder) / "lock.txt"
            output.unlink(missing_ok=True)
            compile_lock(["pyproject.toml", *extras, *options, "-o", str(output)])
            lock = output.read_text(encoding="utf-8")
            names.append({pin.split("==")[0] for pin in pins(lock)})
    return sorted(names[1] - names[0])


def compile_lock(arguments: list[str], stdin: str | None = None) -> None:
    """Run ``uv pip compile`` in the checkout, with a header that names no path."""
    subprocess.run(
        [*COMPILE, *arguments],
        cwd=ROOT,
        env={**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "make lock"},
        input=stdin,
        text=True,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def pins(lock: str) -> list[str]:
    """Take the requirements out of a lock, without hashes and comments.

    Parameters
    ----------
    lock
        Text of a requirements file as uv writes it: each requirement begins a line, what belongs
        to it is indented.

    Returns
    -------
    list of str
        ``name==version`` or ``name==version ; marker``, in the lock's order.
    """
    lines = (line for line in lock.splitlines() if line and not line.startswith((" ", "#")))
    return [line.removesuffix("\\").rstrip() for line in lines]


def environment(lock: str, *, name: str, python: str) -> str:
    """Compose environment.yml: Python, pip and make from conda, every pin of the lock from pip.

    pip takes no hashes here: one hashed line makes it ask for the hash of all, and the checkout
    itself (``-e .``) has none.
    """
    lines = [f'      - "{pin}"\n' for pin in pins(lock)]
    head = ENVIRONMENT_HEAD.format(name=name, python=python)
    return head + "".join(lines) + '      - "-e ."\n'


if __name__ == "__main__":
    sys.exit(main())
