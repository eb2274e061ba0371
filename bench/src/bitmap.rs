//! Bitmap libraries, asked as a careful user would: smallest set first, unions of many at once, stop when empty.

use std::borrow::Cow;

use roaring::MultiOps;

use crate::formula::{Formula, Signed};

/// What a library must be able to do.
pub(crate) trait Bitmap: Clone {
    /// From ascending rows, in the library's most compact form.
    fn of(rows: &[u32]) -> Self;
    /// How many rows.
    fn count(&self) -> u64;
    /// A new set of the rows in both.
    fn and(&self, other: &Self) -> Self;
    /// Keeps the rows that are in the other as well.
    fn retain(&mut self, other: &Self);
    /// A new set of the rows that the other has not.
    fn minus(&self, other: &Self) -> Self;
    /// Takes the rows of the other away.
    fn remove(&mut self, other: &Self);
    /// A new set of the rows in any.
    fn union(parts: &[&Self]) -> Self;
}

impl Bitmap for roaring::RoaringBitmap {
    fn of(rows: &[u32]) -> Self {
        let mut bitmap = Self::from_sorted_iter(rows.iter().copied()).expect("rows ascend");
        bitmap.optimize();
        bitmap
    }
    fn count(&self) -> u64 {
        self.len()
    }
    fn and(&self, other: &Self) -> Self {
        self & other
    }
    fn retain(&mut self, other: &Self) {
        *self &= other;
    }
    fn minus(&self, other: &Self) -> Self {
        self - other
    }
    fn remove(&mut self, other: &Self) {
        *self -= other;
    }
    fn union(parts: &[&Self]) -> Self {
        parts.iter().copied().union()
    }
}

impl Bitmap for croaring::Bitmap {
    fn of(rows: &[u32]) -> Self {
        let mut bitmap = croaring::Bitmap::of(rows);
        bitmap.run_optimize();
        bitmap.shrink_to_fit();
        bitmap
    }
    fn count(&self) -> u64 {
        self.cardinality()
    }
    fn and(&self, other: &Self) -> Self {
        croaring::Bitmap::and(self, other)
    }
    fn retain(&mut self, other: &Self) {
        self.and_inplace(other);
    }
    fn minus(&self, other: &Self) -> Self {
        self.andnot(other)
    }
    fn remove(&mut self, other: &Self) {
        self.andnot_inplace(other);
    }
    fn union(parts: &[&Self]) -> Self {
        Self::fast_or(parts)
    }
}

/// How many of `population` rows the formula selects; `leaves` are the sets of its tests by number.
pub(crate) fn count<B: Bitmap>(signed: &Signed, leaves: &[Option<B>], population: u64) -> u64 {
    let count = evaluate(&signed.formula, leaves).count();
    if signed.negated { population - count } else { count }
}

fn evaluate<'a, B: Bitmap>(formula: &Formula, leaves: &'a [Option<B>]) -> Cow<'a, B> {
    match formula {
        Formula::Leaf(number) => Cow::Borrowed(leaf(*number, leaves)),
        Formula::Or(parts) => {
            let parts: Vec<Cow<'a, B>> = parts.iter().map(|part| evaluate(part, leaves)).collect();
            Cow::Owned(B::union(&parts.iter().map(|part| &**part).collect::<Vec<_>>()))
        }
        Formula::And(with, without) => {
            let mut ordered: Vec<&Formula> = with.iter().collect();
            ordered.sort_by_key(|part| match part {
                Formula::Leaf(number) => leaf(*number, leaves).count(),
                _ => u64::MAX,
            });
            let mut parts = ordered.into_iter();
            let first = parts.next().expect("an intersection has a part");
            let mut found = evaluate(first, leaves);
            for part in parts {
                if found.count() == 0 {
                    return found;
                }
                let part = evaluate(part, leaves);
                match &mut found {
                    Cow::Borrowed(left) => found = Cow::Owned(left.and(&part)),
                    Cow::Owned(left) => left.retain(&part),
                }
            }
            for part in without {
                if found.count() == 0 {
                    return found;
                }
                let part = evaluate(part, leaves);
                match &mut found {
                    Cow::Borrowed(left) => found = Cow::Owned(left.minus(&part)),
                    Cow::Owned(left) => left.remove(&part),
                }
            }
            found
        }
    }
}

fn leaf<B>(number: usize, leaves: &[Option<B>]) -> &B {
    leaves[number].as_ref().expect("the sets of a rule's tests were made")
}
