//! Scripts typed into every text field there is and shown on every screen: they are texts, and none of them runs.
use jiff::{Timestamp, ToSpan, Unit};
use serde_json::json;

use super::{
    clinic::Clinic,
    driver,
    page::Page,
    target::{any, button, has},
    walk::{PATHS, settle},
};
use crate::support::typist::{Typist, fields};

/// Each leaves the mark, or opens a dialog, if it runs.
const SCRIPTS: [&str; 18] = [
    "<script>window.__xss=1</script>",
    "<img src=x onerror=window.__xss=2>",
    "\"><svg onload=window.__xss=3>",
    "'><img src=x onerror=alert(4)>",
    "javascript:window.__xss=5",
    "<a href=\"javascript:window.__xss=6\">clique</a>",
    "<iframe srcdoc=\"<script>parent.__xss=7</script>\"></iframe>",
    "</title></textarea></script><script>window.__xss=8</script>",
    "<details open ontoggle=window.__xss=9>",
    "<input autofocus onfocus=window.__xss=10>",
    "${window.__xss=11}{{constructor.constructor('window.__xss=11')()}}",
    "<style>@import 'http://evil.example/x.css'</style>",
    "<base href=http://evil.example/>",
    "<form action=http://evil.example><button>ok</button></form>",
    "&lt;img src=x onerror=window.__xss=15&gt;",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.__xss=16>",
    "\u{202e}<b onmouseover=window.__xss=17>x</b>",
    "data:text/html,<script>parent.__xss=18</script>",
];

/// Sees every way of running: dialogs, and the mark in every page from its first moment.
const MARK: &str = "for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => { window.__xss = name; };";

/// What must not be on any page: a mark, or anything a text was turned into.
const TRACES: &str = "[window.__xss,
    ...document.querySelectorAll('img[src=\"x\"], iframe, base, math, details[ontoggle], script:not([src]), [onload], [onerror], [onfocus], [href^=\"javascript:\" i], [action*=evil]')]
    .filter((one) => one !== undefined).map((one) => one.outerHTML ?? String(one))";

/// The `n`th bookable time from this morning on: it is nine at the clinic, whenever this runs.
fn time(n: i64) -> String {
    let hour = Timestamp::now().round(Unit::Hour).unwrap();
    (hour + (24 * (n / 20)).hours() + (30 * (n % 20)).minutes()).to_string()
}

/// Goes somewhere and looks for traces; answers whether a script could be read there, as a text.
async fn look(page: &Page, path: &str) -> bool {
    page.goto(path).await;
    settle(page).await;
    traces(page, path).await;
    page.text().await.contains("__xss")
}

async fn traces(page: &Page, at: &str) {
    let found: Vec<String> = page.run(TRACES).await;
    assert_eq!(found, Vec::<String>::new(), "on {at}");
}

#[tokio::test]
async fn a_script_in_any_field_is_a_text_on_every_screen() {
    typed_and_shown(1, 3).await;
}

#[tokio::test]
#[ignore = "minutes: cargo long-scripts"]
async fn six_scripts_in_every_field_are_texts_on_every_screen() {
    typed_and_shown(6, 100).await;
}

/// Types so many scripts into each field and shows the pages of so many patients, with all other pages.
async fn typed_and_shown(each: usize, patients: usize) {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let clinic = Clinic::open().await;
    let document = clinic.owner.get("/openapi.json").await;
    let all = fields(&document);
    let mut typist = Typist::new(clinic.owner.clone(), time).await;
    let mut kept = Vec::new();
    for (number, field) in all.iter().enumerate() {
        for turn in 0..each {
            let typed = typist.types(field, SCRIPTS[(number * 5 + turn) % SCRIPTS.len()]).await;
            assert!(typed.status < 500, "{typed:?}");
            if typed.status < 300 {
                kept.push(typed);
            }
        }
    }
    assert!(kept.len() > 30 * each, "only {} of {} fields took a script", kept.len(), all.len());
    let named = clinic.patient("<img src=x onerror=window.__xss=40> Cartão", "11987654321").await;
    clinic.book(named, 0, 0, clinic.half_hour(1)).await;
    let csv = "Nome;Telefone\n<img src=x onerror=window.__xss=20>;\n<script>window.__xss=21</script>;(11) 91111-1111\n";
    clinic
        .owner
        .send_csv(
            "/api/contacts/import?dry_run=0&file_name=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E.csv",
            csv,
        )
        .await;
    let page = clinic.sit_down(&clinic.owner, "/agenda").await;
    page.tell("Page.addScriptToEvaluateOnNewDocument", json!({ "source": MARK })).await;
    let mut shown = 0;
    let day = |offset: i64| format!("/agenda?date={}", clinic.day(offset));
    let mut paths: Vec<String> = PATHS.iter().map(|path| (*path).to_owned()).collect();
    paths.extend(
        (0..1).flat_map(|offset| [day(offset), day(offset) + "&view=list", day(offset) + "&view=week"]),
    );
    let records = kept.iter().filter(|typed| typed.answer["record_number"].is_i64()).take(patients);
    paths.extend(records.map(|typed| format!("/contacts/{}", typed.answer["id"])));
    let encoded = "%3Cimg%20src%3Dx%20onerror%3Dwindow.__xss%3D30%3E";
    paths.extend(
        [
            "/contacts?search=",
            "/agenda?date=",
            "/agenda?view=",
            "/audit?verb=",
            "/contacts/",
            "/settings/",
            "/",
        ]
        .map(|before| format!("{before}{encoded}")),
    );
    for path in &paths {
        shown += usize::from(look(&page, path).await);
    }
    println!(
        "{} texts kept of {} fields, {} pages, {shown} of them with scripts to be read",
        kept.len(),
        all.len(),
        paths.len()
    );
    assert!(shown > 12, "on {shown} of {} pages a script could be read", paths.len());
    let changed =
        kept.iter().find(|typed| typed.answer["record_number"].is_i64() && typed.answer["version"] == 2);
    panels(&page, &format!("/contacts/{}", changed.unwrap().answer["id"])).await;
    page.forgive("the server responded with a status of 4");
    page.leave().await;
}

/// What opens over a page: the history of a patient, an appointment.
async fn panels(page: &Page, changed: &str) {
    page.goto(changed).await;
    page.click(&button("Histórico")).await;
    page.sees(&any("heading")).await;
    settle(page).await;
    traces(page, "a history").await;
    page.goto("/agenda").await;
    page.click(&button(has("Cartão"))).await;
    page.until("document.querySelector('.panel') !== null", "the appointment is open").await;
    settle(page).await;
    traces(page, "an appointment").await;
}
