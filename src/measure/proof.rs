//! What is there when the load is over: every record as it was acknowledged or newer, an entry in the trail for every write, and
//! a trail that is whole. All of it asked of the server.
use std::{
    collections::BTreeMap,
    sync::PoisonError,
    time::{Duration, Instant},
};

use hyper::Method;
use serde_json::Value;
use tokio::time::sleep;

use super::{
    place::{Acknowledged, Workplace},
    report::Proof,
    seat::Seat,
};

/// How long the verification of a trail may take.
const PATIENCE: Duration = Duration::from_secs(300);
/// Missing things that are named.
const NAMED: usize = 10;
/// What the trail calls a change.
const CHANGES: [&str; 3] = ["created", "updated", "status_changed"];

type Kept = BTreeMap<(&'static str, i64), Acknowledged>;

/// Asks a clinic's owner for everything and adds it to what was found at other clinics.
pub async fn gather(owner: &mut Seat, place: &Workplace, proof: &mut Proof) -> Result<(), String> {
    let kept = place.ledger.lock().unwrap_or_else(PoisonError::into_inner).clone();
    verify(owner, place.clinic, proof).await?;
    entries(owner, place, &kept, proof).await?;
    for ((kind, id), acknowledged) in kept {
        let path = format!("/api/{kind}s/{id}?clinic_id={}", place.clinic);
        let version = owner.read(&path).await.ok().and_then(|record| record.get("version")?.as_i64());
        proof.records += 1;
        if version.is_some_and(|version| version >= acknowledged.version) {
            proof.found += 1;
        } else {
            miss(
                proof,
                format!(
                    "{kind} {id}: version {} was acknowledged, {version:?} is there",
                    acknowledged.version
                ),
            );
        }
    }
    Ok(())
}

async fn verify(owner: &mut Seat, clinic: i64, proof: &mut Proof) -> Result<(), String> {
    let path = format!("/api/audit/verify?clinic_id={clinic}");
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        let verdict = owner.read(&path).await?;
        if verdict.get("state").and_then(Value::as_str) == Some("done") {
            let whole = verdict.get("ok").and_then(Value::as_bool) == Some(true);
            if !whole {
                miss(
                    proof,
                    format!("the trail is broken: {}", verdict.get("first_broken").unwrap_or(&Value::Null)),
                );
            }
            proof.trail_whole &= whole;
            proof.trail_entries += verdict.get("checked").and_then(Value::as_u64).unwrap_or(0);
            return Ok(());
        }
        sleep(Duration::from_millis(200)).await;
    }
    Err("the trail's verification did not end".into())
}

/// Counts the entries of each record and holds them against what was acknowledged.
async fn entries(owner: &mut Seat, place: &Workplace, kept: &Kept, proof: &mut Proof) -> Result<(), String> {
    let mut entered: BTreeMap<(String, i64), u64> = BTreeMap::new();
    for verb in CHANGES {
        let path = format!("/api/audit/export?format=jsonl&verb={verb}&clinic_id={}", place.clinic);
        let answer =
            owner.ask(Method::GET, &path, None, None).await.map_err(|lost| lost.name().to_owned())?;
        for line in answer.body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let entry: Value = serde_json::from_slice(line).map_err(|e| e.to_string())?;
            let entity = entry.get("entity").and_then(Value::as_str);
            let id = entry.get("entity_id").and_then(Value::as_i64);
            // A run of rows made at once is the made-up clinic's own.
            let alone = entry.get("last_id").is_none_or(Value::is_null);
            if let Some((entity, id)) = entity.zip(id).filter(|_| alone) {
                *entered.entry((entity.to_owned(), id)).or_default() += 1;
            }
        }
    }
    for ((kind, id), acknowledged) in kept {
        let there = entered.get(&((*kind).to_owned(), *id)).copied().unwrap_or(0);
        proof.acknowledged += acknowledged.writes;
        proof.in_trail += there.min(acknowledged.writes);
        if there < acknowledged.writes {
            miss(
                proof,
                format!(
                    "{kind} {id}: {} writes were acknowledged, the trail has {there}",
                    acknowledged.writes
                ),
            );
        }
    }
    Ok(())
}

fn miss(proof: &mut Proof, what: String) {
    if proof.missing.len() < NAMED {
        proof.missing.push(what);
    }
}
