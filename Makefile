# Everything starts here: `make demo` shows what papergraph does, `make test` proves that it works.
# Both set up what they need in .venv; Python 3.11 or newer is all that must be there.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check train bench docs clean

demo: $(VENV)/.installed  ## the main job on the bundled sample, no server
	@$(BIN)/papergraph demo

test: $(VENV)/.installed-dev check  ## lint, types, import rules and all tests
	$(BIN)/pytest --cov --cov-report=term:skip-covered

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

train: $(VENV)/.installed-train  ## reproduce the shipped pipelines (hours; needs ../shared)
	$(BIN)/papergraph train --excluded ../shared/gold/dev.papers.jsonl --annotations extract/training/annotations --output build/default
	$(BIN)/papergraph train --excluded ../shared/gold/dev.papers.jsonl --annotations extract/training/annotations --name fast --teacher build/default --output build/fast

bench: $(VENV)/.installed-dev  ## speed and memory, as ratios against peers in the same run
	$(BIN)/python -m benchmarks

docs: $(VENV)/.installed-dev  ## rewrite the generated references
	$(BIN)/python -m api.cli.reference
	$(BIN)/python -m api.graphql.snapshot

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "papergraph needs Python 3.11 or newer; none was found on PATH"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module does not work here (Debian: apt-get install python3-venv)"; exit 1; }

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	@echo "Installing papergraph into $(VENV) (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/bin/python
	@echo "Installing papergraph and its development tools into $(VENV) (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-train: pyproject.toml | $(VENV)/bin/python
	@echo "Installing papergraph and its training tools into $(VENV) (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
