# Every command of the project; `make help` lists them. Each makes what it needs, first time only:
# the environment stands in $(VENV), and is brought up to date when pyproject.toml changes.

PYTHON ?= python3
VENV   ?= .venv

python     := $(VENV)/bin/python
benchmarks := moons microgpt lstm cnn nbody random_graph digits_scalar tensor_step cnn_step \
              lstm_step transformer_step cost scaling scalar_engine drawing

.DEFAULT_GOAL := help
.PHONY: help demo test check format-check lint types format notebooks-open bench bench-quick clean

help: ## list these commands
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.demo-installed ## train a small network on handwritten digits
	$(python) -m nn

test: $(VENV)/.test-installed ## run every test: code, docstrings, README, notebooks
	$(python) -m pytest -n logical

check: format-check lint types test ## run all that must pass before a commit

format-check: $(VENV)/.test-installed ## see whether the code is formatted
	$(python) -m ruff format --check .

lint: $(VENV)/.test-installed ## look for likely mistakes
	$(python) -m ruff check .

types: $(VENV)/.test-installed ## check the types, strictly
	$(python) -m mypy --strict autograd nn

format: $(VENV)/.test-installed ## format the code and mend what can be mended
	$(python) -m ruff check --fix-only .
	$(python) -m ruff format .

notebooks-open: $(VENV)/.notebooks-installed ## open the notebooks in JupyterLab (ARGS= is passed on)
	$(python) -m jupyterlab $(ARGS) notebooks

bench: $(VENV)/.bench-installed ## run every benchmark (installs the peers: PyTorch, JAX, …)
	set -e; for name in $(benchmarks); do $(python) -m benchmarks.$$name; done

bench-quick: $(VENV)/.test-installed ## run every benchmark briefly, with the peers that are there
	set -e; for name in $(benchmarks); do $(python) -m benchmarks.$$name --quick; done

clean: ## remove the environment, the caches and the builds
	rm -rf $(VENV) .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	find . -name __pycache__ -prune -exec rm -rf {} +

# One stamp an extra: `.test-installed` says that the extra `test` is in the environment.
$(VENV)/.%-installed: pyproject.toml $(VENV)/.created
	$(python) -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'glassgrad needs Python 3.11 or newer: name one, as in `make test PYTHON=python3.12`.'; exit 1; } >&2
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo 'Python cannot make environments here. On Debian and Ubuntu: `apt install python3-venv`, then try again.'; exit 1; } >&2
	$(PYTHON) -m venv $(VENV)
	@touch $@
