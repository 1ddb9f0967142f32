# pg_timesheet: the whole project's commands. The extension is built by PGXS in extension/.
PG_CONFIG ?= pg_config
BUILD := $(CURDIR)/build
export PG_CONFIG

.PHONY: all deps install installcheck clean check check-versions test-unit test-sql test-e2e test-web test-stop demo demo-stop bench web supabase bundle vercel dist

# Time entries for make bench, which of its lines (all, or ONLY=name,name), and whether with PEERS=1 DuckDB, plain SQL
# and a script are measured too.
ROWS ?= 1000000
ONLY ?=
PEERS ?=
BENCH = /usr/bin/python3 test/bench/bench.py $(ROWS) --only '$(ONLY)' $(if $(filter-out 0,$(PEERS)),--peers)

# PGXN's client calls make and make install on machines that may have a server's headers alone: those get the extension.
PKG_CONFIG ?= pkg-config
PARTS := extension $(if $(shell $(PKG_CONFIG) --exists libpq libcurl libcrypto spdlog && echo yes),daemon)
NOT_BUILT = $(if $(filter daemon,$(PARTS)),,@echo "timesheetd is left out: its libraries are missing; make deps installs them on Debian" >&2)

all:
	$(NOT_BUILT)
	@set -e; for part in $(PARTS); do $(MAKE) -C $$part BUILD=$(BUILD)/$$part; done

# Installs from Debian what is missing; see deps.sh.
deps:
	@./deps.sh

install:
	$(NOT_BUILT)
	@set -e; for part in $(PARTS); do $(MAKE) -C $$part BUILD=$(BUILD)/$$part install; done

# Against the running server that PGHOST, PGPORT and PGUSER name, with the extension installed there.
installcheck:
	test/installcheck.sh

# Every suite; see test/check.sh.
check: deps
	test/check.sh

# The same, natively, on Debian 13 and on Debian's next release, in roots below build/; see test/debian/check.sh.
check-versions: deps
	@test/lint_cpp.sh all & lint=$$!; ended=0; test/debian/check.sh || ended=$$?; wait $$lint || ended=$$?; exit $$ended

# The folder of a project that the Supabase CLI works in.
SUPABASE ?= supabase

# The migrations for supabase db push; see deploy/supabase_migrations.sh.
supabase:
	@deploy/supabase_migrations.sh $(SUPABASE)

# timesheetd with all that it needs of a machine, in one folder; see deploy/bundle/README.md.
bundle:
	@$(MAKE) -s -C daemon BUILD=$(BUILD)/daemon
	@deploy/bundle/bundle.sh $(BUILD)/daemon/timesheetd $(BUILD)/bundle

# The dashboard and the jobs as Vercel takes them, in build/vercel; see deploy/vercel/build.sh.
vercel: bundle
	@BUILD=$(BUILD) deploy/vercel/build.sh

# What goes to PGXN: the last commit, as a zip named after the version in META.json.
dist:
	@version=$$(sed -n 's/^   "version": "\(.*\)",/\1/p' META.json) && mkdir -p $(BUILD) && \
	    git archive --format=zip --prefix=pg_timesheet-$$version/ -o $(BUILD)/pg_timesheet-$$version.zip HEAD && \
	    echo $(BUILD)/pg_timesheet-$$version.zip

# One suite, or with K=… the tests of it that have K in their name; see test/dev.sh and CONTRIBUTING.md.
test-unit test-sql test-e2e test-web:
	@test/dev.sh $(@:test-%=%) "$(K)"

# Ends the server that test-sql and test-e2e leave running.
test-stop:
	@test/cluster.sh stop $(BUILD)/dev

# From a sample Jibble organisation to last week's hours; see test/demo/demo.sh.
demo: deps
	$(MAKE) -s -j2 all
	$(MAKE) -s -j2 -C test/fake BUILD=$(BUILD)/fake
	$(MAKE) -s -C extension install DESTDIR=$(BUILD)/stage
	test/demo/demo.sh

demo-stop:
	test/demo/demo.sh stop

# The dashboard on the demo's data, on this machine's loopback: web/run.sh.
web: demo
	web/run.sh

# The figures of docs/performance.md, as ratios measured side by side.
bench: deps
	@$(BENCH) --check
	$(MAKE) -s -j2 all
	$(MAKE) -s -j2 -C test/fake BUILD=$(BUILD)/fake
	$(MAKE) -s -C extension install DESTDIR=$(BUILD)/stage
	$(BENCH)

clean:
	test/debian/nothing_mounted.sh $(BUILD)
	for cluster in $(wildcard $(BUILD)/*/data); do test/cluster.sh stop "$${cluster%/data}"; done
	$(MAKE) -C extension clean
	rm -rf --one-file-system $(BUILD) web/.next web/node_modules web/toolchain/node_modules deploy/vercel/node_modules test/bench/duckdb/node_modules
