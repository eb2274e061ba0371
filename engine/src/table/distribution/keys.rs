//! The same order asked for single keys, by whoever moves a bound and wants to know how many rows lie on each side.

use super::order::Order;
use crate::block::Set;
use crate::column::Column;
use crate::id::FieldId;
use crate::index::Index;
use crate::table::View;

/// The keys of an ordered field in order, of everybody or of some rows.
#[derive(Debug)]
pub struct Keyed<'v> {
    order: Order<'v>,
    count: u64,
}

impl View {
    /// The keys of a field among all profiles or some rows, when it is an ordered one; `questions` is about how many keys
    /// will be asked about.
    pub fn keyed(&self, id: FieldId, within: Option<&Set>, questions: usize) -> Option<Keyed<'_>> {
        let data = self.field(id);
        let (Column::Scalar(column), Index::Ranks(ranks)) = (&data.column, &data.index) else { return None };
        let order = Order::new(column, ranks, within, questions);
        let count = order.count();
        Some(Keyed { order, count })
    }
}

impl Keyed<'_> {
    /// Rows that have a value.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Rows whose key is below each of some keys.
    pub fn below(&self, keys: &[i64]) -> Vec<u64> {
        self.order.counts_below(keys)
    }

    /// Rows whose key is one of `lo..=hi`; none where `lo` is above `hi`.
    pub fn within(&self, (lo, hi): (i64, i64)) -> u64 {
        self.up_to(hi).saturating_sub(self.below_one(lo))
    }

    /// Rows whose key is at most this one.
    pub fn up_to(&self, key: i64) -> u64 {
        key.checked_add(1).map_or(self.count, |above| self.below_one(above))
    }

    /// Rows whose key is below this one.
    pub fn below_one(&self, key: i64) -> u64 {
        self.below(&[key]).first().copied().unwrap_or(0)
    }

    /// The keys at some places in the order, which are below [`Self::count`].
    pub fn at(&self, places: &[u64]) -> Vec<i64> {
        self.order.keys_at(places)
    }
}
