//! What an act costs, in counts that are the same on every machine: how much of a full day's page it touches, how often the
//! browser has to lay it out, how many parts the page has. Time itself is measured in `speed.rs`.
use serde_json::json;

use super::{
    busy_day::{self, COLUMNS, Hand, cards, on_a_full_day, open_full_day},
    clinic::Clinic,
    page::Page,
};

/// Most changes that one act may make to a board of 240 cards: a card, its state and its step, shown at once, answered and
/// told by the live line.
const TOUCHED: u64 = 40;
/// Most times the browser may lay the page out for one act, with the message and the answer that follow it.
const LAYOUTS: f64 = 16.0;
/// Most elements of the page for each appointment on it.
const ELEMENTS: usize = 16;

/// Counts the changes of the board until it is asked for.
const WATCH: &str = "{
    window.touched = 0;
    window.watching?.disconnect();
    window.watching = new MutationObserver((changes) => { window.touched += changes.length; });
    window.watching.observe(document.querySelector('.ag-board'), { subtree: true, childList: true, attributes: true, characterData: true });
    true
}";

impl Page {
    async fn layouts(&self) -> f64 {
        let metrics = self.tell("Performance.getMetrics", json!({})).await;
        let all = metrics["metrics"].as_array().unwrap();
        all.iter().find(|metric| metric["name"] == "LayoutCount").unwrap()["value"].as_f64().unwrap()
    }

    /// Processor time of opening and closing something, the middle of several.
    async fn work_of(&self, key: &'static str, shows: &str) -> f64 {
        let mut all = Vec::new();
        for _ in 0..7 {
            let before = self.work().await;
            self.press(key).await;
            self.until(shows, "it opens").await;
            self.press("Escape").await;
            self.until(&format!("!({shows})"), "it closes").await;
            self.until(
                "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0, true)))",
                "a frame",
            )
            .await;
            all.push(self.work().await - before);
        }
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    }
}

#[tokio::test]
async fn an_act_touches_only_what_it_is_about() {
    on_a_full_day(async |page: &Page, _: &Clinic| {
        // What opens over the page must not cost more because much lies under it.
        let dialog = "document.querySelector('dialog[open]') !== null";
        page.work_of("Ctrl+k", dialog).await;
        let on_little = page.work_of("Ctrl+k", dialog).await;
        open_full_day(page).await;
        let on_much = page.work_of("Ctrl+k", dialog).await;
        println!("a dialog over an empty day {on_little:.1} ms, over a full one {on_much:.1} ms");
        assert!(
            on_much < 5.0 * on_little,
            "a dialog takes {on_much} ms over a full day, {on_little} over an empty"
        );

        let elements: usize = page.run("document.querySelectorAll('*').length").await;
        println!("{elements} elements");
        assert!(elements < COLUMNS * 40 * ELEMENTS, "{elements} elements");

        // Once uncounted: the first of each kind also fetches its code.
        for act in busy_day::acts(page, 0).await {
            act.hand.act(page).await;
            page.until(&format!("Boolean({})", act.effect), act.kind).await;
        }
        for act in busy_day::acts(page, 1).await {
            let _: bool = page.run(WATCH).await;
            let before = page.layouts().await;
            act.hand.act(page).await;
            page.until(&format!("Boolean({})", act.effect), act.kind).await;
            // The answer and the live line belong to it.
            page.until("new Promise((done) => setTimeout(done, 400, true))", "it is over").await;
            let (touched, layouts): (u64, f64) =
                (page.run("window.touched").await, page.layouts().await - before);
            let by = if matches!(act.hand, Hand::Key(_)) { "key" } else { "click" };
            println!("  {} by {by}: {touched} changes of the board, {layouts} layouts", act.kind);
            assert!(touched <= TOUCHED, "{}: {touched} changes of the board", act.kind);
            assert!(layouts <= LAYOUTS, "{}: {layouts} layouts", act.kind);
        }
        page.until(&cards(COLUMNS * 40), "the day is still whole").await;
    })
    .await;
}
