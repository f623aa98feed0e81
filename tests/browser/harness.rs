//! The tests of the tests: what the watch must see, it sees.
use super::{driver, page::Page, program::Program};

#[tokio::test]
async fn the_watch_sees_what_must_never_happen() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let program = Program::start();
    let page = Page::open(&program.address).await;
    page.goto("/login").await;
    page.arrives("/setup").await;
    assert_eq!(page.watch.faults(page.web()).await, Vec::<String>::new());
    for (script, trace) in [
        (
            "document.body.append(Object.assign(document.createElement('style'), { textContent: 'p{}' }))",
            "content policy:",
        ),
        ("document.body.setAttribute('style', 'color:red')", "style-src-attr"),
        ("void fetch('http://127.0.0.1:9/').catch(() => {})", "\"connect-src\" \"http://127.0.0.1:9/\""),
        ("console.error('oh no')", "oh no"),
        ("void Promise.reject(new Error('nobody caught me'))", "nobody caught me"),
        ("setTimeout(() => { throw new Error('thrown away') })", "thrown away"),
        ("setTimeout(() => location.assign('http://localhost:9/'))", "request to http://localhost:9/"),
    ] {
        let _: Option<bool> = page.run(&format!("{script}; true")).await;
        let mut faults = Vec::new();
        for _ in 0..100 {
            faults = page.watch.faults(page.web()).await;
            if faults.iter().any(|fault| fault.contains(trace)) {
                break;
            }
        }
        assert!(faults.iter().any(|fault| fault.contains(trace)), "{trace} in {faults:#?}");
    }
    page.forgive("");
    page.leave().await;
}
