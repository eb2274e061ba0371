//! The target `ndjson` of `tests/harness/hostile`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| harness::hostile::send("ndjson", bytes));
