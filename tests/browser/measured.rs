//! The measurement's report as it opens from a file: three sizes, two themes, two languages, nothing from outside.
use std::fs;

use serde_json::{Value, json};
use taskmed::measure::{html, report::Report};

use super::{
    axe::Rules,
    driver,
    page::{DESK, PHONE, Page, TABLET},
};

fn endpoint(name: &str, requests: u64, p95: u64) -> Value {
    json!({
        "name": name, "requests": requests, "per_second": requests as f64 / 60.0, "p50_us": p95 / 4, "p95_us": p95, "p99_us": p95 * 2,
        "max_us": p95 * 5, "mean_us": p95 / 3, "statuses": { "200": requests - 2, "409": 2 }, "raced": { "slot_taken": 2 }, "errors": {},
    })
}

/// What a measurement of five steps comes to, the last of which was too much, with something wrong for each warning.
fn a_report() -> Report {
    let names = [
        "GET /api/agenda",
        "GET /api/appointments/availability",
        "GET /api/calendar/feeds/{secret}.ics",
        "GET /api/clinic/{id}/users/management",
        "GET /api/contacts",
        "GET /api/contacts/{id}",
        "PATCH /api/contacts/{id}",
        "POST /api/appointments",
        "POST /api/appointments/{id}/status",
    ];
    let step = |people: u64, p95: u64| {
        let each: Vec<_> = (1..)
            .zip(names)
            .map(|(n, name)| endpoint(name, people * 40 / n, p95 / 2 + p95 * n / 10))
            .collect();
        json!({
            "people": people, "seconds": 60.0, "held": p95 <= 20_000, "all": endpoint("all", people * 60, p95), "endpoints": each,
            "late_p99_us": 1200,
            "usage": { "server_cpu": people as f64 / 700.0, "load_cpu": 0.2, "memory": 94_371_840, "queue": null, "cache_hits": 0.873 },
        })
    };
    let report = json!({
        "version": "0.1.0", "measured_at": "2026-11-24T12:00:00Z",
        "command": "taskmed capacity --people 1000 --minutes 5 --scenario mixed", "people": 800, "reached_target": false,
        "recommended": 640, "alert_at": 512,
        "method": {
            "scenario": "mixed", "seed": 1, "think_s": [5, 15], "warm_up_s": 15,
            "goal": { "p95_us": 20_000, "p99_us": 50_000, "error_rate": 0.001 }, "clinics": 2, "patients": 3000, "appointments": 18_000,
        },
        "machine": { "system": "linux x86_64", "processors": 2, "memory": 8_589_934_592_u64 },
        "steps": [step(50, 3_100), step(100, 3_400), step(200, 4_800), step(400, 7_900), step(800, 16_400), step(1000, 31_800)],
        "sign_in": endpoint("POST /api/auth/login", 1000, 61_000),
        "isolation": { "probes": 1440, "refused": 1439, "leaks": 1, "examples": ["/api/contacts/1?clinic_id=2: 200"] },
        "proof": {
            "trail_whole": true, "trail_entries": 48_211, "acknowledged": 3120, "in_trail": 3120, "records": 2804, "found": 2804,
            "missing": [],
        },
        "ended_early": "stopped by hand",
    });
    serde_json::from_value(report).unwrap()
}

#[tokio::test]
async fn the_measurements_report_opens_from_a_file_and_reads_well_everywhere() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("report.html"), html::page(&a_report(), None)).unwrap();
    let page = Page::open(&format!("file://{}", folder.path().display())).await;
    page.goto("/report.html").await;
    for (size, name) in [(DESK, "desk"), (TABLET, "tablet"), (PHONE, "phone")] {
        for theme in ["light", "dark"] {
            for language in ["pt", "en"] {
                page.show(size, theme).await;
                let _: bool =
                    page.run(&format!("document.getElementById('in-{language}').click(); true")).await;
                let heading: String = page.run("document.querySelector('h1').innerText").await;
                assert_eq!(heading.contains("carries"), language == "en", "{heading}");
                let wide: i64 = page.run("document.documentElement.scrollWidth - innerWidth").await;
                assert!(wide <= 0, "{name} scrolls sideways by {wide}");
                let found = page.violations(Rules::All).await;
                assert!(found.is_empty(), "{name} {theme} {language}: {found:#?}");
            }
        }
    }
    page.leave().await;
}
