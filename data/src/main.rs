//! The command line of the data crate.

fn main() {}
