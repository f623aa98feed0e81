//! What people write in spreadsheets becomes a contact, or a reason by column.
use proptest::prelude::*;

use super::*;
use crate::base::Choice;

fn read_at(header: &str, cells: &str) -> Result<Good, Vec<Wrong>> {
    let header: Vec<String> = header.split(';').map(str::to_owned).collect();
    let mapping = Mapping::of(&header, None).unwrap();
    let today: Day = "2026-11-24".parse().unwrap();
    let reader = Reader { mapping: &mapping, now: "2026-11-24T12:00:00Z".parse().unwrap(), today };
    reader.read(&Line { number: 2, cells: cells.split(';').map(str::to_owned).collect() })
}

fn good(header: &str, cells: &str) -> ContactFields {
    read_at(header, cells).unwrap().fields
}

fn wrong(header: &str, cells: &str) -> Vec<String> {
    let errors = read_at(header, cells).unwrap_err();
    errors.iter().map(|e| format!("{:?} {} {}", e.column, e.field, e.code)).collect()
}

#[test]
fn a_row_as_clinics_write_it_is_read() {
    let contact = good(
        "Nome;Nascimento;CPF;Sexo;Celular;Telefone;UF;CEP;Alergias;Situação;WhatsApp;Obs",
        "MARIA DA SILVA;5/3/80 00:00:00;1421545802;F;(11) 98765-4321;11 3456-7890;são paulo;1310100;dipirona, látex;Ativa;Sim;canhota",
    );
    assert_eq!(contact.name, "MARIA DA SILVA");
    assert_eq!(contact.birth_date.unwrap().to_string(), "1980-03-05");
    assert_eq!(contact.cpf.unwrap().as_str(), "01421545802");
    assert_eq!(contact.sex.unwrap().code(), "female");
    assert_eq!((contact.phone.unwrap().as_str(), contact.whatsapp), ("11987654321", true));
    assert_eq!(
        (contact.address.state.unwrap().as_str(), contact.address.cep.unwrap().as_str()),
        ("SP", "01310100")
    );
    assert_eq!(contact.allergies, ["dipirona", "látex"]);
    assert_eq!(contact.notes.unwrap(), "canhota\n11 3456-7890");
}

#[test]
fn telephones_are_read_in_many_shapes() {
    for (typed, kept) in [
        ("11987654321", "11987654321"),
        ("+55 (11) 98765-4321", "11987654321"),
        ("'+5511987654321", "11987654321"),
        ("011 98765 4321", "11987654321"),
        ("(11) 3456-7890 / (11) 98765-4321", "1134567890"),
        ("recado, (11) 98765-4321", "11987654321"),
        ("+1 415 555 0123", "+14155550123"),
    ] {
        assert_eq!(good("nome;telefone", &format!("Ana;{typed}")).phone.unwrap().as_str(), kept, "{typed}");
    }
    assert_eq!(good("nome;celular;telefone", "Ana;;11 3456-7890").phone.unwrap().as_str(), "1134567890");
    let by_whatsapp = good("nome;whatsapp", "Ana;11 98765-4321");
    assert_eq!((by_whatsapp.phone.unwrap().as_str(), by_whatsapp.whatsapp), ("11987654321", true));
    let apart = good("nome;telefone;whatsapp", "Ana;11 3456-7890;11 98765-4321");
    assert_eq!((apart.whatsapp, apart.notes.as_deref()), (false, Some("11 98765-4321")));
    assert_eq!(good("nome;telefone;tel. fixo", "Ana;11 3456-7890;1134567890").notes, None);
}

#[test]
fn every_wrong_cell_is_named_by_its_column() {
    assert_eq!(
        wrong("nome;cpf;nascimento;e-mail;uf;prontuario", ";123;31/02/1980;x;XX;abc"),
        [
            "Some(3) email invalid_email",
            "Some(0) name required",
            "Some(2) birth_date invalid_date",
            "Some(1) cpf invalid_cpf",
            "Some(4) address.state invalid_state",
            "Some(5) record_number type",
        ]
    );
    assert_eq!(wrong("nome", "Ana"), ["None phone contact_way_required"]);
    assert_eq!(
        wrong("nome;telefone;nascimento", "Ana;11987654321;25/11/2026"),
        ["Some(2) birth_date date_in_future"]
    );
    assert_eq!(
        wrong("nome;telefone;nascimento", "Ana;11987654321;01/01/1890"),
        ["Some(2) birth_date out_of_range"]
    );
    assert_eq!(wrong("nome;telefone", "A\u{1}na;11987654321"), ["Some(0) name invalid_text"]);
}

#[test]
fn blanks_are_not_values_and_numbers_of_records_are_kept() {
    let row = read_at("prontuario;nome;telefone;cpf;email", "0042;Ana;11987654321;-;NULL").unwrap();
    assert_eq!((row.record_number, row.fields.cpf, row.fields.email), (Some(42), None, None));
}

proptest! {
    #[test]
    fn any_cells_are_read_or_refused(cells in prop::collection::vec("\\PC{0,20}", 8)) {
        let line = cells.iter().map(|c| c.replace(';', " ")).collect::<Vec<_>>().join(";");
        let _ = read_at("nome;telefone;nascimento;cpf;sexo;uf;alergias;whatsapp", &line);
    }
}
