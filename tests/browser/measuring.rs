//! "Medir capacidade deste computador" as an owner starts it: asked again because the clinic is open, told how far it is, and, in
//! the long form, the result on the page, kept and held against the one before.
use std::{fs, path::Path, time::Duration};

use serde_json::{Value, json};

use super::{
    clinic::Clinic,
    driver,
    page::Page,
    target::{button, heading, number, region},
};

const MEASURE: &str = "Medir capacidade deste computador";
const SECTION: &str = "Quantas pessoas este computador aguenta";

/// What an earlier release left behind.
fn keep_past(data: &Path, day: &str, people: u64) {
    let past = json!({
        "version": "0.0.9", "measured_at": format!("2026-{day}T12:00:00Z"), "people": people, "reached_target": false,
        "recommended": people * 4 / 5, "alert_at": people * 16 / 25,
    });
    fs::create_dir_all(data.join("capacity")).unwrap();
    fs::write(data.join(format!("capacity/2026-{day}T12-00-00Z.json")), past.to_string()).unwrap();
}

/// Says that a few people are to be tried, and that it is to be done although the clinic is open.
async fn start(page: &Page) {
    page.forgive("status of 409");
    page.click(&button(MEASURE)).await;
    page.sees(&heading("Medir a capacidade deste computador?")).await;
    page.refill(&number("Até quantas pessoas"), "0").await;
    page.press("Enter").await;
    page.reads("Fora do permitido").await;
    page.refill(&number("Até quantas pessoas"), "3").await;
    page.press("Enter").await;
    page.sees(&heading("A clínica está aberta")).await;
    page.reads("Meça fora do horário").await;
    page.click(&button("Medir mesmo assim")).await;
    page.reads("Criando clínicas inventadas").await;
    page.until("document.querySelector('.health-progress progress').max > 1", "how far it is").await;
    page.until(
        &format!(
            "[...document.querySelectorAll('button')].find((one) => one.innerText.includes({})).disabled",
            json!(MEASURE)
        ),
        "one at a time",
    )
    .await;
}

/// Nothing of a scratch copy is left.
fn is_tidy(data: &Path) -> bool {
    let left = fs::read_dir(data.join("capacity")).unwrap();
    left.flatten().all(|entry| !entry.file_name().to_string_lossy().starts_with("scratch-"))
}

#[tokio::test]
async fn an_owner_starts_a_measurement_sees_how_far_it_is_and_it_ends_with_the_program() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let mut clinic = Clinic::open().await;
    let data = clinic.program.folder.path().to_owned();
    keep_past(&data, "05-01", 500);
    keep_past(&data, "06-01", 300);
    let page = clinic.sit_down(&clinic.owner, "/health").await;
    page.sees(&region(SECTION)).await;
    page.reads("Esta medição aguenta 40 % menos que a anterior").await;
    start(&page).await;
    let again = json!({ "confirmed": true, "people": 3 });
    let path = "/api/observability/capacity?clinic_id=1";
    let (status, refused) = clinic.owner.ask(reqwest::Method::POST, path, None, Some(again)).await;
    assert_eq!((status.as_u16(), &refused["code"]), (409, &json!("measuring_already")));
    let trail = clinic.owner.get("/api/audit?verb=capacity_measured").await;
    assert_eq!(trail["items"].as_array().unwrap().len(), 1, "what is refused was not begun");
    page.leave().await;
    clinic.program.stop();
    // The measurement ends because the program did, and puts its scratch copy away.
    for _ in 0..600 {
        if is_tidy(&data) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the measurement goes on without the program");
}

#[tokio::test]
#[ignore = "minutes; `cargo long-measurement`"]
async fn a_measurement_started_from_the_screen_is_kept_and_held_against_the_one_before() {
    let _seat = driver::seats(1).await;
    let clinic = Clinic::open().await;
    let data = clinic.program.folder.path().to_owned();
    keep_past(&data, "06-01", 300);
    let page = clinic.sit_down(&clinic.owner, "/health").await;
    page.sees(&region(SECTION)).await;
    start(&page).await;
    let over = "!document.querySelector('.health-progress')";
    page.until_within(Duration::from_secs(900), over, "the measurement is over").await;
    let known = clinic.owner.get("/api/observability/capacity").await;
    assert_eq!((&known["failed"], known["past"].as_array().unwrap().len()), (&Value::Null, 2), "{known}");
    let now = &known["past"][0];
    let rows: String = page.run("document.querySelector('.health-capacity table').innerText").await;
    assert!(
        rows.contains("300") && rows.contains(env!("CARGO_PKG_VERSION")) && rows.contains("0.0.9"),
        "{rows}"
    );
    if now["people"] == 0 {
        // A computer busy with other things is told so.
        page.reads("respondeu devagar já na primeira etapa").await;
    } else {
        page.reads(if now["reached_target"] == true { "Aguenta pelo menos" } else { "Aguenta" }).await;
        page.reads(&format!("na versão {}", env!("CARGO_PKG_VERSION"))).await;
        assert!(data.join("capacity.json").exists());
    }
    assert_eq!(
        known["worse_by_percent"].is_u64(),
        now["people"] != 0 && now["reached_target"] == false,
        "{known}"
    );
    assert!(is_tidy(&data));
    page.leave().await;
}
