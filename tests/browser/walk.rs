//! Every page in every size, theme and language: nothing against WCAG, nothing wider than the screen, no word of the other
//! language.
use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    api::Api,
    axe::Rules,
    clinic::{Clinic, at_the_desk},
    driver,
    page::{DESK, PHONE, Page, Size, TABLET},
    program::Program,
    target::{any, button, starts},
};

const SIZES: [Size; 3] = [DESK, TABLET, PHONE];
/// The narrowest screen on which nothing may need scrolling sideways: a desk's at four times the size.
const NARROW: Size = Size(320, 640);

/// Every address with something of its own to show.
pub(super) const PATHS: [&str; 26] = [
    "/agenda",
    "/agenda?view=week",
    "/agenda?view=list",
    "/agenda?new=1",
    "/contacts",
    "/contacts?search=marina",
    "/contacts?search=zzz",
    "/contacts?new=1",
    "/contacts/1",
    "/contacts/1/edit",
    "/contacts/new",
    "/contacts/import",
    "/contacts/999",
    "/team",
    "/audit",
    "/audit?verb=refused&entity=room",
    "/settings",
    "/settings/hours",
    "/settings/recovery",
    "/settings/backups",
    "/settings/rooms",
    "/settings/tags",
    "/settings/blocks",
    "/settings/account",
    "/settings/sessions",
    "/settings/calendars",
];

/// A clinic with something on every page.
async fn furnish(clinic: &Clinic) {
    let (owner, rita) = (&clinic.owner, &clinic.rita);
    for name in ["Sala 1", "Sala 2"] {
        owner.post(&owner.clinic("/rooms"), json!({ "name": name })).await;
    }
    let tag =
        owner.post(&owner.clinic("/appointment-tags"), json!({ "name": "Retirar exame", "color": 3 })).await;
    let block = json!({ "professional_id": clinic.professionals[2], "starts_at": clinic.instant(0, 15 * 60), "ends_at": clinic.instant(0, 16 * 60), "reason": "Congresso" });
    rita.post(&rita.clinic("/blocks"), block).await;
    let marina = json!({
        "name": "Marina Lopes", "phone": "11987654321", "birth_date": "1988-03-05", "cpf": "52998224725", "email": "marina@example.org",
        "address": { "cep": "01310100", "street": "Avenida Paulista", "number": "1000", "city": "São Paulo", "state": "SP" },
    });
    let marina = rita.post("/api/contacts", marina).await["id"].as_i64().unwrap();
    let others = [
        clinic.patient("Otávio Braga", "11987654322").await,
        clinic.patient("Zélia Cunha", "1133334444").await,
    ];
    let now = clinic.half_hour(-1);
    let steps: [&[&str]; 5] = [
        &["arrived", "in_care", "done"],
        &["arrived", "in_care"],
        &["arrived"],
        &["confirmed"],
        &["no_show"],
    ];
    for (number, steps) in steps.into_iter().enumerate() {
        let minute = now + i64::try_from(number).unwrap() * 30 - 60;
        let mut booking =
            clinic.booking(if number == 0 { marina } else { others[number % 2] }, number % 2, 0, minute);
        booking["tag_id"] = tag["id"].clone();
        let mut booked = rita.post("/api/appointments", booking).await;
        for status in steps {
            let path = format!("/api/appointments/{}/status", booked["id"]);
            booked = rita.post_at(&path, &booked["version"], json!({ "status": status })).await;
        }
    }
    clinic.book(marina, 2, 0, now + 150).await;
    let csv = "Nome;Telefone\nAna Dias;(11) 91111-1111\nSem telefone;\n";
    let _ = rita.send_csv("/api/contacts/import?dry_run=0&file_name=lista.csv", csv).await;
}

/// What is wrong with the page as it stands.
async fn look(page: &Page, what: &str, rules: Rules, faults: &mut Vec<String>) {
    let over: i64 = page.run("document.documentElement.scrollWidth - innerWidth").await;
    if over > 0 {
        faults.push(format!("{what}: {over} px wider than the screen"));
    }
    faults.extend(page.violations(rules).await.into_iter().map(|one| format!("{what}: {one}")));
}

/// The dark theme has the same page in other colours.
async fn look_in_both_themes(page: &Page, size: Size, what: &str, faults: &mut Vec<String>) {
    for (theme, rules) in [("light", Rules::All), ("dark", Rules::Colours)] {
        page.show(size, theme).await;
        let still = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(document.getAnimations().every((one) => one.playState !== 'running')))))";
        page.until(still, "nothing moves").await;
        look(page, &format!("{what} {} {theme}", size.0), rules, faults).await;
    }
}

/// Waits until the page stands: something to read, nothing still loading, no skeleton.
pub async fn settle(page: &Page) {
    let standing = "new Promise((done) => requestIdleCallback(() => done(
        document.querySelector('h1') !== null && document.querySelector('main')?.innerText.trim().length > 0
        && document.querySelector('[aria-busy=true], .skeleton') === null && document.fonts.status === 'loaded'
        && [...document.styleSheets].every((sheet) => sheet.cssRules.length >= 0))))";
    page.until(standing, "the page stands").await;
}

async fn check(page: &Page, language: &str, paths: &[&str], faults: &mut Vec<String>) {
    for size in SIZES {
        for path in paths {
            page.show(size, "light").await;
            page.goto(path).await;
            settle(page).await;
            look_in_both_themes(page, size, &format!("{path} {language}"), faults).await;
            if size == PHONE {
                page.show(NARROW, "light").await;
                let over: i64 = page.run("document.documentElement.scrollWidth - innerWidth").await;
                if over > 0 {
                    faults.push(format!("{path} {language}: {over} px wider than a screen of {}", NARROW.0));
                }
            }
        }
    }
}

/// The health page with every table and the technicians' part unfolded.
async fn check_unfolded(page: &Page, language: &str, faults: &mut Vec<String>) {
    for size in SIZES {
        page.goto("/health").await;
        page.show(size, "light").await;
        settle(page).await;
        let _: bool = page
            .run("document.querySelectorAll('main details').forEach((one) => (one.open = true)); true")
            .await;
        page.until("document.querySelectorAll('.health-lines li').length > 0", "the log is shown").await;
        settle(page).await;
        look_in_both_themes(page, size, &format!("/health unfolded {language}"), faults).await;
    }
}

/// What is opened over the agenda, each by its key.
async fn check_openings(page: &Page, language: &str, faults: &mut Vec<String>) {
    for size in SIZES {
        for (keys, shows) in [("Ctrl+k", any("dialog")), ("?", any("dialog")), ("g", any("dialog"))] {
            page.goto("/agenda").await;
            page.show(size, "light").await;
            settle(page).await;
            page.press(keys).await;
            page.sees(&shows).await;
            look_in_both_themes(page, size, &format!("{keys} {language}"), faults).await;
            page.press("Escape").await;
            page.sees_no_more(&shows).await;
        }
        page.goto("/agenda").await;
        settle(page).await;
        page.press("n").await;
        let ready = "document.activeElement.getAttribute('role') === 'combobox'";
        page.until(ready, "the patient's field has the keyboard").await;
        page.type_text("marina").await;
        page.sees(&any("listbox")).await;
        look(page, &format!("patient list {language} {}", size.0), Rules::All, faults).await;
    }
}

async fn walk(language: &str) {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let clinic = Clinic::open().await;
    furnish(&clinic).await;
    speak(&clinic.owner, language).await;
    let page = clinic.sit_down(&clinic.owner, "/agenda").await;
    page.forgive("/api/contacts/999");
    let mut faults = Vec::new();
    check(&page, language, &PATHS, &mut faults).await;
    check(&page, language, &["/health"], &mut faults).await;
    check_unfolded(&page, language, &mut faults).await;
    check_openings(&page, language, &mut faults).await;
    page.leave().await;
    walk_outside(&clinic, language, &mut faults).await;
    let count = faults.len();
    assert!(faults.is_empty(), "{count}: {}", faults.into_iter().take(40).collect::<Vec<_>>().join("\n"));
}

/// The pages of those who have not signed in.
async fn walk_outside(clinic: &Clinic, language: &str, faults: &mut Vec<String>) {
    let look =
        format!("localStorage.setItem('taskmed-look', JSON.stringify({{ language: '{language}' }})); true");
    let page = Page::open(&clinic.program.address).await;
    page.goto("/login").await;
    let _: bool = page.run(&look).await;
    check(&page, language, &["/login", "/login?invite=1"], faults).await;
    let (docs, problem) = (format!("/docs?lang={language}"), format!("/problems/slot_taken?lang={language}"));
    check(&page, language, &[&docs, &problem], faults).await;
    page.leave().await;
    let fresh = Program::start();
    let page = Page::open(&fresh.address).await;
    page.goto("/setup").await;
    let _: bool = page.run(&look).await;
    check(&page, language, &["/setup"], faults).await;
    page.click(&button(starts(if language == "en" { "Start my clinic" } else { "Começar minha clínica" })))
        .await;
    settle(&page).await;
    for size in SIZES {
        look_in_both_themes(&page, size, &format!("first step {language}"), faults).await;
    }
    page.leave().await;
}

/// Sets a person's language; the theme is the system's.
async fn speak(who: &Api, language: &str) {
    let session = who.get("/api/auth/session").await;
    let wish = json!({ "language": language, "theme": "system" });
    who.patch("/api/auth/preferences", &session["user"]["version"], wish).await;
}

#[tokio::test]
#[ignore = "minutes of axe over every page"]
async fn every_page_is_accessible_in_every_size_and_theme_in_portuguese() {
    walk("pt-BR").await;
}

#[tokio::test]
#[ignore = "minutes of axe over every page"]
async fn every_page_is_accessible_in_every_size_and_theme_in_english() {
    walk("en").await;
}

/// The words of both languages: for each area, the keys of each language and the words that only one of them uses.
const DICTIONARIES: &str = "(async () => {
    const base = document.querySelector('script[type=module][src]').src.replace(/app\\.js.*$/, '');
    const areas = ['common', 'agenda', 'contacts', 'team', 'settings', 'setup', 'health', 'audit', 'history', 'errors'];
    const words = { 'pt-BR': new Set(), en: new Set() };
    const gaps = [];
    const texts = (value) => (typeof value === 'string' ? [value] : Object.values(value));
    for (const area of areas) {
        const both = {};
        for (const language of Object.keys(words)) {
            both[language] = (await import(`${base}i18n/${language}/${area}.js`)).default;
            for (const text of Object.values(both[language]).flatMap(texts)) {
                for (const word of text.replace(/\\{\\w+\\}/g, ' ').toLowerCase().match(/\\p{L}{3,}/gu) ?? []) words[language].add(word);
            }
        }
        const [pt, en] = [both['pt-BR'], both.en].map((one) => Object.keys(one));
        gaps.push(...pt.filter((key) => !en.includes(key)).map((key) => `${area}.${key} is missing in English`));
        gaps.push(...en.filter((key) => !pt.includes(key)).map((key) => `${area}.${key} is missing in Portuguese`));
        for (const key of pt.filter((one) => en.includes(one))) {
            const marks = (value) => [...new Set(texts(value).join(' ').match(/\\{\\w+\\}/g) ?? [])].sort().join();
            if (marks(both['pt-BR'][key]) !== marks(both.en[key])) gaps.push(`${area}.${key} has other marks in English`);
            if (texts(both['pt-BR'][key]).concat(texts(both.en[key])).some((text) => text !== text.trim())) gaps.push(`${area}.${key} begins or ends with a space`);
        }
    }
    const only = (a, b) => [...words[a]].filter((word) => !words[b].has(word));
    return { gaps, pt: only('pt-BR', 'en'), en: only('en', 'pt-BR') };
})()";

/// Everything a person can read or hear on the page.
const SAID: &str = "[document.body.innerText, document.title, ...[...document.querySelectorAll('[aria-label], [placeholder], [title], [alt]')]
    .filter((one) => one.checkVisibility()).flatMap((one) => ['aria-label', 'placeholder', 'title', 'alt'].map((name) => one.getAttribute(name) ?? ''))].join('\\n')";

fn words_of(value: &Value) -> BTreeSet<String> {
    value.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn both_languages_have_every_word_and_neither_shows_on_the_others_pages() {
    at_the_desk(
        async |clinic: &Clinic| furnish(clinic).await,
        async |_: &Page, clinic: &Clinic, ()| {
            let page = clinic.sit_down(&clinic.owner, "/agenda").await;
            page.forgive("/api/contacts/999");
            settle(&page).await;
            let dictionaries: Value = page.run(DICTIONARIES).await;
            assert_eq!(dictionaries["gaps"], json!([]));
            let mut strangers = Vec::new();
            for (language, other) in [("pt-BR", "en"), ("en", "pt")] {
                speak(&clinic.owner, language).await;
                let foreign = words_of(&dictionaries[other]);
                // What people have typed is in their own language, and so are the names of the languages.
                let own: BTreeSet<&str> = OWN_WORDS.split_whitespace().collect();
                for path in PATHS.iter().chain(&["/health"]) {
                    page.goto(path).await;
                    settle(&page).await;
                    let said: String = page.run(SAID).await;
                    for line in said.lines() {
                        let lower = line.to_lowercase();
                        let mut words = lower.split(|c: char| !c.is_alphabetic());
                        if let Some(word) = words.find(|word| foreign.contains(*word) && !own.contains(word))
                        {
                            strangers.push(format!("{language} {path}: «{word}» in «{}»", line.trim()));
                        }
                        if let Some(key) = line.split_whitespace().find(|word| is_key(word)) {
                            strangers.push(format!("{language} {path}: a key instead of words: {key}"));
                        }
                    }
                }
            }
            page.leave().await;
            strangers.sort();
            strangers.dedup();
            assert!(strangers.is_empty(), "{}: {}", strangers.len(), strangers.join("\n"));
        },
    )
    .await;
}

/// Opens an area of words after the language began to change and before it has.
const OPENED_MEANWHILE: &str = r"(async () => {
    const base = document.querySelector('script[type=module][src]').src.replace(/app\.js.*$/, '');
    const { area, setLanguage } = await import(`${base}i18n/index.js`);
    const changed = setLanguage('en');
    const t = await area('audit');
    await changed;
    const words = (await import(`${base}i18n/en/audit.js`)).default;
    const key = Object.keys(words).find((one) => typeof words[one] === 'string' && !words[one].includes('{'));
    return t(key) === words[key] ? 'its words' : t(key);
})()";

#[tokio::test]
async fn a_view_opened_while_the_language_changes_has_its_words() {
    at_the_desk(
        async |_: &Clinic| {},
        async |page: &Page, _: &Clinic, ()| {
            let said: String = page.run(OPENED_MEANWHILE).await;
            assert_eq!(said, "its words");
        },
    )
    .await;
}

/// Names and notes of the clinic these tests furnish, of cities and of the languages; and what looks like the other language:
/// Friday, September and October in short.
const OWN_WORDS: &str = "clínica sol olívia prado rita lemos tiago bruno tavares carla nunes davi rocha cardiologia dermatologia
    ortopedia sala retirar exame congresso marina lopes otávio braga zélia cunha ana dias avenida paulista são paulo lista csv
    english português sem telefone nome
    example boa campo grande sex set out";

/// What screens call by the name it has in `taskmed.toml`.
const SETTINGS: [&str; 3] = ["alert_mail", "alert_webhook", "backup_folder"];

/// `status_booked`: what is shown when a word is missing.
fn is_key(word: &str) -> bool {
    !SETTINGS.contains(&word)
        && word.contains('_')
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
