//! A report for tests.
use std::time::Duration;

use super::{
    load::{self, Ended},
    plan::GOAL,
    report::{Endpoint, Isolation, Machine, Method, Proof, Report, Step, Usage},
};

/// A small measurement as it comes out: two steps, the second of which broke.
pub fn a_report() -> Report {
    let step = |people: usize, slow: u64| {
        let mut tally = load::Tally::default();
        for n in 0..2_000_u64 {
            let took = Duration::from_micros(if n < slow { 70_000 } else { 1_500 + n });
            let endpoint = if n % 4 == 0 { "POST /api/appointments" } else { "GET /api/agenda" };
            let ended = if n == 7 { Ended::Raced("slot_taken".into()) } else { Ended::Well };
            tally.count(endpoint, took, if n == 7 { 409 } else { 200 }, ended);
        }
        let all = Endpoint::all(&tally, 10.0);
        let endpoints = tally.lines.iter().map(|(name, line)| Endpoint::of(name, line, 10.0)).collect();
        let usage = Usage { server_cpu: Some(0.4), memory: Some(90 << 20), ..Usage::default() };
        Step { people, seconds: 10.0, held: all.keeps(&GOAL), all, endpoints, late_p99_us: 900, usage }
    };
    let method = Method {
        scenario: "mixed".into(),
        seed: 1,
        think_s: (5, 15),
        warm_up_s: 15,
        goal: GOAL,
        clinics: 2,
        patients: 3_000,
        appointments: 18_000,
    };
    let machine = Machine { system: "linux x86_64".into(), processors: 2, memory: Some(8 << 30) };
    let proof = Proof {
        trail_whole: true,
        trail_entries: 4_000,
        acknowledged: 90,
        in_trail: 90,
        records: 80,
        found: 80,
        missing: Vec::new(),
    };
    Report {
        version: "0.1.0".into(),
        measured_at: "2026-11-24T12:00:00Z".into(),
        command: "taskmed capacity --people 100 --minutes 1 --scenario mixed".into(),
        people: 50,
        reached_target: false,
        recommended: 40,
        alert_at: 32,
        method,
        machine,
        steps: vec![step(50, 0), step(100, 200)],
        sign_in: None,
        isolation: Isolation { probes: 24, refused: 24, ..Isolation::default() },
        proof: Some(proof),
        ended_early: None,
    }
}
