//! The server as it is seen during a step, and the step's figures.
use super::{
    load::Measured,
    plan::GOAL,
    report::{Endpoint, Step, Usage},
    seat::Seat,
    usage::{self, Inner, Taken},
};

/// What was seen of the machine from the first look to the last.
#[derive(Default)]
pub(super) struct Watch {
    first: Option<(tokio::time::Instant, Taken, Taken, Inner)>,
    last: Option<(tokio::time::Instant, Taken, Taken, Inner)>,
    queue: Option<f64>,
}

impl Watch {
    pub(super) async fn look(&mut self, pid: u32, figures: &mut Seat) {
        let text = figures.ask(hyper::Method::GET, "/metrics", None, None).await.ok();
        let text = text.filter(|answer| answer.status == 200).map(|answer| answer.body).unwrap_or_default();
        let inner = Inner::read(&String::from_utf8_lossy(&text));
        self.queue = inner.queue.map(|queue| queue.max(self.queue.unwrap_or(0.0))).or(self.queue);
        let now = (tokio::time::Instant::now(), usage::of(pid), usage::of(std::process::id()), inner);
        self.first.get_or_insert(now);
        self.last = Some(now);
    }

    pub(super) fn usage(&self) -> Usage {
        let Some((first, last)) = self.first.zip(self.last) else { return Usage::default() };
        let seconds = (last.0 - first.0).as_secs_f64();
        let busy =
            |from: Taken, to: Taken| Some((to.cpu? - from.cpu?) / seconds).filter(|busy| busy.is_finite());
        Usage {
            server_cpu: busy(first.1, last.1),
            load_cpu: busy(first.2, last.2),
            memory: last.1.memory,
            queue: self.queue.map(|queue| queue as u64),
            cache_hits: last.3.hit_rate_since(&first.3),
        }
    }
}

/// What was counted, judged.
pub(super) fn step_of(people: usize, measured: &Measured, usage: Usage) -> Step {
    let (tally, seconds) = (&measured.tally, measured.time.as_secs_f64());
    let mut all = Endpoint::all(tally, seconds);
    if measured.missing > 0 {
        all.errors.insert("never begun: the answer before did not come".into(), measured.missing as u64);
    }
    Step {
        people,
        seconds,
        held: all.keeps(&GOAL),
        endpoints: tally.lines.iter().map(|(name, line)| Endpoint::of(name, line, seconds)).collect(),
        all,
        late_p99_us: tally.late.as_ref().map_or(0, |late| late.value_at_quantile(0.99)),
        usage,
    }
}
