//! Working on a thread of its own, ahead of whoever needs the results.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{Builder, JoinHandle};

use pf_base::{Error, Result};

/// The results of an iterator, in its order. While one is used the next is made, and no more than that. Ends with the
/// iterator, also at an error; dropping this ends the thread when it has made what it is at.
pub(crate) struct ReadAhead<T> {
    /// Taken when dropped, so that the thread, which then cannot send, ends.
    results: Option<Receiver<Result<T>>>,
    thread: Option<JoinHandle<()>>,
}

impl<T: Send + 'static> ReadAhead<T> {
    /// Starts to work.
    ///
    /// # Errors
    /// [`Code::Io`](pf_base::Code::Io) when the system gives no thread.
    pub(crate) fn new(mut source: impl Iterator<Item = Result<T>> + Send + 'static) -> Result<Self> {
        // Nothing waits in the channel: the thread waits with one result in its hands.
        let (send, results) = sync_channel(0);
        let thread = Builder::new()
            .name("parquetframe-read".to_owned())
            .spawn(move || {
                // Nobody to send to: whoever read has gone.
                let _ = source.try_for_each(|result| {
                    let failed = result.is_err();
                    send.send(result).map_err(drop).and(if failed { Err(()) } else { Ok(()) })
                });
            })
            .map_err(|e| Error::io(format!("cannot start a thread: {e}")))?;
        Ok(Self { results: Some(results), thread: Some(thread) })
    }
}

impl<T> Iterator for ReadAhead<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Ok(result) = self.results.as_ref()?.recv() {
            return Some(result);
        }
        // The end, unless the thread was lost.
        self.results = None;
        let lost = self.thread.take()?.join().err()?;
        Some(Err(Error::from_panic(lost)))
    }
}

impl<T> Drop for ReadAhead<T> {
    fn drop(&mut self) {
        self.results = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pf_base::Code;

    #[test]
    fn results_come_in_order_and_the_end_once() {
        let mut ahead = ReadAhead::new((0..100).map(Ok)).unwrap();
        let got: Vec<i32> = ahead.by_ref().map(Result::unwrap).collect();
        assert_eq!(got, (0..100).collect::<Vec<_>>());
        assert!(ahead.next().is_none() && ahead.next().is_none());
    }

    #[test]
    fn errors_arrive_and_what_is_left_ends_its_thread() {
        let broken = || Err(Error::corrupt("broken"));
        let mut ahead = ReadAhead::new([Ok(1), broken(), Ok(2)].into_iter()).unwrap();
        assert_eq!(ahead.next(), Some(Ok(1)));
        assert_eq!(ahead.next(), Some(broken()));
        assert_eq!(ahead.next(), None);
        let mut ahead = ReadAhead::new((0..1000).map(Ok)).unwrap();
        assert_eq!(ahead.next(), Some(Ok(0)));
        drop(ahead);
    }

    #[test]
    fn a_thread_that_is_lost_is_an_error() {
        let panics = (0..3).map(|i| if i == 2 { panic!("lost on purpose") } else { Ok(i) });
        let mut ahead = ReadAhead::new(panics).unwrap();
        assert!(ahead.next().unwrap().is_ok() && ahead.next().unwrap().is_ok());
        assert_eq!(ahead.next().unwrap().unwrap_err().code(), Code::Internal);
        assert!(ahead.next().is_none());
    }
}
