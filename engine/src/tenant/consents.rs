//! Notes what people said about being contacted.

use std::collections::{BTreeMap, BTreeSet};

use super::gates::{distinct, unknown_channel};
use super::state::State;
use crate::block::Set;
use crate::command::{Noted, Outcome, Saying};
use crate::error::{Error, Problem, Result};
use crate::gate::{channel_name, purpose_name, seconds, source_name};
use crate::limits::{CONSENT_PURPOSES_MAX, CONSENT_SOURCES_MAX};

pub(super) fn record_consents(state: &mut State, said: &[Saying]) -> Result<Outcome> {
    let (mut all, mut touched) = (Noted::default(), BTreeSet::new());
    // A file says the same from the same source at many times.
    for same in said.chunk_by(is_same) {
        let channel = channel_name(&same[0].channel)?;
        let (purpose, source) = (purpose_name(&same[0].purpose)?, source_name(&same[0].source)?);
        check_room(state, &channel, &purpose, source)?;
        let (mut by_second, mut found) = (BTreeMap::<i64, Set>::new(), 0);
        for saying in same {
            let (ids, duplicates) = distinct(&saying.ids)?;
            let rows = Set::from_rows(ids.iter().filter_map(|id| state.view.row(id)).map(|row| row.0).collect());
            all.entries += saying.ids.len() as u64;
            all.duplicates += duplicates;
            all.unknown += ids.len() as u64 - rows.len();
            found += rows.len();
            if !rows.is_empty() {
                let of_second = by_second.entry(seconds(saying.at)).or_default();
                *of_second = of_second.or(&rows);
            }
        }
        if !by_second.is_empty() {
            touched.insert((channel.clone(), purpose.clone()));
            let record = state.gates.channel_mut(&channel).consents.entry(purpose).or_default();
            let noted = record.record(source, same[0].state, &by_second);
            all.noted += noted;
            all.repeated += found - noted;
        }
    }
    for (channel, purpose) in touched {
        state.gates.channel_mut(&channel).consents.entry(purpose).or_default().settle();
    }
    Ok(Outcome::Noted(all))
}

/// Whether both say the same from the same source, at whatever time.
fn is_same(one: &Saying, other: &Saying) -> bool {
    (&one.channel, &one.purpose, one.state, &one.source) == (&other.channel, &other.purpose, other.state, &other.source)
}

/// Refuses a channel that nobody set, and one purpose or source too many.
fn check_room(state: &State, name: &str, purpose: &str, source: &str) -> Result<()> {
    let Some(channel) = state.gates.channel(name) else { return Err(unknown_channel(state, "/channel", name)) };
    let record = channel.consents.get(purpose);
    if record.is_none() && channel.consents.len() >= CONSENT_PURPOSES_MAX {
        let message =
            format!("people have spoken about {CONSENT_PURPOSES_MAX} purposes of {name}, and no more are kept");
        return Err(Error::Limit(Problem::new("/purpose", "too_many_purposes", message)));
    }
    if record.is_some_and(|record| !record.knows(source) && record.sources() >= CONSENT_SOURCES_MAX) {
        let message = format!(
            "{CONSENT_SOURCES_MAX} sources have told of {purpose}, and no more are kept; name the form, not each case"
        );
        return Err(Error::Limit(Problem::new("/source", "too_many_sources", message)));
    }
    Ok(())
}
