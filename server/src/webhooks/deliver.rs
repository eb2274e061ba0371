//! One task a receiver: waits for entries, sends them as messages, and tries again until they are taken.
//!
//! Messages of one receiver follow each other, so the order of entries is kept. An attempt that fails is repeated after a
//! pause that doubles, shortened at random by up to a half, so that receivers that failed together do not come back
//! together. A receiver that takes nothing in [`WEBHOOK_ATTEMPTS_MAX`] attempts, or says that it is gone (410), is sent no
//! more until somebody switches it on again; it then hears what it has missed, or that this is no longer kept. While its
//! tenant is suspended nothing is sent; afterwards it goes on where it was.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use muster_engine::feed::{Gone, Page};
use muster_engine::id::SegmentId;
use muster_engine::tenant::Tenant;
use muster_engine::time::Timestamp;
use parking_lot::Mutex;
use serde_json::{Value as Json, json};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::address::{Policy, receiver};
use super::book::{Attempt, Book, Segments, Webhook};
use super::post::{Message, objection, post};
use super::signature::{new_secret, sign};
use crate::access::Register;
use crate::api::describe_entry;
use crate::clock::{self, Stopwatch};
use crate::feed::Told;
use crate::limits::{
    WEBHOOK_ATTEMPTS_MAX, WEBHOOK_ENTRIES_MAX, WEBHOOK_PAUSE, WEBHOOK_PAUSE_MAX, WEBHOOK_SAVE_PERIOD,
    WEBHOOK_SUSPENDED_PAUSE, WEBHOOKS_MAX,
};

/// Which tenant the receivers belong to, and who says whether it is suspended.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Tenants and keys.
    pub register: Arc<Register>,
    /// The tenant's id.
    pub id: String,
}

impl Standing {
    /// Waits until the tenant is not suspended.
    async fn good(&self) {
        while self.register.roster().tenant(&self.id).is_some_and(|tenant| tenant.suspended.is_some()) {
            tokio::time::sleep(WEBHOOK_SUSPENDED_PAUSE).await;
        }
    }
}

/// All receivers and the tasks that serve them.
#[derive(Debug)]
pub struct Hooks {
    told: Arc<Told>,
    tenant: Arc<Tenant>,
    standing: Standing,
    policy: Policy,
    runtime: Handle,
    book: Mutex<Book>,
    saved: Mutex<Stopwatch>,
    tasks: Mutex<HashMap<u64, JoinHandle<()>>>,
}

impl Hooks {
    /// Opens what a data directory holds and begins to send.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn start(
        told: Arc<Told>,
        tenant: Arc<Tenant>,
        standing: Standing,
        data: Option<&Path>,
        policy: Policy,
        runtime: Handle,
    ) -> io::Result<Arc<Self>> {
        let book = Book::open(data)?;
        let ids: Vec<u64> = book.webhooks.keys().copied().collect();
        let (book, saved, tasks) = (Mutex::new(book), Mutex::new(Stopwatch::start()), Mutex::default());
        let hooks = Arc::new(Self { told, tenant, standing, policy, runtime, book, saved, tasks });
        ids.into_iter().for_each(|id| hooks.serve(id));
        Ok(hooks)
    }

    /// Which addresses are allowed.
    pub(crate) fn policy(&self) -> Policy {
        self.policy
    }

    /// Whether any of them is to be sent what happens.
    pub(crate) fn serves_any(&self) -> bool {
        self.book.lock().webhooks.values().any(|webhook| webhook.disabled.is_none())
    }

    /// All of them, by id.
    pub(crate) fn all(&self) -> Vec<Webhook> {
        self.book.lock().webhooks.values().cloned().collect()
    }

    /// One of them.
    pub(crate) fn get(&self, id: u64) -> Option<Webhook> {
        self.book.lock().webhooks.get(&id).cloned()
    }

    /// Adds a receiver, who hears what comes from now on; its secret is told this once. None when there are as many as
    /// may be.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub(crate) fn add(self: &Arc<Self>, url: String, segments: Segments) -> io::Result<Option<(Webhook, String)>> {
        let secret = new_secret().map_err(io::Error::other)?;
        let mut book = self.book.lock();
        if book.webhooks.len() >= WEBHOOKS_MAX {
            return Ok(None);
        }
        let webhook = Webhook {
            id: book.next_id(),
            url,
            segments,
            secret: secret.clone(),
            created_us: clock::now().0,
            disabled: None,
            since: self.told.feed().last_seq(),
            attempts: Default::default(),
        };
        book.webhooks.insert(webhook.id, webhook.clone());
        let saved = book.save().inspect_err(|_| drop(book.webhooks.remove(&webhook.id)));
        drop(book);
        saved?;
        self.serve(webhook.id);
        Ok(Some((webhook, secret)))
    }

    /// Changes a receiver; what is under way is begun anew. Says whether there is one.
    ///
    /// # Errors
    /// When it cannot be kept; then nothing has changed.
    pub(crate) fn change(self: &Arc<Self>, id: u64, change: impl FnOnce(&mut Webhook)) -> io::Result<bool> {
        let mut book = self.book.lock();
        let Some(webhook) = book.webhooks.get_mut(&id) else { return Ok(false) };
        let before = webhook.clone();
        change(webhook);
        let saved = book.save().inspect_err(|_| drop(book.webhooks.insert(id, before)));
        drop(book);
        saved?;
        self.serve(id);
        Ok(true)
    }

    /// Removes a receiver. Says whether there was one.
    ///
    /// # Errors
    /// When that cannot be kept; then it is still there.
    pub(crate) fn remove(&self, id: u64) -> io::Result<bool> {
        let mut book = self.book.lock();
        let Some(webhook) = book.webhooks.remove(&id) else { return Ok(false) };
        book.save().inspect_err(|_| drop(book.webhooks.insert(id, webhook)))?;
        drop(book);
        self.tasks.lock().remove(&id).iter().for_each(JoinHandle::abort);
        Ok(true)
    }

    /// Gives a receiver its task, in place of the one that it had.
    fn serve(self: &Arc<Self>, id: u64) {
        let hooks = self.clone();
        let task = self.runtime.spawn(async move { while hooks.send_next(id).await {} });
        if let Some(before) = self.tasks.lock().insert(id, task) {
            before.abort();
        }
    }

    /// Waits for entries and sends a message of them; says whether there is a next one to wait for.
    async fn send_next(&self, id: u64) -> bool {
        let mut place = self.told.hear();
        let Some(webhook) = self.get(id).filter(|webhook| webhook.disabled.is_none()) else { return false };
        match self.message(&webhook, clock::now(), u64::MAX) {
            Some((_, next)) => self.insist(&webhook, next).await,
            None => place.changed().await.is_ok() && !self.told.is_closing(),
        }
    }

    /// What a receiver has not heard, as far as `most`, said at `now`, and up to which number that goes. It is the same each
    /// time, except for people who were erased meanwhile: they are not named any more.
    fn message(&self, webhook: &Webhook, now: Timestamp, most: u64) -> Option<(Message, u64)> {
        let feed = self.told.feed();
        let segments: Vec<SegmentId> = match &webhook.segments {
            Segments::All => feed.tracks().map(|(id, _)| id).collect(),
            Segments::Some(ids) => ids.iter().copied().map(SegmentId).collect(),
        };
        let page = feed.after(&segments, webhook.since, WEBHOOK_ENTRIES_MAX);
        let last = feed.last_seq();
        drop(feed);
        let (kind, data, next) = match page {
            Ok(Page { mut entries, next, .. }) => {
                entries.retain(|entry| entry.seq <= most);
                if entries.is_empty() {
                    return None;
                }
                let state = self.tenant.state();
                let item = |entry| {
                    let mut item = describe_entry(entry, &state);
                    item["segment"] = entry.told.segment.0.into();
                    item
                };
                let items: Vec<Json> = entries.iter().map(item).collect();
                ("segment.changes", json!({"items": items}), next.min(most))
            }
            Err(Gone { oldest, .. }) => {
                let words = "some changes are no longer kept; read the members of the segments anew";
                ("segment.gone", json!({"oldest": oldest, "message": words}), last)
            }
        };
        let body = json!({"type": kind, "timestamp": now.to_string(), "data": data});
        let id = format!("msg_{}_{}_{next}", webhook.id, webhook.since);
        let seconds = now.0.div_euclid(1_000_000);
        let body = Bytes::from(body.to_string());
        Some((Message { signature: String::new(), id, seconds, body }, next))
    }

    /// Sends what a receiver has not heard up to a number until it is taken; says whether there is something to go on with.
    /// Between attempts only the number is kept: they may be hours apart, and people may be erased meanwhile.
    async fn insist(&self, webhook: &Webhook, most: u64) -> bool {
        let target = match receiver(&webhook.url, self.policy) {
            Ok(target) => target,
            Err(why) => return self.give_up(webhook.id, why),
        };
        let (mut last, begun) = (String::new(), clock::now());
        for attempt in 1..=WEBHOOK_ATTEMPTS_MAX {
            self.standing.good().await;
            // Nothing is left of it when its segments are deleted.
            let Some((message, next)) = self.message(webhook, begun, most) else { return true };
            let now = clock::now();
            let seconds = now.0.div_euclid(1_000_000);
            let id = message.id.clone();
            let signature = sign(&webhook.secret, &id, seconds, &message.body);
            let answer = post(&target, self.policy, &Message { seconds, signature, ..message }).await;
            let (status, error) = match answer {
                Ok(status) => (Some(status), objection(status)),
                Err(why) => (None, Some(why)),
            };
            let is_taken = error.is_none();
            self.note(webhook.id, attempted(now, id, status, error.clone()), is_taken.then_some(next));
            if is_taken {
                return true;
            }
            last = error.unwrap_or_default();
            if status == Some(410) {
                return self.give_up(webhook.id, "it answered 410: it wants no more messages".into());
            }
            if attempt < WEBHOOK_ATTEMPTS_MAX {
                tokio::time::sleep(pause(attempt)).await;
            }
        }
        self.give_up(webhook.id, format!("{WEBHOOK_ATTEMPTS_MAX} attempts failed, the last because {last}"))
    }

    /// Notes an attempt, and how far the receiver has come when it has taken the message.
    fn note(&self, id: u64, attempt: Attempt, taken: Option<u64>) {
        let mut book = self.book.lock();
        let Some(webhook) = book.webhooks.get_mut(&id) else { return };
        webhook.note(attempt);
        webhook.since = taken.unwrap_or(webhook.since);
        let mut saved = self.saved.lock();
        if saved.elapsed() >= WEBHOOK_SAVE_PERIOD {
            *saved = Stopwatch::start();
            complain(book.save());
        }
    }

    fn give_up(&self, id: u64, why: String) -> bool {
        tracing::warn!(webhook = id, why, "a webhook is switched off");
        let mut book = self.book.lock();
        if let Some(webhook) = book.webhooks.get_mut(&id) {
            webhook.disabled = Some(why);
            complain(book.save());
        }
        false
    }

    /// Writes down how far everybody has come.
    pub fn save(&self) {
        complain(self.book.lock().save());
    }
}

fn complain(saved: io::Result<()>) {
    if let Err(error) = saved {
        tracing::error!(%error, "how far webhooks have come could not be written down; some hear again what they know");
    }
}

fn attempted(now: Timestamp, message: String, status: Option<u16>, error: Option<String>) -> Attempt {
    Attempt { at_us: now.0, message, status, error }
}

/// The pause after a failed attempt, counted from 1: half of it by chance.
fn pause(attempt: u32) -> Duration {
    let whole = WEBHOOK_PAUSE.saturating_mul(1 << (attempt - 1).min(20)).min(WEBHOOK_PAUSE_MAX);
    // Keys of the standard library's tables are random; nothing secret depends on this.
    let chance = RandomState::new().hash_one(attempt) % 1_024;
    whole.mul_f64(0.5 + chance as f64 / 2_048.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_until_they_are_long_enough() {
        for attempt in 1..=WEBHOOK_ATTEMPTS_MAX {
            let whole = WEBHOOK_PAUSE_MAX.min(WEBHOOK_PAUSE * 2u32.saturating_pow(attempt - 1).min(1 << 20));
            let pause = pause(attempt);
            assert!(whole / 2 <= pause && pause <= whole, "{attempt}: {pause:?} of {whole:?}");
        }
        let all: Duration = (1..WEBHOOK_ATTEMPTS_MAX).map(pause).sum();
        let hour = Duration::from_secs(3_600);
        assert!(9 * hour < all && all < 24 * hour, "{all:?}");
    }
}
