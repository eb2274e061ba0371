//! What threads wait on and count with, under one name, so that `tests/models` can put in its place what tries every
//! order of events.

pub(crate) use std::sync::Arc;
pub(crate) use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) use parking_lot::{Condvar, Mutex};
