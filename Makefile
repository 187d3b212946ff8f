# make app   starts Songscape on http://127.0.0.1:8501
# make test  runs every test

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: app test lint

app: $(VENV)/installed
	$(BIN)/streamlit run app.py

test: $(VENV)/installed-tests
	$(if $(ARGS),,$(BIN)/python -m pytest -q tests/e2e)  # the browser has both cores to itself
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder $(or $(ARGS),--ignore tests/e2e)

lint: $(VENV)/installed-tests
	$(BIN)/ruff check .

$(VENV)/installed: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -r requirements.txt
	touch $@

$(VENV)/installed-tests: $(VENV)/installed tests/requirements.txt
	$(BIN)/python -m pip install -q -r tests/requirements.txt
	touch $@
