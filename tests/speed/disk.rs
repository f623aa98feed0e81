//! How fast the disk under the data folder is: commits of one small row that are flushed before the next.
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// Commits per second, one at a time, in write-ahead mode with `synchronous = full`, without encryption.
pub fn single_commits(folder: &Path, time: Duration) -> f64 {
    let file = rusqlite::Connection::open(folder.join("disk.db")).unwrap();
    file.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; create table if not exists t (id integer primary key, text text)",
    )
    .unwrap();
    let mut insert = file.prepare("insert into t (text) values (?1)").unwrap();
    let (begun, mut count) = (Instant::now(), 0_u32);
    while begun.elapsed() < time {
        insert.execute(["one small row, flushed before the next one is begun"]).unwrap();
        count += 1;
    }
    f64::from(count) / begun.elapsed().as_secs_f64()
}
