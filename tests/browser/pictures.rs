//! The pictures of the README, taken from the demonstration clinic. Not a check: run it when the screens have changed,
//! `cargo test pictures -- --ignored`.
use std::{fs, path::Path};

use super::{
    api::Api,
    page::{DESK, PHONE, Page, Size},
    program::Program,
};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes the README's pictures"]
async fn the_readmes_pictures_show_the_demonstration() {
    let program = Program::start();
    let owner = Api::look_at_demonstration(&program).await;
    let page = Page::open(&program.address).await;
    page.take_session(owner.session()).await;
    for (name, size, theme) in
        [("agenda-light", DESK, "light"), ("agenda-dark", DESK, "dark"), ("agenda-phone", PHONE, "light")]
    {
        take(&page, name, size, theme, "/agenda").await;
    }
    take(&page, "contacts", DESK, "light", "/contacts").await;
    page.leave().await;
}

async fn take(page: &Page, name: &str, size: Size, theme: &str, path: &str) {
    page.show(size, theme).await;
    page.goto(path).await;
    page.until("document.querySelectorAll('main li, main tbody tr').length > 5", "something is shown").await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screenshots");
    fs::create_dir_all(&folder).unwrap();
    let png = page.shoot().await;
    assert!(png.len() < 300_000, "{name} is too large for a README: {} bytes", png.len());
    fs::write(folder.join(format!("{name}.png")), png).unwrap();
}
