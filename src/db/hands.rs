//! Threads that read a clinic's file: as many as may read at one time, and all of them from the start. Those of the runtime grow in
//! number with every burst, and each keeps what it has allocated.
use std::{
    collections::VecDeque,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
};

use tokio::sync::oneshot;

use crate::base::{Error, Result};

type Job = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    is_closed: bool,
}

/// What waits to be done, and who waits to do it.
#[derive(Default)]
struct Desk(Mutex<Queue>, Condvar);

impl Desk {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands in a job; [`Error::Busy`] at a closed desk.
    fn put(&self, job: Job) -> Result<()> {
        let mut queue = self.queue();
        if queue.is_closed {
            return Err(Error::Busy);
        }
        queue.jobs.push_back(job);
        self.1.notify_one();
        Ok(())
    }

    /// The next job; none once nothing is left of a closed desk.
    fn next(&self) -> Option<Job> {
        let idle = |queue: &mut Queue| queue.jobs.is_empty() && !queue.is_closed;
        self.1.wait_while(self.queue(), idle).unwrap_or_else(PoisonError::into_inner).jobs.pop_front()
    }
}

/// The threads.
pub(super) struct Hands {
    desk: Arc<Desk>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Hands {
    /// So many of them.
    pub fn start(count: usize) -> io::Result<Self> {
        let hands = Self { desk: Arc::default(), threads: Mutex::default() };
        for _ in 0..count {
            let desk = Arc::clone(&hands.desk);
            let work = move || std::iter::from_fn(|| desk.next()).for_each(|job| job());
            let thread = thread::Builder::new().name("clinic reader".into()).spawn(work)?;
            hands.threads().push(thread);
        }
        Ok(hands)
    }

    /// Has one of them do something. What has begun is brought to its end, even if nobody waits for it any more.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (done, told) = oneshot::channel();
        let job = move || {
            // One that panics ends alone; the panic's own message is in the log.
            if let Ok(made) = catch_unwind(AssertUnwindSafe(work)) {
                let _ = done.send(made);
            }
        };
        self.desk.put(Box::new(job))?;
        told.await.map_err(|_| Error::internal("a reading ended in a panic"))
    }

    /// Takes nothing more, and waits until all has been done that was taken.
    pub fn stop(&self) {
        self.close();
        let own = thread::current().id();
        let threads = std::mem::take(&mut *self.threads());
        threads
            .into_iter()
            .filter(|thread| thread.thread().id() != own)
            .for_each(|thread| drop(thread.join()));
    }

    fn close(&self) {
        self.desk.queue().is_closed = true;
        self.desk.1.notify_all();
    }

    fn threads(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Hands {
    fn drop(&mut self) {
        self.close();
    }
}

#[cfg(test)]
mod tests {
    use std::{thread::sleep, time::Duration};

    use super::*;

    #[tokio::test]
    async fn one_that_panics_ends_alone() {
        let hands = Hands::start(1).unwrap();
        assert!(matches!(hands.run(|| panic!("on purpose")).await, Err::<(), _>(Error::Internal(_))));
        assert_eq!(hands.run(|| 7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn what_was_taken_is_done_before_it_stops_and_nothing_after() {
        let hands = Arc::new(Hands::start(2).unwrap());
        let waits = (0..6).map(|number| {
            let hands = Arc::clone(&hands);
            tokio::spawn(
                async move { hands.run(move || sleep(Duration::from_millis(20))).await.map(|()| number) },
            )
        });
        let waits: Vec<_> = waits.collect();
        tokio::task::yield_now().await;
        let stopping = Arc::clone(&hands);
        tokio::task::spawn_blocking(move || stopping.stop()).await.unwrap();
        for (number, wait) in waits.into_iter().enumerate() {
            assert_eq!(wait.await.unwrap().unwrap(), number);
        }
        assert!(matches!(hands.run(|| ()).await, Err(Error::Busy)));
    }
}
