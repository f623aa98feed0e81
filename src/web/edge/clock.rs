//! One timer per HTTP/1 connection, however many requests come over it.
//!
//! hyper asks for a new deadline before each request head and drops it when the head is there. To enter each into the runtime's
//! timers and take it out again costs more than parsing the head. So a connection has one entry, left where it is as long as it
//! rings no later than it should; when it rings too early it is moved on.
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::rt::{Sleep, Timer};
use tokio::time;

/// The timer of one connection, for hyper.
#[derive(Debug, Clone)]
pub(super) struct OneTimer(Arc<Mutex<Pin<Box<time::Sleep>>>>);

impl OneTimer {
    /// A timer whose deadlines lie about `usual` ahead.
    pub(super) fn new(usual: Duration) -> Self {
        Self(Arc::new(Mutex::new(Box::pin(time::sleep(usual)))))
    }
}

impl Timer for OneTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(Instant::now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Nap { deadline: deadline.into(), timer: self.clone() })
    }
}

/// One deadline.
#[derive(Debug)]
struct Nap {
    deadline: time::Instant,
    timer: OneTimer,
}

impl Sleep for Nap {}

impl Future for Nap {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut timer = self.timer.0.lock().unwrap_or_else(PoisonError::into_inner);
        if timer.deadline() > self.deadline {
            timer.as_mut().reset(self.deadline);
        }
        while timer.as_mut().poll(cx).is_ready() {
            if timer.deadline() >= self.deadline {
                return Poll::Ready(());
            }
            timer.as_mut().reset(self.deadline);
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn waits(timer: &OneTimer, millis: u64) -> u64 {
        let begun = time::Instant::now();
        timer.sleep(Duration::from_millis(millis)).await;
        u64::try_from(begun.elapsed().as_millis()).unwrap()
    }

    #[tokio::test]
    async fn every_deadline_is_kept_whatever_the_timer_was_set_to() {
        let timer = OneTimer::new(Duration::from_millis(40));
        for millis in [40, 90, 10, 120, 1] {
            assert!((millis..millis + 2_000).contains(&waits(&timer, millis).await), "{millis}");
        }
    }

    #[tokio::test]
    async fn a_deadline_let_go_of_does_not_ring() {
        let timer = OneTimer::new(Duration::from_millis(50));
        drop(timer.sleep(Duration::from_millis(10)));
        assert!(waits(&timer, 80).await >= 80);
    }
}
