//! The target `csv` of `tests/harness/hostile`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| harness::hostile::send("csv", bytes));
