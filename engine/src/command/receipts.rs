//! Who was erased when, without saying who: receipts by number, and which of them the disk has made good.
//!
//! A receipt outlives the person it is about, so it holds nothing of them: a number and two instants. That the receipt
//! is theirs is known to whoever was given its number.
//!
//! An erasure is made good on disk in three steps. At once everything in the newest state goes, the profile's row stays
//! empty for ever. Then texts are swept that no profile has any more: what the person's fields held earlier. What is
//! written from that state on names nobody; once a checkpoint of it is whole and all older files are removed, the
//! erasure is settled.

use crate::paged::Paged;
use crate::time::Timestamp;

/// What is known of one erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Receipt {
    /// When memory was cleared; none for one that a version without receipts has logged.
    pub at: Option<Timestamp>,
    /// When the last file was removed that named the person; none while there may be one.
    pub off_disk: Option<Timestamp>,
}

/// All receipts of a tenant, by number from 1. A clone shares them.
#[derive(Debug, Clone, Default)]
pub struct Erasures {
    receipts: Paged<Receipt>,
    swept: u64,
    settled: u64,
}

impl Erasures {
    /// As they were: receipts in order, and how many of them are swept.
    pub fn restored(receipts: impl IntoIterator<Item = Receipt>, swept: u64) -> Self {
        let mut restored = Self { swept, ..Self::default() };
        for receipt in receipts {
            restored.settled += u64::from(receipt.off_disk.is_some());
            restored.receipts.push(receipt);
        }
        restored
    }

    /// Receipts given so far; the number of the newest.
    pub fn count(&self) -> u64 {
        self.receipts.len() as u64
    }

    /// The receipt of a number, if it was given.
    pub fn get(&self, number: u64) -> Option<&Receipt> {
        self.receipts.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// All receipts in order.
    pub fn iter(&self) -> impl Iterator<Item = &Receipt> {
        self.receipts.iter()
    }

    /// Receipts up to this number name people of whom no dictionary has a text any more.
    pub fn swept(&self) -> u64 {
        self.swept
    }

    /// Receipts up to this number are made good on disk too.
    pub fn settled(&self) -> u64 {
        self.settled
    }

    /// The oldest receipt that is not, and its number.
    pub fn oldest_pending(&self) -> Option<(u64, &Receipt)> {
        let number = self.settled + 1;
        Some((number, self.get(number)?))
    }

    /// Gives the next receipt; returns its number.
    pub fn give(&mut self, at: Option<Timestamp>) -> u64 {
        self.receipts.push(Receipt { at, off_disk: None });
        self.count()
    }

    /// Notes that texts which nobody has are gone.
    pub fn sweep(&mut self) {
        self.swept = self.count();
    }

    /// Notes that the disk has let go of everybody up to a receipt.
    pub fn settle(&mut self, through: u64, now: Timestamp) {
        while self.settled < through.min(self.count()) {
            if let Some(receipt) = self.receipts.get_mut(self.settled as usize) {
                receipt.off_disk = Some(now);
            }
            self.settled += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receipts_are_settled_in_order_and_once() {
        let mut erasures = Erasures::default();
        assert_eq!((erasures.oldest_pending(), erasures.get(0), erasures.get(1)), (None, None, None));
        let numbers: Vec<u64> = [Some(Timestamp(5)), None, Some(Timestamp(7))].map(|at| erasures.give(at)).into();
        assert_eq!(numbers, [1, 2, 3]);
        erasures.sweep();
        erasures.settle(2, Timestamp(9));
        erasures.settle(1, Timestamp(10));
        assert_eq!(erasures.get(2), Some(&Receipt { at: None, off_disk: Some(Timestamp(9)) }));
        assert_eq!(erasures.oldest_pending(), Some((3, &Receipt { at: Some(Timestamp(7)), off_disk: None })));
        let restored = Erasures::restored(erasures.iter().copied(), erasures.swept());
        assert_eq!((restored.count(), restored.swept(), restored.settled()), (3, 3, 2));
        erasures.settle(99, Timestamp(11));
        assert_eq!((erasures.settled(), erasures.oldest_pending()), (3, None));
    }
}
