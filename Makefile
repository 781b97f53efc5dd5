PY ?= python3
BIN := .venv/bin
UV := $(BIN)/python -m uv pip -q
.PHONY: run setup test lint journey screens mutants drill-restore lock
run: setup
	@$(BIN)/python -m tinhso.config.up
setup: .venv/.run
	@$(BIN)/python -m tinhso.config.prepare
test: .venv/.dev
	@$(BIN)/python -m tinhso.config.prepare --tests && $(BIN)/python tests/run.py
lint: .venv/.dev
	@$(BIN)/python tests/run.py lint
journey: .venv/.dev
	@$(BIN)/python -m tinhso.config.prepare --tests && $(BIN)/python -m tests.journey $(if $(OUT),--out $(OUT))
mutants: .venv/.dev
	@$(BIN)/python -m tinhso.config.prepare --tests && $(BIN)/python -m tests.mutants
screens: .venv/.dev
	@$(BIN)/python -m tinhso.config.prepare --tests && $(BIN)/python -m tests.screens $(if $(OUT),--out $(OUT))
drill-restore: .venv/.dev
	@$(BIN)/python -m tinhso.config.prepare --tests && $(BIN)/python -m chaos.restore $(if $(KEEP),--keep $(KEEP))
lock:
	@for extra in "" "-dev --group dev"; do set -- $$extra; $(UV) compile pyproject.toml $${2:+$$2 $$3} --generate-hashes --universal --no-header --no-annotate --python-version 3.11 -o requirements$$1.lock; done
.venv/.%: requirements.lock requirements-dev.lock
	@$(PY) -m venv .venv || { echo "✗ Thiếu python3-venv. Hãy gõ: sudo apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv==0.13.9
	@$(UV) sync --require-hashes $(if $(filter dev,$*)$(wildcard .venv/.dev),requirements-dev.lock,requirements.lock)
	@echo "$(CURDIR)/src" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/tinhso.pth"
	@touch .venv/.run $(if $(filter dev,$*)$(wildcard .venv/.dev),.venv/.dev)
