"""pyproject.toml, the locks and environment.yml hold together, and name no place of a machine.

Every check is a function from the texts of the files to a list of problems, so that the same
functions are shown to fail on files broken on purpose.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.11.0", "3.12.0", "3.13.0", "3.14.0")

HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
CONDA_NAME = r"[a-z0-9_][a-z0-9_.-]*"
CONDA_VERSION = r"[0-9][A-Za-z0-9_.!+]*"
CONDA_BOUND = rf"(?:==|!=|>=|<=|>|<){CONDA_VERSION}(?:\.\*)?"
CONDA_SPEC = re.compile(
    rf"(?P<name>{CONDA_NAME})(?: (?P<bounds>{CONDA_BOUND}(?:,{CONDA_BOUND})*))?"
)
# What must not be committed: an index, a find-links folder, an address, a place on some machine.
PLACES = re.compile(
    r"://|--(?:extra-)?index|--find-links|--trusted-host|index[-_]url|find[-_]links"
    r"|(?:^|[\s\"'=@(])(?:~?/|[A-Za-z]:\\|-f\s|-i\s)"
)


@dataclass(frozen=True)
class Files:
    """The texts that must agree."""

    pyproject: str
    lock: str
    synthesize: str
    environment: str


@pytest.fixture(scope="module")
def files() -> Files:
    def read(name: str) -> str:
        return (ROOT / name).read_text(encoding="utf-8")

    return Files(
        pyproject=read("pyproject.toml"),
        lock=read("requirements.txt"),
        synthesize=read("requirements-synthesize.txt"),
        environment=read("environment.yml"),
    )


@dataclass(frozen=True)
class Pin:
    """One entry of a lock."""

    name: str
    version: str
    marker: str
    hashes: int

    @classmethod
    def parse(cls, text: str, hashes: int = 0) -> "Pin":
        requirement = Requirement(text)
        bounds = list(requirement.specifier)
        if len(bounds) != 1 or bounds[0].operator != "==" or "*" in bounds[0].version:
            raise ValueError(f"not one exact version: {text}")
        if requirement.url or requirement.extras:
            raise ValueError(f"an address or extras: {text}")
        return cls(
            name=canonicalize_name(requirement.name),
            version=bounds[0].version,
            marker=str(requirement.marker or ""),
            hashes=hashes,
        )

    def holds(self, python: str, platform: str = "linux") -> bool:
        """Whether the marker of the pin takes it in on this Python and platform."""
        if not self.marker:
            return True
        return Marker(self.marker).evaluate(
            {
                "python_version": ".".join(python.split(".")[:2]),
                "python_full_version": python,
                "sys_platform": platform,
                "os_name": "nt" if platform == "win32" else "posix",
                "platform_python_implementation": "CPython",
                "implementation_name": "cpython",
            }
        )

    @property
    def key(self) -> tuple[str, str, str]:
        return self.name, self.version, self.marker


@cache
def lock_pins(text: str) -> list[Pin]:
    """Read a hash-locked file: logical lines of one requirement and its hashes, nothing else."""
    joined = re.sub(r"\\\n", " ", text)
    pins = []
    for line in joined.splitlines():
        line = re.sub(r"(?:^|\s)#.*$", "", line).strip()
        if not line:
            continue
        requirement, *options = re.split(r"\s+(?=--)", line)
        unknown = [option for option in options if not HASH.fullmatch(option)]
        if requirement.startswith("-") or unknown:
            raise ValueError(f"an option other than a sha256 hash: {line[:80]}")
        pins.append(Pin.parse(requirement, hashes=len(options)))
    return pins


class StrictLoader(yaml.SafeLoader):
    """YAML that refuses a key given twice, and reads no scalar but text."""


StrictLoader.yaml_implicit_resolvers = {}


def _mapping_without_doubles(loader: StrictLoader, node: yaml.MappingNode) -> dict[str, object]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    doubles = sorted({key for key in keys if keys.count(key) > 1})
    if doubles:
        raise ValueError(f"given twice: {', '.join(doubles)}")
    return {
        key: loader.construct_object(value, deep=True)
        for key, (_, value) in zip(keys, node.value, strict=True)
    }


StrictLoader.add_constructor(
    yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_doubles
)


def environment_parts(text: str) -> tuple[dict[str, str], list[str]]:
    """Split environment.yml into conda's bounds by package and pip's lines, strictly."""
    content = yaml.load(text, Loader=StrictLoader)
    if not isinstance(content, dict) or set(content) != {"name", "channels", "dependencies"}:
        raise ValueError("environment.yml needs the keys name, channels, dependencies and no other")
    if content["name"] != "mobiliteit":
        raise ValueError(f"the environment is named {content['name']}")
    if content["channels"] != ["conda-forge", "nodefaults"]:
        raise ValueError(f"the channels are {content['channels']}")
    specs = [entry for entry in content["dependencies"] if isinstance(entry, str)]
    rest = [entry for entry in content["dependencies"] if not isinstance(entry, str)]
    if len(rest) != 1 or not isinstance(rest[0], dict) or set(rest[0]) != {"pip"}:
        raise ValueError("the dependencies need one section, pip")
    if content["dependencies"][-1] is not rest[0]:
        raise ValueError("the section pip comes last")
    conda: dict[str, str] = {}
    for spec in specs:
        match = CONDA_SPEC.fullmatch(spec)
        if match is None:
            raise ValueError(f"no conda match spec that we write: {spec!r}")
        if match["name"] in conda:
            raise ValueError(f"given twice: {match['name']}")
        conda[match["name"]] = match["bounds"] or ""
    lines = rest[0]["pip"]
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise ValueError("the section pip is a list of lines")
    return conda, lines


# --- the checks -----------------------------------------------------------------------------------


def pyproject_against_lock(files: Files) -> list[str]:
    """Every direct dependency is locked within its bounds, on every Python, once."""
    project = tomllib.loads(files.pyproject)["project"]
    extras = project["optional-dependencies"]
    found = []
    for lock, wanted in (
        (files.lock, [*project["dependencies"], *extras["dev"]]),
        (files.synthesize, extras["synthesize"]),
    ):
        pins = lock_pins(lock)
        for requirement in map(Requirement, wanted):
            name = canonicalize_name(requirement.name)
            for python in PYTHONS:
                versions = [pin.version for pin in pins if pin.name == name and pin.holds(python)]
                if len(versions) != 1:
                    found.append(f"{name}: locked {len(versions)} times on Python {python}")
                elif Version(versions[0]) not in requirement.specifier:
                    found.append(f"{name}: {versions[0]} is not {requirement.specifier}")
    return found


def locks_are_hashed(files: Files) -> list[str]:
    """Every pin has a hash; no package has two versions on one Python and platform."""
    found = []
    for lock in (files.lock, files.synthesize):
        pins = lock_pins(lock)
        found += [f"{pin.name}: no hash" for pin in pins if pin.hashes < 1]
        for python in PYTHONS:
            for platform in ("linux", "darwin", "win32"):
                names = [pin.name for pin in pins if pin.holds(python, platform)]
                doubles = [name for name, times in Counter(names).items() if times > 1]
                found += [f"{name}: twice on {python}, {platform}" for name in doubles]
    return found


def locks_agree(files: Files) -> list[str]:
    """What both locks name has the same version; numba stays out of the main lock."""
    main = {pin.key for pin in lock_pins(files.lock)}
    main_names = {name for name, _, _ in main}
    found = [
        f"{pin.name}: {pin.version} in requirements-synthesize.txt, another in requirements.txt"
        for pin in lock_pins(files.synthesize)
        if pin.name in main_names and pin.key not in main
    ]
    if "numba" in main_names:
        found.append("numba is in requirements.txt")
    return found


def environment_against_lock(files: Files) -> list[str]:
    """The pip section is the lock without its hashes, then the checkout itself."""
    _, lines = environment_parts(files.environment)
    *pinned, last = lines
    found = [] if last == "-e ." else [f"the pip section ends with {last!r}, not with '-e .'"]
    pins = [Pin.parse(line).key for line in pinned]
    locked = [pin.key for pin in lock_pins(files.lock)]
    found += [f"{key}: in environment.yml only" for key in sorted(set(pins) - set(locked))]
    found += [f"{key}: in requirements.txt only" for key in sorted(set(locked) - set(pins))]
    found += [f"{key}: twice in environment.yml" for key in set(pins) if pins.count(key) > 1]
    return found


def environment_against_pyproject(files: Files) -> list[str]:
    """The conda part asks for the same Python as pyproject.toml, and for pip and make."""
    conda, _ = environment_parts(files.environment)
    wanted = tomllib.loads(files.pyproject)["project"]["requires-python"]
    found = []
    if set(conda) != {"python", "pip", "make"}:
        found.append(f"the conda part asks for {sorted(conda)}")
    if SpecifierSet(conda.get("python", "")) != SpecifierSet(wanted):
        found.append(f"python {conda.get('python')} is not requires-python {wanted}")
    return found


def build_needs_are_locked(files: Files) -> list[str]:
    """The lock holds what builds the package, so that no isolated build fetches more."""
    pins = {pin.name: pin.version for pin in lock_pins(files.lock)}
    found = []
    for requirement in map(Requirement, tomllib.loads(files.pyproject)["build-system"]["requires"]):
        version = pins.get(canonicalize_name(requirement.name))
        if version is None or Version(version) not in requirement.specifier:
            found.append(f"{requirement.name}: {version} is not {requirement.specifier}")
    return found


def no_places(files: Files) -> list[str]:
    """No file names an index, an address or an absolute path."""
    found = []
    for name in ("pyproject", "lock", "synthesize", "environment"):
        for number, line in enumerate(getattr(files, name).splitlines(), start=1):
            if PLACES.search(line):
                found.append(f"{name}, line {number}: {line.strip()[:80]}")
    return found


CHECKS = (
    pyproject_against_lock,
    locks_are_hashed,
    locks_agree,
    environment_against_lock,
    environment_against_pyproject,
    build_needs_are_locked,
    no_places,
)


def problems(check: Callable[[Files], list[str]], files: Files) -> list[str]:
    """Run a check; a file that cannot be read at all is a problem too."""
    try:
        return check(files)
    except (ValueError, yaml.YAMLError) as error:
        return [str(error)]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_files_hold_together(check: Callable[[Files], list[str]], files: Files) -> None:
    assert problems(check, files) == []


def test_lock_is_what_it_seems(files: Files) -> None:
    """The parser of this file did not skip the lock: a rough count sees as many pins."""
    rough = [line for line in files.lock.splitlines() if re.match(r"[a-z0-9].*==", line)]
    assert len(lock_pins(files.lock)) == len(rough) > 100


# --- the same checks on files broken on purpose ---------------------------------------------------

BREAKAGES = [
    # (check that must notice, file, pattern, replacement)
    (pyproject_against_lock, "pyproject", r'"pandas>=[^"]*"', '"pandas>=99"'),
    (pyproject_against_lock, "pyproject", r'"pandas>=[^"]*"', '"pandas<1"'),
    (pyproject_against_lock, "pyproject", r'"pandas>=', '"a-package-not-locked>='),
    (pyproject_against_lock, "pyproject", r'"pytest>=', '"a-package-not-locked>='),
    (pyproject_against_lock, "pyproject", r'"numba>=[^"]*"', '"numba>=99"'),
    (pyproject_against_lock, "lock", r"(?m)^scipy==", "scipy-of-another-name=="),
    (pyproject_against_lock, "lock", r"(numpy==\S+ ;) \S+ < '3.15'", r"\1 python_version < '3.12'"),
    (locks_are_hashed, "lock", r"(?m)^(rich==\S+) \\\n(?: +--hash.*\n)+", r"\1\n"),
    (locks_are_hashed, "synthesize", r"(?m)^(numba==\S+) \\\n(?: +--hash.*\n)+", r"\1\n"),
    (locks_are_hashed, "lock", r"(numpy==\S+ ;) \S+ >= '3.15'", r"\1 python_version >= '3.12'"),
    (locks_are_hashed, "lock", r"sha256:[0-9a-f]{4}", "sha256:"),
    (locks_are_hashed, "lock", r"--hash=sha256:", "--hash=md5:"),
    (locks_are_hashed, "lock", r"(?m)^rich==", "rich>="),
    (locks_agree, "synthesize", r"(?m)^numpy==[0-9]+", "numpy==1"),
    (locks_agree, "lock", r"(?m)^rich==", "numba=="),
    (environment_against_lock, "environment", r'"pandas==[^"]*"', '"pandas==2.3.0"'),
    (environment_against_lock, "environment", r'(?m)^ +- "pandas==.*\n', ""),
    (environment_against_lock, "environment", r'(?m)^( +- )("rich==.*\n)', r'\1"x==1"\n\1\2'),
    (environment_against_lock, "environment", r'(?m)^( +- "rich==.*\n)', r"\1\1"),
    (environment_against_lock, "environment", r'(colorama==\S+) ; [^"]*', r"\1"),
    (environment_against_lock, "environment", r"< '3.15'", "< '3.14'"),
    (environment_against_lock, "environment", r'"-e \."', '"-e .[dev]"'),
    (environment_against_lock, "environment", r'(?m)^ +- "-e \."\n', ""),
    (environment_against_lock, "lock", r"(?m)^rich==", "rich==9"),
    (environment_against_pyproject, "environment", r"python >=3\.11", "python >=3.12"),
    (environment_against_pyproject, "environment", r"python >=3\.11", "python"),
    (environment_against_pyproject, "environment", r"python >=3\.11", "python>=3.11"),
    (environment_against_pyproject, "environment", r"python >=3\.11", "python >= 3.11"),
    (environment_against_pyproject, "environment", r"python >=3\.11", "python >=3.11,"),
    (environment_against_pyproject, "environment", r"python >=3\.11", "python ~=3.11"),
    (environment_against_pyproject, "environment", r"python >=3\.11", "conda-forge::python"),
    (environment_against_pyproject, "environment", r"  - make\n", ""),
    (environment_against_pyproject, "environment", r"  - make\n", "  - make\n  - r-base\n"),
    (environment_against_pyproject, "environment", r"  - make\n", "  - make\n  - make\n"),
    (environment_against_pyproject, "environment", r"  - nodefaults", "  - defaults"),
    (environment_against_pyproject, "environment", r"name: ", "prefix: x\nname: "),
    (environment_against_pyproject, "environment", r"name: ", "name: x\nname: "),
    (environment_against_pyproject, "environment", r"  - pip:", "  - pypi:"),
    (
        environment_against_pyproject,
        "pyproject",
        r'requires-python = ">=3.11"',
        'requires-python = ""',
    ),
    (build_needs_are_locked, "pyproject", r'requires = \["setuptools>=80"', 'requires = ["x>=80"'),
    (build_needs_are_locked, "lock", r"(?m)^setuptools==\d+", "setuptools==70"),
    (no_places, "lock", r"\A", "--index-url https://example.org/simple\n"),
    (no_places, "lock", r"\A", "--find-links wheels\n"),
    (no_places, "lock", r"\A", "-f wheels\n"),
    (no_places, "lock", r"make lock", "uv pip compile /home/someone/pyproject.toml"),
    (no_places, "environment", r'"-e \."', '"-e /home/someone/mobiliteit"'),
    (no_places, "environment", r'"-e \."', '"mobiliteit @ file:///home/someone/mobiliteit"'),
    (no_places, "synthesize", r"\A", "--extra-index-url x\n"),
    (no_places, "pyproject", r"\[tool\.ruff\]", '[tool.uv]\nfind-links = ["wheels"]\n[tool.ruff]'),
    (no_places, "pyproject", r'src = \["analysis"', 'src = ["/home/someone/analysis"'),
]


@pytest.mark.parametrize(
    ("check", "name", "pattern", "replacement"),
    BREAKAGES,
    ids=[f"{number}-{breakage[0].__name__}" for number, breakage in enumerate(BREAKAGES)],
)
def test_checks_notice_a_broken_file(
    check: Callable[[Files], list[str]], name: str, pattern: str, replacement: str, files: Files
) -> None:
    whole = getattr(files, name)
    broken, times = re.subn(pattern, replacement, whole, count=1)
    assert times == 1
    assert broken != whole
    assert problems(check, replace(files, **{name: broken})) != []
