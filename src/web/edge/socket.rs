//! The socket under everything: nothing held back on send, and let go of when the client stops reading.
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// What a stalled client must take within the deadline to be believed alive. Above what a hostile reader asks for
/// at a time, below what the slowest real link does.
const SIGN_OF_LIFE: usize = 4096;

/// An accepted socket with a deadline on writes.
#[derive(Debug)]
pub(super) struct Socket {
    inner: TcpStream,
    patience: Duration,
    stalled: Option<(Pin<Box<Sleep>>, usize)>,
}

impl Socket {
    /// Wraps an accepted stream. Small answers go out at once (Nagle's algorithm adds up to 40 ms to each).
    pub(super) fn new(inner: TcpStream, patience: Duration) -> io::Result<Self> {
        inner.set_nodelay(true)?;
        Ok(Self { inner, patience, stalled: None })
    }

    /// Keeps the books: a pending write starts the clock, enough bytes taken stop it.
    fn watch<T>(
        &mut self,
        cx: &mut Context<'_>,
        state: Poll<io::Result<T>>,
        taken: usize,
    ) -> Poll<io::Result<T>> {
        if state.is_ready() {
            if let Some((_, sent)) = &mut self.stalled {
                *sent += taken;
                if *sent >= SIGN_OF_LIFE {
                    self.stalled = None;
                }
            }
            return state;
        }
        let patience = self.patience;
        let (clock, _) = self.stalled.get_or_insert_with(|| (Box::pin(sleep(patience)), 0));
        match clock.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, into)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        let state = Pin::new(&mut self.inner).poll_write(cx, data);
        let taken = if let Poll::Ready(Ok(n)) = state { n } else { 0 };
        self.watch(cx, state, taken)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let state = Pin::new(&mut self.inner).poll_write_vectored(cx, data);
        let taken = if let Poll::Ready(Ok(n)) = state { n } else { 0 };
        self.watch(cx, state, taken)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // The layers above flush only once everything is written: whatever stalled is over.
        self.stalled = None;
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;

    use super::*;

    async fn pair(patience: Duration) -> (Socket, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        (Socket::new(listener.accept().await.unwrap().0, patience).unwrap(), client)
    }

    #[tokio::test]
    async fn small_answers_are_not_held_back() {
        let (socket, _client) = pair(Duration::from_secs(1)).await;
        assert!(socket.inner.nodelay().unwrap());
    }

    #[tokio::test]
    async fn a_client_that_stops_reading_is_let_go() {
        let (mut socket, _client) = pair(Duration::from_millis(100)).await;
        let flood = vec![0_u8; 1 << 20];
        let fault = loop {
            if let Err(fault) = socket.write_all(&flood).await {
                break fault;
            }
        };
        assert_eq!(fault.kind(), io::ErrorKind::TimedOut);
    }
}
