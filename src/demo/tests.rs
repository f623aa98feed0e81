//! The clinic as a whole, and what the other tests of this folder start from.
use super::*;

/// A Tuesday at 10:20 in Campinas.
pub(super) const NOW: &str = "2026-11-24T13:20:00Z";

/// A clinic at that moment.
pub(super) fn demo(seed: u64, size: Size) -> Demo {
    Demo::new(seed, size, NOW.parse().unwrap(), TimeZone::get("America/Sao_Paulo").unwrap())
}

#[test]
fn the_run_lies_around_today() {
    let demo = demo(1, Size::Clinic);
    assert_eq!(demo.today().to_string(), "2026-11-24");
    assert_eq!((demo.until() - demo.since()).get_days(), 365);
}

#[test]
fn the_clinic_itself_is_complete() {
    let clinic = demo(1, Size::Clinic).clinic();
    assert!(clinic.cnpj.is_some() && clinic.phone.is_some() && clinic.address.cep.is_some());
    assert_eq!(clinic.specialties.len(), 8);
    assert!(crate::base::mail::Email::parse(clinic.email).is_ok());
    assert!(TAGS.iter().all(|tag| tag.color < 12));
}
