//! Lets others go first.
use std::pin::Pin;
use std::task::{Context, Poll};

/// Resolves once whoever else is ready on this thread has had a turn.
///
/// An answer waits like this before it leaves. Those that are made meanwhile leave right after it, one after the other, and find the
/// other side awake; if each left as soon as it is made, each would wake the other side anew, which costs two processors more than
/// making the answer.
#[derive(Debug, Default)]
pub(super) struct OthersFirst {
    has_waited: bool,
}

impl Future for OthersFirst {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.has_waited {
            return Poll::Ready(());
        }
        self.has_waited = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[tokio::test]
    async fn whoever_is_ready_goes_first_and_nobody_waits_for_more() {
        let order = Arc::new(Mutex::new(Vec::new()));
        let note = |name: &'static str| {
            let order = Arc::clone(&order);
            move || order.lock().unwrap().push(name)
        };
        let (made, left, other) = (note("made"), note("left"), note("other"));
        let answer = tokio::spawn(async move {
            made();
            OthersFirst::default().await;
            left();
        });
        let other = tokio::spawn(async move { other() });
        answer.await.unwrap();
        other.await.unwrap();
        assert_eq!(*order.lock().unwrap(), ["made", "other", "left"]);
    }
}
