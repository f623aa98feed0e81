//! Booking: checked for conflicts, in the trail, encrypted and flushed to the disk before it is acknowledged.
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use hyper::StatusCode;
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use serde_json::{Value, json};

use super::{
    clinic::{Clinic, OURS},
    disk,
    load::{self, Question},
    table::{Bar, Line},
    versus::{Bare, CONNECTIONS, Match, Pace, play},
};

const PROFESSIONALS: usize = 32;
const SLOT_MIN: i64 = 15;

/// A clinic that never closes, with people enough to fill it.
pub struct Practice {
    pub clinic: Clinic,
    professionals: Vec<i64>,
    patients: Vec<i64>,
    /// Of a day next week, at the clinic.
    midnight: Timestamp,
    next: AtomicUsize,
}

/// Every figure of writing.
pub async fn measure(pace: &Pace) -> Vec<Line> {
    if !pace.wants("bookings") {
        return Vec::new();
    }
    let practice = Arc::new(Practice::open(Path::new(OURS)).await);
    let commits = disk::single_commits(practice.clinic.folder.path(), pace.time);
    println!("the disk makes {commits:.0} single commits a second");
    let (head, body) = practice.question()(0, 0);
    let first = load::once(&practice.clinic.plain, head, body).await;
    let bare = Bare::serve(&[("booking", first)]);
    let mut lines = Vec::new();
    for (connections, what) in [(CONNECTIONS, "bookings, 64 connections"), (1, "bookings, 1 connection")] {
        let game = Match {
            what,
            name: "booking",
            status: StatusCode::CREATED,
            tls: false,
            connections,
            bar: (connections > 1).then_some(Bar::AtLeast(0.2)),
        };
        let before = Writer::so_far(&practice.clinic).await;
        let line = play(pace, &game, &practice.clinic.plain, &practice.question(), &bare).await;
        println!("  {:.1} bookings for each single commit of this disk", line.ours / commits);
        let Told { group, commit, jobs } = Writer::so_far(&practice.clinic).await.since(&before);
        if connections > 1 {
            #[expect(clippy::cast_precision_loss, reason = "microseconds of an answer stay far below 2^52")]
            let p99 = line.p99 as f64;
            println!(
                "  a group is {jobs:.0} bookings and takes {group:.0} µs, of which its commit {commit:.0}"
            );
            println!(
                "  99 of 100 waited no longer than {:.1} groups (at most 4), or {:.1} commits alone",
                p99 / group,
                p99 / commit
            );
        } else {
            let bare = 1e6 / line.other;
            let (of_group, of_commit) =
                ((1e6 / line.ours) / (1.5 * group + bare), (1e6 / line.ours) / (1.5 * commit + bare));
            println!("  a group takes {group:.0} µs, of which its commit {commit:.0}");
            println!(
                "  of one and a half and a bare request a booking takes {of_group:.2} (at most 1), or {of_commit:.2} with the commit alone"
            );
        }
        lines.push(line);
    }
    lines
}

/// What the program itself has counted of its writer, times in seconds.
struct Writer {
    groups: f64,
    jobs: f64,
    group: f64,
    commit: f64,
}

/// A group on average, times in microseconds.
struct Told {
    jobs: f64,
    group: f64,
    commit: f64,
}

impl Writer {
    async fn so_far(clinic: &Clinic) -> Self {
        let answer = clinic.get("/metrics").await;
        let text = String::from_utf8(answer.body().to_vec()).unwrap();
        let figure = |name: &str| -> f64 {
            let line = text.lines().find(|line| line.starts_with(&format!("taskmed_writer_{name}"))).unwrap();
            line.rsplit(' ').next().unwrap().parse().unwrap()
        };
        Self {
            groups: figure("groups_total"),
            jobs: figure("jobs_total"),
            group: figure("group_duration_seconds_sum"),
            commit: figure("commit_duration_seconds_sum"),
        }
    }

    fn since(&self, before: &Self) -> Told {
        let groups = self.groups - before.groups;
        Told {
            jobs: (self.jobs - before.jobs) / groups,
            group: 1e6 * (self.group - before.group) / groups,
            commit: 1e6 * (self.commit - before.commit) / groups,
        }
    }
}

impl Practice {
    pub async fn open(executable: &Path) -> Self {
        let clinic = Clinic::new(executable).await;
        let path = format!("/api/clinic/{}", clinic.id);
        let own: Value = serde_json::from_slice(clinic.get(&path).await.body()).unwrap();
        let hours: Vec<Value> =
            (1..=7).map(|day| json!({ "weekday": day, "opens": 0, "closes": 1440 })).collect();
        let change = json!({ "opening_hours": hours, "open_on_holidays": true });
        clinic.send("PATCH", &path, own["version"].as_i64(), &change).await;
        let (mut professionals, mut patients) = (Vec::new(), Vec::new());
        for number in 0..PROFESSIONALS {
            let person = json!({ "name": format!("Dra. {number}"), "roles": ["professional"], "is_professional": true });
            let made = clinic.send("POST", &format!("{path}/users"), None, &person).await;
            professionals.push(made["user"]["id"].as_i64().unwrap());
            let patient =
                json!({ "name": format!("Paciente {number}"), "phone": format!("1198888{number:04}") });
            patients.push(clinic.send("POST", "/api/contacts", None, &patient).await["id"].as_i64().unwrap());
        }
        let zone = TimeZone::get("America/Sao_Paulo").unwrap();
        let day = Timestamp::now().to_zoned_datetime(zone.clone()).date() + 7.days();
        let midnight = day.to_zoned_datetime(zone).unwrap().timestamp();
        Self { clinic, professionals, patients, midnight, next: AtomicUsize::new(0) }
    }

    /// A booking after the other. Bare poem is always asked the same; so that to think of something new costs this side next to
    /// nothing either, the text is put together from what stays the same.
    pub fn question(self: &Arc<Self>) -> Question {
        let practice = Arc::clone(self);
        Arc::new(move |_, _| {
            let head = practice.clinic.ask("POST", "/api/appointments", false);
            (head.header("content-type", "application/json"), practice.next_booking().into())
        })
    }

    /// A quarter of an hour nobody has booked.
    fn next_booking(&self) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (slot, person) = (number / PROFESSIONALS, number % PROFESSIONALS);
        let starts_at = self.midnight + (i64::try_from(slot).unwrap() * SLOT_MIN).minutes();
        let (professional, patient) = (self.professionals[person], self.patients[person]);
        format!(
            r#"{{"contact_id":{patient},"duration_min":{SLOT_MIN},"professional_id":{professional},"starts_at":"{starts_at}"}}"#
        )
    }
}
