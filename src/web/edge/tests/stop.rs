//! The end: nothing new, nothing lost.
use std::time::Instant;

use super::*;

#[tokio::test]
async fn a_running_request_finishes_and_no_new_one_starts() {
    let rig = Rig::start(Limits::default()).await;
    let mut running = rig.connect().await;
    let mut idle = rig.connect().await;
    running.write_all(b"GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    rig.stop.send(true).unwrap();
    assert!(read_all(&mut running).await.ends_with("done"));
    assert_eq!(read_all(&mut idle).await, "");
    timeout(Duration::from_secs(1), rig.served).await.unwrap().unwrap();
    assert!(TcpStream::connect(rig.plain).await.is_err());
}

#[tokio::test]
async fn event_streams_end_with_the_program() {
    let rig = Rig::start(Limits::default()).await;
    let mut stream = rig.connect().await;
    stream.write_all(b"GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(150)).await;
    let start = Instant::now();
    rig.stop.send(true).unwrap();
    let seen = read_all(&mut stream).await;
    assert!(seen.contains(": still here") && seen.ends_with("0\r\n\r\n"), "{seen}");
    rig.served.await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn a_request_that_never_ends_is_cut_off() {
    let rig = Rig::start(Limits { drain: Duration::from_millis(100), ..Limits::default() }).await;
    let mut stream = rig.connect().await;
    stream.write_all(b"GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let start = Instant::now();
    rig.stop.send(true).unwrap();
    rig.served.await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(2));
    assert!(!read_all(&mut stream).await.ends_with("done"));
}
