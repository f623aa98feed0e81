//! The pictures of the README, taken from the demonstration. Not a check: run it when the screens have changed,
//! `cargo test pictures -- --ignored`.
use std::{fs, path::Path};

use jiff::{Timestamp, ToSpan, civil::Weekday, tz::TimeZone};
use serde_json::json;

use super::{
    api::Api,
    driver,
    page::{PHONE, Page, Size},
    program::Program,
    walk::settle,
};

const WINDOW: Size = Size(1280, 780);
/// Most bytes of a picture.
const MOST: usize = 200_000;

async fn take(page: &Page, name: &str, (size, theme): (Size, &str), path: &str) {
    page.show(size, theme).await;
    page.goto(path).await;
    settle(page).await;
    page.reads(if name == "contacts" { "Nascimento" } else { "09:00" }).await;
    let png = page.shoot().await;
    assert!(png.len() < MOST, "{name}: {} bytes", png.len());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screenshots");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{name}.png")), png).unwrap();
}

#[tokio::test]
#[ignore = "takes the pictures of the README anew"]
async fn pictures_of_the_demonstration() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let program = Program::start();
    let owner = Api::look_at_demonstration(&program).await;
    let preferences = json!({ "theme": "system", "language": "pt-BR" });
    let session = owner.get("/api/auth/session").await;
    owner.patch("/api/auth/preferences", &session["user"]["version"], preferences).await;
    let page = Page::open(&program.address).await;
    page.take_session(owner.session()).await;
    // On a Sunday there is little to see.
    let mut day = Timestamp::now().to_zoned_datetime(TimeZone::get("America/Sao_Paulo").unwrap()).date();
    while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        day += 1.day();
    }
    let agenda = format!("/agenda?date={day}");
    take(&page, "agenda-light", (WINDOW, "light"), &agenda).await;
    take(&page, "agenda-dark", (WINDOW, "dark"), &agenda).await;
    take(&page, "agenda-phone", (PHONE, "light"), &agenda).await;
    take(&page, "contacts", (WINDOW, "light"), "/contacts").await;
    page.leave().await;
}
