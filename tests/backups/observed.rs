//! Copies nobody asks for, and what is told of them.
use std::fs;

use serde_json::{Value, json};
use taskmed::features::{
    backups::watch::Watcher,
    observability::{scrape, watch::Watcher as Alarms},
};

use super::{copies, register};
use crate::support::{Desk, World, exposition, world::SOL};

struct Day {
    world: World,
    owner: Desk,
    copying: Watcher,
    alarms: Alarms,
}

impl Day {
    async fn begin() -> Self {
        let world = World::new().await;
        let owner = world.owner().await;
        Self { world, owner, copying: Watcher::default(), alarms: Alarms::default() }
    }

    /// Lets time pass, with a look at everything every ten minutes.
    async fn pass(&mut self, hours: i64) {
        for _ in 0..hours * 6 {
            self.world.clock.advance(600);
            self.copying.look(&self.world.context).await;
            self.alarms.look(&self.world.context).await;
        }
    }

    /// Lets weeks pass, with a look at the copies every hour.
    async fn pass_days(&mut self, days: i64) {
        for _ in 0..days * 24 {
            self.world.clock.advance(3600);
            self.copying.look(&self.world.context).await;
        }
    }

    /// Lets time pass while nothing copies.
    async fn wait(&mut self, hours: i64) {
        for _ in 0..hours * 6 {
            self.world.clock.advance(600);
            self.alarms.look(&self.world.context).await;
        }
    }

    /// Signs in anew: sessions end long before alerts of weeks do.
    async fn alert(&mut self, rule: &str) -> (String, String) {
        self.owner = self.world.owner().await;
        let told = self.owner.get("/api/observability/alerts").await.expect(200);
        let alert = told["items"].as_array().unwrap().iter().find(|a| a["rule"] == rule).unwrap().clone();
        let text = |name: &str| alert[name].as_str().unwrap().to_owned();
        (text("state"), text("severity"))
    }

    fn figure(&self, name: &str) -> Option<f64> {
        let told = exposition::parse(&scrape::text(&self.world.context)).unwrap();
        told.into_iter().find(|sample| sample.is(name, &[("clinic", "1")])).map(|sample| sample.value)
    }

    fn copies(&self) -> usize {
        copies(self.world.folder.path(), SOL).len()
    }

    /// What an alert is and how bad, as `firing warning`.
    async fn alert_is(&mut self, rule: &str, expected: &str) {
        let (state, severity) = self.alert(rule).await;
        assert_eq!(format!("{state} {severity}"), expected, "{rule}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_is_copied_each_hour_and_nothing_is_copied_twice() {
    let mut day = Day::begin().await;
    assert_eq!((day.copies(), day.figure("taskmed_backup_last_success_timestamp_seconds")), (0, None));
    day.pass(1).await;
    assert_eq!(day.copies(), 1, "a new clinic is copied soon");
    day.pass(3).await;
    assert_eq!(day.copies(), 1, "nothing was written");
    for number in 0..3 {
        day.owner = day.world.owner().await;
        register(&day.owner, &format!("Paciente {number}")).await;
        day.pass(1).await;
    }
    assert_eq!(day.copies(), 4);
    let last = day.figure("taskmed_backup_last_success_timestamp_seconds").unwrap();
    assert!((0.0..3600.0).contains(&(day.world.clock.seconds() as f64 - last)));
    assert!(day.figure("taskmed_backup_size_bytes").unwrap() > 100_000.0);
    assert_eq!(day.figure("taskmed_backup_copies"), Some(4.0));
    day.owner = day.world.owner().await;
    let told = day.owner.get("/api/backups").await.expect(200);
    let reasons: Vec<&Value> = told["items"].as_array().unwrap().iter().map(|copy| &copy["reason"]).collect();
    assert_eq!(reasons, ["hourly", "hourly", "hourly", "daily"]);
    assert_eq!((&told["drill"]["passed"], &told["failed"]), (&json!(true), &Value::Null), "{told}");
    day.pass(48).await;
    // Signing in was on record too.
    assert_eq!(day.copies(), 7, "each day has a copy");
    day.pass_days(60).await;
    assert!(day.copies() <= 24 + 30 + 3, "{} are kept", day.copies());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_copy_rings_after_a_day_and_is_critical_after_a_week() {
    let mut day = Day::begin().await;
    day.copying.look(&day.world.context).await;
    day.wait(23).await;
    day.alert_is("backup_age", "quiet warning").await;
    day.wait(2).await;
    day.alert_is("backup_age", "firing warning").await;
    day.wait(24 * 7).await;
    day.alert_is("backup_age", "firing critical").await;
    day.pass(1).await;
    let told = day.alert("backup_age").await;
    assert_eq!(told.0, "resolved");
    let health = day.owner.get("/api/observability/health").await.expect(200);
    assert_eq!(health["checks"]["backups"]["status"], "healthy", "{health}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_cannot_be_made_rings_at_once_and_is_tried_again() {
    let mut day = Day::begin().await;
    // Where the folder should be there is a file.
    let place = day.world.folder.path().join("backups");
    fs::write(&place, "in the way").unwrap();
    day.pass(1).await;
    day.alert_is("backup_failed", "firing warning").await;
    let listed = day.owner.get("/api/backups").await.expect(200);
    assert_eq!(listed["failed"], "copying_failed");
    day.owner.post("/api/backups", json!({})).await.problem(503, "copying_failed");
    assert!(day.figure("taskmed_backup_failures_total").unwrap() >= 2.0);
    fs::remove_file(&place).unwrap();
    day.pass(1).await;
    let told = day.alert("backup_failed").await;
    assert_eq!((told.0.as_str(), day.copies()), ("resolved", 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_could_not_be_brought_back_is_found_by_the_weekly_drill() {
    let mut day = Day::begin().await;
    day.pass(2).await;
    assert_eq!(day.figure("taskmed_backup_drill_failed"), Some(0.0));
    // The next copy is due 180 hours after the first, the next drill 168.
    day.pass(164).await;
    for copy in copies(day.world.folder.path(), SOL) {
        let file = copy.join("clinic.db");
        let mut bytes = fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&file, bytes).unwrap();
    }
    day.pass(3).await;
    day.alert_is("drill_failed", "firing critical").await;
    assert_eq!(day.owner.get("/api/backups").await.expect(200)["drill"]["passed"], false);
    // What is copied next is tried at once.
    day.pass(13).await;
    let told = day.alert("drill_failed").await;
    assert_eq!(told.0, "resolved");
}
