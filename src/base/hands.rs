//! Threads for one kind of work that takes long or waits for the disk: a fixed number, all of them from the start. Those of the
//! runtime grow in number with every burst, and each keeps what it has allocated.
use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
};

use tokio::sync::oneshot;

use super::{Error, Result, panics::caught};

type Job = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    is_closed: bool,
}

/// What waits to be done, and who waits to do it.
#[derive(Default)]
struct Tray(Mutex<Queue>, Condvar);

impl Tray {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands in a job; [`Error::Busy`] at a closed one.
    fn put(&self, job: Job) -> Result<()> {
        let mut queue = self.queue();
        if queue.is_closed {
            return Err(Error::Busy);
        }
        queue.jobs.push_back(job);
        self.1.notify_one();
        Ok(())
    }

    /// The next job; none once nothing is left in a closed one.
    fn next(&self) -> Option<Job> {
        let idle = |queue: &mut Queue| queue.jobs.is_empty() && !queue.is_closed;
        self.1.wait_while(self.queue(), idle).unwrap_or_else(PoisonError::into_inner).jobs.pop_front()
    }
}

/// The threads.
pub struct Hands {
    tray: Arc<Tray>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Hands {
    /// So many of them, under a name by which the system's tools show them.
    pub fn start(name: &str, count: usize) -> io::Result<Self> {
        let hands = Self { tray: Arc::default(), threads: Mutex::default() };
        for _ in 0..count {
            let tray = Arc::clone(&hands.tray);
            let work = move || std::iter::from_fn(|| tray.next()).for_each(|job| job());
            let thread = thread::Builder::new().name(name.to_owned()).spawn(work)?;
            hands.threads().push(thread);
        }
        Ok(hands)
    }

    /// Has one of them do something. What has begun is brought to its end, even if nobody waits for it any more.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (done, told) = oneshot::channel();
        // One that panics ends alone.
        let job = move || drop(done.send(caught(work)));
        self.tray.put(Box::new(job))?;
        told.await.map_err(Error::internal)?.map_err(Error::internal)
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
        self.tray.queue().is_closed = true;
        self.tray.1.notify_all();
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
        let hands = Hands::start("hand", 1).unwrap();
        let ended = hands.run(|| panic!("on purpose")).await.unwrap_err();
        assert!(ended.to_string().contains("on purpose"), "{ended}");
        assert_eq!(hands.run(|| 7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn what_was_taken_is_done_before_it_stops_and_nothing_after() {
        let hands = Arc::new(Hands::start("hand", 2).unwrap());
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
