//! What a look for a kept answer takes inside the program, as a handler makes it: question, state of the tables, look-up.
use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use taskmed::{
    access::{Grant, permissions::ViewAppointments},
    base::{Clock, Error},
    db::Clinics,
    demo::Size,
    features::{appointments::agenda::View, demonstration::fill::fill},
};

/// Looks in each round.
const LOOKS: u32 = 200_000;
/// Days that are kept.
const DAYS: i32 = 60;
/// Longest time of a look, in the middle of all rounds.
const BAR: Duration = Duration::from_micros(2);

/// Measures looks of one thread and of two at a time; answers whether all were quick enough.
pub async fn measure(rounds: usize) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let clinics = Clinics::open(folder.path(), Clock::system()).unwrap();
    let clinics = tokio::task::spawn_blocking(move || {
        fill(&clinics, 1, Size::Clinic, &mut |_| ()).unwrap();
        clinics
    });
    let clinics = clinics.await.unwrap();
    let grant = Grant::<ViewAppointments>::of_program(clinics.get(1).unwrap(), "measure");
    let grant = Arc::new(grant);
    for view in days() {
        kept(&grant, &view, true).await;
    }
    parts(&grant);
    let mut met = true;
    for threads in [1, 2] {
        let mut each = Vec::new();
        for _ in 0..rounds {
            let all = (0..threads).map(|_| tokio::spawn(looks(Arc::clone(&grant)))).collect::<Vec<_>>();
            for looked in all {
                each.push(looked.await.unwrap());
            }
        }
        each.sort_unstable();
        let middle = each[each.len() / 2];
        met &= middle <= BAR;
        let verdict = if middle <= BAR { "met" } else { "missed" };
        println!(
            "a kept answer, {threads} at a time: {} ns (at most {} ns: {verdict})",
            middle.as_nanos(),
            BAR.as_nanos()
        );
    }
    met
}

/// Says how long putting the question and asking for the state of its tables takes: the rest of a look is the look-up itself.
fn parts(grant: &Grant<ViewAppointments>) {
    let days: Vec<View> = days().collect();
    let each = |work: &dyn Fn(&View)| {
        let begun = Instant::now();
        days.iter().cycle().take(LOOKS as usize).for_each(work);
        (begun.elapsed() / LOOKS).as_nanos()
    };
    let question = each(&|view| _ = black_box(view.question()));
    let state = each(&|view| _ = black_box(grant.clinic().state_of(view.sources())));
    println!("the question {question} ns, the state of what it is read from {state} ns");
}

/// So many looks for days that are kept; answers how long each took.
async fn looks(grant: Arc<Grant<ViewAppointments>>) -> Duration {
    let days: Vec<View> = days().collect();
    let begun = Instant::now();
    for view in days.iter().cycle().take(LOOKS as usize) {
        kept(&grant, view, false).await;
    }
    begun.elapsed() / LOOKS
}

/// Asks as the handler of the agenda does. What is kept is not made again.
async fn kept(grant: &Grant<ViewAppointments>, view: &View, make: bool) {
    let work = move |_: &taskmed::db::ReadTx<'_>| {
        if make { Ok("x".repeat(12_000)) } else { Err(Error::internal("it was kept")) }
    };
    black_box(grant.cached(view.question(), view.sources(), work).await.unwrap());
}

fn days() -> impl Iterator<Item = View> {
    let today = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    (0..DAYS).map(move |n| View {
        date: taskmed::base::Day(today + jiff::Span::new().days(n)),
        days: None,
        professional_id: None,
    })
}
