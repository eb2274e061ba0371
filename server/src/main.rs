//! The `muster` binary; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    muster::cli::run()
}
