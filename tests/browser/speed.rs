//! How fast a busy day feels, by the clock: `cargo test speed -- --ignored` on a machine with nothing else to do.
//! What any machine can tell, how much an act touches, is counted in `effort.rs`.
use std::{collections::BTreeSet, time::Duration};

use serde_json::json;

use super::{
    busy_day::{self, Act, COLUMNS, cards, on_a_full_day, open_full_day},
    clinic::Clinic,
    page::Page,
};

/// Times what the next key or click of a person brings about, from the event itself to the frame after the page shows it.
fn arm(effect: &str) -> String {
    format!(
        "{{
            const fits = () => {{ try {{ return Boolean({effect}); }} catch {{ return false; }} }};
            if (fits()) throw new Error('it is so already');
            window.timed = new Promise((done) => {{
                let start;
                // The key that counts is the last of a chord.
                const begin = (event) => {{ start = event.timeStamp; }};
                for (const type of ['keydown', 'pointerdown']) addEventListener(type, begin, true);
                const look = () => {{
                    if (start === undefined || !fits()) return;
                    watch.disconnect();
                    for (const type of ['keydown', 'pointerdown']) removeEventListener(type, begin, true);
                    requestAnimationFrame(() => {{
                        const after = new MessageChannel();
                        after.port1.onmessage = () => done(performance.now() - start);
                        after.port2.postMessage(0);
                    }});
                }};
                const watch = new MutationObserver(look);
                watch.observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }});
                addEventListener('focusin', look, true);
            }});
            true
        }}"
    )
}

/// What something took: by the clock, and of the page's own processor time.
#[derive(Clone, Copy, Debug)]
struct Took {
    wall: f64,
    work: f64,
}

impl Took {
    /// The middle one of several, by each measure: one interruption by another program says nothing of the page.
    fn median(all: &[Self]) -> Self {
        Self::at(all, |count| count / 2)
    }

    /// What all but a twentieth take at most.
    fn p95(all: &[Self]) -> Self {
        Self::at(all, |count| (count - 1) * 95 / 100)
    }

    fn at(all: &[Self], place: impl Fn(usize) -> usize) -> Self {
        let of = |part: fn(&Self) -> f64| {
            let mut sorted: Vec<f64> = all.iter().map(part).collect();
            sorted.sort_by(f64::total_cmp);
            sorted[place(sorted.len())]
        };
        Self { wall: of(|took| took.wall), work: of(|took| took.work) }
    }

    /// Holds it to a limit. Where other programs take the processor away, the page's own processor time, which counts all that
    /// comes after the paint as well, speaks for it too; where neither keeps to the limit, only a quiet machine can tell.
    fn keeps_to(self, limit: f64, contended: bool, what: &str) {
        let fits = self.wall <= limit || (contended && self.work <= limit);
        let hint = if contended {
            "; other programs are busy on this machine, measure again on a quiet one"
        } else {
            ""
        };
        println!("{what}: {self:.0?}, at most {limit} ms{hint}");
        assert!(fits, "{what}: {self:.0?}, at most {limit} ms{hint}");
    }
}

impl Page {
    /// Does something and says what it took until its effect was painted.
    async fn timed(&self, effect: &str, act: impl AsyncFnOnce(&Self)) -> Took {
        let _: bool = self.run(&arm(effect)).await;
        let before = self.work().await;
        act(self).await;
        let painted = "Promise.race([timed, new Promise((_, no) => setTimeout(() => no(new Error('no effect')), 8000))])";
        let wall = self.run(painted).await;
        Took { wall, work: self.work().await - before }
    }

    /// Milliseconds of processor time that the page itself has used.
    pub(super) async fn work(&self) -> f64 {
        let metrics = self.tell("Performance.getMetrics", json!({})).await;
        let all = metrics["metrics"].as_array().unwrap();
        let task = all.iter().find(|metric| metric["name"] == "TaskDuration").unwrap();
        task["value"].as_f64().unwrap() * 1000.0
    }

    pub(super) async fn count_work(&self) {
        self.tell("Performance.enable", json!({ "timeDomain": "threadTicks" })).await;
    }

    /// Whether something else takes the processor away from the page.
    async fn is_contended(&self) -> bool {
        let spin = "{ const start = performance.now(); let sum = 0; for (let i = 0; i < 3e7; i++) sum += Math.sqrt(i); performance.now() - start }";
        let before = self.work().await;
        let wall: f64 = self.run(spin).await;
        wall > 1.2 * (self.work().await - before)
    }

    pub(super) async fn slow_down(&self, rate: u32) {
        self.tell("Emulation.setCPUThrottlingRate", json!({ "rate": rate })).await;
    }
}

/// Does something several times at a part of the speed, and says whether the machine was busy meanwhile.
async fn several<T>(
    page: &Page,
    (times, rate): (usize, u32),
    mut once: impl AsyncFnMut(usize) -> T,
) -> (Vec<T>, bool) {
    let before = page.is_contended().await;
    page.slow_down(rate).await;
    let mut all = Vec::new();
    for time in 0..times {
        all.push(once(time).await);
    }
    page.slow_down(1).await;
    (all, before || page.is_contended().await)
}

#[tokio::test]
#[ignore = "measures time: cargo test speed -- --ignored, on a quiet machine"]
async fn the_agenda_of_240_appointments_is_painted_at_once() {
    on_a_full_day(async |page: &Page, _: &Clinic| {
        // Once unmeasured: the first time also fetches code.
        open_full_day(page).await;
        for (rate, limit) in [(1, 300.0), (6, 1500.0)] {
            let (all, contended) = several(page, (7, rate), async |_| {
                page.press("t").await;
                page.until(&cards(0), "today is empty").await;
                let press = async |page: &Page| page.press("j").await;
                page.timed(&cards(COLUMNS * 40), press).await
            })
            .await;
            let what =
                format!("240 appointments painted at 1/{rate} of the speed, the middle of {}", all.len());
            Took::median(&all).keeps_to(limit, contended, &what);
        }
    })
    .await;
}

/// Does every act once for the row and says what each took.
async fn round(page: &Page, row: i64) -> Vec<(&'static str, Took)> {
    let mut all = Vec::new();
    for Act { kind, hand, effect } in busy_day::acts(page, row).await {
        all.push((kind, page.timed(&effect, async |page: &Page| hand.act(page).await).await));
    }
    all
}

/// Holds all but a twentieth of all acts to a limit: the middle one of several such measures, each over many acts.
async fn measure_acts(page: &Page, rate: u32, limit: f64) {
    const ROUNDS: usize = 4;
    open_full_day(page).await;
    // Once unmeasured: the first of each kind also fetches its code.
    round(page, 0).await;
    let (all, contended) = several(page, (3, rate), async |attempt| {
        let mut acts = Vec::new();
        for step in 0..ROUNDS {
            acts.extend(round(page, i64::try_from(1 + attempt * ROUNDS + step).unwrap()).await);
        }
        acts
    })
    .await;
    print_kinds(&all.concat());
    let worst: Vec<Took> =
        all.iter().map(|acts| Took::p95(&acts.iter().map(|(_, took)| *took).collect::<Vec<_>>())).collect();
    let what = format!("{} acts at 1/{rate} of the speed, all but a twentieth", all.concat().len());
    Took::median(&worst).keeps_to(limit, contended, &what);
}

fn print_kinds(all: &[(&'static str, Took)]) {
    let kinds: BTreeSet<&str> = all.iter().map(|(kind, _)| *kind).collect();
    for kind in kinds {
        let times: Vec<Took> = all.iter().filter(|(k, _)| *k == kind).map(|(_, took)| *took).collect();
        println!("  {kind}: the middle one {:.0?}, p95 {:.0?}", Took::median(&times), Took::p95(&times));
    }
}

#[tokio::test]
#[ignore = "measures time: cargo test speed -- --ignored, on a quiet machine"]
async fn every_act_shows_its_effect_at_once() {
    on_a_full_day(async |page: &Page, _: &Clinic| measure_acts(page, 1, 100.0).await).await;
}

/// Keeps what the browser itself measures of every interaction, from the event to the next paint.
const OBSERVE: &str = "{
    window.interactions = new Map();
    const keep = (entries) => {
        for (const { interactionId: id, duration } of entries) {
            if (id) interactions.set(id, Math.max(duration, interactions.get(id) ?? 0));
        }
    };
    window.observer = new PerformanceObserver((list) => keep(list.getEntries()));
    observer.observe({ type: 'event', durationThreshold: 16 });
    true
}";

/// The durations so far, in milliseconds, from the longest; those under 16 are not among them.
const OBSERVED: &str =
    "new Promise((done) => setTimeout(() => done([...interactions.values()].sort((a, b) => b - a)), 500))";

/// Interaction to next paint as the browser counts it: of every fifty interactions the worst one is left out.
async fn interaction_to_next_paint(page: &Page, rate: u32, rounds: i64) -> (usize, f64, Vec<f64>) {
    open_full_day(page).await;
    round(page, 0).await;
    page.slow_down(rate).await;
    let _: bool = page.run(OBSERVE).await;
    let mut acts = Vec::new();
    for step in 1..=rounds {
        acts.extend(round(page, step).await);
    }
    let longest: Vec<f64> = page.run(OBSERVED).await;
    page.slow_down(1).await;
    println!("acts until their effect is there, an answer of the server included, at 1/{rate} of the speed:");
    print_kinds(&acts);
    let inp = longest.get(acts.len() / 50).copied().unwrap_or_default();
    (acts.len(), inp, longest)
}

#[tokio::test]
#[ignore = "measures time: cargo test speed -- --ignored, on a quiet machine"]
async fn every_act_is_painted_soon_on_a_machine_four_times_slower() {
    on_a_full_day(async |page: &Page, _: &Clinic| {
        let (count, inp, longest) = interaction_to_next_paint(page, 4, 12).await;
        println!("interaction to next paint over {count} acts: {inp} ms; the longest {longest:?}");
        assert!(longest.len() > count / 4, "the browser measured nothing: {longest:?} of {count} acts");
        assert!(inp <= 200.0, "interaction to next paint is {inp} ms, at most 200; the longest {longest:?}");
    })
    .await;
}

#[tokio::test]
#[ignore = "measures time: cargo test speed -- --ignored, on a quiet machine"]
async fn the_agenda_can_be_used_soon_after_it_is_opened() {
    on_a_full_day(async |page: &Page, clinic: &Clinic| {
        let address = format!("/agenda?date={}", clinic.day(2));
        for (kind, limit) in [("cold", 1500.0), ("warm", 800.0)] {
            let (all, contended) = several(page, (5, 4), async |_| {
                page.web().goto("about:blank").await.unwrap();
                if kind == "cold" {
                    page.tell("Network.clearBrowserCache", json!({})).await;
                }
                let before = page.work().await;
                page.goto(&address).await;
                page.until_within(Duration::from_secs(20), &cards(COLUMNS * 8), "the day is shown").await;
                // Long tasks after the cards keep hands off as well.
                let idle = "new Promise((done) => requestIdleCallback(() => done(performance.now())))";
                let wall = page.run(idle).await;
                Took { wall, work: page.work().await - before }
            })
            .await;
            let what = format!(
                "{kind}: the agenda can be used at a quarter of the speed, the middle of {}",
                all.len()
            );
            Took::median(&all).keeps_to(limit, contended, &what);
        }
    })
    .await;
}
