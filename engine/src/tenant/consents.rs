//! Notes what people said about being contacted.

use std::collections::BTreeSet;

use super::gates::{distinct, unknown_channel};
use super::state::State;
use crate::block::Set;
use crate::command::{Noted, Outcome, Saying};
use crate::error::{Error, Problem, Result};
use crate::gate::{channel_name, purpose_name, seconds, source_name};
use crate::limits::{CONSENT_PURPOSES_MAX, CONSENT_SOURCES_MAX};

pub(super) fn record_consents(state: &mut State, said: &[Saying]) -> Result<Outcome> {
    let mut all = Noted::default();
    for saying in said {
        let channel = channel_name(&saying.channel)?;
        let (purpose, source) = (purpose_name(&saying.purpose)?, source_name(&saying.source)?);
        check_room(state, &channel, &purpose, source)?;
        let (ids, duplicates) = distinct(&saying.ids)?;
        let rows = Set::from_rows(ids.iter().filter_map(|id| state.view.row(id)).map(|row| row.0).collect());
        all.entries += saying.ids.len() as u64;
        all.duplicates += duplicates;
        all.unknown += ids.len() as u64 - rows.len();
        if !rows.is_empty() {
            let record = state.gates.channel_mut(&channel).consents.entry(purpose).or_default();
            let noted = record.record(source, saying.state, seconds(saying.at), &rows);
            all.noted += noted;
            all.repeated += rows.len() - noted;
        }
    }
    Ok(Outcome::Noted(all))
}

/// Refuses a channel that nobody set, and one purpose or source too many.
fn check_room(state: &State, name: &str, purpose: &str, source: &str) -> Result<()> {
    let Some(channel) = state.gates.channel(name) else { return Err(unknown_channel(state, "/channel", name)) };
    let purposes: BTreeSet<&str> = channel.consents.keys().map(String::as_str).collect();
    if !purposes.contains(purpose) && purposes.len() >= CONSENT_PURPOSES_MAX {
        let message =
            format!("people have spoken about {CONSENT_PURPOSES_MAX} purposes of {name}, and no more are kept");
        return Err(Error::Limit(Problem::new("/purpose", "too_many_purposes", message)));
    }
    let record = channel.consents.get(purpose);
    if record.is_some_and(|record| !record.knows(source) && record.sources() >= CONSENT_SOURCES_MAX) {
        let message = format!(
            "{CONSENT_SOURCES_MAX} sources have told of {purpose}, and no more are kept; name the form, not each case"
        );
        return Err(Error::Limit(Problem::new("/source", "too_many_sources", message)));
    }
    Ok(())
}
