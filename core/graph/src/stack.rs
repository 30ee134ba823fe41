//! A stack that takes its memory from the budget of the call.

use std::ops::{Deref, DerefMut};

use pf_base::{Context, Error, Memory, Reservation, Result};

/// A stack that grows by doubling. How deep a search goes is not known before: a path of all vertices is as possible
/// as a star.
#[derive(Debug)]
pub(crate) struct Stack<T> {
    items: Vec<T>,
    what: &'static str,
    memory: Memory,
    reservation: Option<Reservation>,
}

impl<T> Stack<T> {
    /// An empty stack; `what` is its name in messages.
    pub(crate) fn new(what: &'static str, ctx: &Context) -> Self {
        Self { items: Vec::new(), what, memory: ctx.memory().clone(), reservation: None }
    }

    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
    #[inline]
    pub(crate) fn push(&mut self, item: T) -> Result<()> {
        if self.items.len() == self.items.capacity() {
            self.grow()?;
        }
        self.items.push(item);
        Ok(())
    }

    #[inline]
    pub(crate) fn pop(&mut self) -> Option<T> {
        self.items.pop()
    }

    #[cold]
    fn grow(&mut self) -> Result<()> {
        let more = self.items.len().max(1024);
        // The old items stay until they are copied, so both are reserved for a moment.
        let bytes = (self.items.len() + more) as u64 * size_of::<T>() as u64;
        let reservation = self.memory.reserve(bytes, self.what)?;
        self.items
            .try_reserve_exact(more)
            .map_err(|_| Error::out_of_memory(format!("{}: the system has not {bytes} bytes", self.what)))?;
        self.reservation = Some(reservation);
        Ok(())
    }
}

impl<T> Deref for Stack<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> DerefMut for Stack<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pf_base::Code;

    #[test]
    fn it_grows_within_the_budget_and_gives_all_back() {
        let ctx = Context::default().with_memory_limit(100_000);
        let mut stack = Stack::new("items", &ctx);
        let full = (0..).find_map(|i: u64| stack.push(i).err()).unwrap();
        assert!(full.code() == Code::OutOfMemory && full.message().contains("items"), "{full}");
        assert_eq!(stack.len(), 8192);
        assert!((0..8192).rev().all(|i| stack.pop() == Some(i)) && stack.pop().is_none());
        drop(stack);
        assert_eq!(ctx.memory().used(), 0);
    }
}
