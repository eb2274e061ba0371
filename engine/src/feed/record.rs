//! What was told lately: the newest moves of each segment, numbered, and the sizes through time.
//!
//! All entries of a tenant share one ascending number. Of each segment the newest are kept, until there are too many or
//! they are too old; who asks for what is no longer kept is told so, and reads the members anew.

use std::collections::{BTreeMap, VecDeque};

use super::history::History;
use super::step::{Bulk, Move, Population, Step};
use crate::id::SegmentId;
use crate::limits::{ERASED_NAMES_DAYS_MAX, FEED_DAYS_MAX, FEED_ENTRIES_MAX, FEED_GAPS_MAX};
use crate::time::Timestamp;

/// A move that was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number; greater than those of all earlier entries of the tenant.
    pub seq: u64,
    /// What was told. The external id of somebody who was erased is forgotten after [`ERASED_NAMES_DAYS_MAX`] and by a
    /// restart.
    pub told: Move,
    /// The data version that it was found at.
    pub version: u64,
    /// The instant of the step that told of it.
    pub told_at: Timestamp,
}

/// One segment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Track {
    /// Profiles in it.
    pub count: u64,
    /// Everything after this number is kept.
    pub oldest: u64,
    /// The number at which it was first followed: before, there is nothing to miss.
    pub(super) first: u64,
    /// Ascending.
    pub(super) entries: VecDeque<Entry>,
    /// Its size through time.
    pub history: History,
}

/// Some entries that follow a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Ascending.
    pub entries: Vec<Entry>,
    /// Where the next page follows.
    pub next: u64,
    /// Whether there are more already.
    pub more: bool,
}

/// Somebody asks for what is no longer kept, or was never told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone {
    /// Everything after this number is kept.
    pub oldest: u64,
    /// The number that the next entry gets at the least.
    pub next: u64,
}

/// What was told lately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The data version up to which it is told.
    pub version: u64,
    /// The instant up to which it is told.
    pub now: Timestamp,
    /// The number of the next entry.
    pub next_seq: u64,
    pub(super) tracks: BTreeMap<SegmentId, Track>,
    /// How many profiles there were through time.
    pub population: History,
    /// Numbers, first and last, that may have been given and whose entries a power cut may have taken.
    pub(super) lost: VecDeque<(u64, u64)>,
    /// All numbers below count as lost.
    pub(super) floor: u64,
    /// When the oldest id of somebody erased that is here was told.
    pub(super) names_since: Option<Timestamp>,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            version: 0,
            now: Timestamp(i64::MIN),
            next_seq: 1,
            tracks: BTreeMap::new(),
            population: History::default(),
            lost: VecDeque::new(),
            floor: 0,
            names_since: None,
        }
    }
}

impl Feed {
    /// The data version up to which it is told, when it was begun.
    pub fn mark(&self) -> Option<u64> {
        (self.now.0 > i64::MIN).then_some(self.version)
    }

    /// A segment; none when it is not followed, or not yet.
    pub fn track(&self, segment: SegmentId) -> Option<&Track> {
        self.tracks.get(&segment)
    }

    /// All segments.
    pub fn tracks(&self) -> impl Iterator<Item = (SegmentId, &Track)> {
        self.tracks.iter().map(|(id, track)| (*id, track))
    }

    /// The number of the last entry.
    pub fn last_seq(&self) -> u64 {
        self.next_seq - 1
    }

    /// Keeps what a step has found.
    pub fn apply(&mut self, step: &Step) {
        let Step { version, now, ended, begun, moves, bulk, population } = step;
        for (id, count) in begun {
            let seq = self.number();
            let track = self.tracks.entry(*id).or_default();
            let (entered, left) = (count.saturating_sub(track.count), track.count.saturating_sub(*count));
            // The first point of a segment is its size; nobody has entered yet.
            let is_first = track.oldest == 0;
            let (entered, left) = if is_first { (0, 0) } else { (entered, left) };
            track.first = if is_first { seq } else { track.first };
            track.restart(seq, *count);
            track.history.note(*now, *count, entered, left);
        }
        for found in moves {
            let seq = self.number();
            if found.id.is_some() {
                self.names_since.get_or_insert(*now);
            }
            let entry = Entry { seq, told: found.clone(), version: *version, told_at: *now };
            self.tracks.entry(found.segment).or_default().push(entry);
        }
        for Bulk { segment, entered, left } in bulk {
            let seq = self.number();
            let track = self.tracks.entry(*segment).or_default();
            track.restart(seq, (track.count + entered).saturating_sub(*left));
            track.history.note(*now, track.count, *entered, *left);
        }
        if let Some(population) = population {
            self.note_population(*now, *population);
        }
        // Last: before it ended, time may have moved somebody.
        ended.iter().for_each(|id| drop(self.tracks.remove(id)));
        (self.version, self.now) = (*version, *now);
        let oldest = now.plus_days(-FEED_DAYS_MAX);
        self.tracks.values_mut().for_each(|track| track.forget_before(oldest));
    }

    /// Notes how many profiles there are. Where a step begins anew, those who came and went unseen are the difference.
    fn note_population(&mut self, now: Timestamp, Population { count, came, went }: Population) {
        let seen = self.population.last_count().map_or(count, |before| (before + came).saturating_sub(went));
        let (more, fewer) = (count.saturating_sub(seen), seen.saturating_sub(count));
        self.population.note(now, count, came + more, went + fewer);
    }

    /// Forgets the ids of people who were erased too long ago.
    pub fn forget_names(&mut self, now: Timestamp) {
        let oldest = now.plus_days(-ERASED_NAMES_DAYS_MAX);
        if self.names_since.is_none_or(|since| since >= oldest) {
            return;
        }
        self.names_since = None;
        for entry in
            self.tracks.values_mut().flat_map(|track| &mut track.entries).filter(|entry| entry.told.id.is_some())
        {
            if entry.told_at < oldest {
                entry.told.id = None;
            } else {
                self.names_since = Some(self.names_since.map_or(entry.told_at, |since| since.min(entry.told_at)));
            }
        }
    }

    /// Goes on behind numbers that an earlier process may have given: who has heard of one that is not here begins anew.
    pub(super) fn skip(&mut self, below: u64) {
        if below <= self.next_seq {
            return;
        }
        self.lost.push_back((self.next_seq, below - 1));
        // The last number that was given, as somebody may hear it now, is none of those.
        self.next_seq = below + 1;
        if self.lost.len() > FEED_GAPS_MAX
            && let Some((_, last)) = self.lost.pop_front()
        {
            self.floor = last + 1;
        }
    }

    fn was_given(&self, seq: u64) -> bool {
        let place = self.lost.partition_point(|(first, _)| *first <= seq);
        let is_lost = place.checked_sub(1).is_some_and(|place| seq <= self.lost[place].1);
        self.floor <= seq && seq < self.next_seq && !is_lost
    }

    fn number(&mut self) -> u64 {
        self.next_seq += 1;
        self.next_seq - 1
    }

    /// The entries of some segments that follow a number, in order, at most `limit`.
    ///
    /// # Errors
    /// [`Gone`] when some of what follows is not kept any more, or the number was never given, or a power cut took what
    /// was told under it.
    pub fn after(&self, segments: &[SegmentId], seq: u64, limit: usize) -> Result<Page, Gone> {
        let tracks = segments.iter().filter_map(|id| self.tracks.get(id));
        let mut entries: Vec<&Entry> = Vec::new();
        for track in tracks {
            let is_kept = seq >= track.oldest || track.oldest == track.first;
            if !is_kept || !self.was_given(seq) {
                return Err(Gone { oldest: track.oldest, next: self.next_seq });
            }
            let from = track.entries.partition_point(|entry| entry.seq <= seq);
            entries.extend(track.entries.iter().skip(from).take(limit + 1));
        }
        entries.sort_unstable_by_key(|entry| entry.seq);
        let more = entries.len() > limit;
        entries.truncate(limit);
        let next = if more { entries.last().map_or(seq, |entry| entry.seq) } else { self.last_seq().max(seq) };
        Ok(Page { entries: entries.into_iter().cloned().collect(), next, more })
    }
}

impl Track {
    /// Begins anew behind a number.
    fn restart(&mut self, seq: u64, count: u64) {
        self.entries = VecDeque::new();
        (self.oldest, self.count) = (seq, count);
    }

    fn push(&mut self, entry: Entry) {
        let Move { at, entered, .. } = entry.told;
        if entered {
            self.count += 1;
            self.history.note(at, self.count, 1, 0);
        } else {
            self.count = self.count.saturating_sub(1);
            self.history.note(at, self.count, 0, 1);
        }
        self.entries.push_back(entry);
        if self.entries.len() > FEED_ENTRIES_MAX {
            self.forget_first();
        }
    }

    fn forget_before(&mut self, instant: Timestamp) {
        while self.entries.front().is_some_and(|entry| entry.told_at < instant) {
            self.forget_first();
        }
    }

    fn forget_first(&mut self) {
        if let Some(first) = self.entries.pop_front() {
            self.oldest = first.seq;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_more_restarts_the_first_is_forgotten_with_what_was_before() {
        let mut feed = Feed::default();
        // The last number that was given before each restart.
        let restart = |feed: &mut Feed| {
            let given = feed.number();
            feed.skip(given + 10);
            given
        };
        let given: Vec<u64> = (0..FEED_GAPS_MAX).map(|_| restart(&mut feed)).collect();
        assert!(feed.was_given(given[0]) && feed.was_given(given[1]), "every gap is remembered");
        let last = restart(&mut feed);
        assert!(!feed.was_given(given[0]), "whoever has heard it begins anew");
        assert!(feed.was_given(given[1]) && feed.was_given(last));
        assert!(!feed.was_given(last + 1), "a number of a gap");
    }

    #[test]
    fn ids_of_the_erased_are_forgotten_after_their_time() {
        let mut feed = Feed::default();
        let told_at = Timestamp(0);
        let who = Some("ann".into());
        let (segment, row, cause) = (SegmentId(1), crate::id::Row(0), super::super::step::Cause::Erase);
        let told = Move { segment, at: told_at, row, id: who.clone(), entered: false, cause };
        let (ended, begun, bulk, population) = (Vec::new(), Vec::new(), Vec::new(), None);
        feed.apply(&Step { version: 1, now: told_at, ended, begun, moves: vec![told], bulk, population });
        let id = |feed: &Feed| feed.track(segment).and_then(|track| track.entries[0].told.id.clone());
        let end = told_at.plus_days(ERASED_NAMES_DAYS_MAX);
        feed.forget_names(end);
        assert_eq!(id(&feed), who);
        feed.forget_names(Timestamp(end.0 + 1));
        assert_eq!(id(&feed), None);
    }
}
