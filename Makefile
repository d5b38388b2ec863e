# Everything runs in .venv, which `make setup` builds with nothing but python3 and pip.
PYTHON ?= python3
VENV := .venv
TORCH := 2.13.0
BIN := $(VENV)/bin
STAMP := $(VENV)/.lorewright-installed
DEMO := demo-domain

.PHONY: setup lock vendor demo test test-all test-postgres test-browser check conformance clients docs format clean

setup: $(STAMP)

# torch comes first and pinned: left to another package's range it would pull the CUDA build.
# Every version is that of constraints.txt, so that the same commit gives the same environment.
$(STAMP): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt "torch==$(TORCH)"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[tune,dev]"
	@touch $(STAMP)

# constraints.txt anew: the newest versions that pyproject.toml allows, from a fresh environment.
lock:
	rm -rf $(VENV)-lock
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet "torch==$(TORCH)"
	$(VENV)-lock/bin/python -m pip install --quiet ".[tune,ocr,stores,postgres,dev]"
	$(VENV)-lock/bin/python -m pip check
	@echo "# Exact versions for the demo, the tests and the extras, made by: make lock" > constraints.txt
	$(VENV)-lock/bin/python -m pip freeze --exclude lorewright | sed 's/+cpu$$//' | LC_ALL=C sort -f >> constraints.txt
	rm -rf $(VENV)-lock

demo: setup
	$(BIN)/lorewright demo $(DEMO)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# What matters, within five minutes on two cores: unit, architecture and docs tests, and the integration
# tests that start no processes and train nothing.
test: check
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not thorough"

test-all: check
	$(BIN)/python -m pytest -n 2 --dist loadfile tests --ignore tests/browser
	$(BIN)/python -m pytest tests/browser/test_smoke.py

# The integration tests once more, with every domain on a PostgreSQL database of its own.
test-postgres: setup
	LOREWRIGHT_TEST_DATABASE=postgres $(BIN)/python -m pytest -n 2 --dist loadfile tests/integration tests/unit/storage

# The studio in Debian's Chromium; pictures of every screen are kept in tests/browser/pictures.
test-browser: setup
	$(BIN)/python -m pytest tests/browser

# Every endpoint of OpenAI's API through its SDK; writes docs/conformance.md. A minute or two.
conformance: setup
	$(BIN)/python -m tests.conformance

# Clients that people have, unmodified, against a server with the default model; writes their table into
# docs/conformance.md. Each is installed once, below LOREWRIGHT_TEST_CACHE or ~/.cache/lorewright-clients.
# Some twenty minutes, more the first time. `make clients ONLY="litellm mcp"` tries some, the others keep
# the row of their last try.
clients: setup
	$(BIN)/python -m tests.clients $(ONLY)

# The parts of the documentation that are made from the code; tests/docs compares them.
docs: setup
	$(BIN)/python -m docs.generate

# The studio's two components: npm is needed only here, what it builds is committed.
vendor: setup
	cd vendor && npm ci && npm run build
	$(BIN)/python -m docs.generate

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) $(DEMO)
