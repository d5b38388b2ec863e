# Everything runs in .venv, which `make setup` builds with nothing but python3 and pip.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.lorewright-installed
DEMO := demo-domain

.PHONY: setup vendor demo test test-all test-browser check conformance docs format clean

setup: $(STAMP)

# torch comes first and pinned: left to another package's range it would pull the CUDA build.
$(STAMP): pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet "torch==2.13.0"
	$(BIN)/python -m pip install --quiet --editable ".[tune,dev]"
	@touch $(STAMP)

demo: setup
	$(BIN)/lorewright demo $(DEMO)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: check
	$(BIN)/python -m pytest

test-all: check
	$(BIN)/python -m pytest tests --ignore tests/browser
	$(BIN)/python -m pytest tests/browser/test_smoke.py

# The studio in Debian's Chromium; pictures of every screen are kept in tests/browser/pictures.
test-browser: setup
	$(BIN)/python -m pytest tests/browser

# Every endpoint of OpenAI's API through its SDK; writes docs/conformance.md. A minute or two.
conformance: setup
	$(BIN)/python -m tests.conformance

# The parts of the documentation that are made from the code; tests/docs compares them.
docs: setup
	$(BIN)/python -m docs.generate

# The studio's two components: npm is needed only here, what it builds is committed.
vendor:
	cd vendor && npm ci && npm run build

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) $(DEMO)
