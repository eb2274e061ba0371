//! A slice that many hold and nobody changes: on the heap, or in memory that stays as long as the process, as the pages
//! of a mapped file do.
//!
//! Readers do not see which: a [`Shared`] is a pointer and a length, as a plain slice is. What lies in files is
//! [`Plain`]: numbers without gaps between them, of which every pattern of bits is one.

use std::fmt;
use std::ops::Deref;
use std::ptr::{self, NonNull};
use std::sync::Arc;

/// Files hold numbers as the memory of little-endian machines does.
const _: () = assert!(cfg!(target_endian = "little"), "checkpoints are read in place: little-endian machines only");

/// Types whose bytes can be written to a file and read back in place.
///
/// # Safety
/// No bytes between or behind the parts of a value, no pointers, and every pattern of bits is a value.
pub unsafe trait Plain: Send + Sync + 'static {}

macro_rules! plain {
    ($($number:ty),*) => {
        // SAFETY: integers are all of this.
        $(unsafe impl Plain for $number {})*
    };
}

plain!(u8, u16, u32, u64, i64);

/// The bytes of a slice.
pub fn bytes_of<T: Plain>(slice: &[T]) -> &[u8] {
    // SAFETY: `Plain` types have no bytes that are not theirs; the length is that of the slice.
    unsafe { std::slice::from_raw_parts(slice.as_ptr().cast(), size_of_val(slice)) }
}

/// Bytes as a slice; `None` when they do not begin where such values may, or are not a whole number of them.
pub fn slice_of<T: Plain>(bytes: &[u8]) -> Option<&[T]> {
    if !bytes.as_ptr().cast::<T>().is_aligned() || !bytes.len().is_multiple_of(size_of::<T>()) {
        return None;
    }
    // SAFETY: aligned and of the right length, which was checked; any bytes are `Plain` values.
    Some(unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), bytes.len() / size_of::<T>()) })
}

/// An immutable slice of fewer than 2^32 values. A clone copies a pointer.
pub struct Shared<T: Send + Sync + 'static> {
    start: NonNull<T>,
    len: u32,
    /// Whether `start` came out of [`Arc::into_raw`] and this value counts as one holder.
    is_counted: bool,
}

// SAFETY: it is an `Arc<[T]>` or a `&'static [T]`, both of which may be sent and shared for such values.
unsafe impl<T: Send + Sync> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Shared<T> {}

impl<T: Send + Sync> Shared<T> {
    /// A slice that stays for ever.
    ///
    /// # Panics
    /// With 2^32 values or more.
    pub fn lasting(slice: &'static [T]) -> Self {
        Self { start: NonNull::from(slice).cast(), len: length(slice.len()), is_counted: false }
    }

    fn as_raw(&self) -> *const [T] {
        ptr::slice_from_raw_parts(self.start.as_ptr(), self.len as usize)
    }
}

fn length(len: usize) -> u32 {
    u32::try_from(len).expect("slices of the engine are of a block or a page")
}

impl<T: Send + Sync> Deref for Shared<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: the slice lives for ever, or as long as its holders, of which this value is one.
        unsafe { &*self.as_raw() }
    }
}

impl<T: Send + Sync> Clone for Shared<T> {
    fn clone(&self) -> Self {
        if self.is_counted {
            // SAFETY: it came out of `Arc::into_raw` of a slice with this start and length, and lives.
            unsafe { Arc::increment_strong_count(self.as_raw()) };
        }
        Self { ..*self }
    }
}

impl<T: Send + Sync> Drop for Shared<T> {
    fn drop(&mut self) {
        if self.is_counted {
            // SAFETY: as for `clone`; this holder is counted once and gone after this.
            drop(unsafe { Arc::from_raw(self.as_raw()) });
        }
    }
}

impl<T: Send + Sync> Default for Shared<T> {
    fn default() -> Self {
        Self::lasting(&[])
    }
}

impl<T: Send + Sync> From<Arc<[T]>> for Shared<T> {
    fn from(slice: Arc<[T]>) -> Self {
        let len = length(slice.len());
        let start = Arc::into_raw(slice).cast::<T>().cast_mut();
        // SAFETY: a slice in an `Arc` begins at an address that is not null.
        Self { start: unsafe { NonNull::new_unchecked(start) }, len, is_counted: true }
    }
}

impl<T: Send + Sync> From<Vec<T>> for Shared<T> {
    fn from(values: Vec<T>) -> Self {
        Arc::<[T]>::from(values).into()
    }
}

impl<T: Send + Sync + Clone> From<&[T]> for Shared<T> {
    fn from(values: &[T]) -> Self {
        Arc::<[T]>::from(values).into()
    }
}

impl<T: Send + Sync> FromIterator<T> for Shared<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        values.into_iter().collect::<Arc<[T]>>().into()
    }
}

impl<T: Send + Sync + fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_shared_and_dropped_once() {
        let counted = Arc::new(7);
        let shared: Shared<Arc<i32>> = vec![counted.clone(), counted.clone()].into();
        let clones: Vec<_> = (0..3).map(|_| shared.clone()).collect();
        drop(shared);
        assert_eq!((Arc::strong_count(&counted), clones[2].len(), *clones[1][1]), (3, 2, 7));
        std::thread::spawn(move || drop(clones)).join().expect("no panic");
        assert_eq!(Arc::strong_count(&counted), 1);

        let lasting = Shared::lasting(&[1u16, 2, 3]);
        assert_eq!((&*lasting.clone(), &*Shared::<u16>::default()), (&[1, 2, 3][..], &[][..]));
        let collected: Shared<u32> = (0..1_000).collect();
        assert!(collected.clone().iter().copied().eq(0..1_000));
        assert_eq!(size_of::<Shared<u16>>(), 16, "as large as a plain slice");
    }

    #[test]
    fn bytes_become_numbers_where_they_fit_only() {
        let numbers = [1u32, 0x0203_0405, u32::MAX];
        let bytes = bytes_of(&numbers);
        assert_eq!(&bytes[..8], &[1, 0, 0, 0, 5, 4, 3, 2]);
        assert_eq!(slice_of::<u32>(bytes), Some(&numbers[..]));
        assert_eq!(slice_of::<u8>(&bytes[..5]), Some(&[1, 0, 0, 0, 5][..]));
        assert_eq!(slice_of::<u32>(&bytes[..11]), None, "not a whole number");
        assert_eq!(slice_of::<u32>(&bytes[1..9]), None, "not aligned");
    }
}
