//! How many questions of one tenant are worked on at a time: as many as there is use for while nobody else asks, and fewer
//! than there are processors as soon as somebody does. What is heavy of them waits for a desk then (`desks`), of which all
//! tenants together have fewer than there are processors, so that one is left for whoever asks little.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::clock::Stopwatch;
use crate::desks::Desks;
use crate::limits::{COMPANY_TIME, QUESTIONS_PER_PROCESSOR};

/// Room for one tenant's questions.
#[derive(Debug, Clone)]
pub(crate) struct Turns {
    alone: Arc<Semaphore>,
    in_company: Arc<Semaphore>,
    /// Where those that are heavy are worked on in company.
    pub(crate) desks: Desks,
}

/// A question's turn; it lasts until this is dropped.
#[derive(Debug)]
pub(crate) struct Turn(#[expect(dead_code, reason = "held, not read")] [Option<OwnedSemaphorePermit>; 2]);

impl Turns {
    /// Beside those of other tenants, with whom it shares the desks.
    pub(crate) fn new(desks: Desks) -> Self {
        let processors = desks.processors();
        let room = |questions: usize| Arc::new(Semaphore::new(questions.max(1)));
        Self {
            alone: room(QUESTIONS_PER_PROCESSOR * processors),
            in_company: room(processors.saturating_sub(1)),
            desks,
        }
    }

    /// Waits for a turn.
    pub(crate) async fn take(&self, in_company: bool) -> Turn {
        // Neither semaphore is ever closed.
        let company = if in_company { self.in_company.clone().acquire_owned().await.ok() } else { None };
        Turn([company, self.alone.clone().acquire_owned().await.ok()])
    }
}

/// Which tenants asked last.
#[derive(Debug, Default)]
pub(crate) struct Company(Mutex<Option<Last>>);

#[derive(Debug)]
struct Last {
    tenant: String,
    /// Since another one than this asked; none when none has.
    other: Option<Stopwatch>,
    /// Since this one asked.
    own: Stopwatch,
}

impl Company {
    /// Notes that a tenant asks; says whether another one has asked within [`COMPANY_TIME`].
    pub(crate) fn asks(&self, tenant: &str) -> bool {
        self.asks_within(tenant, COMPANY_TIME)
    }

    fn asks_within(&self, tenant: &str, time: Duration) -> bool {
        let mut last = self.0.lock();
        let own = Stopwatch::start();
        let other = match last.take() {
            Some(last) if last.tenant == tenant => last.other,
            Some(last) => Some(last.own),
            None => None,
        };
        let has_company = other.as_ref().is_some_and(|other| other.elapsed() < time);
        *last = Some(Last { tenant: tenant.to_owned(), other, own });
        has_company
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_is_in_company_while_another_asks() {
        let company = Company::default();
        let asks = |tenant: &str| company.asks_within(tenant, Duration::from_millis(200));
        assert!(!asks("a") && !asks("a"), "nobody else is there");
        assert!(asks("b") && asks("a") && asks("a"));
        std::thread::sleep(Duration::from_millis(250));
        assert!(!asks("a"), "the other one asks no more");
        assert!(asks("c"));
    }

    #[tokio::test]
    async fn in_company_fewer_questions_are_worked_on() {
        for (processors, in_company, most) in
            [(4, true, 3), (4, false, 4 * QUESTIONS_PER_PROCESSOR), (1, true, 1), (1, false, QUESTIONS_PER_PROCESSOR)]
        {
            let turns = Turns::new(Desks::new(processors));
            let mut taken = Vec::new();
            for _ in 0..most {
                taken.push(turns.take(in_company).await);
            }
            let more = tokio::time::timeout(Duration::from_millis(20), turns.take(in_company)).await;
            assert!(more.is_err(), "one more than {most} of {processors} processors");
            taken.pop();
            tokio::time::timeout(Duration::from_secs(5), turns.take(in_company)).await.expect("a place is free again");
        }
    }
}
