//! The way of one person into an audience: which sources let them in, and which gate kept them out.

use crate::audience::{IncludeMatch, List, SegmentChoice, Wanted, evaluate};
use crate::error::Result;
use crate::gate::GateKind;
use crate::id::{ListId, Row, SegmentId};
use crate::insight::Moment;
use crate::plan::SegmentRows;

/// Why a person is in an audience or not: one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// A source lets the person in, and no gate takes them out.
    Included,
    /// No source has the person.
    NotIncluded,
    /// A source has the person, and a gate takes them out.
    Excluded,
}

/// What a source or a gate goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// No include key is given: everybody is in.
    Everyone,
    /// A segment.
    Segment {
        /// Which.
        id: SegmentId,
        /// The name it has now.
        name: String,
    },
    /// The ids in the definition.
    Customers,
    /// An imported list.
    List {
        /// Which.
        id: ListId,
        /// What it is called.
        name: String,
    },
    /// A gate of the tenant or of the definition.
    Gate {
        /// Which.
        kind: GateKind,
        /// What it is called.
        name: String,
    },
}

/// A source or a gate, and whether it has the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// What it goes by.
    pub cause: Cause,
    /// Whether the person is among those.
    pub holds: bool,
    /// Of what takes people out: the reason of those it does.
    pub reason: Option<String>,
}

/// A person held against an audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedMember {
    /// The outcome.
    pub kept: Kept,
    /// Whether a source lets the person in; of several segments that must all have the person, all do.
    pub is_included: bool,
    /// Everything that includes, in the order of a breakdown.
    pub sources: Vec<Gate>,
    /// Everything that excludes and every gate, in the order of a breakdown: the first that holds is the reason.
    pub gates: Vec<Gate>,
}

/// Holds a person against an audience.
///
/// # Errors
/// `NotFound` when a list it names is gone.
pub fn explain_in_audience(wanted: Wanted<'_>, row: Row, moment: &Moment<'_>) -> Result<ExplainedMember> {
    let definition = wanted.definition;
    let named: Vec<SegmentId> = definition.segments().map(|choice| choice.id).collect();
    let way = Way { row, moment, segments: moment.segment_rows(&named) };
    let mut sources = Vec::new();
    if definition.means_everyone() {
        sources.push(Gate { cause: Cause::Everyone, holds: true, reason: None });
    }
    let chosen = way.segments(definition.include_segments.as_deref().unwrap_or_default());
    let by_segments = match definition.include_match {
        IncludeMatch::Any => chosen.iter().any(|gate| gate.holds),
        IncludeMatch::All => !chosen.is_empty() && chosen.iter().all(|gate| gate.holds),
    };
    sources.extend(definition.include_customers.iter().map(|ids| way.customers(ids)));
    let lists = definition.include_lists.iter().flatten().map(|id| way.list(*id));
    sources.extend(lists.collect::<Result<Vec<_>>>()?);
    let is_included = by_segments || sources.iter().any(|gate| gate.holds);
    let at = usize::from(definition.means_everyone());
    sources.splice(at..at, chosen);

    let mut gates = way.segments(&definition.exclude_segments);
    if !definition.exclude_customers.is_empty() {
        gates.push(way.customers(&definition.exclude_customers));
    }
    let lists = definition.exclude_lists.iter().map(|id| way.list(*id));
    gates.extend(lists.collect::<Result<Vec<_>>>()?);
    let evaluated = evaluate(wanted, 0, moment)?;
    gates.extend(evaluated.gates.into_iter().map(|gate| Gate {
        holds: gate.sieve.takes(row.0),
        cause: Cause::Gate { kind: gate.kind, name: gate.label },
        reason: None,
    }));
    for (gate, step) in gates.iter_mut().zip(&evaluated.breakdown.exclusions) {
        gate.reason = Some(step.reason());
    }
    let kept = match (is_included, gates.iter().any(|gate| gate.holds)) {
        (false, _) => Kept::NotIncluded,
        (true, true) => Kept::Excluded,
        (true, false) => Kept::Included,
    };
    Ok(ExplainedMember { kept, is_included, sources, gates })
}

/// The imported lists that an id is on, whether or not a profile has it.
pub fn lists_of<'a>(id: &str, moment: &Moment<'a>) -> Vec<&'a List> {
    let row = moment.view.row(id);
    let is_on = |list: &&List| match row {
        Some(row) => list.ids.rows.contains(row.0),
        None => list.ids.waits_for(id),
    };
    moment.lists.iter().map(|list| &**list).filter(is_on).collect()
}

struct Way<'m, 'a> {
    row: Row,
    moment: &'m Moment<'a>,
    segments: SegmentRows,
}

impl Way<'_, '_> {
    fn segments(&self, chosen: &[SegmentChoice]) -> Vec<Gate> {
        let gate = |choice: &SegmentChoice| Gate {
            cause: Cause::Segment {
                id: choice.id,
                name: self.moment.segment_name(choice.id).unwrap_or_else(|| choice.key.clone()),
            },
            holds: self.segments.get(&choice.id).is_some_and(|rows| rows.contains(self.row.0)),
            reason: None,
        };
        chosen.iter().map(gate).collect()
    }

    fn customers(&self, ids: &[String]) -> Gate {
        let own = self.moment.view.id(self.row);
        Gate { cause: Cause::Customers, holds: ids.iter().any(|id| id == own), reason: None }
    }

    fn list(&self, id: ListId) -> Result<Gate> {
        let list = self.moment.lists.get(id)?;
        let (cause, holds) = (Cause::List { id, name: list.name.clone() }, list.ids.rows.contains(self.row.0));
        Ok(Gate { cause, holds, reason: None })
    }
}
