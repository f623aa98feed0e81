//! The first run and signing in.
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{
    api::{Api, OWNER, PASSWORD},
    clinic::{Clinic, RITA, always_open, morning_zone},
    driver,
    page::Page,
    program::Program,
    target::{any, button, checkbox, combobox, entry, group, heading, link, menuitem, starts, textbox},
};

/// Seconds for a key press, for pointing and clicking, and for thinking before each field: the keystroke-level model.
const KEY: f64 = 0.28;
const POINT: f64 = 1.3;
const THINK: f64 = 1.35;

/// The next request leaves only when `goOn` is called.
const LATE: &str = "{
    const ask = window.fetch;
    window.fetch = (...all) => {
        window.fetch = ask;
        return new Promise((go) => { window.goOn = go; }).then(() => ask(...all));
    };
    null
}";

#[tokio::test]
async fn a_clinic_starts_in_three_steps_and_six_fields_and_books_its_first_patient_within_three_minutes() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let start = Instant::now();
    let program = Program::start();
    let started = start.elapsed();
    let page = Page::open(&program.address).await;
    let opened = Instant::now();
    page.goto("/").await;
    page.arrives("/setup").await;
    page.sees(&button(starts("Começar minha clínica"))).await;
    page.sees(&button(starts("Ver uma demonstração"))).await;
    let visible = started + opened.elapsed();
    assert!(visible < Duration::from_secs(3), "the wizard took {visible:?} to show");
    page.counted();
    let mut steps = 0;
    let mut fields = 0;

    page.click(&button(starts("Começar minha clínica"))).await;
    steps += 1;
    page.reads("Passo 1 de 3").await;
    for (field, text) in [
        ("Nome da clínica", "Clínica Sol"),
        ("Seu nome", "Olívia Prado"),
        ("Seu e-mail", OWNER),
        ("Senha", PASSWORD),
    ] {
        page.fill(&textbox(field), text).await;
        fields += 1;
    }
    page.click(&button("Criar clínica")).await;

    steps += 1;
    page.reads("Passo 2 de 3").await;
    page.click(&button("Adicionar profissional")).await;
    page.fill(&textbox("Nome do profissional 1"), "Bruno Tavares").await;
    fields += 1;
    page.click(&button("Continuar")).await;

    steps += 1;
    page.reads("Passo 3 de 3").await;
    let code: String = page
        .run("document.querySelector('[role=group][aria-label=\"Código de recuperação\"]').textContent")
        .await;
    page.sees(&group("Código de recuperação")).await;
    page.fill(&textbox("Último grupo do código"), code.rsplit('-').next().unwrap()).await;
    fields += 1;
    page.click(&button("Abrir minha agenda")).await;
    page.arrives("/agenda").await;
    assert!(steps <= 3 && fields <= 6, "{steps} steps, {fields} fields");

    // Whatever the hour at which the tests run, the clinic must be open for what follows.
    always_open(&Api::sign_in(&program, OWNER).await, &morning_zone()).await;
    page.goto("/agenda").await;
    page.click(&button("Agendar")).await;
    page.fill(&combobox("Paciente"), "marina lopes").await;
    page.click(&entry(starts("Cadastrar «Marina Lopes»"))).await;
    page.fill(&textbox("Telefone com DDD"), "11987654321").await;
    fields += 2;
    page.press("Enter").await;
    page.reads("Marina Lopes agendado para").await;
    let (keys, pointer) = page.counted();
    let seconds = keys as f64 * KEY + pointer as f64 * POINT + f64::from(fields) * THINK;
    println!(
        "first appointment: {keys} keys, {pointer} clicks, {fields} fields, {seconds:.0} s by the model"
    );
    assert!(seconds < 180.0, "{seconds} s");
    page.leave().await;
}

#[tokio::test]
async fn a_wrong_recovery_code_is_refused_and_the_agenda_asks_for_it_until_it_is_right() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let program = Program::start();
    let (owner, code) = Api::found(&program, "Clínica Sol", "America/Sao_Paulo").await;
    let page = Page::open(&program.address).await;
    page.take_session(owner.session()).await;
    page.goto("/agenda").await;
    page.click(&button("Confirmar agora")).await;
    page.fill(&textbox("Código de recuperação"), "AAAAA").await;
    page.forgive("/recovery/confirm - Failed to load resource: the server responded with a status of 422");
    page.press("Enter").await;
    page.reads("Corrija um campo para continuar").await;
    page.refill(&textbox("Código de recuperação"), code.rsplit('-').next().unwrap()).await;
    page.press("Enter").await;
    page.reads("Código confirmado").await;
    page.sees_no_more(&button("Confirmar agora")).await;
    page.leave().await;
}

#[tokio::test]
async fn an_owner_replaces_the_recovery_code_with_the_keyboard_alone() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let program = Program::start();
    let (owner, _) = Api::found(&program, "Clínica Sol", "America/Sao_Paulo").await;
    let page = Page::open(&program.address).await;
    page.take_session(owner.session()).await;
    page.forgive(
        "/api/clinic/1/recovery - Failed to load resource: the server responded with a status of 422",
    );
    page.goto("/settings/recovery").await;
    page.fill(&textbox("Sua senha, de novo"), "não é esta 1").await;
    page.press("Enter").await;
    page.reads("Senha atual não confere").await;
    page.refill(&textbox("Sua senha, de novo"), PASSWORD).await;
    page.press("Enter").await;
    page.sees(&heading("Novo código de recuperação")).await;
    page.until("document.activeElement.tagName === 'H3'", "the title of the code has the keyboard").await;
    let code: String =
        page.run("document.querySelector('.recovery-code').innerText.replace(/\\s/g, '')").await;
    for _ in 0..3 {
        page.press("Tab").await;
    }
    page.type_text(code.rsplit('-').next().unwrap()).await;
    page.press("Enter").await;
    page.reads("Novo código confirmado").await;
    page.sees_no_more(&button("Confirmar agora")).await;
    page.leave().await;
}

#[tokio::test]
async fn people_sign_in_with_the_keyboard_alone_and_a_wrong_password_says_nothing_about_the_address() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let clinic = Clinic::open().await;
    let page = Page::open(&clinic.program.address).await;
    page.forgive("/api/auth/login - Failed to load resource: the server responded with a status of 401");
    page.goto("/contacts").await;
    page.arrives("/login").await;
    let mut said = Vec::new();
    for (email, password) in [(RITA, "outra senha 1"), ("ninguem@sol.example", "outra senha 1")] {
        page.goto("/login").await;
        page.sees(&heading("Entrar")).await;
        page.fill(&textbox("E-mail"), email).await;
        page.press("Tab").await;
        page.type_text(password).await;
        page.press("Enter").await;
        said.push(page.find(&any("alert")).await);
        said.last_mut().unwrap().name = page.run("document.querySelector('[role=alert]').innerText").await;
    }
    assert_eq!(said[0].name, said[1].name);
    assert!(!said[0].name.is_empty());
    page.refill(&textbox("E-mail"), RITA).await;
    page.refill(&textbox("Senha"), PASSWORD).await;
    // On a slow computer the button itself says that it is at work.
    page.run::<Value>(LATE).await;
    page.press("Enter").await;
    let line = "getComputedStyle(document.querySelector('button[aria-busy=true]'), '::after')";
    page.until(
        &format!("{line}.content !== 'none' && {line}.visibility === 'visible'"),
        "a line says that it takes time",
    )
    .await;
    page.run::<Value>("window.goOn()").await;
    page.arrives("/agenda").await;
    page.sees(&button("Conta de Rita Lemos")).await;
    page.sees_no_more(&link("Saúde do sistema")).await;
    page.leave().await;
}

#[tokio::test]
async fn an_invited_person_chooses_a_password_with_the_code_they_were_handed() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let clinic = Clinic::open().await;
    let owner = clinic.sit_down(&clinic.owner, "/team").await;
    owner.click(&button("Convidar pessoa")).await;
    owner.fill(&textbox("Nome completo"), "Nina Reis").await;
    owner.fill(&textbox(starts("E-mail")), "nina@sol.example").await;
    owner.click(&checkbox(starts("Recepção"))).await;
    owner.click(&button("Convidar")).await;
    owner.reads("Código de Nina Reis").await;
    let said = owner.text().await;
    let code = said.split_whitespace().find(|word| is_code(word)).expect("a code is shown").to_owned();
    owner.click(&button("Já entreguei")).await;
    owner.leave().await;

    let page = Page::open(&clinic.program.address).await;
    page.goto("/login").await;
    page.click(&link("Tenho um código de convite")).await;
    page.fill(&textbox("E-mail"), "nina@sol.example").await;
    page.fill(&textbox("Código de convite"), &code.to_lowercase()).await;
    page.fill(&textbox("Nova senha"), "girafa verde 77").await;
    page.click(&button("Criar senha e entrar")).await;
    page.arrives("/agenda").await;
    page.sees(&button("Conta de Nina Reis")).await;
    page.leave().await;
}

/// Two groups of four: `ABCD-2345`.
fn is_code(word: &str) -> bool {
    let group =
        |part: &str| part.len() == 4 && part.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    word.split_once('-').is_some_and(|(first, second)| group(first) && group(second))
}

#[tokio::test]
async fn the_demonstration_offers_every_place_of_a_clinic_by_a_click() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let program = Program::start();
    let page = Page::open(&program.address).await;
    page.goto("/").await;
    page.click(&button(starts("Ver uma demonstração"))).await;
    page.arrives("/agenda").await;
    page.click(&button("Ver acessos")).await;
    let enter = button("Entrar como Recepção").inside(any("dialog"));
    page.loads_anew(page.click(&enter)).await;
    page.sees(&button("Agendar")).await;
    page.sees_no_more(&link("Saúde do sistema")).await;
    page.click(&button(starts("Conta de"))).await;
    page.click(&menuitem("Sair")).await;
    page.arrives("/login").await;
    let enter = button("Entrar como Técnico");
    page.loads_anew(page.click(&enter)).await;
    page.arrives("/health").await;
    page.leave().await;
}
