//! The only place of the bench that looks at a clock.

use std::time::{Duration, Instant};

/// Measures how long something takes.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts to measure.
    #[expect(clippy::disallowed_methods, reason = "measuring is what the bench is for")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since the start.
    pub(crate) fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

/// What a function returns and how long it takes, in seconds.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let watch = Stopwatch::start();
    let result = work();
    (result, watch.seconds())
}

/// How often something is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Repeat {
    /// Runs at most.
    pub(crate) runs_max: u32,
    /// Time that all runs together should take at most; one is made in any case.
    pub(crate) budget: Duration,
}

/// The result, and the median of the times in microseconds, after one run that is not counted.
pub(crate) fn median_us<T: PartialEq>(repeat: Repeat, mut work: impl FnMut() -> T) -> (T, f64) {
    let (result, first_s) = timed(&mut work);
    let affordable = repeat.budget.as_secs_f64() / first_s.max(1e-9);
    // A float beyond u32 becomes the largest u32.
    let runs = repeat.runs_max.min(affordable as u32).max(1);
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let (again, seconds) = timed(&mut work);
            assert!(again == result, "the same question had two answers");
            seconds * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (result, times[times.len() / 2])
}
