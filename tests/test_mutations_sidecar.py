"""Good sidecars damaged: values of another kind, keys gone or new, and text that is no YAML."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from builders import as_yaml
from mutation_tools import CASES, WAVE, Arena, cases, write

Path = tuple[str | int, ...]
# The two parsers differ in what they let pass, such as a tab before a colon.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def test_at_least_a_thousand_cases():
    assert sum(CASES.values()) >= 1000


@pytest.fixture
def sealed(arena: Arena) -> Arena:
    """The good wave as text on disk, its sidecar sealed."""
    content = write(arena.good, "csv", arena.root / "scratch.csv")
    (arena.root / "scratch.csv").unlink()
    arena.place(content, "klein.csv", arena.sidecar, len(arena.good.rows))
    return arena


def places_in(content: Any, path: Path = ()) -> Iterator[Path]:
    """Every place of a sidecar that holds something."""
    entries = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in entries:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places_in(value, (*path, key))


ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2.5, 10**30, float("inf"), float("nan"), "", " ", "V7", "stap"),
    *([], {}, [1], {"a": 1}, [[]], [None], {None: None}, "x" * 3000, "ja", "é", "\u202e", "2031"),
    *("a\x1b[2Jb", "\x00", "\U0001f600", "weet_niet", [True], {1: "stap"}, "../../x", "#", "*"),
)


def test_values_of_the_sidecar(sealed):
    paths = list(places_in(sealed.sidecar))

    @cases("sidecar_values")
    @given(
        path=st.sampled_from(paths),
        kind=st.sampled_from(("delete", "odd", "odd", "odd", "swap", "new", "ignore", "absent")),
        other=st.sampled_from(paths),
        odd=st.sampled_from(ODD),
        source=st.sampled_from(list(sealed.sidecar["columns"])),
    )
    def run(path: Path, kind: str, other: Path, odd: Any, source: str) -> None:
        sidecar = sealed.described()
        holder = at(sidecar, path[:-1])
        if kind == "delete":
            del holder[path[-1]]
        elif kind in ("ignore", "absent"):
            entry = sidecar["columns"].pop(source)
            variable = entry if isinstance(entry, str) else entry["variable"]
            sidecar["ignore"][source] = "niet gebruikt"
            if kind == "absent":
                sidecar["absent"] = {variable: "niet gevraagd"}
            path = (source, variable)
        elif kind == "odd":
            holder[path[-1]] = odd
        elif kind == "swap":
            holder[path[-1]] = at(sealed.described(), other)
        elif isinstance(holder, dict):
            holder["onbekend"] = odd
            path = (*path[:-1], "onbekend")
        else:
            holder.append(odd)
        text = as_yaml(sidecar)
        sealed.describe(text)
        judge(sealed, sidecar, path)

    run()
    sealed.tallied("sidecar_values", right=10, refused=50)


def at(content: Any, path: Path) -> Any:
    for key in path:
        content = content[key]
    return content


def judge(arena: Arena, sidecar: Any, path: Path = ()) -> None:
    """Hold the command against the oracle, for which a sidecar may make no sense at all."""
    message = arena.clean()
    if message is None:
        arena.holds(arena.good.names, arena.good.rows, sidecar)
        return
    assert WAVE in message
    # the place, what holds it, or the column; of what YAML itself refuses, the line
    named = [*map(str, path), ", line "]
    assert any(name in message for name in named), message


BOMB = "&a0 [x, x, x, x, x, x, x, x, x]"
LEVELS = "\n".join(f"b{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10))


def odd_texts(text: str) -> dict[str, str | bytes]:
    """Sidecars that are hardly YAML, or that are meant to do harm."""
    return {
        "empty": "",
        "comment": "# niets\n",
        "list": "- a\n- b\n",
        "word": "golf\n",
        "nul": text.replace("wave:", "wave:\x00", 1),
        "tab": text.replace("  name:", "\tname:", 1),
        "latin": text.encode() + b"# caf\xe9\n",
        "utf16": text.encode("utf-16"),
        "mark": b"\xef\xbb\xbf" + text.encode(),
        "crlf": text.replace("\n", "\r\n"),
        "two": text + "---\nwave: x\n",
        "python": text + "notitie: !!python/object/apply:os.system ['true']\n",
        "date": text.replace("'2031-02-17'", "2031-99-99"),
        "float": text.replace("year: 2031", "year: !!float x"),
        "int": text.replace("year: 2031", "year: !!int x"),
        "binary": text.replace("year: 2031", "year: !!binary é"),
        "omap": text.replace("year: 2031", "year: !!omap [1]"),
        "long": text.replace("year: 2031", f"year: {'9' * 5000}"),
        "hex": text.replace("year: 2031", f"year: 0x{'f' * 5000}"),
        "large rows": text.replace("rows: 43", f"rows: 0x{'f' * 5000}"),
        "large code": text.replace("is:\n  - 2", f"is:\n  - 1{'0' * 400}"),
        "sexagesimal": text.replace("year: 2031", "year: 33:51"),
        "key": text + "? [a, b]\n: c\n",
        "map key": text + "? {a: b}\n: c\n",
        "merge": text + "<<: {wave: x}\n",
        "merge nothing": text + "<<: 3\n",
        "alias": text.replace("year: 2031", "year: *niets"),
        "itself": text + "onbekend: &a [*a]\n",
        "itself as text": text.replace("wave: '2031'", "wave: &a [*a]"),
        "surrogate": text.replace("title_nl: ", 'title_nl: "\\ud800" #', 1),
        "deep": text + "onbekend: " + "[" * 5000 + "]" * 5000 + "\n",
        "deep map": text + "onbekend: " + "{a: " * 3000 + "}" * 3000 + "\n",
        "bomb": f"b0: {BOMB}\n{LEVELS}\n{text}",
        "bomb as text": f"b0: {BOMB}\n{LEVELS}\n{text}".replace("wave: '2031'", "wave: *a9"),
        "bomb as code": f"b0: {BOMB}\n{LEVELS}\n{text}".replace("is:\n  - 2\n", "is: *a9\n"),
        "twice": text + "wave: '2031'\n",
        "twice within": text.replace("  name:", "  rows: 3\n  name:"),
        "truth as a code": text.replace("is:\n  - 2", "is:\n  - yes"),
        "truth as a key": text.replace("recode:\n      1:", "recode:\n      yes:", 1),
    }


@pytest.mark.parametrize("odd", odd_texts("wave: '2031'\n"))
def test_sidecars_that_are_hardly_yaml(sealed, odd):
    good = as_yaml(sealed.sidecar)
    text = odd_texts(good)[odd]
    assert text != good
    sealed.describe(text)
    message = sealed.clean()
    if odd in ("mark", "crlf", "sexagesimal", "merge"):
        assert message is None
        sealed.holds(sealed.good.names, sealed.good.rows, sealed.sidecar)
    else:
        assert message is not None
        assert "wave.yaml: " in message
        assert "wave.yaml: : " not in message


def test_text_of_the_sidecar(sealed):
    good = as_yaml(sealed.sidecar)
    lines = good.splitlines(keepends=True)

    @cases("sidecar_text")
    @given(
        kind=st.sampled_from(
            ("flip", "line twice", "line gone", "cut", "insert", "indent", "move")
        ),
        seed=st.integers(0, 2**32),
    )
    def run(kind: str, seed: int) -> None:
        rng = random.Random(seed)
        changed, at = list(lines), rng.randrange(len(lines))
        if kind == "line twice":
            changed.insert(at, changed[at])
        elif kind == "line gone":
            del changed[at]
        elif kind == "indent":
            changed[at] = " " * rng.randint(1, 4) + changed[at]
        elif kind == "move":
            changed.insert(rng.randrange(len(lines)), changed.pop(at))
        content = bytearray("".join(changed).encode())
        place = rng.randrange(len(content))
        if kind == "flip":
            content[place] ^= 1 << rng.randrange(8)
        elif kind == "cut":
            del content[place:]
        elif kind == "insert":
            content[place:place] = rng.choice(
                ("{", "[", '"', ":", "- ", "&a ", "*a ", "\t")
            ).encode()
        sealed.describe(bytes(content))
        message = sealed.clean()
        if message is None:
            sidecar = yaml.load(bytes(content), Loader=LOADER)
            sealed.holds(sealed.good.names, sealed.good.rows, sidecar)
        else:
            assert "2031" in message

    run()
    sealed.tallied("sidecar_text", right=3, refused=25)
