//! The target `parquet` of `tests/harness/hostile`.
#![no_main]

// The decoders of others may panic, which the server takes for a damaged file: only a panic that leaves the target counts.
libfuzzer_sys::fuzz_target!(
    init: {
        std::panic::set_hook(Box::new(|_| {}));
    },
    |bytes: &[u8]| harness::hostile::send("parquet", bytes)
);
