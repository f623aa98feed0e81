//! The people of the load: invited by the owner, each with a one-time code and a password of their own, signed in over TLS from
//! an address of their own, as on a clinic's network. All of it through the program's own interface.
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::{Duration, Instant},
};

use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::{task::JoinSet, time::sleep};

use super::{
    load::{Answer, Door, Ended, Link, Tally},
    seat::Seat,
};
use crate::{db::key, features::demonstration::model::DemoClinic};

/// Sign-ins under way at one time: a clinic does not come in by one door at one moment.
const AT_ONCE: usize = 4;

/// What signing in is called in the report.
pub const SIGN_IN: &str = "POST /api/auth/login";

/// Somebody who works at a clinic now.
#[derive(Debug, Clone)]
pub struct Hired {
    clinic: i64,
    email: String,
    password: String,
    from: Option<IpAddr>,
}

/// The address of person number `number`: each has one of this machine's own, where the system has more than one.
fn address(number: usize) -> Option<IpAddr> {
    let at = u32::try_from(number).ok()?;
    let address = Ipv4Addr::from_bits(Ipv4Addr::new(127, 10, 0, 1).to_bits().checked_add(at)?);
    let usable = address.octets().starts_with(&[127]) && std::net::TcpListener::bind((address, 0)).is_ok();
    usable.then_some(IpAddr::V4(address))
}

/// A made-up clinic's owner, signed in.
pub async fn owner(door: &Arc<Door>, clinic: &DemoClinic) -> Result<Seat, String> {
    let first = clinic.users.first().ok_or("the made-up clinic has nobody")?;
    let who = json!({ "clinic_id": clinic.clinic_id, "email": first.email, "password": first.password });
    let mut seat = Seat::new(Link::new(Arc::clone(door), None));
    let answer = seat.enter("/api/auth/login", &who).await.map_err(|lost| lost.name().to_owned())?;
    if answer.status.is_success() { Ok(seat) } else { Err(said("the owner cannot sign in", &answer)) }
}

/// Has the owner invite somebody, who uses the code and chooses a password.
pub async fn hire(door: &Arc<Door>, owner: &mut Seat, clinic: i64, number: usize) -> Result<Hired, String> {
    let role = if number.is_multiple_of(4) { "professional" } else { "front_desk" };
    let email = format!("carga{number}@vilaaurora.example");
    let wanted = json!({ "name": format!("Pessoa da medição {number}"), "email": email, "roles": [role] });
    let path = format!("/api/clinic/{clinic}/users");
    let answer = owner.ask(Method::POST, &path, None, Some(&wanted)).await;
    let answer = answer.map_err(|lost| lost.name().to_owned())?;
    let invited: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let code = invited.get("invite_code").and_then(Value::as_str);
    let code = code.ok_or_else(|| said("nobody could be invited", &answer))?;
    let bits: [u8; 16] = key::random_bytes().map_err(|e| e.to_string())?;
    let hired = Hired { clinic, email, password: key::hex(&bits), from: address(number) };
    let who = json!({
        "clinic_id": clinic, "email": hired.email, "code": code, "password": hired.password,
    });
    let (answer, _, _) = entered(door, &hired, "/api/auth/accept-invite", &who).await?;
    if answer.status.is_success() { Ok(hired) } else { Err(said("a code could not be used", &answer)) }
}

/// Signs people in, a few at a time; answers their seats in their order, and counts how long each took.
pub async fn sign_in(
    door: &Arc<Door>,
    people: &[Hired],
    tally: &mut Tally,
    on_one: impl Fn(),
) -> Result<Vec<Seat>, String> {
    let (mut under_way, mut seats) = (JoinSet::new(), Vec::new());
    for (number, hired) in people.iter().cloned().enumerate() {
        if under_way.len() >= AT_ONCE {
            seats.extend(under_way.join_next().await.and_then(Result::ok));
            on_one();
        }
        let door = Arc::clone(door);
        under_way.spawn(async move { (number, sign_in_one(&door, &hired).await) });
    }
    while let Some(ended) = under_way.join_next().await {
        seats.extend(ended.ok());
        on_one();
    }
    seats.sort_by_key(|(number, _)| *number);
    let mut signed_in = Vec::new();
    for (_, ended) in seats {
        let (seat, took, status) = ended?;
        tally.count(SIGN_IN, took, status.as_u16(), Ended::Well);
        signed_in.push(seat);
    }
    Ok(signed_in)
}

async fn sign_in_one(door: &Arc<Door>, hired: &Hired) -> Result<(Seat, Duration, StatusCode), String> {
    let who = json!({ "clinic_id": hired.clinic, "email": hired.email, "password": hired.password });
    let (answer, mut seat, took) = entered(door, hired, "/api/auth/login", &who).await?;
    if !answer.status.is_success() {
        return Err(said("somebody could not sign in", &answer));
    }
    seat.listen(hired.clinic).await.map_err(|lost| lost.name().to_owned())?;
    Ok((seat, took, answer.status))
}

/// Enters; where the server asks to wait, waits.
async fn entered(
    door: &Arc<Door>,
    hired: &Hired,
    path: &str,
    who: &Value,
) -> Result<(Answer, Seat, Duration), String> {
    loop {
        let mut seat = Seat::new(Link::new(Arc::clone(door), hired.from));
        let begun = Instant::now();
        let answer = seat.enter(path, who).await.map_err(|lost| lost.name().to_owned())?;
        let wait = answer.headers.get("retry-after").and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
        match wait {
            Some(seconds) if answer.status == StatusCode::TOO_MANY_REQUESTS => {
                sleep(Duration::from_secs(seconds)).await;
            }
            _ => return Ok((answer, seat, begun.elapsed())),
        }
    }
}

fn said(what: &str, answer: &Answer) -> String {
    format!("{what}: {} {}", answer.status.as_u16(), String::from_utf8_lossy(&answer.body))
}
