//! What letters say.
use super::*;
use crate::telemetry::alerts::Severity;

const NOON: Instant = Instant(1_795_521_600);

fn on(languages: &[Language]) -> Stationery {
    let zone = TimeZone::get("America/Sao_Paulo").unwrap();
    Stationery { languages: languages.to_vec(), computer: "recepcao".to_owned(), zone }
}

fn event(rule: RuleName, state: State) -> AlertEvent {
    let (clinic_id, severity) = (None, Severity::Critical);
    AlertEvent { rule, clinic_id, state, severity, value: Some(512e6), at: NOON, since: Some(NOON) }
}

fn letter(event: AlertEvent, languages: &[Language]) -> Letter {
    of(&Message::Alert(event), &on(languages)).unwrap()
}

#[test]
fn a_letter_says_what_how_bad_since_when_and_what_to_do() {
    let told = letter(event(RuleName::Disk, State::Firing), &[Language::Portuguese]);
    assert_eq!(told.subject, "TaskMed: O disco está ficando cheio");
    for line in [
        "Gravidade: muito grave: alguém precisa agir agora\n",
        "Desde: 24/11/2026 09:00 (America/Sao_Paulo)\n",
        "Computador: recepcao\n",
        "Medido: 512 MB (avisa abaixo de 1074 MB)\n",
        "O que fazer: Apague arquivos que não usa",
    ] {
        assert!(told.text.contains(line), "{line} is not in {}", told.text);
    }
    assert_eq!((told.id.as_str(), told.answers), ("disk.0.1795521600", None));
}

#[test]
fn where_no_language_is_set_portuguese_comes_first_and_english_after_it() {
    let told = letter(event(RuleName::Clock, State::Firing), &[Language::Portuguese, Language::English]);
    assert_eq!(
        told.subject,
        "TaskMed: O relógio do computador mudou / TaskMed: The computer’s clock has moved"
    );
    let (first, second) = (told.text.find("Gravidade:").unwrap(), told.text.find("How bad:").unwrap());
    assert!(first < second, "{}", told.text);
}

#[test]
fn that_it_is_over_is_told_in_the_same_thread() {
    let at = Instant(NOON.0 + 3600);
    let over = AlertEvent { at, ..event(RuleName::Disk, State::Resolved) };
    let told = letter(over, &[Language::Portuguese]);
    assert_eq!(told.subject, "TaskMed, resolvido: O disco está ficando cheio");
    assert!(
        told.text.contains("Resolvido em: 24/11/2026 10:00") && !told.text.contains("O que fazer"),
        "{}",
        told.text
    );
    assert_eq!(told.answers.as_deref(), Some("disk.0.1795521600"));
    assert_ne!(Some(told.id), told.answers);
}

#[test]
fn what_somebody_says_to_an_alert_is_not_written_about() {
    for state in [State::Acknowledged, State::Silenced] {
        assert_eq!(of(&Message::Alert(event(RuleName::Disk, state)), &on(&[Language::English])), None);
    }
}

#[test]
fn a_trial_is_a_letter_too() {
    let told = of(&Message::Trial(NOON), &on(&[Language::Portuguese, Language::English])).unwrap();
    assert_eq!(told.subject, "TaskMed: mensagem de teste / TaskMed: test message");
    assert!(told.text.contains("Chegaram.") && told.text.contains("They do."), "{}", told.text);
}

#[test]
fn letters_say_of_every_rule_what_the_screen_says() {
    for (language, folder) in [(Language::Portuguese, "pt-BR"), (Language::English, "en")] {
        let file = format!("{}/assets/i18n/{folder}/health.js", env!("CARGO_MANIFEST_DIR"));
        let screen = std::fs::read_to_string(file).unwrap();
        for rule in RuleName::ALL {
            let words = language.words(*rule);
            for (what, said) in [("", words.title), ("_means", words.means), ("_do", words.remedy)] {
                let line = format!("  alert_{}{what}: '{said}',\n", rule.code());
                assert!(screen.contains(&line), "{folder} has no {line}");
            }
        }
    }
}
