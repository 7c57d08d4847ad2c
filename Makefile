# The doors of the house. Every target is one line; the work is in scripts/.
SHELL := /bin/bash
BASE_PYTHON := $(shell command -v python3.11 || command -v python3)
PYTHON := .venv/bin/python
export PYTHONUTF8 := 1

.PHONY: help run setup setup-base test test-fast lint format messages lock clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: setup-base ## install, migrate, build the demo city when empty, start web + worker + scheduler
	@$(PYTHON) scripts/run.py

setup: have-python ## install everything that running and testing need into .venv
	@"$(BASE_PYTHON)" scripts/setup.py dev

setup-base: have-python
	@"$(BASE_PYTHON)" scripts/setup.py base

test: setup ## lint, types, import contracts, tests on SQLite and PostgreSQL, browser tests
	@$(PYTHON) scripts/checks.py

test-fast: setup ## the same without PostgreSQL and browser
	@$(PYTHON) scripts/checks.py --fast

lint: setup ## lint, types and import contracts alone
	@$(PYTHON) scripts/checks.py --lint

format: setup ## put code and templates into shape
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format --quiet . ; $(PYTHON) scripts/checks.py --format-templates

messages: setup ## gather the texts of the pages into the catalogues and name what is untranslated
	@$(PYTHON) scripts/messages.py update && $(PYTHON) scripts/messages.py compile && $(PYTHON) scripts/messages.py check

lock: setup ## resolve requirements/*.in again, with hashes and without addresses
	@$(PYTHON) scripts/lock.py

clean: ## remove what setup and tests made; the state under var/ stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.PHONY: have-python
have-python:
	@test -n "$(BASE_PYTHON)" || { echo "Python 3.11 or newer is missing: as root, apt-get install python3 python3-venv" >&2; exit 1; }
