//! Snapshots that were taken together, as bytes: everything but rows, which lie in sections of their own beside them.

use std::sync::Arc;

use bytes::Bytes;

use super::VERSION;
use super::alike::{LOOKALIKE, read_model, write_model};
use super::bytes::{Malformed, Read, Reader, Writer};
use super::change::{read_definition, write_definition};
use super::saved::decoded;
use super::value::{read_rule, write_rule};
use crate::audience::{Breakdown, ListedIds, Step};
use crate::error::Result;
use crate::id::{AudienceId, ListId, SegmentId, SnapshotId};
use crate::segment::IdCounts;
use crate::snapshot::{Context, Digest, FrozenContent, FrozenList, FrozenSegment, Snapshot};
use crate::time::Timestamp;

/// What a step of a breakdown may be, by the number it is written as.
const KINDS: [&str; 5] = ["everyone", "segments", "segment", "customers", "list"];

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
        Ok((Context { segments, lists }, snapshots))
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
            writer.length(KINDS.iter().position(|kind| *kind == step.kind).unwrap_or_default());
            writer.text(&step.key);
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
            let kind = KINDS.get(usize::from(reader.byte()?)).ok_or(Malformed("there is no such step"))?;
            let key = reader.text()?;
            Ok(Step { kind, key, size: reader.number()?, fresh: reader.number()?, only: reader.number()? })
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
