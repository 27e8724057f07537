# Every target finds what it needs by itself: the bootstrap does nothing when there is nothing to do.
PYTHON ?= python3
BOOT = @$(PYTHON) scripts/bootstrap.py
BIN = .venv/bin
NODE = $(BIN)/node
.DEFAULT_GOAL := help
.PHONY: help run test check format lock openapi bench clean

help: ## Say what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: ## Run newsannot on http://127.0.0.1:$PORT (8000), with a database of its own unless DATABASE_URL is set
	$(BOOT)
	@$(BIN)/python manage.py serve

test: ## Run all tests: Python, browser and JavaScript
	$(BOOT) --dev --browser
	@$(NODE) --test "tests/js/**/*.test.js"
	@$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist worksteal

check: ## Check formats, rules, types, layers, migrations, the API description and the production settings
	$(BOOT) --dev
	@$(BIN)/python scripts/check.py

format: ## Put Python, templates, JavaScript and CSS into their format
	$(BOOT) --dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/djlint --reformat --quiet templates
	@$(NODE) node_modules/@biomejs/biome/bin/biome check --write .

lock: ## Lock the dependencies anew, with hashes
	$(BOOT) --dev
	@for file in base nlp formats dev gamma; do \
	    $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	        --no-header --python-version 3.11 --output-file requirements/$$file.txt requirements/$$file.in || exit 1; \
	done

openapi: ## Write docs/openapi.yaml from the code, and the Python client's types from that
	$(BOOT) --dev
	@$(BIN)/python manage.py spectacular --file docs/openapi.yaml
	@$(BIN)/python scripts/client_types.py clients/python/newsannot_client/records.py

bench: ## Measure the speed the design promises
	$(BOOT) --dev --browser
	@$(BIN)/python benchmarks/run.py
	@$(BIN)/python benchmarks/browser.py

clean: ## Remove what was made here, except the data in .data
	@rm -rf .venv node_modules var test-results .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
