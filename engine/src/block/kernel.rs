//! The loops over whole blocks, compiled once for each kind of processor and chosen once at run time.
//!
//! Each loop is written once, plainly; `#[target_feature]` lets the compiler use wider registers and, with AVX-512
//! VPOPCNTDQ, vector population counts. So a plain `cargo build` is fast everywhere, and all versions are the same code.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::words::{BLOCK_WORDS, Words};

/// The words of a block.
type Block = [u64; BLOCK_WORDS];

/// Loops of one kind of processor.
///
/// Calling one is sound when [`Kernels::available`] lists it: that is checked once, where the table is handed out.
#[derive(Debug, Clone, Copy)]
pub struct Kernels {
    name: &'static str,
    and: unsafe fn(&mut Block, &Block),
    or: unsafe fn(&mut Block, &Block),
    and_not: unsafe fn(&mut Block, &Block),
    or_not: unsafe fn(&mut Block, &Block),
    count: unsafe fn(&Block) -> u32,
    and_count: unsafe fn(&Block, &Block) -> u32,
    and_not_count: unsafe fn(&Block, &Block) -> u32,
    meet: unsafe fn(&mut Block, &[Operand<'_>]) -> u32,
    narrow: unsafe fn(&mut Block, &[Operand<'_>]) -> u32,
    count_failures: unsafe fn(&mut Block, &mut Block, [Operand<'_>; 2]) -> u32,
    first_failures: unsafe fn(&mut Block, &mut Block, [Operand<'_>; 2]) -> u32,
    one_failure: unsafe fn(&mut Block, [&Block; 3]) -> u32,
    no_other_failure: unsafe fn(&mut Block, Operand<'_>, [&Block; 3]) -> u32,
}

/// A block's bits, or all others, as one part of an intersection.
#[derive(Debug, Clone, Copy)]
pub struct Operand<'w> {
    /// The bits.
    pub words: &'w Words,
    /// Whether the rows that are not in `words` are meant.
    pub negated: bool,
}

/// Words that an intersection of many carries through all of its parts at a time: they stay in registers.
const TILE: usize = 32;

/// The plain loops; everything below is made of them.
mod plain {
    use super::{Block, Operand, TILE};

    #[inline(always)]
    pub(super) fn and(out: &mut Block, other: &Block) {
        for (word, other) in out.iter_mut().zip(other) {
            *word &= other;
        }
    }

    #[inline(always)]
    pub(super) fn or(out: &mut Block, other: &Block) {
        for (word, other) in out.iter_mut().zip(other) {
            *word |= other;
        }
    }

    #[inline(always)]
    pub(super) fn and_not(out: &mut Block, other: &Block) {
        for (word, other) in out.iter_mut().zip(other) {
            *word &= !other;
        }
    }

    #[inline(always)]
    pub(super) fn or_not(out: &mut Block, other: &Block) {
        for (word, other) in out.iter_mut().zip(other) {
            *word |= !other;
        }
    }

    /// All operands are read side by side, so that their cache misses overlap and nothing is written but the result.
    #[inline(always)]
    pub(super) fn meet<const FROM_ALL: bool>(out: &mut Block, operands: &[Operand<'_>]) -> u32 {
        let mut total = 0;
        for (tile, out) in out.as_chunks_mut::<TILE>().0.iter_mut().enumerate() {
            let mut rows = if FROM_ALL { [u64::MAX; TILE] } else { *out };
            for operand in operands {
                let flip = if operand.negated { u64::MAX } else { 0 };
                let part = &operand.words.0.as_chunks::<TILE>().0[tile];
                for index in 0..TILE {
                    rows[index] &= part[index] ^ flip;
                }
            }
            *out = rows;
            total += rows.iter().map(|word| u64::from(word.count_ones())).sum::<u64>();
        }
        total as u32
    }

    #[inline(always)]
    pub(super) fn count_failures<const FROM_ALL: bool>(
        none: &mut Block,
        fewer: &mut Block,
        [first, second]: [Operand<'_>; 2],
    ) -> u32 {
        let flip = |operand: Operand<'_>| if operand.negated { u64::MAX } else { 0 };
        let (first_flip, second_flip) = (flip(first), flip(second));
        let mut left = 0;
        let tests = first.words.0.iter().zip(&second.words.0);
        for ((none, fewer), (first, second)) in none.iter_mut().zip(fewer.iter_mut()).zip(tests) {
            let (first, second) = (first ^ first_flip, second ^ second_flip);
            if FROM_ALL {
                (*none, *fewer) = (first & second, first | second);
            } else {
                // A row stays below two failures if it had none and fails in one, or had one and fails in none.
                *fewer &= (*none & (first | second)) | (first & second);
                *none &= first & second;
            }
            left += u64::from(fewer.count_ones());
        }
        left as u32
    }

    #[inline(always)]
    pub(super) fn one_failure(out: &mut Block, [none, fewer, within]: [&Block; 3]) -> u32 {
        let mut count = 0;
        for (((out, none), fewer), within) in out.iter_mut().zip(none).zip(fewer).zip(within) {
            *out = fewer & !none & within;
            count += u64::from(out.count_ones());
        }
        count as u32
    }

    #[inline(always)]
    pub(super) fn no_other_failure(out: &mut Block, child: Operand<'_>, [none, one, within]: [&Block; 3]) -> u32 {
        let flip = if child.negated { 0 } else { u64::MAX };
        let mut count = 0;
        for ((((out, child), none), one), within) in out.iter_mut().zip(&child.words.0).zip(none).zip(one).zip(within) {
            *out = one & (child ^ flip) | none & within;
            count += u64::from(out.count_ones());
        }
        count as u32
    }

    // Sums of 64-bit counts vectorise; sums of the 32-bit results of `count_ones` do not.
    #[inline(always)]
    pub(super) fn count(block: &Block) -> u32 {
        block.iter().map(|word| u64::from(word.count_ones())).sum::<u64>() as u32
    }

    #[inline(always)]
    pub(super) fn and_count(left: &Block, right: &Block) -> u32 {
        left.iter().zip(right).map(|(left, right)| u64::from((left & right).count_ones())).sum::<u64>() as u32
    }

    #[inline(always)]
    pub(super) fn and_not_count(left: &Block, right: &Block) -> u32 {
        left.iter().zip(right).map(|(left, right)| u64::from((left & !right).count_ones())).sum::<u64>() as u32
    }
}

/// The plain loops compiled with some processor features.
macro_rules! compiled {
    ($module:ident, $name:literal $(, $features:literal)?) => {
        mod $module {
            use super::{Block, Kernels, Operand, plain};

            $(#[target_feature(enable = $features)])?
            fn and(out: &mut Block, other: &Block) {
                plain::and(out, other);
            }

            $(#[target_feature(enable = $features)])?
            fn or(out: &mut Block, other: &Block) {
                plain::or(out, other);
            }

            $(#[target_feature(enable = $features)])?
            fn and_not(out: &mut Block, other: &Block) {
                plain::and_not(out, other);
            }

            $(#[target_feature(enable = $features)])?
            fn or_not(out: &mut Block, other: &Block) {
                plain::or_not(out, other);
            }

            $(#[target_feature(enable = $features)])?
            fn count(block: &Block) -> u32 {
                plain::count(block)
            }

            $(#[target_feature(enable = $features)])?
            fn and_count(left: &Block, right: &Block) -> u32 {
                plain::and_count(left, right)
            }

            $(#[target_feature(enable = $features)])?
            fn and_not_count(left: &Block, right: &Block) -> u32 {
                plain::and_not_count(left, right)
            }

            $(#[target_feature(enable = $features)])?
            fn meet(out: &mut Block, operands: &[Operand<'_>]) -> u32 {
                plain::meet::<true>(out, operands)
            }

            $(#[target_feature(enable = $features)])?
            fn narrow(out: &mut Block, operands: &[Operand<'_>]) -> u32 {
                plain::meet::<false>(out, operands)
            }

            $(#[target_feature(enable = $features)])?
            fn count_failures(none: &mut Block, fewer: &mut Block, operands: [Operand<'_>; 2]) -> u32 {
                plain::count_failures::<false>(none, fewer, operands)
            }

            $(#[target_feature(enable = $features)])?
            fn first_failures(none: &mut Block, fewer: &mut Block, operands: [Operand<'_>; 2]) -> u32 {
                plain::count_failures::<true>(none, fewer, operands)
            }

            $(#[target_feature(enable = $features)])?
            fn one_failure(out: &mut Block, rows: [&Block; 3]) -> u32 {
                plain::one_failure(out, rows)
            }

            $(#[target_feature(enable = $features)])?
            fn no_other_failure(out: &mut Block, child: Operand<'_>, rows: [&Block; 3]) -> u32 {
                plain::no_other_failure(out, child, rows)
            }

            pub(super) const KERNELS: Kernels = Kernels {
                name: $name,
                and,
                or,
                and_not,
                or_not,
                count,
                and_count,
                and_not_count,
                meet,
                narrow,
                count_failures,
                first_failures,
                one_failure,
                no_other_failure,
            };
        }
    };
}

compiled!(scalar, "scalar");
#[cfg(target_arch = "x86_64")]
compiled!(avx2, "avx2", "avx2,popcnt,bmi1");
#[cfg(target_arch = "x86_64")]
compiled!(avx512, "avx512", "avx512f,avx512bw,avx512vl,avx512vpopcntdq,popcnt,bmi1");

static TABLES: LazyLock<Vec<Kernels>> = LazyLock::new(Kernels::available);

/// Which of [`TABLES`] is in use; the best, which is the last, until another is chosen.
static CHOSEN: AtomicUsize = AtomicUsize::new(usize::MAX);

impl Kernels {
    /// The tables that this processor can run, the best last.
    pub fn available() -> Vec<Self> {
        let mut tables = vec![scalar::KERNELS];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("popcnt")
                && is_x86_feature_detected!("bmi1")
            {
                tables.push(avx2::KERNELS);
                let wide = is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512vpopcntdq");
                if wide {
                    tables.push(avx512::KERNELS);
                }
            }
        }
        tables
    }

    /// Uses the available table of this name from now on, everywhere; says whether there is one. All tables compute
    /// the same: this is for measurements, and for tests of each in turn.
    pub fn choose(name: &str) -> bool {
        let wanted = TABLES.iter().position(|table| table.name == name);
        wanted.inspect(|index| CHOSEN.store(*index, Ordering::Relaxed)).is_some()
    }

    /// The table in use.
    #[inline]
    pub fn get() -> &'static Self {
        let tables = &*TABLES;
        // There is one at least, the scalar one.
        &tables[CHOSEN.load(Ordering::Relaxed).min(tables.len() - 1)]
    }

    /// What the table is called.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// out &= other
    #[inline]
    pub fn and(&self, out: &mut Block, other: &Block) {
        // SAFETY: tables are handed out by `available` alone, which checks the processor's features.
        unsafe { (self.and)(out, other) }
    }

    /// out |= other
    #[inline]
    pub fn or(&self, out: &mut Block, other: &Block) {
        // SAFETY: as for `and`.
        unsafe { (self.or)(out, other) }
    }

    /// out &= !other
    #[inline]
    pub fn and_not(&self, out: &mut Block, other: &Block) {
        // SAFETY: as for `and`.
        unsafe { (self.and_not)(out, other) }
    }

    /// out |= !other
    #[inline]
    pub fn or_not(&self, out: &mut Block, other: &Block) {
        // SAFETY: as for `and`.
        unsafe { (self.or_not)(out, other) }
    }

    /// Bits set.
    #[inline]
    pub fn count(&self, block: &Block) -> u32 {
        // SAFETY: as for `and`.
        unsafe { (self.count)(block) }
    }

    /// Bits set in both.
    #[inline]
    pub fn and_count(&self, left: &Block, right: &Block) -> u32 {
        // SAFETY: as for `and`.
        unsafe { (self.and_count)(left, right) }
    }

    /// Bits set in the left alone.
    #[inline]
    pub fn and_not_count(&self, left: &Block, right: &Block) -> u32 {
        // SAFETY: as for `and`.
        unsafe { (self.and_not_count)(left, right) }
    }

    /// Writes over `out` the rows that are in all operands, every row when there are none; says how many.
    #[inline]
    pub fn meet(&self, out: &mut Words, operands: &[Operand<'_>]) -> u32 {
        // SAFETY: as for `and`.
        unsafe { (self.meet)(&mut out.0, operands) }
    }

    /// Keeps of `out` the rows that are in all operands; says how many are left.
    #[inline]
    pub fn narrow(&self, out: &mut Words, operands: &[Operand<'_>]) -> u32 {
        // SAFETY: as for `and`.
        unsafe { (self.narrow)(&mut out.0, operands) }
    }

    /// Two more tests of rows that are counted by how many tests fail: `none` has those without a failure, `fewer` those
    /// with one at most. Says how many are left in `fewer`.
    #[inline]
    pub fn count_failures(&self, none: &mut Words, fewer: &mut Words, operands: [Operand<'_>; 2]) -> u32 {
        // SAFETY: as for `and`.
        unsafe { (self.count_failures)(&mut none.0, &mut fewer.0, operands) }
    }

    /// [`Self::count_failures`] of the first two tests, whatever `none` and `fewer` held.
    #[inline]
    pub fn first_failures(&self, none: &mut Words, fewer: &mut Words, operands: [Operand<'_>; 2]) -> u32 {
        // SAFETY: as for `and`.
        unsafe { (self.first_failures)(&mut none.0, &mut fewer.0, operands) }
    }

    /// Writes over `out` the rows of `within` with exactly one failure; says how many.
    #[inline]
    pub fn one_failure(&self, out: &mut Words, none: &Words, fewer: &Words, within: &Words) -> u32 {
        // SAFETY: as for `and`.
        unsafe { (self.one_failure)(&mut out.0, [&none.0, &fewer.0, &within.0]) }
    }

    /// Writes over `out` the rows of `within` in which no test but `child` fails: those without a failure, and those of
    /// `one`, which are the rows of `within` with one failure, where `child` does not hold. Says how many.
    #[inline]
    pub fn no_other_failure(&self, out: &mut Words, child: Operand<'_>, rows: [&Words; 3]) -> u32 {
        let [none, one, within] = rows;
        // SAFETY: as for `and`.
        unsafe { (self.no_other_failure)(&mut out.0, child, [&none.0, &one.0, &within.0]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of random, empty and full words.
    fn blocks() -> Vec<Block> {
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        let mut next = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let random = std::array::from_fn(|_| next());
        let sparse = std::array::from_fn(|_| next() & next() & next() & next());
        let mixed = std::array::from_fn(|index| if index % 3 == 0 { u64::MAX } else { next() });
        // An interpreter takes a thousand times as long, and looks at where is read and written, not at what.
        if cfg!(miri) {
            return vec![mixed];
        }
        vec![[0; BLOCK_WORDS], [u64::MAX; BLOCK_WORDS], random, sparse, mixed]
    }

    #[test]
    fn every_table_computes_the_same() {
        for table in Kernels::available() {
            for left in blocks() {
                for right in blocks() {
                    let expect = |op: fn(u64, u64) -> u64| -> Block { std::array::from_fn(|i| op(left[i], right[i])) };
                    let run = |kernel: &dyn Fn(&mut Block)| {
                        let mut out = left;
                        kernel(&mut out);
                        out
                    };
                    let ones = |block: &Block| block.iter().map(|word| word.count_ones()).sum::<u32>();
                    assert_eq!(run(&|out| table.and(out, &right)), expect(|l, r| l & r), "{}", table.name());
                    assert_eq!(run(&|out| table.or(out, &right)), expect(|l, r| l | r), "{}", table.name());
                    assert_eq!(run(&|out| table.and_not(out, &right)), expect(|l, r| l & !r), "{}", table.name());
                    assert_eq!(run(&|out| table.or_not(out, &right)), expect(|l, r| l | !r), "{}", table.name());
                    assert_eq!(table.count(&left), ones(&left), "{}", table.name());
                    assert_eq!(table.and_count(&left, &right), ones(&expect(|l, r| l & r)), "{}", table.name());
                    assert_eq!(table.and_not_count(&left, &right), ones(&expect(|l, r| l & !r)), "{}", table.name());
                    let (l, r) = (Words(left), Words(right));
                    let parts = [Operand { words: &l, negated: true }, Operand { words: &r, negated: false }];
                    let mut met = Words::EMPTY;
                    assert_eq!(table.meet(&mut met, &parts), ones(&expect(|l, r| !l & r)), "{}", table.name());
                    assert_eq!(met.0, expect(|l, r| !l & r), "{}", table.name());
                    let mut narrowed = l.clone();
                    assert_eq!(
                        table.narrow(&mut narrowed, &parts[1..]),
                        ones(&expect(|l, r| l & r)),
                        "{}",
                        table.name()
                    );
                    assert_eq!(narrowed.0, expect(|l, r| l & r), "{}", table.name());
                    let (mut none, mut fewer) = (Words(left), Words(left));
                    let left_over = table.count_failures(&mut none, &mut fewer, [parts[1], parts[0]]);
                    assert_eq!(none.0, [0; BLOCK_WORDS], "{}", table.name());
                    assert_eq!(fewer.0, expect(|l, r| l & r), "{}", table.name());
                    assert_eq!(left_over, ones(&fewer.0), "{}", table.name());
                    let count = table.first_failures(&mut none, &mut fewer, parts);
                    assert_eq!((none.0, fewer.0), (expect(|l, r| !l & r), expect(|l, r| !l | r)), "{}", table.name());
                    assert_eq!(count, ones(&fewer.0), "{}", table.name());
                    let mut out = Words::EMPTY;
                    let count = table.one_failure(&mut out, &r, &l, &Words([u64::MAX << 7; BLOCK_WORDS]));
                    assert_eq!(out.0, expect(|l, r| l & !r & (u64::MAX << 7)), "{}", table.name());
                    assert_eq!(count, ones(&out.0), "{}", table.name());
                    for child in parts {
                        let count =
                            table.no_other_failure(&mut out, child, [&r, &l, &Words([u64::MAX << 7; BLOCK_WORDS])]);
                        let expected: Block = std::array::from_fn(|i| {
                            let holds = if child.negated { !child.words.0[i] } else { child.words.0[i] };
                            (left[i] & !holds) | (right[i] & (u64::MAX << 7))
                        });
                        assert_eq!((out.0, count), (expected, ones(&expected)), "{}", table.name());
                    }
                }
            }
        }
    }
}
