//! The loops over whole blocks, compiled once for each kind of processor and chosen once at run time.
//!
//! Each loop is written once, plainly; `#[target_feature]` lets the compiler use wider registers and, with AVX-512
//! VPOPCNTDQ, vector population counts. So a plain `cargo build` is fast everywhere, and all versions are the same code.

use std::sync::OnceLock;

use super::words::BLOCK_WORDS;

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
}

/// The plain loops; everything below is made of them.
mod plain {
    use super::Block;

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
            use super::{Block, Kernels, plain};

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

            pub(super) const KERNELS: Kernels = Kernels { name: $name, and, or, and_not, or_not, count, and_count, and_not_count };
        }
    };
}

compiled!(scalar, "scalar");
#[cfg(target_arch = "x86_64")]
compiled!(avx2, "avx2", "avx2,popcnt,bmi1");
#[cfg(target_arch = "x86_64")]
compiled!(avx512, "avx512", "avx512f,avx512bw,avx512vl,avx512vpopcntdq,popcnt,bmi1");

static CHOSEN: OnceLock<Kernels> = OnceLock::new();

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

    /// Uses the available table of this name from now on; says whether that was possible, which it is once, before the
    /// first evaluation. For measurements and for tests of each table in turn.
    pub fn choose(name: &str) -> bool {
        let wanted = Self::available().into_iter().find(|table| table.name == name);
        wanted.is_some_and(|table| CHOSEN.set(table).is_ok())
    }

    /// The table in use.
    pub fn get() -> &'static Self {
        // The scalar table is always there.
        CHOSEN.get_or_init(|| Self::available().pop().unwrap_or(scalar::KERNELS))
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
                }
            }
        }
    }
}
