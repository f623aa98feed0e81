//! The register of patients: found as they are known, written once, brought in from a file and taken out again.
use std::fs;

use serde_json::json;

use super::{
    clinic::{Clinic, at_the_desk},
    page::Page,
    target::{any, button, combobox, entry, has, link, starts, textbox},
};

async fn two_patients(clinic: &Clinic) {
    let joao = json!({ "name": "João Antônio Peçanha", "phone": "11987654321", "cpf": "52998224725", "birth_date": "1980-03-05" });
    clinic.rita.post("/api/contacts", joao).await;
    clinic.patient("Joaquina Prates", "2133334444").await;
}

#[tokio::test]
async fn a_patient_is_found_by_name_without_accents_by_cpf_by_telephone_and_by_birth_date() {
    at_the_desk(two_patients, async |page: &Page, _: &Clinic, ()| {
        page.sees(&button("Agendar")).await;
        for typed in [
            "joao pecanha",
            "529.982.247-25",
            "52998224725",
            "(11) 98765",
            "987654321",
            "05/03/1980",
            "jo antonio",
        ] {
            page.press("/").await;
            page.sees(&combobox("Buscar paciente, data ou ação")).await;
            page.type_text(typed).await;
            page.sees(&entry(starts("João Antônio Peçanha"))).await;
            assert!(page.all(&entry(starts("Joaquina"))).await.is_empty(), "«{typed}» finds Joaquina too");
            page.press("Escape").await;
            page.sees_no_more(&any("dialog")).await;
        }
        page.press("/").await;
        page.sees(&combobox("Buscar paciente, data ou ação")).await;
        page.type_text("joaquina").await;
        page.sees(&entry(starts("Joaquina Prates"))).await;
        page.press("Enter").await;
        page.reads("(21) 3333-4444").await;
        page.until("location.pathname.startsWith('/contacts/')", "her page is open").await;
    })
    .await;
}

#[tokio::test]
async fn a_patient_is_registered_once_and_nothing_typed_is_lost_on_the_way() {
    at_the_desk(two_patients, async |page: &Page, clinic: &Clinic, ()| {
        page.goto("/contacts/new").await;
        page.fill(&textbox("Nome completo"), "Marina Lopes").await;
        page.fill(&textbox(starts("CPF")), "111.111.111-11").await;
        page.fill(&textbox(starts("Telefone")), "11912345678").await;
        page.click(&button("Cadastrar paciente")).await;
        page.reads("Corrija um campo para continuar").await;
        assert_eq!(page.find(&textbox("Nome completo")).await.value, "Marina Lopes");
        // The CPF of somebody else: said whose, with the way there.
        page.refill(&textbox(starts("CPF")), "52998224725").await;
        page.press("Tab").await;
        page.reads("Este CPF já é de João Antônio Peçanha").await;
        page.sees(&link(has("João Antônio Peçanha"))).await;
        page.refill(&textbox(starts("CPF")), "12345678909").await;
        // Leaving asks first.
        page.click(&link("Equipe")).await;
        page.sees(&any("alertdialog")).await;
        page.click(&button("Continuar editando")).await;
        assert_eq!(page.find(&textbox("Nome completo")).await.value, "Marina Lopes");
        page.click(&button("Cadastrar paciente")).await;
        page.reads("Marina Lopes foi cadastrado").await;
        let found = clinic.rita.get("/api/contacts?search=12345678909").await;
        assert_eq!(found["items"][0]["display_name"], "Marina Lopes", "{found}");
        page.forgive(
            "/api/contacts?clinic_id=1 - Failed to load resource: the server responded with a status of 409",
        );
    })
    .await;
}

#[tokio::test]
async fn a_file_of_patients_is_checked_brought_in_and_taken_out_again() {
    at_the_desk(two_patients, async |page: &Page, clinic: &Clinic, ()| {
        let file = clinic.program.folder.path().join("lista.csv");
        let rows = "Nome;Telefone;CPF;Nascimento\r\nÍris Maciel;(11) 91111-1111;;01/02/1990\r\nCaio Luz;11922222222;;\r\nJoão Repetido;11933333333;529.982.247-25;\r\nErrada;;;\r\n";
        // As a spreadsheet of Windows writes it.
        let bytes: Vec<u8> = rows.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        fs::write(&file, bytes).unwrap();
        page.goto("/contacts/import").await;
        page.sees(&button("Escolher arquivo")).await;
        page.choose_file(&file).await;
        page.reads("4 linhas, separadas por ponto e vírgula").await;
        page.reads("2\nprontas para importar").await;
        page.reads("1\njá cadastrada").await;
        page.reads("1\ncom problema").await;
        page.click(&button("Importar 2 pacientes")).await;
        page.reads("2 pacientes importados").await;
        let found = clinic.rita.get("/api/contacts?search=iris").await;
        assert_eq!(found["items"][0]["display_name"], "Íris Maciel", "{found}");
        assert_eq!(found["items"][0]["birth_date"], "1990-02-01");
        page.click(&button("Desfazer importação")).await;
        page.sees(&any("alertdialog")).await;
        page.click(&button("Desfazer importação").inside(any("alertdialog"))).await;
        page.reads("Importação desfeita").await;
        let left = clinic.rita.get("/api/contacts").await;
        assert_eq!(left["items"].as_array().unwrap().len(), 2, "{left}");
    })
    .await;
}
