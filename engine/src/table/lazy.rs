//! A part of a table that is read from a checkpoint when it is first asked for.
//!
//! A damaged part is empty, and the table says so ([`Damage`]): whoever asked a table that is not checked yet asks for
//! its damage before giving an answer away. Reading a part must not share its work with other threads: while some wait
//! for the part, one of them could be given a piece of work that waits for it as well.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;

use crate::error::{Error, Result};

/// What was found damaged while parts of a table were read; nothing so far, or the first. A clone shares it.
#[derive(Debug, Clone, Default)]
pub(super) struct Damage(Arc<OnceLock<Error>>);

impl Damage {
    /// What was read, or else this instead, noted.
    pub(super) fn note<T>(&self, read: Result<T>, instead: impl FnOnce() -> T) -> T {
        read.unwrap_or_else(|error| {
            // The first says enough.
            let _ = self.0.set(error);
            instead()
        })
    }

    /// # Errors
    /// What was noted first.
    pub(super) fn check(&self) -> Result<()> {
        self.0.get().map_or(Ok(()), |error| Err(error.clone()))
    }
}

/// How a part is read.
type Read<T> = Box<dyn FnOnce() -> T + Send>;

/// A part of a table. A clone shares it.
pub(super) struct Lazy<T>(Arc<Part<T>>);

struct Part<T> {
    value: OnceLock<T>,
    /// Gone, with what it holds, once the value is there.
    read: Mutex<Option<Read<T>>>,
}

impl<T> Lazy<T> {
    /// A part that is read by this when it is first asked for.
    pub(super) fn reading(read: impl FnOnce() -> T + Send + 'static) -> Self {
        Self(Arc::new(Part { value: OnceLock::new(), read: Mutex::new(Some(Box::new(read))) }))
    }
}

impl<T: Clone> Lazy<T> {
    /// The part to be changed; others keep what they have.
    pub(super) fn make_mut(&mut self) -> &mut T {
        if Arc::get_mut(&mut self.0).is_none_or(|part| part.value.get().is_none()) {
            *self = (**self).clone().into();
        }
        let part = Arc::get_mut(&mut self.0).and_then(|part| part.value.get_mut());
        part.expect("nobody else has it, and it was just made")
    }
}

impl<T> Deref for Lazy<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.value.get_or_init(|| {
            let read = self.0.read.lock().take();
            read.expect("a part without a value has a way to be read, which is taken once")()
        })
    }
}

impl<T> From<T> for Lazy<T> {
    fn from(value: T) -> Self {
        Self(Arc::new(Part { value: value.into(), read: Mutex::default() }))
    }
}

impl<T: Default> Default for Lazy<T> {
    fn default() -> Self {
        T::default().into()
    }
}

impl<T> Clone for Lazy<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: fmt::Debug> fmt::Debug for Lazy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.value.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn a_part_is_read_once_and_changed_by_nobody_else() {
        let read = Arc::new(AtomicU32::new(0));
        let counted = read.clone();
        let first = Lazy::reading(move || vec![counted.fetch_add(1, Ordering::Relaxed)]);
        let second = first.clone();
        assert_eq!(read.load(Ordering::Relaxed), 0);
        std::thread::scope(|scope| (0..4).for_each(|_| _ = scope.spawn(|| assert_eq!(*first, [0]))));
        assert_eq!(read.load(Ordering::Relaxed), 1);
        let mut changed = second.clone();
        changed.make_mut().push(7);
        assert_eq!((&**changed, &**second), (&[0, 7][..], &[0][..]));
        let mut alone = Lazy::reading(|| vec![1]);
        alone.make_mut().push(2);
        assert_eq!(*alone, [1, 2]);
    }

    #[test]
    fn the_first_damage_is_kept() {
        let damage = Damage::default();
        assert_eq!(damage.note(Ok(1), || 0), 1);
        assert_eq!(damage.check(), Ok(()));
        let first = Error::Corrupt("the first".into());
        assert_eq!(damage.clone().note(Err(first.clone()), || 0), 0);
        assert_eq!(damage.note(Err(Error::Corrupt("the second".into())), || 0), 0);
        assert_eq!(damage.check(), Err(first));
    }
}
