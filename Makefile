# Works with GNU make 3.81 (macOS) and later. `make help` lists the targets.

VENV  := .venv
STAMP := $(VENV)/.installed
BIN   := $(VENV)/bin

# PYTHON=/path/to/python3 chooses the interpreter that makes .venv.
PYTHON ?=
export PYTHON

# Extra arguments for pytest: make test ARGS="-k wave"
ARGS ?=

# There is a worker for each core already: more threads in each only get in each other's way.
ONE_THREAD := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1

.DEFAULT_GOAL := help
.PHONY: help setup reproduce test slow lint format bench synthesize lock clean distclean FORCE

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  PYTHON=/path/to/python3 chooses the interpreter (3.11 or newer) that makes $(VENV);"
	@echo "  ARGS=\"...\" goes to pytest, e.g. make test ARGS=\"-k wave\"."

setup: $(STAMP) ## make .venv and install the locked packages into it (uv where it is, else pip)

reproduce: $(STAMP) ## from the raw wave to tables, figures, notebooks and scorecard
	$(BIN)/mobiliteit reproduce

test: $(STAMP) ## run the tests
	$(ONE_THREAD) $(BIN)/python -m pytest -n auto --dist worksteal -q $(ARGS)

slow: $(STAMP) ## run the slow tests, which `make test` leaves out
	$(ONE_THREAD) $(BIN)/python -m pytest -n auto -q -m slow $(ARGS)

lint: $(STAMP) ## check format, rules, types and the direction of imports
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP) ## format the code and mend what ruff can mend
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

bench: $(STAMP) ## measure how long the steps take
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/large.py
	$(BIN)/python benchmarks/waves.py
	$(BIN)/python benchmarks/lab.py

synthesize: $(STAMP) ## draw the synthetic waves, 2006 and the demo of 2008, anew (installs numba)
	@sh tools/setup.sh --add requirements-synthesize.txt
	$(BIN)/mobiliteit synthesize
	$(BIN)/mobiliteit synthesize --demo

lock: ## pin the versions: requirements*.txt and environment.yml (UPGRADE=1: the newest; needs uv)
	@python="$$(sh tools/setup.sh --python)" && "$$python" tools/lock.py $(if $(UPGRADE),--upgrade)

clean: ## remove what the main job made
	find data_clean figures reports -mindepth 1 ! -name .gitkeep ! -name README.md -delete

distclean: clean ## remove .venv and the caches too
	rm -rf $(VENV) build dist analysis/*.egg-info
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find analysis tests tools benchmarks notebooks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(STAMP): requirements.txt pyproject.toml
	@sh tools/setup.sh

# A .venv whose Python is gone, or that was made in another place, counts as not there.
ifneq ($(shell test -x $(BIN)/python && cat $(STAMP) 2>/dev/null),$(CURDIR))
$(STAMP): FORCE
endif
FORCE:
