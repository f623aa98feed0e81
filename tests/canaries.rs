//! Canaries: what people tell the running program is looked for in every file it has written, while it runs, after it was
//! killed and after it has stopped. None may be found in clear, however it is spelled.
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use poem::http::StatusCode;
use reqwest::Method;
use serde_json::{Value, json};
use taskmed::base::text::fold;

use crate::browser::{
    api::{Api, OWNER, PASSWORD},
    program::Program,
};

const CPF: &str = "52998224725";
const NAME: &str = "Quixabeira Zenóbia d'Ávila";
const SOCIAL_NAME: &str = "Zeferina Quimérica";
const BLOCK: &str = "Congresso Furtivo de Ornitologia";

/// What is told the program, beside what it makes itself: its codes and sessions.
pub const TOLD: [&str; 24] = [
    NAME,
    SOCIAL_NAME,
    "Materna Canarina",
    CPF,
    "529.982.247-25",
    "700000000000005",
    "11987654321",
    "(11) 98765-4321",
    "quixabeira@canario.example",
    "Travessa Xiquexique",
    "Fundos do Sobrado Lilás",
    "Alergia a Quinquilharia",
    "Anotação sigilosa sobre a paciente",
    "Retorno por causa da Kappa Sigma",
    "Desmarcou por viagem a Xapuri",
    BLOCK,
    "Feira Importada Sanhaçu",
    "Recusada Tangará",
    "11911112222",
    "sanhacu@canario.example",
    "Sala Beija-flor Rubi",
    "Clínica Uirapuru Cantante",
    OWNER,
    PASSWORD,
];

/// One row that is good and one that is refused and kept for mending.
const LIST: &str = "Nome;Telefone;E-mail\nFeira Importada Sanhaçu;(11) 91111-2222;sanhacu@canario.example\nRecusada Tangará;;\n";

/// Every way a text may stand in a file: as it is, in other cases, without accents, in an address; in UTF-8 and both UTF-16.
fn spellings(text: &str) -> BTreeSet<Vec<u8>> {
    let encoded: String = text
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    let forms = [
        text.to_owned(),
        text.to_lowercase(),
        text.to_uppercase(),
        fold(text),
        fold(text).to_uppercase(),
        encoded,
    ];
    let mut all = BTreeSet::new();
    for form in forms.iter().filter(|form| form.len() > 6) {
        all.insert(form.as_bytes().to_vec());
        all.insert(form.encode_utf16().flat_map(u16::to_le_bytes).collect());
        all.insert(form.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    all
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Every spelling of every canary, by its first two bytes, so that a file is read through only once.
pub struct Ear {
    by_start: Vec<Vec<(Vec<u8>, String)>>,
}

impl Ear {
    pub fn new(canaries: &[String]) -> Self {
        let mut by_start = vec![Vec::new(); 1 << 16];
        for canary in canaries {
            for form in spellings(canary) {
                let start = usize::from(u16::from_be_bytes([form[0], form[1]]));
                by_start[start].push((form, canary.clone()));
            }
        }
        Self { by_start }
    }

    /// Every canary in every file of a folder, as `file: canary`.
    pub fn hears(&self, folder: &Path) -> Vec<String> {
        let mut heard = BTreeSet::new();
        for path in files(folder) {
            let Ok(bytes) = fs::read(&path) else { continue };
            for (at, pair) in bytes.windows(2).enumerate() {
                let start = usize::from(u16::from_be_bytes([pair[0], pair[1]]));
                let here = self.by_start[start].iter().filter(|(form, _)| bytes[at..].starts_with(form));
                heard.extend(here.map(|(_, canary)| format!("{}: {canary}", path.display())));
            }
        }
        heard.into_iter().collect()
    }
}

/// Tells the program everything, as its screens would: what is right, what is wrong, what is searched and what is imported.
pub async fn tell(owner: &Api) -> Vec<String> {
    let doctor = json!({ "name": "Dra. Iara", "roles": ["professional"], "is_professional": true });
    let doctor = owner.post(&owner.clinic("/users"), doctor).await["user"]["id"].clone();
    let invited = json!({ "name": "Rita", "email": "rita@canario.example", "roles": ["front_desk"] });
    let invite =
        owner.post(&owner.clinic("/users"), invited).await["invite_code"].as_str().unwrap().to_owned();
    owner.post(&owner.clinic("/rooms"), json!({ "name": "Sala Beija-flor Rubi" })).await;
    let patient = json!({
        "name": NAME, "social_name": SOCIAL_NAME, "mother_name": "Materna Canarina", "cpf": CPF, "cns": "700000000000005",
        "phone": "(11) 98765-4321", "email": "quixabeira@canario.example", "allergies": ["Alergia a Quinquilharia"],
        "address": { "street": "Travessa Xiquexique", "complement": "Fundos do Sobrado Lilás" },
        "notes": "Anotação sigilosa sobre a paciente",
    });
    let made = owner.post("/api/contacts", patient.clone()).await;
    // The same once more is refused, and so is nonsense: refusals are logged.
    assert_eq!(owner.ask(Method::POST, "/api/contacts", None, Some(patient)).await.0, StatusCode::CONFLICT);
    let wrong =
        json!({ "name": NAME, "cpf": "52998224724", "email": "quixabeira@canario", NAME: SOCIAL_NAME });
    assert_eq!(
        owner.ask(Method::POST, "/api/contacts", None, Some(wrong)).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    for typed in [
        "quixabeira%20zenobia%20davila",
        "QUIXABEIRA%20ZEN%C3%93BIA",
        "529.982.247-25",
        "zeferina%20quimerica",
    ] {
        let found = owner.get(&format!("/api/contacts?search={typed}")).await;
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{typed}");
    }
    book(owner, &doctor, &made["id"]).await;
    let imported = owner.send_csv("/api/contacts/import?dry_run=0&file_name=furtiva-lista.csv", LIST).await;
    assert_eq!(imported, StatusCode::ACCEPTED);
    while owner.get("/api/contacts/imports/1").await["status"] == "running" {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    vec![invite, "furtiva-lista.csv".to_owned(), owner.session().to_owned()]
}

/// An appointment with its notes and why it was called off, and a block with its reason.
async fn book(owner: &Api, doctor: &Value, patient: &Value) {
    let booking = json!({
        "contact_id": patient, "professional_id": doctor, "starts_at": "2031-03-04T14:00:00Z", "duration_min": 30,
        "notes": "Retorno por causa da Kappa Sigma",
    });
    let booked = owner.post("/api/appointments", booking).await;
    let path = format!("/api/appointments/{}/status", booked["id"]);
    let gone = json!({ "status": "cancelled_by_patient", "reason": "Desmarcou por viagem a Xapuri" });
    owner.post_at(&path, &booked["version"], gone).await;
    let block =
        json!({ "starts_at": "2031-03-05T14:00:00Z", "ends_at": "2031-03-05T18:00:00Z", "reason": BLOCK });
    owner.post(&owner.clinic("/blocks"), block).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_told_the_program_stands_in_clear_in_any_file_it_writes() {
    let mut program = Program::start();
    let folder = program.folder.path().to_owned();
    let (owner, recovery) = Api::found(&program, "Clínica Uirapuru Cantante", "America/Sao_Paulo").await;
    let made = tell(&owner).await;
    let canaries: Vec<String> =
        TOLD.iter().map(|told| (*told).to_owned()).chain(made).chain([recovery]).collect();
    let (ear, none) = (Ear::new(&canaries), Vec::<String>::new());

    assert!(
        folder.join("clinics/1/clinic.db-wal").exists(),
        "need a running clinic for this test to mean anything"
    );
    owner.post("/api/backups", json!({})).await;
    assert!(files(&folder.join("backups")).len() >= 3, "a copy is among them");
    assert_eq!(ear.hears(&folder), none, "while it runs");
    program.kill();
    assert_eq!(ear.hears(&folder), none, "after it was killed");
    program.start_again();
    program.stop();
    assert!(!folder.join("clinics/1/clinic.db-wal").exists());
    assert_eq!(ear.hears(&folder), none, "after it has stopped");

    // The ear is good: each spelling is heard in a file that has it.
    assert!(files(&folder).len() >= 6, "{:?}", files(&folder));
    for form in spellings(NAME) {
        fs::write(folder.join("logs/open"), [b"...".to_vec(), form, b"...".to_vec()].concat()).unwrap();
        assert_eq!(ear.hears(&folder).len(), 1);
    }
}
