//! The rows that were not brought in, as a CSV that a spreadsheet opens, a person mends, and an import takes again.
use csv::{Writer, WriterBuilder};

use super::{read::Sheet, reasons, rows::Wrong};
use crate::base::text::guarded;

/// Collects rows with the reason why each was left out.
pub struct Refusals {
    header: Vec<String>,
    language: String,
    writer: Writer<Vec<u8>>,
    any: bool,
}

impl Refusals {
    /// An empty list in the shape of the sheet.
    pub fn of(sheet: &Sheet, language: &str) -> Self {
        let mark = u8::try_from(sheet.delimiter()).unwrap_or(b';');
        // What Excel needs to read accents right.
        let bytes = "\u{feff}".as_bytes().to_vec();
        let mut new = Self {
            header: sheet.header.clone(),
            language: language.to_owned(),
            writer: WriterBuilder::new().delimiter(mark).from_writer(bytes),
            any: false,
        };
        let header = sheet.header.clone();
        new.write(&header, reasons::head(language));
        new
    }

    /// A row that is known already.
    pub fn known(&mut self, cells: &[String], code: &'static str) {
        let words = reasons::words(code, &self.language);
        self.any = true;
        self.write(cells, words);
    }

    /// A row with something wrong in it.
    pub fn refused(&mut self, cells: &[String], wrong: &[Wrong]) {
        let reason = |w: &Wrong| {
            let column = w.column.and_then(|at| self.header.get(at)).filter(|name| !name.is_empty());
            let words = reasons::words(w.code, &self.language);
            column.map_or_else(|| words.to_owned(), |name| format!("{name}: {words}"))
        };
        let all = wrong.iter().map(reason).collect::<Vec<_>>().join("; ");
        self.any = true;
        self.write(cells, &all);
    }

    /// The list as a text; none when every row was brought in.
    pub fn finish(self) -> Option<String> {
        let bytes = self.writer.into_inner().ok()?;
        String::from_utf8(bytes).ok().filter(|_| self.any)
    }

    fn write(&mut self, cells: &[String], reason: &str) {
        let row = cells.iter().map(String::as_str).chain([reason]).map(guarded);
        // Memory takes every byte.
        let _ = self.writer.write_record(row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_row_says_why_and_cannot_calculate() {
        let text = "Nome;CPF;Fone\n=1+1;1;+5511987654321\n\"a;b\";2;3\n";
        let sheet = Sheet::open(text.as_bytes().to_vec()).unwrap();
        let mut refusals = Refusals::of(&sheet, "pt-BR");
        let lines: Vec<_> = sheet.lines().collect();
        let cpf = Wrong { column: Some(1), field: "cpf".into(), code: "invalid_cpf" };
        let way = Wrong { column: None, field: "phone".into(), code: "contact_way_required" };
        refusals.refused(&lines[0].cells, &[cpf, way]);
        refusals.known(&lines[1].cells, "duplicate");
        assert_eq!(
            refusals.finish().unwrap(),
            "\u{feff}Nome;CPF;Fone;Motivo\n'=1+1;1;'+5511987654321;\"CPF: CPF não confere; falta telefone ou e-mail\"\n\
             \"a;b\";2;3;já está cadastrado\n"
        );
    }

    #[test]
    fn nothing_refused_is_no_list() {
        let sheet = Sheet::open(b"a;b\n1;2".to_vec()).unwrap();
        assert_eq!(Refusals::of(&sheet, "en").finish(), None);
    }
}
