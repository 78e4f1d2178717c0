#!/bin/sh
# Make .venv from requirements.txt and install this checkout into it (`make setup`).
#
#   sh tools/setup.sh              uv where it works, else pip
#   sh tools/setup.sh --add FILE   install another hash-locked file into the finished .venv
#   sh tools/setup.sh --python     only print the Python that would be used
#
# PYTHON names the interpreter to use. The stamp .venv/.installed is written last and holds the
# place of the checkout: a .venv without it was left half-made, or was moved, and is made anew.
set -eu

venv=.venv
stamp=$venv/.installed

PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_DISABLE_PIP_VERSION_CHECK

say() { printf '%s\n' "$*"; }
fail() { say "setup: $*" >&2; exit 2; }

# Is $1 a working Python of at least $2.$3 and below $4.$5?
python_is() {
    "$1" -c "import sys; sys.exit(not (($2, $3) <= sys.version_info[:2] < ($4, $5)))" \
        >/dev/null 2>&1
}

# Where $1 really is, behind the shim of a version manager or an activated .venv.
base_of() {
    "$1" -c 'import sys; print(getattr(sys, "_base_executable", "") or sys.executable)'
}

# A shim of a version manager may be on PATH and yet not run: ask it.
uv_works() { uv --version >/dev/null 2>&1; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        python_is "$PYTHON" 3 11 4 0 || fail "PYTHON=$PYTHON is not a working Python 3.11 or newer"
        base_of "$PYTHON"
        return
    fi
    names="python3 python3.14 python3.13 python3.12 python3.11 python"
    for name in $names; do # first a version that the locks were tried on
        python_is "$name" 3 11 3 15 && base_of "$name" && return
    done
    for name in $names python3.15; do
        python_is "$name" 3 11 4 0 && base_of "$name" && return
    done
    if uv_works; then # one that uv installed, off PATH
        uv python find --no-project --no-python-downloads --system '>=3.11' 2>/dev/null && return
    fi
    fail "no Python 3.11 or newer found: install one, or name it with make PYTHON=/path/to/python3"
}

# Compiled once, as pip does: the tests and the notebooks start many interpreters.
add_with_uv() {
    uv pip install --quiet --compile-bytecode --python "$venv/bin/python" --require-hashes -r "$1"
}

add_with_pip() {
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip
    "$venv/bin/python" -m pip install -qq --require-hashes -r "$1"
}

with_uv() {
    if [ ! -e "$venv" ]; then
        uv venv --quiet --no-project --python "$python" "$venv" || return 1
    fi
    add_with_uv requirements.txt &&
        uv pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation -e .
}

with_pip() {
    if [ ! -e "$venv" ]; then
        "$python" -m venv "$venv" ||
            fail "$python -m venv failed (on Debian and Ubuntu: apt install python3-venv)"
    fi
    add_with_pip requirements.txt &&
        "$venv/bin/python" -m pip install -qq --no-deps --no-build-isolation -e .
}

if [ "${1:-}" = --add ]; then
    if uv_works && add_with_uv "$2"; then exit; fi
    add_with_pip "$2" || fail "could not install $2 (the message is above)"
    exit
fi
python=$(find_python)
if [ "${1:-}" = --python ]; then
    say "$python"
    exit
fi

# What is already there can stay only if it was finished, here, and still runs.
here=$(pwd -P)
if [ -e "$venv" ] || [ -L "$venv" ]; then
    if [ "$(cat "$stamp" 2>/dev/null)" = "$here" ] && python_is "$venv/bin/python" 3 11 4 0; then
        rm -f "$stamp" # from here on half-made, until the stamp is back
    else
        say "setup: $venv is not a finished set-up of this checkout; making it anew"
        rm -rf "$venv"
    fi
fi

done_with=
if uv_works; then
    say "setup: installing requirements.txt into $venv with uv ($python)"
    if with_uv; then
        done_with=uv
    else
        say "setup: uv could not do it; trying pip" >&2
        rm -rf "$venv"
    fi
fi
if [ -z "$done_with" ]; then
    say "setup: installing requirements.txt into $venv with pip ($python); this takes a few minutes"
    with_pip || fail "pip could not install requirements.txt (its message is above)"
fi
say "$here" >"$stamp"
