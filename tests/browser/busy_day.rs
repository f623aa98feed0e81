//! A busy clinic's desk, and what is done there all day: measured by the clock in one place, by what it touches in another.
use serde_json::json;

use super::{
    clinic::{Clinic, clock},
    driver,
    hands::Point,
    page::Page,
    target::{Target, button, starts},
};

/// Professionals and appointments of each on the full day.
pub const COLUMNS: usize = 6;
pub const ROWS: i64 = 40;
/// Where the full day's appointments begin: a quarter of an hour each.
const FIRST: i64 = 8 * 60;

/// One thing a person does.
pub struct Act {
    pub kind: &'static str,
    pub hand: Hand,
    /// The script that is true once its effect is there.
    pub effect: String,
}

/// With what.
#[derive(Clone, Copy)]
pub enum Hand {
    Key(&'static str),
    Click(Point),
}

impl Hand {
    pub async fn act(self, page: &Page) {
        match self {
            Self::Key(key) => page.press(key).await,
            Self::Click(at) => page.click_at(at).await,
        }
    }
}

/// A clinic of six professionals with 240 appointments tomorrow and 48 the day after.
async fn a_full_day() -> Clinic {
    let mut clinic = Clinic::open().await;
    for number in clinic.professionals.len()..COLUMNS {
        let person = json!({ "name": format!("Profissional {number}"), "roles": ["professional"], "is_professional": true });
        let made = clinic.owner.post(&clinic.owner.clinic("/users"), person).await;
        clinic.professionals.push(made["user"]["id"].as_i64().unwrap());
    }
    let mut patients = Vec::new();
    for number in 0..ROWS {
        patients.push(
            clinic
                .patient(&format!("Paciente {number:02} Silva"), &format!("119{:08}", 10_000_000 + number))
                .await,
        );
    }
    for (day, row) in (0..ROWS).map(|row| (1, row)).chain((0..8).map(|row| (2, row))) {
        for column in 0..COLUMNS {
            // Nobody sits with two professionals at once.
            let patient = (usize::try_from(row).unwrap() + 7 * column) % patients.len();
            let mut booking = clinic.booking(patients[patient], column, day, FIRST + row * 15);
            booking["duration_min"] = 15.into();
            clinic.rita.post("/api/appointments", booking).await;
        }
    }
    clinic
}

pub fn cards(count: usize) -> String {
    format!("document.querySelectorAll('.appt').length === {count}")
}

/// A busy clinic's desk with both browsers' room for itself.
pub async fn on_a_full_day(tell: impl AsyncFnOnce(&Page, &Clinic)) {
    if driver::is_skipped() {
        return;
    }
    let _seats = driver::seats(2).await;
    let clinic = a_full_day().await;
    let page = clinic.sit_down(&clinic.rita, "/agenda").await;
    page.count_work().await;
    page.sees(&button("Agendar")).await;
    tell(&page, &clinic).await;
    page.slow_down(1).await;
    page.leave().await;
}

/// Shows the full day.
pub async fn open_full_day(page: &Page) {
    page.press("j").await;
    page.until(&cards(COLUMNS * 40), "the full day is shown").await;
}

fn card(row: i64) -> Target {
    Target { role: "button", name: starts(&format!("{}, Paciente", clock(FIRST + row * 15))), inside: None }
}

/// Puts the keyboard on the first card of a row and answers what the desk does next with it, in order.
pub async fn acts(page: &Page, row: i64) -> Vec<Act> {
    let on = |row: i64, word: &str| {
        let label = "document.activeElement.getAttribute('aria-label')";
        format!("{label}.startsWith('{}') && {label}.includes('{word}')", clock(FIRST + row * 15))
    };
    let (panel, dialog) = ("document.querySelector('.panel')", "document.querySelector('dialog[open]')");
    let menu = "document.querySelector('.menu:popover-open')";
    let options = page.reach(&button("Profissionais e opções")).await;
    let clicked = page.reach(&card(row + 1)).await;
    page.focus(&card(row)).await;
    let key = |kind, key, effect| Act { kind, hand: Hand::Key(key), effect };
    let mut all = vec![
        key("arrived", "c", on(row, "chegou")),
        key("in care", "a", on(row, "em atendimento")),
        key("done", "f", on(row, "finalizado")),
        key("arrow", "ArrowDown", on(row + 1, "")),
    ];
    for (kind, hand, effect) in [
        ("open", Hand::Key("Enter"), panel),
        ("book", Hand::Key("n"), panel),
        ("search", Hand::Key("Ctrl+k"), dialog),
        ("go to a day", Hand::Key("g"), dialog),
        ("menu", Hand::Click(options), menu),
        ("open by click", Hand::Click(clicked), panel),
    ] {
        all.push(Act { kind, hand, effect: effect.to_owned() });
        all.push(key("close", "Escape", format!("!{effect}")));
    }
    all
}
