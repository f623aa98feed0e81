//! Where made-up people live: real cities with their area codes and postal ranges, streets that every city has.
use super::random::{chance, pick_early, pick_weighted};
use crate::base::brazil::{Cep, Uf};
use fastrand::Rng;

/// An address, whole and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Postal code in the range of the city.
    pub cep: Option<Cep>,
    /// Street with its kind, as `Rua das Acácias`.
    pub street: String,
    /// House number, or `s/n`.
    pub number: String,
    /// Flat or house behind, for some.
    pub complement: Option<String>,
    /// Neighbourhood.
    pub district: &'static str,
    /// City.
    pub city: &'static str,
    /// State.
    pub state: Uf,
}

/// A city: how often it occurs, its name, state, area code and the first five digits of its postal codes.
#[derive(Debug, Clone, Copy)]
pub(super) struct City {
    pub name: &'static str,
    pub state: Uf,
    pub area: u8,
    cep_from: u32,
    cep_to: u32,
}

impl Default for City {
    /// The city of the clinic.
    fn default() -> Self {
        city("Campinas", Uf::Sp, 19, (13_010, 13_106))
    }
}

const fn city(name: &'static str, state: Uf, area: u8, cep: (u32, u32)) -> City {
    City { name, state, area, cep_from: cep.0, cep_to: cep.1 }
}

/// Most people live in the clinic's city and around it; a few come from anywhere.
const CITIES: [(u32, City); 20] = [
    (620, city("Campinas", Uf::Sp, 19, (13_010, 13_106))),
    (70, city("Hortolândia", Uf::Sp, 19, (13_183, 13_189))),
    (60, city("Sumaré", Uf::Sp, 19, (13_170, 13_182))),
    (50, city("Valinhos", Uf::Sp, 19, (13_270, 13_279))),
    (40, city("Vinhedo", Uf::Sp, 19, (13_280, 13_289))),
    (35, city("Indaiatuba", Uf::Sp, 19, (13_330, 13_349))),
    (30, city("Jundiaí", Uf::Sp, 11, (13_201, 13_219))),
    (30, city("São Paulo", Uf::Sp, 11, (1_001, 5_899))),
    (8, city("Rio de Janeiro", Uf::Rj, 21, (20_010, 23_798))),
    (8, city("Belo Horizonte", Uf::Mg, 31, (30_110, 31_999))),
    (6, city("Curitiba", Uf::Pr, 41, (80_010, 82_999))),
    (6, city("Salvador", Uf::Ba, 71, (40_010, 42_499))),
    (6, city("Recife", Uf::Pe, 81, (50_010, 52_999))),
    (6, city("Fortaleza", Uf::Ce, 85, (60_010, 61_599))),
    (5, city("Porto Alegre", Uf::Rs, 51, (90_010, 91_999))),
    (5, city("Brasília", Uf::Df, 61, (70_040, 72_799))),
    (5, city("Goiânia", Uf::Go, 62, (74_003, 74_899))),
    (4, city("Florianópolis", Uf::Sc, 48, (88_010, 88_099))),
    (3, city("Belém", Uf::Pa, 91, (66_010, 66_999))),
    (3, city("Manaus", Uf::Am, 92, (69_005, 69_099))),
];

#[rustfmt::skip]
const STREETS: [&str; 40] = [
    "Rua das Acácias", "Rua XV de Novembro", "Rua Sete de Setembro", "Avenida Brasil", "Rua São José",
    "Rua Tiradentes", "Rua Duque de Caxias", "Avenida Getúlio Vargas", "Rua José Bonifácio",
    "Rua Santos Dumont", "Rua Rui Barbosa", "Rua Castro Alves", "Rua Santa Catarina", "Rua das Flores",
    "Avenida Paulista", "Rua Bela Vista", "Rua Dom Pedro II", "Rua Marechal Deodoro", "Rua São Paulo",
    "Rua Minas Gerais", "Rua Bahia", "Rua Amazonas", "Rua dos Ipês", "Rua das Palmeiras", "Travessa São João",
    "Rua Machado de Assis", "Rua Monteiro Lobato", "Alameda dos Jacarandás", "Rua Princesa Isabel",
    "Rua Benjamin Constant", "Rua Barão de Jaguara", "Avenida da Saudade", "Rua Padre Anchieta",
    "Rua Carlos Gomes", "Rua Cecília Meireles", "Rua Cora Coralina", "Estrada da Rhodia", "Praça da Matriz",
    "Rua Chiquinha Gonzaga", "Avenida das Amoreiras",
];

#[rustfmt::skip]
const DISTRICTS: [&str; 22] = [
    "Centro", "Jardim Primavera", "Vila Nova", "Jardim São José", "Vila Industrial", "Bela Vista",
    "Santa Cruz", "Jardim Paulista", "Boa Vista", "Parque das Nações", "São Bernardo", "Vila Mariana",
    "Jardim América", "Cidade Nova", "Santo Antônio", "Jardim das Oliveiras", "Parque Industrial",
    "Nova Esperança", "Ponte Preta", "Taquaral", "Residencial Eldorado", "Vila Aurora",
];

/// A city, by how many of the patients live there.
pub(super) fn a_city(rng: &mut Rng) -> City {
    pick_weighted(rng, &CITIES)
}

/// An address in it.
pub(super) fn an_address(rng: &mut Rng, city: City) -> Address {
    let area = rng.u32(city.cep_from..=city.cep_to);
    let end = rng.u32(0..900);
    Address {
        cep: Cep::parse(&format!("{area:05}{end:03}")).ok(),
        street: pick_early(rng, &STREETS).to_owned(),
        number: if chance(rng, 3) { "s/n".to_owned() } else { rng.u32(1..2400).to_string() },
        complement: a_complement(rng),
        district: pick_early(rng, &DISTRICTS),
        city: city.name,
        state: city.state,
    }
}

fn a_complement(rng: &mut Rng) -> Option<String> {
    match rng.u32(0..100) {
        0..22 => Some(format!("Apto {}{}", rng.u32(1..16), rng.u32(1..5))),
        22..28 => Some(format!("Bloco {} apto {:02}", char::from(rng.u8(b'A'..=b'F')), rng.u32(1..45))),
        28..33 => Some("Casa 2".to_owned()),
        33..35 => Some("Fundos".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::random::{Stream, dice};
    use super::*;
    use crate::base::brazil::phone::AREA_CODES;

    #[test]
    fn every_city_has_a_real_area_code_and_a_right_postal_range() {
        for (_, city) in CITIES {
            assert!(AREA_CODES.contains(&city.area) && city.cep_from <= city.cep_to, "{}", city.name);
            for _ in 0..20 {
                let address = an_address(&mut dice(3, Stream::Details, u64::from(city.area)), city);
                assert!(address.cep.is_some() && address.state == city.state);
            }
        }
    }

    #[test]
    fn most_people_live_in_the_city_of_the_clinic() {
        let mut rng = dice(4, Stream::Details, 0);
        let near = (0..1000).filter(|_| a_city(&mut rng).area == 19).count();
        assert!((850..970).contains(&near), "{near}");
    }
}
