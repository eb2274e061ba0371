//! Who was taken out of an audience, each person at the first exclusion or gate that takes them.

use super::breakdown::{Step, evaluate};
use super::lineup::Wanted;
use super::moment::Moment;
use super::sources::Sources;
use crate::block::{Set, SetBuilder, and_not, or};
use crate::error::Result;

/// What one exclusion or gate took out.
#[derive(Debug, Clone)]
pub struct Removed {
    /// Which, with its sizes.
    pub step: Step,
    /// Whoever no earlier one takes: the sets of all of them are disjoint, and together they are everybody excluded.
    pub rows: Set,
}

/// Everybody who is taken out of an audience, by exclusion and gate in their order.
///
/// # Errors
/// `NotFound` when a list it names is gone.
pub fn removed(wanted: Wanted<'_>, moment: &Moment<'_>) -> Result<Vec<Removed>> {
    let found = evaluate(wanted, 0, moment)?;
    let segments: Vec<_> = wanted.definition.segments().map(|choice| choice.id).collect();
    let segments = moment.segment_rows(&segments);
    let gates: Vec<_> = found.gates.into_iter().map(|gate| (gate, None)).collect();
    let sources = Sources::find(wanted.definition, &gates, &segments, moment.lists, moment.view)?;
    let mut builders: Vec<SetBuilder> = sources.excluded.iter().map(|_| SetBuilder::default()).collect();
    for block in 0..moment.view.block_count() {
        let included = sources.included.iter().map(|part| part.container(block));
        let mut left = included.fold(crate::block::Container::Empty, |base, part| or(&base, &part));
        for (part, builder) in sources.excluded.iter().zip(&mut builders) {
            let out = part.out_of(&left, block);
            left = and_not(&left, &out);
            builder.push(block, out);
        }
    }
    let steps = found.breakdown.exclusions.into_iter();
    Ok(steps.zip(builders).map(|(step, builder)| Removed { step, rows: builder.finish() }).collect())
}
