//! The trail and histories as people meet them: read as sentences, verified, closed on paper, and a field set back.
use std::fs;

use serde_json::json;

use super::{
    api::PASSWORD,
    clinic::{Clinic, at_the_desk},
    driver,
    target::{any, button, heading, link, starts, textbox},
};

#[tokio::test]
async fn an_owner_reads_the_trail_verifies_it_and_closes_the_day() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let clinic = Clinic::open().await;
    let contact = clinic.patient("Canária Zebrina", "11987654321").await;
    clinic.rita.get(&format!("/api/contacts/{contact}")).await;
    clinic.rita.get(&format!("/api/contacts/{contact}/appointments")).await;
    let page = clinic.sit_down(&clinic.owner, "/audit").await;
    page.sees(&link("Auditoria")).await;
    page.sees(&button(starts(format!("Rita Lemos abriu o paciente nº {contact}").as_str()))).await;
    let listed = format!("Rita Lemos listou as consultas do paciente nº {contact}");
    page.sees(&button(starts(listed.as_str()))).await;
    assert!(!page.text().await.contains("Zebrina"), "the trail names no patient");
    page.press("v").await;
    page.reads("A trilha está íntegra").await;
    page.click(&button("Fechamento do dia")).await;
    page.click(&button("Fechar o dia")).await;
    page.until("document.querySelector('.audit-code') !== null", "the code is shown").await;
    let code: String = page.run("document.querySelector('.audit-code').textContent").await;
    page.fill(&textbox("Código"), &code.to_lowercase()).await;
    page.click(&button("Conferir código")).await;
    page.reads("Confere").await;
    page.leave().await;
}

#[tokio::test]
async fn a_browser_that_saw_a_later_trail_warns_of_an_earlier_one() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let clinic = Clinic::open().await;
    let page = clinic.sit_down(&clinic.owner, "/agenda").await;
    page.until("localStorage.getItem('taskmed.trail.1') !== null", "the signature is remembered").await;
    let later =
        "localStorage.setItem('taskmed.trail.1', JSON.stringify({ number: 999, signature: 'ab' })); true";
    let _: bool = page.run(later).await;
    page.goto("/agenda").await;
    page.reads("A trilha de auditoria voltou a um estado anterior").await;
    page.goto("/team").await;
    page.reads("A trilha de auditoria voltou a um estado anterior").await;
    page.click(&button("Foi restaurada uma cópia: aceitar")).await;
    page.goto("/agenda").await;
    page.sees(&button("Agendar")).await;
    assert!(!page.text().await.contains("voltou a um estado anterior"));
    page.leave().await;
}

#[tokio::test]
async fn a_field_of_a_patient_is_set_back_from_the_history() {
    let edited = async |clinic: &Clinic| {
        let id = clinic.patient("Marina Lopes", "11987654321").await;
        let path = format!("/api/contacts/{id}");
        clinic.rita.patch(&path, &json!(1), json!({ "profession": "Arquiteta" })).await;
        clinic.rita.patch(&path, &json!(2), json!({ "profession": "Professora" })).await;
        id
    };
    at_the_desk(edited, async |page, clinic, id: i64| {
        page.goto(&format!("/contacts/{id}")).await;
        page.click(&button("Histórico")).await;
        page.sees(&heading("Cadastro criado")).await;
        page.click(&button("Desfazer: Profissão")).await;
        page.reads("Profissão voltou ao que era").await;
        let now = clinic.rita.get(&format!("/api/contacts/{id}")).await;
        assert_eq!((&now["profession"], &now["version"]), (&json!("Arquiteta"), &json!(4)));
    })
    .await;
}

#[tokio::test]
async fn an_owner_accepts_a_file_brought_back_from_a_backup_with_their_password() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let mut clinic = Clinic::open().await;
    let file = clinic.program.folder.path().join("clinics/1/clinic.db");
    clinic.program.stop();
    let backup = fs::read(&file).unwrap();
    clinic.program.start_again();
    clinic.rita = clinic.rita.on_own_connection();
    clinic.patient("Perdida Depois", "11987654321").await;
    clinic.program.stop();
    fs::write(&file, backup).unwrap();
    clinic.program.start_again();
    let page = clinic.sit_down(&clinic.owner, "/agenda").await;
    page.reads("A trilha de auditoria voltou a um estado anterior").await;
    page.click(&button("Foi restaurada uma cópia: aceitar")).await;
    page.sees(&any("dialog")).await;
    page.fill(&textbox("Sua senha"), "senha errada 1").await;
    page.press("Enter").await;
    page.reads("Senha atual não confere").await;
    page.refill(&textbox("Sua senha"), PASSWORD).await;
    page.press("Enter").await;
    page.reads("Cópia aceita e registrada na trilha").await;
    page.goto("/audit").await;
    page.sees(&button(starts("Olívia Prado aceitou uma cópia restaurada da trilha"))).await;
    page.press("v").await;
    page.reads("A trilha está íntegra").await;
    assert!(!page.text().await.contains("voltou a um estado anterior"));
    page.forgive("the server responded with a status of 422");
    page.leave().await;
}
