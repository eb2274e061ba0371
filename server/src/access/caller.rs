//! Who asks, known for as long as a request is answered.
//!
//! Handlers are not handed it: what shows a person, or reads a rule, asks here, so that no handler can forget to. Work on
//! a thread of its own has no caller; whatever it is to hide is taken out before it is given away.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;

use muster_engine::time::Timestamp;

use super::role::{Right, Role};

/// How somebody stands with the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// There are no keys: everybody may everything.
    Open,
    /// There are keys, and they have none that counts.
    Stranger,
    /// They have a key of this role, or are signed in with it.
    Holder(Role),
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Their name.
    pub name: String,
    /// Which of their sessions it is.
    pub session: [u8; 32],
    /// When it ends if nobody uses it any more.
    pub ends: Timestamp,
}

/// Whoever sent a request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whose data they ask about.
    pub tenant: String,
    /// How they stand.
    pub standing: Standing,
    /// The key's prefix.
    pub key: Option<String>,
    /// Who is signed in.
    pub person: Option<SignedIn>,
    /// Personal fields of the tenant, if the caller may not see them.
    pub hidden: Arc<BTreeSet<String>>,
    /// Requests a second that the key may make, if that is bounded.
    pub requests_per_second: Option<u32>,
}

impl Caller {
    /// Somebody without a key.
    pub fn without_key(tenant: &str, standing: Standing) -> Self {
        let tenant = tenant.to_owned();
        Self { tenant, standing, key: None, person: None, hidden: Arc::default(), requests_per_second: None }
    }

    /// Whether they have a right.
    pub fn may(&self, right: Right) -> bool {
        match self.standing {
            Standing::Open => true,
            Standing::Stranger => false,
            Standing::Holder(role) => role.may(right),
        }
    }

    /// The name of whoever is signed in.
    pub fn name(&self) -> Option<String> {
        self.person.as_ref().map(|person| person.name.clone())
    }

    /// The role of their key or account.
    pub fn role(&self) -> Option<Role> {
        match self.standing {
            Standing::Holder(role) => Some(role),
            Standing::Open | Standing::Stranger => None,
        }
    }
}

tokio::task_local! {
    static CALLER: Arc<Caller>;
}

/// Answers a request with its caller known.
pub async fn within<F: Future>(caller: Arc<Caller>, answering: F) -> F::Output {
    CALLER.scope(caller, answering).await
}

/// Works for a request on another thread, with its caller known there.
pub fn as_caller<T>(caller: Option<Arc<Caller>>, work: impl FnOnce() -> T) -> T {
    match caller {
        Some(caller) => CALLER.sync_scope(caller, work),
        None => work(),
    }
}

/// The caller of the request that is being answered; none outside of one.
pub fn ambient() -> Option<Arc<Caller>> {
    CALLER.try_with(Arc::clone).ok()
}

/// The fields that the caller may not see; none where there is nothing to hide.
pub fn hidden_fields() -> Option<Arc<BTreeSet<String>>> {
    CALLER.try_with(|caller| caller.hidden.clone()).ok().filter(|hidden| !hidden.is_empty())
}

/// Whether the caller may not see a field.
pub fn is_hidden(field: &str) -> bool {
    CALLER.try_with(|caller| caller.hidden.contains(field)).unwrap_or_default()
}

/// Whether the caller may see single people.
pub fn may_read_people() -> bool {
    CALLER.try_with(|caller| caller.may(Right::ReadPeople)).unwrap_or(true)
}
