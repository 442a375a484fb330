# One file for every act: `make` lists them. Needs Python 3.11 or newer and the network for packages; nothing else.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

# The first Python that is new enough, unless PYTHON names one.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
# A lock names the whole set, so nothing is resolved: what a package asks for with an extra would
# otherwise have to be pinned with that extra. `pip check` then proves the set complete.
LOCKED := $(PIP) --no-deps --require-hashes
PROVE := $(BIN)/python -m pip check --disable-pip-version-check
ASSETS := $(wildcard web/assets/*.json web/assets/*.js web/assets/*.py web/assets/.npmrc) \
	$(shell find web/assets/src -type f 2>/dev/null)

# Python that was compiled once is kept out of sight: a whole run starts some 60 processes.
TESTING := env -u PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX=$(abspath $(VENV))/compiled
PYTEST := $(TESTING) $(BIN)/python -m pytest
# One more than there are cores: who tries pages in a browser mostly waits.
AT_ONCE := $(shell python3 -c 'import os; print((os.cpu_count() or 1) + 1)' 2>/dev/null || echo auto)
SCRIPTS := $(BIN)/python -m tests.scripts.tools

# Valid for every platform and Python from 3.11 on; without registry addresses.
COMPILE := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: help setup run quick test world lint types imports migrations mutation check format assets lock outdated clean

help: ## List what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS='	' read -r name words; do \
		printf '  make %-12s %s\n' "$$name" "$$words"; done

setup: $(VENV)/stamp-run ## Set everything up in .venv, so that .venv/bin/tindak runs

run: export TINDAK_HOST ?= $(or $(HOST),127.0.0.1)
run: export TINDAK_PORT ?= $(or $(PORT),8000)
run: export TINDAK_DATA_DIR ?= var
run: export TINDAK_DEMO ?= 1
run: setup ## Serve the product with demo data on http://127.0.0.1:8000 (PORT, HOST, TINDAK_DEMO=0)
	@exec $(BIN)/tindak run

quick: lint types ## The everyday answer: style, types, each test function once, on SQLite
	$(PYTEST) --quick --numprocesses 2 --dist worksteal

test: $(VENV)/stamp-dev $(VENV)/stamp-browser $(VENV)/stamp-scripts ## Set everything up and run the whole suite
	$(PYTEST) --numprocesses $(AT_ONCE) --dist worksteal

world: $(VENV)/stamp-dev $(VENV)/stamp-browser $(VENV)/stamp-clients ## What needs real servers (PgBouncer, Patroni, etcd), foreign clients, large data, or minutes; what kills processes
	$(PYTEST) -o faulthandler_timeout=1200 tests/world

lint: $(VENV)/stamp-dev $(VENV)/stamp-scripts ## Style of code, templates and scripts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet web/templates
	$(SCRIPTS) lint

types: $(VENV)/stamp-dev $(VENV)/stamp-scripts ## Types of code and scripts, strictly
	$(BIN)/mypy --strict
	$(SCRIPTS) types

imports: $(VENV)/stamp-dev ## web -> processes -> engine, and nothing the other way
	$(BIN)/lint-imports

migrations: $(VENV)/stamp-dev ## Migrations lead to the tables of the code
	$(PYTEST) tests/test_migrations.py

mutation: $(VENV)/stamp-dev ## Change central modules a little, 300 times: does a test notice? (a quarter of an hour)
	$(BIN)/python -m benchmarks.mutation

check: lint types imports migrations test ## Everything a change must pass

format: $(VENV)/stamp-dev $(VENV)/stamp-scripts ## Put code and scripts into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(SCRIPTS) format

assets: $(VENV)/stamp-dev ## Build the front end anew if its sources changed
	$(BIN)/python -m web.assets.build

lock: $(VENV)/stamp-dev ## Choose versions anew: requirements.lock and requirements-dev.lock
	$(PIP) uv
	$(BIN)/uv pip compile $(COMPILE) --upgrade pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile $(COMPILE) --upgrade --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

outdated: $(VENV)/stamp-dev ## Say of each dependency whether it is at its newest; changes nothing
	$(BIN)/python -m tests.outdated

clean: ## Remove what was built and installed; data in var/ stays
	rm -rf $(VENV) .browser web/static/dist web/assets/node_modules tests/scripts/node_modules \
		tests/world/clients/javascript/node_modules
	find engine processes web tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Tindak needs Python 3.11 or newer; this machine has $$(python3 --version 2>&1 || echo none). Install it, or name it: make setup PYTHON=/path/to/python3.12" >&2; exit 1; }
	@echo "Creating $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "This Python has no venv module; on Debian and Ubuntu install the package python3-venv." >&2; exit 1; }

$(VENV)/stamp-packages: requirements.lock | $(VENV)/bin/python
	@echo "Installing packages (about a minute the first time) ..."
	@$(LOCKED) -r requirements.lock
	@$(PROVE) >/dev/null || { $(PROVE); exit 1; }
	@touch $@

# The editable install also builds the front end (web/assets/hook.py), which its stamp skips when nothing changed.
$(VENV)/stamp-run: $(VENV)/stamp-packages pyproject.toml $(ASSETS)
	@echo "Installing Tindak and building its front end (about half a minute the first time) ..."
	@$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/stamp-dev: requirements-dev.lock $(VENV)/stamp-run
	@echo "Installing the tools for tests ..."
	@$(LOCKED) -r requirements-dev.lock
	@$(PROVE) >/dev/null || { $(PROVE); exit 1; }
	@touch $@

$(VENV)/stamp-browser: tests/e2e/browser.py tests/e2e/chromium/package-lock.json $(VENV)/stamp-dev
	@echo "Looking for a browser for the tests ..."
	@$(BIN)/python -m tests.e2e.browser
	@touch $@

$(VENV)/stamp-scripts: tests/scripts/tools.py tests/scripts/package-lock.json $(VENV)/stamp-dev
	@echo "Installing the tools for scripts ..."
	@$(SCRIPTS) install
	@touch $@

$(VENV)/stamp-clients: tests/world/clients/workers.py tests/world/clients/javascript/package-lock.json $(VENV)/stamp-dev
	@echo "Installing the worker in JavaScript for the tests ..."
	@$(BIN)/python -m tests.world.clients.workers
	@touch $@
