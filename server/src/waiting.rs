//! Work that may take long, and whoever waits for it.
//!
//! A question is answered on a task of its own, beside its connection, so that the connection goes on being read: when the
//! client goes away the connection drops what it waited for, and the engine gives the question up within a few blocks
//! ([`Patience`]). A question that takes longer than it may is given up in the same way, and whoever asked is told so.

use std::future::Future;
use std::time::Duration;

use muster_engine::patience::{Patience, Stopped, is_stopped};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::{AbortHandle, JoinError};

use crate::access::{ambient, as_caller};
use crate::clock::Stopwatch;
use crate::desks::Desks;

/// Counted by why: whoever asked has left, or it took too long.
pub(crate) const STOPPED: &str = "muster_queries_stopped_total";

tokio::task_local! {
    /// What the question that a task answers may take.
    static QUESTION: Question;
    /// Where questions are worked on while several tenants ask.
    static COMPANY: Desks;
}

/// Answers a request while several tenants ask: what is [`heavy`] of it is worked on at desks.
pub(crate) async fn in_company<F: Future>(desks: Desks, answering: F) -> F::Output {
    COMPANY.scope(desks, answering).await
}

/// A question that is being answered.
#[derive(Debug, Clone)]
struct Question {
    patience: Patience,
    /// Time for each piece of its work.
    time: Duration,
    /// Where it is worked on; none where it has the machine to itself.
    desks: Option<Desks>,
}

/// A question took longer than it may.
#[derive(Debug)]
pub(crate) struct Overdue;

/// Answers a question on a task of its own, with so much time for its work. Dropped, it gives the question up.
///
/// # Errors
/// `Overdue` when its work takes longer.
pub(crate) async fn aside<F>(time: Duration, answering: F) -> Result<F::Output, Overdue>
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    let patience = Patience::new();
    let desks = COMPANY.try_with(Clone::clone).ok();
    let task = tokio::spawn(QUESTION.scope(Question { patience: patience.clone(), time, desks }, answering));
    let _waiting = Waiting { patience, task: task.abort_handle() };
    task.await.map_err(overdue)
}

/// What a task ended with instead of an answer.
fn overdue(error: JoinError) -> Overdue {
    match error.try_into_panic() {
        Ok(cause) if !is_stopped(&*cause) => std::panic::resume_unwind(cause),
        // Only whoever drops it aborts it, and hears no more.
        _ => Overdue,
    }
}

/// Somebody who waits for a task.
struct Waiting {
    patience: Patience,
    task: AbortHandle,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.patience.end();
        self.task.abort();
    }
}

/// Work of up to some milliseconds, or longer for a question that is answered [`aside`]: done here and now, while the
/// runtime moves other requests to another thread.
pub(crate) fn heavy<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(|| patiently(work)),
        _ => work(),
    }
}

/// Works for as long as somebody waits, and for as long as it may take: at a desk while several tenants ask.
fn patiently<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let Ok(Question { patience, time, desks }) = QUESTION.try_with(Clone::clone) else { return work() };
    match desks {
        None => spend(&patience, time, work),
        Some(desks) => {
            let (caller, runtime) = (ambient(), Handle::current());
            desks.work(|| {
                let _runtime = runtime.enter();
                as_caller(caller, || spend(&patience, time, work))
            })
        }
    }
}

fn spend<T>(patience: &Patience, time: Duration, work: impl FnOnce() -> T) -> T {
    let watch = Stopwatch::start();
    let _bound = Bound::set(patience.clone(), time);
    patience.spend(work).unwrap_or_else(|stopped: Stopped| {
        let why = if watch.elapsed() < time { "left" } else { "time" };
        ::metrics::counter!(STOPPED, "why" => why).increment(1);
        std::panic::resume_unwind(Box::new(stopped))
    })
}

/// Ends somebody's patience after some time, unless it is dropped before.
struct Bound(AbortHandle);

impl Bound {
    fn set(patience: Patience, time: Duration) -> Self {
        let late = async move {
            tokio::time::sleep(time).await;
            patience.end();
        };
        Self(tokio::spawn(late).abort_handle())
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        self.0.abort();
    }
}
