# The commands that people and scripts rely on. Each sets up all that it needs.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	if command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo $$name; break; fi; done)
VENV := .venv
RUN := $(VENV)/bin/python
# Without byte code each of the many processes that the tests and the demo start would compile our modules anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests demo test screenshots lint format types

help:
	@echo "make demo    a working system with seeded data, on http://localhost:8000"
	@echo "make test    static checks and the whole test suite"
	@echo "make screenshots    every page, light and dark, wide and narrow, as pictures in screenshots/"
	@echo "make setup   virtual environment, packages, front-end files"
	@echo "make lint    ruff, import contracts and types      make format   ruff's formatter      make types   mypy"

$(VENV)/installed: pyproject.toml constraints.txt
	@if [ -z "$(PYTHON)" ]; then echo "FreightBridge needs Python 3.11 or newer: install it, or name it with PYTHON=..."; exit 1; fi
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

$(VENV)/assets: $(VENV)/installed package.json package-lock.json freightbridge/machine_setup/vendor_assets.py
	$(RUN) -m freightbridge.machine_setup.vendor_assets
	touch $@

setup: $(VENV)/installed $(VENV)/assets
	@$(RUN) -m freightbridge.machine_setup.system_packages

setup-tests: setup
	@$(RUN) -m freightbridge.machine_setup.system_packages --for-tests

demo: setup
	$(RUN) manage.py demo

# What takes long is dealt out first, and who is done early takes from the other's rest.
test: setup-tests $(VENV)/linted
	$(RUN) -m pytest --numprocesses=2 --dist=worksteal $(PYTEST_OPTIONS)

# By the name of its file, since it is no test of anything: a person looks at what it leaves.
screenshots: setup-tests
	REQUIRE_BROWSER=1 $(RUN) -m pytest -q tests/journeys/take_screenshots.py
	@echo "Open screenshots/index.html"

lint: $(VENV)/installed
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(MAKE) --no-print-directory types
	touch $(VENV)/linted

# The second run of the tests, with other servers, has nothing new to read.
$(VENV)/linted: $(VENV)/installed $(shell find freightbridge integrations invoices tests -name '*.py')
	$(MAKE) --no-print-directory lint

types: $(VENV)/installed
	$(VENV)/bin/mypy

format: $(VENV)/installed
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
