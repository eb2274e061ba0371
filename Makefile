# What can be done here; each line is a plain command that can be typed by hand as well.
.PHONY: help run page page-types test-page browser contract screenshots test check audit fuzz miri sanitize bench release clean

help:
	@echo "make run      generate a million profiles and serve them on http://127.0.0.1:8080"
	@echo "make test     build the binary and run every test"
	@echo "make page     the page that the server serves; cargo build puts it into the binary"
	@echo "make page-types  the page's types, after the interface has changed"
	@echo "make test-page   the page's own tests, and those in a browser"
	@echo "make contract    every request that the interface's description names, edges, random ones and chains, answered as it says"
	@echo "make screenshots pictures of every page, in target/screenshots"
	@echo "make check    formatting, lints and documentation, as CI checks them"
	@echo "make audit    licences and known vulnerabilities of all dependencies"
	@echo "make fuzz     hostile bytes at every way in, FUZZ_SECONDS (600) each: nightly Rust and cargo-fuzz"
	@echo "make miri     the engine's unsafe code, interpreted: nightly Rust with miri"
	@echo "make sanitize the same compiled, with every processor's loops and mapped files, under AddressSanitizer"
	@echo "make bench    the canonical workloads, beside other engines; requests a second over HTTP; the innermost loops"
	@echo "make release  the optimised binary and what it is made of, in target/release/muster and muster.cdx.json"
	@echo "make clean    remove everything that was built"

run: page
	cargo run --release -p muster -- demo

# With the features that the tests are built with, so that nothing is built twice.
BUILD_SERVER = cargo build --workspace --bin muster

# The page: npm brings what package-lock.json says, and dist is as old as its youngest source.
WEB = server/web
WEB_SOURCES = $(shell find $(WEB)/src $(WEB)/public $(WEB)/tools -type f) $(WEB)/index.html $(WEB)/vite.config.ts

page: $(WEB)/dist/index.html

$(WEB)/node_modules/.package-lock.json: $(WEB)/package-lock.json
	@command -v npm >/dev/null || { echo "the page needs Node 20 or newer and npm: apt-get install nodejs npm; cargo run --release -p muster -- demo serves without it"; exit 1; }
	cd $(WEB) && npm ci
	touch $@

$(WEB)/dist/index.html: $(WEB)/node_modules/.package-lock.json $(WEB_SOURCES)
	cd $(WEB) && npm run build

page-types: $(WEB)/node_modules/.package-lock.json
	$(BUILD_SERVER)
	cd $(WEB) && npm run gen

# Debian's browser: installed where that is allowed, named where it is not.
browser:
	@command -v chromium >/dev/null || test "$$(id -u)" != 0 || { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium fonts-inter; }
	@command -v chromium >/dev/null || { echo "the tests in a browser need one: sudo apt-get install --no-install-recommends chromium fonts-inter"; exit 1; }

test-page: page browser
	$(BUILD_SERVER)
	cd $(WEB) && npm run gen -- --check
	cd $(WEB) && npm run types
	cd $(WEB) && npm test
	cd $(WEB) && npm run e2e

target/contract-env/ready: tests/contract/requirements.txt
	@python3 -m pip --version >/dev/null 2>&1 || { echo "make contract needs pip, for the program that asks: apt-get install python3-pip"; exit 1; }
	python3 -m pip install --quiet --disable-pip-version-check --no-input --upgrade --target target/contract-env --requirement tests/contract/requirements.txt
	touch $@

# Everything that the description of the interface names, asked of the built server.
contract: target/contract-env/ready
	$(BUILD_SERVER)
	python3 tests/contract/check.py target/debug/muster

screenshots: page browser
	$(BUILD_SERVER)
	cd $(WEB) && SHOTS=target/screenshots npm run e2e

test:
	@command -v python3 >/dev/null || { echo "make test needs python3, for the study data of the acceptance tests: apt-get install python3"; exit 1; }
	@python3 -m pip --version >/dev/null 2>&1 || { echo "make test needs pip, for the study data of the acceptance tests: apt-get install python3-pip"; exit 1; }
	$(MAKE) test-page contract
	cargo test --workspace

check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Advisories are RustSec's, the ones that cargo-audit reads too. An audit without them is none, so it fails and says so.
audit:
	@cargo deny --version >/dev/null 2>&1 || { echo "make audit needs cargo-deny: cargo install --locked cargo-deny"; exit 1; }
	cargo deny check bans licenses sources
	@cargo deny fetch db || { echo "make audit: licences and sources are fine, but RustSec's advisories could not be fetched from github.com, so nobody has looked for known vulnerabilities; run it again with a way there"; exit 1; }
	cargo deny --offline check advisories

# Each target begins with its seeds and with what was found before; what it finds lies in tests/fuzz/artifacts. Mapped
# files stay mapped as long as a process lives, so each runs a minute at a time, and leaks are not looked for: an empty slice
# that is shared begins behind its allocation, which looks like one; nor for names that stand twice, as one in SQLite does. Readers of others ask for as much memory as a file says and
# take no for an answer, so refusing is no finding.
FUZZ_SECONDS ?= 600
FUZZ_TARGETS ?= log entry checkpoint rule_json rule_text csv ndjson ipc parquet
FUZZ_FLAGS = -timeout=10 -rss_limit_mb=4000 -malloc_limit_mb=2000 -print_final_stats=1

fuzz:
	@cargo +nightly fuzz --version >/dev/null 2>&1 || { echo "make fuzz needs nightly Rust and cargo-fuzz: rustup toolchain install nightly && cargo install --locked cargo-fuzz"; exit 1; }
	cargo run -p muster-tests --example seeds -- tests/fuzz/corpus
	cd tests && cargo +nightly fuzz build
	cd tests && for target in $(FUZZ_TARGETS); do \
		left=$(FUZZ_SECONDS); \
		while [ $$left -gt 0 ]; do \
			round=$$((left < 60 ? left : 60)); left=$$((left - round)); \
			ASAN_OPTIONS=detect_leaks=0:detect_odr_violation=0:allocator_may_return_null=1 RAYON_NUM_THREADS=1 cargo +nightly fuzz run $$target -- -max_total_time=$$round $(FUZZ_FLAGS) || exit 1; \
		done; \
	done

# Kernels as they are on any processor, and shared slices: all else that is unsafe are mapped files and the loops for single
# kinds of processors, which are for the sanitizer.
miri:
	@cargo +nightly miri --version >/dev/null 2>&1 || { echo "make miri needs miri: rustup component add --toolchain nightly miri rust-src"; exit 1; }
	MIRIFLAGS=-Zmiri-disable-isolation cargo +nightly miri test -p muster-engine --lib -- block::kernel:: shared::

SANITIZE_HOST = $(shell rustc +nightly -vV | sed -n 's/host: //p')

# Leaks are not looked for: what tests read as if it were mapped lasts for ever, as mapped files do.
sanitize:
	ASAN_OPTIONS=detect_leaks=0 RUSTFLAGS=-Zsanitizer=address cargo +nightly test -p muster-engine --lib --target $(SANITIZE_HOST) --target-dir target/sanitize-address

bench: target/bench-env/ready target/bench-env/bin/oha
	cargo run --release -p muster-bench -- peers --profiles 1000000
	cargo run --release -p muster-bench -- http --profiles 1000000
	cargo bench -p muster-bench

target/bench-env/ready: bench/requirements.txt
	@command -v python3 >/dev/null || { echo "make bench needs python3, for the engines it compares with: apt-get install python3 python3-venv"; exit 1; }
	python3 -m venv target/bench-env
	target/bench-env/bin/python -m pip install --quiet --disable-pip-version-check --requirement bench/requirements.txt
	touch $@

# The load generator of `muster-bench http`; it takes some minutes to build, once.
target/bench-env/bin/oha:
	cargo install --locked --version 1.16.0 --root target/bench-env oha

release:
	cargo build --locked --release -p muster
	python3 deploy/sbom.py > target/release/muster.cdx.json

clean:
	cargo clean
