# `make` = `make check`. Needs python3 (3.11 or later) and make; everything else goes into .venv.
# CI runs `make test`, nothing else.

PYTHON ?= python3
MINUTES ?= 60
CORPORA ?= $(or $(LINESPAM_CORPORA),../shared/corpora)
BIN := .venv/bin
# -c alone pins what is installed, the variables also what pip builds with.
PIP := PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt \
	$(BIN)/python -m pip --disable-pip-version-check --quiet

# pip knows dependency groups only since 25.1, and a fresh machine may have an older one.
define REQUIREMENTS_OF_GROUP
import sys, tomllib
with open("pyproject.toml", "rb") as file:
    project = tomllib.load(file)
print(*project["dependency-groups"][sys.argv[1]], *project["build-system"]["requires"], sep="\n")
endef
export REQUIREMENTS_OF_GROUP

.PHONY: check lint types test test-hosts fuzz gate format demo bench bench-batch bench-memory bench-hosts scaling languages fine-tuning benchmark model wheel packages tables clean

check: lint types test

lint: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.installed
	$(BIN)/mypy

test: lint types
	$(BIN)/pytest -n auto
	$(MAKE) gate

test-hosts: .venv/.hosts
	$(BIN)/pytest tests/adapters

# atheris is used where it can be installed; Hypothesis is always there.
fuzz: .venv/.fuzz
	OMP_NUM_THREADS=1 $(BIN)/python tests/fuzz/fuzz.py --minutes $(MINUTES)

gate: .venv/.installed
	$(BIN)/python tests/quality/gate.py

format: .venv/.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

demo: .venv/.runtime
	@$(BIN)/linespam classify seeds/page.txt --format text
	@printf '\n---- the page, cleaned ----\n'
	@$(BIN)/linespam clean seeds/page.txt

bench: .venv/.bench
	$(BIN)/python tests/benchmarks/throughput.py

bench-batch: .venv/.bench
	$(BIN)/python tests/benchmarks/batch.py

bench-memory: .venv/.bench
	$(BIN)/python tests/benchmarks/memory.py

scaling: .venv/.installed
	OMP_NUM_THREADS=1 $(BIN)/python tests/benchmarks/scaling.py

bench-hosts: .venv/.hosts
	$(BIN)/python tests/benchmarks/hosts.py

benchmark: .venv/.bench
	$(BIN)/python tests/benchmarks/accuracy.py
	-$(BIN)/python tests/benchmarks/hard_negatives.py
	-$(BIN)/python tests/benchmarks/evasion.py
	$(BIN)/python tests/benchmarks/spans.py

languages: .venv/.installed | build/corpus
	$(BIN)/python tests/benchmarks/languages.py

fine-tuning: .venv/.installed
	OMP_NUM_THREADS=1 $(BIN)/python tests/benchmarks/fine_tuning.py --passes 12 --folds 2 --every 10

build/corpus: | .venv/.installed
	$(BIN)/linespam corpus build $(CORPORA) -o build/corpus

model: .venv/.installed
	$(BIN)/linespam corpus build $(CORPORA) -o build/corpus
	$(BIN)/python -m classifier.training.recipe build/corpus -o models/line-1

wheel: .venv/.runtime
	rm -rf build/wheel
	$(PIP) wheel --no-deps --wheel-dir build/wheel .
	$(PYTHON) -m venv build/wheel/venv
	build/wheel/venv/bin/python -m pip --quiet install -c constraints.txt build/wheel/*.whl
	build/wheel/venv/bin/linespam --help
	build/wheel/venv/bin/linespam classify - < seeds/page.txt

PYTHONS ?= python3.11 python3.12 python3.13
packages: .venv/.installed
	$(BIN)/python tests/benchmarks/packages.py --python $(PYTHONS)

tables: .venv/.installed
	$(BIN)/python -m classifier.text.build_tables

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.runtime: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) install -c constraints.txt -e .
	touch $@

.venv/.installed: .venv/.runtime
	$(BIN)/python -c "$$REQUIREMENTS_OF_GROUP" dev > .venv/dev.txt
	$(PIP) install -c constraints.txt -r .venv/dev.txt
	touch $@

.venv/.bench: .venv/.installed
	$(BIN)/python -c "$$REQUIREMENTS_OF_GROUP" bench > .venv/bench.txt
	$(PIP) install -c constraints.txt -r .venv/bench.txt
	touch $@

.venv/.fuzz: .venv/.installed
	$(BIN)/python -c "$$REQUIREMENTS_OF_GROUP" fuzz > .venv/fuzz.txt
	-$(PIP) install -c constraints.txt -r .venv/fuzz.txt
	touch $@

.venv/.hosts: .venv/.installed
	$(BIN)/python -c "$$REQUIREMENTS_OF_GROUP" hosts > .venv/hosts.txt
	$(PIP) install -c constraints.txt -r .venv/hosts.txt
	rm -rf .venv/dolma  # beside the others: it wants numpy below 2, its mixer needs none
	$(PIP) install -c constraints.txt --no-deps --target .venv/dolma dolma
	touch $@
