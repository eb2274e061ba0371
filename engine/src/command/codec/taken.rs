//! Snapshots that were taken together, as bytes: everything but rows, which lie in sections of their own beside them.

use std::sync::Arc;

use bytes::Bytes;

use super::VERSION;
use super::alike::{LOOKALIKE, read_model, write_model};
use super::bytes::{Malformed, Read, Reader, Writer};
use super::change::{read_definition, write_definition};
use super::gates::{read_slice, write_slice};
use super::saved::decoded;
use super::value::{read_rule, write_rule};
use crate::audience::{Breakdown, IgnoredSuppression, ListedIds, Step};
use crate::error::Result;
use crate::gate::GateKind;
use crate::id::{AudienceId, ListId, SegmentId, SnapshotId, SuppressionId};
use crate::segment::IdCounts;
use crate::snapshot::{Context, Digest, FrozenContent, FrozenGate, FrozenList, FrozenSegment, Snapshot};
use crate::time::Timestamp;

/// What a step of a breakdown may be, by the number it is written as.
const KINDS: [&str; 5] = ["everyone", "segments", "segment", "customers", "list"];

/// The word of a kind: of one of [`KINDS`], or of a gate behind them.
fn kind_named(number: usize) -> Option<&'static str> {
    let gate = || GateKind::ALL.get(number.checked_sub(KINDS.len())?).map(|kind| kind.name());
    KINDS.get(number).copied().or_else(gate)
}

/// The number of a kind.
fn kind_number(name: &str) -> usize {
    (0..KINDS.len() + GateKind::ALL.len()).find(|number| kind_named(*number) == Some(name)).unwrap_or_default()
}

/// Everything but rows.
pub(crate) fn encode_taken(context: &Context, snapshots: &[Arc<Snapshot>]) -> Vec<u8> {
    let mut writer = Writer(vec![VERSION]);
    writer.list(context.segments.iter(), |writer, segment| {
        writer.number(segment.id.0);
        writer.text(&segment.name);
        let rule = match &segment.content {
            FrozenContent::Rule(rule) => Some(rule),
            FrozenContent::Lookalike(model) => {
                writer.byte(LOOKALIKE);
                return write_model(writer, model);
            }
            FrozenContent::Rows(_) => None,
        };
        writer.optional(rule, write_rule);
    });
    writer.list(context.lists.iter(), |writer, list| {
        writer.number(list.id.0);
        writer.text(&list.name);
    });
    writer.list(snapshots.iter(), |writer, snapshot| {
        writer.number(snapshot.id.0);
        writer.number(snapshot.audience.0);
        writer.text(&snapshot.name);
        write_definition(writer, &snapshot.definition);
        writer.number(snapshot.data_version);
        writer.fixed(snapshot.now.0);
        writer.fixed(snapshot.created.0);
        [snapshot.population, snapshot.count, snapshot.erased].into_iter().for_each(|number| writer.number(number));
        snapshot.digest.0.iter().for_each(|byte| writer.byte(*byte));
        write_breakdown(writer, &snapshot.breakdown);
    });
    writer.0
}

/// What [`encode_taken`] wrote; rows are still empty everywhere.
///
/// # Errors
/// `Corrupt` for other bytes.
pub(crate) fn decode_taken(bytes: &[u8]) -> Result<(Context, Vec<Snapshot>)> {
    decoded(bytes, "snapshots", |reader| {
        let segments = reader.list(|reader| {
            let (id, name) = (SegmentId(reader.number()?), reader.text()?);
            let content = match reader.byte()? {
                0 => FrozenContent::Rows(Bytes::new()),
                1 => FrozenContent::Rule(read_rule(reader)?),
                LOOKALIKE => FrozenContent::Lookalike(read_model(reader)?.into()),
                _ => return Err(Malformed("a segment holds no such thing")),
            };
            Ok(FrozenSegment { id, name, content })
        })?;
        let lists = reader
            .list(|reader| Ok(FrozenList { id: ListId(reader.number()?), name: reader.text()?, rows: Bytes::new() }))?;
        let snapshots = reader.list(read_snapshot)?;
        let ascends = segments.is_sorted_by(|left, right| left.id < right.id)
            && lists.is_sorted_by(|left, right| left.id < right.id)
            && snapshots.is_sorted_by(|left, right| left.id < right.id);
        if !ascends || snapshots.iter().any(|snapshot| snapshot.erased > snapshot.count) {
            return Err(Malformed("snapshots that nobody has taken"));
        }
        Ok((Context { segments, lists, ..Context::default() }, snapshots))
    })
}

/// What [`encode_taken`] leaves out of gates; nothing when there is none.
pub(crate) fn encode_taken_gates(context: &Context, snapshots: &[Arc<Snapshot>]) -> Option<Vec<u8>> {
    let has_ignored = snapshots.iter().any(|snapshot| !snapshot.breakdown.ignored.is_empty());
    if context.gates.is_empty() && context.control.is_none() && !has_ignored {
        return None;
    }
    let mut writer = Writer(vec![VERSION]);
    writer.list(context.gates.iter(), |writer, FrozenGate { kind, key, label, keeps, rows: _ }| {
        writer.byte(*kind as u8);
        writer.text(key);
        writer.text(label);
        writer.flag(*keeps);
    });
    writer.optional(context.control.as_ref(), write_slice);
    writer.list(snapshots.iter(), |writer, snapshot| {
        writer.list(snapshot.breakdown.ignored.iter(), |writer, IgnoredSuppression { id, name, members }| {
            writer.number(id.0);
            writer.text(name);
            writer.number(*members);
        });
    });
    Some(writer.0)
}

/// Puts what [`encode_taken_gates`] wrote to snapshots; rows are still empty.
///
/// # Errors
/// `Corrupt` for other bytes.
pub(crate) fn decode_taken_gates(bytes: &[u8], context: &mut Context, snapshots: &mut [Snapshot]) -> Result<()> {
    decoded(bytes, "gates of snapshots", |reader| {
        context.gates = reader.list(|reader| {
            let kind = GateKind::ALL.get(usize::from(reader.byte()?)).ok_or(Malformed("there is no such gate"))?;
            let (key, label) = (reader.text()?, reader.text()?);
            Ok(FrozenGate { kind: *kind, key, label, keeps: reader.flag()?, rows: Bytes::new() })
        })?;
        context.control = reader.optional(read_slice)?;
        let ignored = reader.list(|reader| {
            reader.list(|reader| {
                let (id, name) = (SuppressionId(reader.number()?), reader.text()?);
                Ok(IgnoredSuppression { id, name, members: reader.number()? })
            })
        })?;
        if ignored.len() != snapshots.len() {
            return Err(Malformed("gates of snapshots that nobody has taken"));
        }
        for (snapshot, ignored) in snapshots.iter_mut().zip(ignored) {
            snapshot.breakdown.ignored = ignored;
        }
        Ok(())
    })
}

fn read_snapshot(reader: &mut Reader) -> Read<Snapshot> {
    Ok(Snapshot {
        id: SnapshotId(reader.number()?),
        audience: AudienceId(reader.number()?),
        name: reader.text()?,
        definition: read_definition(reader)?,
        data_version: reader.number()?,
        now: Timestamp(reader.fixed()?),
        created: Timestamp(reader.fixed()?),
        population: reader.number()?,
        count: reader.number()?,
        erased: reader.number()?,
        digest: Digest(reader.take(32)?.try_into().map_err(|_| Malformed("it ends too early"))?),
        breakdown: read_breakdown(reader)?,
        members: Bytes::new(),
    })
}

fn write_breakdown(writer: &mut Writer, breakdown: &Breakdown) {
    let sizes = |writer: &mut Writer, sizes: &[(String, u64)]| {
        writer.list(sizes.iter(), |writer, (key, size)| {
            writer.text(key);
            writer.number(*size);
        });
    };
    let steps = |writer: &mut Writer, steps: &[Step]| {
        writer.list(steps.iter(), |writer, step| {
            let number = kind_number(step.kind);
            writer.length(number);
            writer.text(&step.key);
            if number >= KINDS.len() {
                writer.text(&step.label);
            }
            [step.size, step.fresh, step.only].into_iter().for_each(|number| writer.number(number));
        });
    };
    sizes(writer, &breakdown.include_segments);
    writer.number(breakdown.from_segments);
    writer.optional(breakdown.all_customers, Writer::number);
    writer.optional(breakdown.include_customers.as_ref(), write_listed);
    writer.list(breakdown.include_lists.iter(), write_listed);
    writer.number(breakdown.base);
    sizes(writer, &breakdown.excluded_by_segment);
    writer.optional(breakdown.exclude_customers.as_ref(), write_listed);
    writer.list(breakdown.exclude_lists.iter(), write_listed);
    writer.number(breakdown.excluded_total);
    steps(writer, &breakdown.sources);
    steps(writer, &breakdown.exclusions);
}

fn read_breakdown(reader: &mut Reader) -> Read<Breakdown> {
    let sizes = |reader: &mut Reader| reader.list(|reader| Ok((reader.text()?, reader.number()?)));
    let steps = |reader: &mut Reader| {
        reader.list(|reader| {
            let number = usize::from(reader.byte()?);
            let kind = kind_named(number).ok_or(Malformed("there is no such step"))?;
            let key = reader.text()?;
            let label = if number < KINDS.len() { String::new() } else { reader.text()? };
            Ok(Step { kind, key, label, size: reader.number()?, fresh: reader.number()?, only: reader.number()? })
        })
    };
    Ok(Breakdown {
        include_segments: sizes(reader)?,
        from_segments: reader.number()?,
        all_customers: reader.optional(Reader::number)?,
        include_customers: reader.optional(read_listed)?,
        include_lists: reader.list(read_listed)?,
        base: reader.number()?,
        excluded_by_segment: sizes(reader)?,
        exclude_customers: reader.optional(read_listed)?,
        exclude_lists: reader.list(read_listed)?,
        excluded_total: reader.number()?,
        sources: steps(reader)?,
        exclusions: steps(reader)?,
        ignored: Vec::new(),
    })
}

fn write_listed(writer: &mut Writer, ids: &ListedIds) {
    let ListedIds { list, counts, blank, effect } = ids;
    writer.optional(*list, |writer, list| writer.number(list.0));
    let IdCounts { entries, duplicates, distinct, known, unknown, of_unknown_malformed } = *counts;
    let numbers = [entries, duplicates, distinct, known, unknown, of_unknown_malformed, *blank, *effect];
    numbers.into_iter().for_each(|number| writer.number(number));
}

fn read_listed(reader: &mut Reader) -> Read<ListedIds> {
    Ok(ListedIds {
        list: reader.optional(Reader::number)?.map(ListId),
        counts: IdCounts {
            entries: reader.number()?,
            duplicates: reader.number()?,
            distinct: reader.number()?,
            known: reader.number()?,
            unknown: reader.number()?,
            of_unknown_malformed: reader.number()?,
        },
        blank: reader.number()?,
        effect: reader.number()?,
    })
}
