//! The health page as an owner meets it: told in a sentence that somebody guesses passwords, and saying that they know. Who
//! works at the desk does not have the page.
use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::{
    clinic::{Clinic, RITA, TIAGO, at_the_desk},
    driver,
    program::Program,
    target::{button, heading, link, region},
};
use crate::support::post_office::{Manner, PostOffice};

/// Wrong passwords of one person that are still answered, before they are told to wait.
const TRIES: usize = 9;

/// The program looks at its rules so often.
const ROUND: Duration = Duration::from_secs(10);

/// Somebody tries passwords of three people.
async fn guess(clinic: &Clinic) {
    for email in [RITA, TIAGO, "ninguem@sol.example"] {
        for number in 0..TRIES {
            let body = json!({ "clinic_id": 1, "email": email, "password": format!("adivinhe {number}") });
            let (status, _) = clinic.owner.ask(Method::POST, "/api/auth/login", None, Some(body)).await;
            assert!([401, 429].contains(&status.as_u16()), "{status}");
        }
    }
}

#[tokio::test]
async fn an_owner_sees_that_passwords_are_guessed_and_says_that_they_know() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let clinic = Clinic::open().await;
    let page = clinic.sit_down(&clinic.owner, "/agenda").await;
    page.click(&link("Saúde do sistema")).await;
    page.arrives("/health").await;
    page.sees(&heading("Trilha de auditoria")).await;
    let title = "Muitas tentativas de entrar com senha errada";
    assert!(!page.text().await.contains(title));
    guess(&clinic).await;
    let told = format!("document.body.innerText.includes({})", json!(title));
    page.until_within(ROUND * 3, &told, "the alert is told").await;
    page.sees(&heading(title)).await;
    page.reads("Funciona, mas precisa de atenção").await;
    page.reads("Pergunte à equipe se alguém esqueceu a senha").await;
    page.click(&button(format!("Ciente: {title}"))).await;
    page.reads("Você tomou ciência").await;
    page.sees_no_more(&button(format!("Ciente: {title}"))).await;
    page.leave().await;
}

/// What the server would answer with a trail that does not hold, put in place of what it answers.
const BROKEN: &str = "(() => {
    const real = window.fetch;
    window.fetch = async (...asked) => {
        const answer = await real(...asked);
        const path = String(asked[0]?.url ?? asked[0]);
        if (!path.includes('/api/observability/health') && !path.includes('/api/observability/alerts')) return answer;
        const body = await answer.json();
        if (body.checks) body.checks.chain.status = body.status = 'degraded';
        for (const one of body.items ?? []) if (one.rule === 'chain_broken') Object.assign(one, { state: 'firing', severity: 'critical' });
        return new Response(JSON.stringify(body), { status: 200, headers: answer.headers });
    };
    return true;
})()";

#[tokio::test]
async fn a_broken_trail_is_told_as_one_and_not_as_something_that_is_not_saved() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let clinic = Clinic::open().await;
    let page = clinic.sit_down(&clinic.owner, "/health").await;
    page.reads("está gravando e respondendo").await;
    let _: bool = page.run(BROKEN).await;
    page.press("r").await;
    page.reads("O TaskMed continua gravando, mas a trilha de auditoria não confere").await;
    page.reads("A corrente de registros foi quebrada").await;
    assert!(!page.text().await.contains("pode não ser gravado"));
    page.leave().await;
}

#[tokio::test]
async fn an_owner_sends_a_test_message_and_sees_that_it_arrived() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let office = PostOffice::open(Manner::Open).await;
    let folder = tempfile::tempdir().unwrap();
    let settings = format!(
        "[alert_mail]\nserver = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\nfrom = \"taskmed@sol.example\"\n\
         to = [\"ana@sol.example\"]\n",
        office.port
    );
    std::fs::write(folder.path().join("taskmed.toml"), settings).unwrap();
    let clinic = Clinic::open_in(Program::start_in(folder)).await;
    let page = clinic.sit_down(&clinic.owner, "/health").await;
    page.sees(&region("Avisos fora da tela")).await;
    page.reads("Por e-mail, para 1 endereço. Nenhuma mensagem enviada desde que o TaskMed abriu.").await;
    page.click(&button("Enviar mensagem de teste")).await;
    page.reads("1 mensagem entregue").await;
    assert!(office.taken()[0].text.contains("They do."), "no language is set: both");
    page.leave().await;
}

#[tokio::test]
async fn who_works_at_the_desk_does_not_have_the_page() {
    at_the_desk(
        async |_| (),
        async |page, _, ()| {
            page.sees_no_more(&link("Saúde do sistema")).await;
            page.goto("/health").await;
            page.sees(&heading("Você não tem acesso a esta página")).await;
            assert!(!page.text().await.contains("Verificações"));
        },
    )
    .await;
}
