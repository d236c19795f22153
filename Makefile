# Everything starts here: `make run` on a bare machine, `make help` for the rest.
# Needed: GNU make, Python 3.11 or newer with its venv module. Everything else is fetched into .venv, web/ and ~/.cache.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# The first Python that is new enough; name another one by `make PYTHON=/path/to/python3`.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$$name" && break; done)
VENV := .venv/bin
PREPARE := $(PYTHON) scripts/prepare.py
# Handed to the command, e.g. make test ARGS="-k waiting" or make run ARGS="--port 8123".
ARGS ?=

.PHONY: help run prepare doctor test test-fast check format types reindex evaluate bench simulate chaos soak lock web screenshots clean python

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: prepare ## Prepare what is missing and serve on http://127.0.0.1:8000
	@exec $(VENV)/python -m router $(ARGS)

prepare: python ## Prepare the environment, the encoder and the pages
	@$(PREPARE) packages encoder pages

test: python ## Run every test, real database, encoder and browser included, three files at a time
	@$(PREPARE) dev encoder pages browser test-pages
	@exec $(VENV)/python -m tests $(ARGS)

test-fast: python ## Run the quick tests below the whole program, two at a time
	@$(PREPARE) dev encoder
	@exec $(VENV)/python -m pytest -n 2 --dist loadfile -m "not slow and not browser" tests/unit tests/contracts tests/integration $(ARGS)

check: python ## Check style, types, layers and that generated files are up to date
	@$(PREPARE) dev modules
	$(VENV)/ruff check
	$(VENV)/ruff format --check
	$(VENV)/mypy
	$(VENV)/lint-imports
	$(VENV)/python -m scripts.generate_types --check
	$(PREPARE) check-pages

format: python ## Put the code into its usual form
	@$(PREPARE) dev
	$(VENV)/ruff check --fix
	$(VENV)/ruff format

doctor: python ## Look at this installation and say what is wrong and what to do
	@exec $(VENV)/python -m scripts.doctor $(ARGS)

types: python ## Write the TypeScript types of the wire anew
	@$(PREPARE) dev
	$(VENV)/python -m scripts.generate_types

reindex: python ## Read faq/ and put the new index into the running servers
	@$(PREPARE) packages encoder
	@exec $(VENV)/python -m scripts.reindex faq/ $(ARGS)

evaluate: python ## Measure the answers: make evaluate ARGS="--articles … --questions …"
	@$(PREPARE) packages encoder
	@exec $(VENV)/python -m scripts.evaluate $(ARGS)

bench: python ## Measure finding articles and sockets beside other ways, turns per second, memory per connection, the pages
	@$(PREPARE) dev encoder pages browser other-sockets
	@exec $(VENV)/python -m scripts.bench $(ARGS)

simulate: python ## Play a busy day in the line, our order beside two others
	@$(PREPARE) packages
	@exec $(VENV)/python -m scripts.simulate --plot var/simulation.svg $(ARGS)

web: python ## Build the pages
	@$(PREPARE) packages pages

screenshots: python ## Take the pictures of the README anew
	@$(PREPARE) dev encoder pages browser
	@exec $(VENV)/python -m scripts.screenshots $(ARGS)

chaos: python ## Break servers, Postgres, Redis and the network under sixty chats: nothing may be lost, doubled, reordered
	@$(PREPARE) dev encoder
	@exec $(VENV)/python -m scripts.chaos $(ARGS)

soak: python ## An hour of 1,000 sockets and 50 turns a second: nothing may pile up
	@$(PREPARE) dev encoder
	@exec $(VENV)/python -m scripts.soak --plot var/soak.svg $(ARGS)

lock: python ## Take the newest versions of the packages and write them down
	@$(PREPARE) dev
	$(VENV)/python -m pip install --upgrade --upgrade-strategy eager -r requirements.in -r requirements-models.in -r requirements-dev.in
	$(VENV)/python -m scripts.lock

clean: ## Remove what was built; the data in var/ stays
	rm -rf .venv web/node_modules web/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

python:
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer is needed (or name one: make PYTHON=/path/to/python3)" >&2; exit 1; }
