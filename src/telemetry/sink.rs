//! Where log lines wait for the disk: together, so that a busy second costs one write and not one for each line.
use std::{
    io::{self, Write},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How long a line may wait. A crash loses no more than this; what is worse than information does not wait.
const WAIT: Duration = Duration::from_millis(100);
/// Bytes that may wait, should the disk be slower than the log; beyond it lines are counted and left out.
const MOST: usize = 8 * 1024 * 1024;

#[derive(Debug, Default)]
struct Waiting {
    bytes: Vec<u8>,
    left_out: u64,
    urgent: bool,
    ended: bool,
}

#[derive(Debug, Default)]
struct Shared(Mutex<Waiting>, Condvar);

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes lines from any thread.
#[derive(Debug, Clone, Default)]
pub(super) struct Sink(Arc<Shared>);

/// Keeps the log running; when dropped, the rest has been written.
#[derive(Debug)]
pub struct Guard(Sink, Option<JoinHandle<()>>);

impl Sink {
    /// Starts the thread that writes to `file`.
    pub fn start(file: impl Write + Send + 'static) -> io::Result<(Self, Guard)> {
        let sink = Self::default();
        let shared = Arc::clone(&sink.0);
        let writer = thread::Builder::new().name("log".into()).spawn(move || write_all(&shared, file))?;
        Ok((sink.clone(), Guard(sink, Some(writer))))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.0.waiting().ended = true;
        self.0.0.1.notify_all();
        if let Some(writer) = self.1.take() {
            let _ = writer.join();
        }
    }
}

/// The way of one line into the sink.
#[derive(Debug)]
pub(super) struct Line<'a>(&'a Shared, bool);

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut waiting = self.0.waiting();
        if waiting.bytes.len() + line.len() > MOST {
            waiting.left_out += 1;
            return Ok(line.len());
        }
        let first = waiting.bytes.is_empty();
        waiting.bytes.extend_from_slice(line);
        waiting.urgent |= self.1;
        let wake = first || self.1;
        drop(waiting);
        if wake {
            self.0.1.notify_all();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Sink {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line(&self.0, false)
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Line<'a> {
        Line(&self.0, *meta.level() <= Level::WARN)
    }
}

/// Writes what has gathered, again and again, until the end.
fn write_all(shared: &Shared, mut file: impl Write) {
    let mut batch = Vec::new();
    loop {
        let mut waiting = shared.waiting();
        while waiting.bytes.is_empty() && !waiting.ended {
            waiting = shared.1.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        let calm = |waiting: &mut Waiting| !waiting.urgent && !waiting.ended;
        waiting = shared.1.wait_timeout_while(waiting, WAIT, calm).unwrap_or_else(PoisonError::into_inner).0;
        std::mem::swap(&mut batch, &mut waiting.bytes);
        let (left_out, ended) = (std::mem::take(&mut waiting.left_out), waiting.ended);
        waiting.urgent = false;
        drop(waiting);
        if left_out > 0 {
            let _ = writeln!(
                batch,
                "{{\"level\":\"WARN\",\"message\":\"log lines left out\",\"count\":{left_out}}}"
            );
        }
        // There is nowhere to complain about a log that cannot be written.
        let _ = file.write_all(&batch).and_then(|()| file.flush());
        batch.clear();
        if ended {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<Vec<u8>>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().push(bytes.to_vec());
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_go_to_the_disk_together_and_none_is_lost_at_the_end() {
        let paper = Paper::default();
        let (sink, guard) = Sink::start(paper.clone()).unwrap();
        for number in 0..1000 {
            writeln!(sink.make_writer(), "line {number}").unwrap();
        }
        drop(guard);
        let writes = paper.0.lock().unwrap();
        assert!(writes.len() < 10, "{} writes", writes.len());
        assert!(writes.concat().ends_with(b"line 999\n"));
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let sink = Sink::default();
        let long = vec![b'x'; MOST / 2 + 1];
        for _ in 0..3 {
            sink.make_writer().write_all(&long).unwrap();
        }
        let waiting = sink.0.waiting();
        assert_eq!((waiting.bytes.len(), waiting.left_out), (long.len(), 2));
    }
}
