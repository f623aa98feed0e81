//! Alerts that leave the computer: they arrive at real mail servers and addresses on this machine, what does not arrive is told,
//! and nobody waits for it.
use std::{fs, process::Command, time::Duration};

use serde_json::{Value, json};
use taskmed::{
    base::{Instant, mail::Email},
    features::observability::{
        AlertMail, delivery, letter::Language, mail::Mail, watch::Watcher, webhook::Webhook,
    },
    telemetry::{
        alerts::{RuleName, Severity, State},
        messages::{Channel, Message, Way},
        observatory::AlertEvent,
    },
    web::smtp::{MailServer, Security},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use zeroize::Zeroizing;

use crate::support::{
    World,
    post_office::{Manner, PostOffice},
};

const WAYS: &str = "/api/observability/messages";
const TEST: &str = "/api/observability/messages/test";
const ALERTS: &str = "/api/observability/alerts";

fn address(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn to(office: &PostOffice, people: &[&str]) -> AlertMail {
    let from = address("taskmed@sol.example");
    let server = MailServer {
        patience: Duration::from_millis(700),
        ..MailServer::new("localhost".to_owned(), office.port, Security::None, from)
    };
    AlertMail {
        server,
        to: people.iter().map(|one| address(one)).collect(),
        language: Some(Language::Portuguese),
    }
}

/// Sends by mail from now on; what does not arrive is tried twice more at once.
fn write_to(world: &World, mail: &AlertMail) {
    for one in Mail::for_each(mail, &world.context) {
        delivery::start(&world.context, one.trying_again(vec![Duration::from_millis(5); 2]));
    }
}

fn alert(rule: RuleName) -> Message {
    let (state, severity, at) = (State::Firing, Severity::Warning, Instant(1_795_521_600));
    Message::Alert(AlertEvent {
        rule,
        clinic_id: None,
        state,
        severity,
        value: Some(1.0),
        at,
        since: Some(at),
    })
}

fn way(world: &World, channel: Channel) -> &Way {
    world.context.observatory.messages.way(channel)
}

/// Waits until all was sent or given up.
async fn settled(world: &World, channel: Channel, messages: u64) {
    let way = way(world, channel);
    for _ in 0..1000 {
        if way.sent.get() + way.failed.get() >= messages && way.under_way() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{way:?}");
}

async fn look(world: &World, watcher: &mut Watcher, seconds: i64) {
    for _ in 0..seconds / 10 {
        world.clock.advance(10);
        watcher.look(&world.context).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_of_the_settings_reads_that_something_is_wrong_and_that_it_is_over() {
    let (world, office) = (World::new().await, PostOffice::open(Manner::Open).await);
    write_to(&world, &to(&office, &["ana@sol.example", "suporte@ti.example"]));
    let mut watcher = Watcher::default();
    let meter = world.context.observatory.meter.path("/api/agenda", ["GET"]);
    for _ in 0..24 {
        (0..50).for_each(|_| meter.record("GET", 200, Duration::from_millis(90)));
        look(&world, &mut watcher, 10).await;
    }
    let began = office.has(2).await;
    let mut people: Vec<_> = began.iter().map(|one| one.to.as_str()).collect();
    people.sort_unstable();
    assert_eq!(people, ["ana@sol.example", "suporte@ti.example"]);
    for line in [
        "As telas estão demorando\n",
        "Gravidade: grave",
        "Desde: 24/11/2026 09:0",
        "O que fazer: Feche programas pesados",
    ] {
        assert!(began[0].text.contains(line), "{line} is not in {}", began[0].text);
    }
    for _ in 0..30 {
        (0..50).for_each(|_| meter.record("GET", 200, Duration::from_millis(1)));
        look(&world, &mut watcher, 10).await;
    }
    let all = office.has(4).await;
    assert!(
        all[3].text.contains("Resolvido em: 24/11/2026 09:0")
            && all[3].text.contains("In-Reply-To: <response_time.0.")
    );
    settled(&world, Channel::Email, 4).await;
    assert_eq!((way(&world, Channel::Email).sent.get(), way(&world, Channel::Email).failed.get()), (4, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_later_is_asked_again_and_one_that_refuses_is_not() {
    let world = World::new().await;
    let (later, refuses) =
        (PostOffice::open(Manner::Later(2)).await, PostOffice::open(Manner::Refuses).await);
    write_to(&world, &to(&later, &["ana@sol.example"]));
    write_to(&world, &to(&refuses, &["bia@sol.example"]));
    world.context.observatory.messages.say(alert(RuleName::Disk));
    settled(&world, Channel::Email, 2).await;
    let mail = way(&world, Channel::Email);
    assert_eq!((mail.sent.get(), mail.failed.get(), later.taken().len()), (1, 1, 1));
    let tries = refuses.heard_in_the_open().matches("RCPT").count();
    assert_eq!(tries, 1, "what is refused for good is refused again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_nothing_keeps_nobody_else_waiting() {
    let world = World::new().await;
    let (hangs, open) = (PostOffice::open(Manner::Hangs).await, PostOffice::open(Manner::Open).await);
    write_to(&world, &to(&hangs, &["ana@sol.example"]));
    write_to(&world, &to(&open, &["bia@sol.example"]));
    let said = std::time::Instant::now();
    (0..200).for_each(|_| world.context.observatory.messages.say(alert(RuleName::Disk)));
    assert!(said.elapsed() < Duration::from_secs(2), "{:?}", said.elapsed());
    // Of so many at once the oldest are left out; the newest still arrive.
    open.has(64).await;
    assert!(
        hangs.taken().is_empty() && way(&world, Channel::Email).under_way() > 0,
        "one is still being tried"
    );
    let mut watcher = Watcher::default();
    let looked = tokio::time::timeout(Duration::from_secs(20), look(&world, &mut watcher, 30)).await;
    assert!(looked.is_ok(), "the rules wait for a mail server");
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_do_not_arrive_ring_once_and_resolve_after_an_hour() {
    let (world, refuses) = (World::new().await, PostOffice::open(Manner::Refuses).await);
    let (owner, mut watcher) = (world.owner().await, Watcher::default());
    write_to(&world, &to(&refuses, &["ana@sol.example"]));
    let told = async || {
        let alerts = owner.get(ALERTS).await.expect(200);
        alerts["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["rule"] == "messages_failed")
            .cloned()
            .unwrap()
    };
    look(&world, &mut watcher, 30).await;
    assert_eq!(told().await["state"], "quiet");
    world.context.observatory.messages.say(alert(RuleName::Disk));
    settled(&world, Channel::Email, 1).await;
    look(&world, &mut watcher, 20).await;
    // The letter that tells of the lost one is lost as well, and rings nothing.
    settled(&world, Channel::Email, 2).await;
    let rung = told().await;
    assert_eq!(
        (&rung["state"], &rung["value"], &rung["severity"]),
        (&json!("firing"), &json!(1.0), &json!("warning"))
    );
    look(&world, &mut watcher, 1800).await;
    assert_eq!(told().await["state"], "firing");
    look(&world, &mut watcher, 1900).await;
    let over = told().await;
    assert_eq!((&over["state"], &over["times"]), (&json!("resolved"), &json!(1)));
    settled(&world, Channel::Email, 3).await;
    look(&world, &mut watcher, 7200).await;
    assert_eq!(told().await["times"], 1, "lost letters about lost letters must not ring for ever");
    assert_eq!(way(&world, Channel::Email).failed.get(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn name_and_password_go_over_tls_and_nothing_goes_where_there_is_none() {
    let world = World::new().await;
    let login = Some(("sol".to_owned(), Zeroizing::new("senha do correio".to_owned())));
    let secured = |office: &PostOffice, security: Security| {
        let mut mail = to(office, &["ana@sol.example"]);
        mail.server.authority = Some(office.certificate.clone().into_bytes());
        mail.server =
            MailServer { security, login: login.clone(), patience: Duration::from_secs(10), ..mail.server };
        mail
    };
    let (upgraded, implicit) =
        (PostOffice::open(Manner::StartTls).await, PostOffice::open(Manner::Implicit).await);
    let (bare, strange) = (PostOffice::open(Manner::Open).await, PostOffice::open(Manner::StartTls).await);
    write_to(&world, &secured(&upgraded, Security::StartTls));
    write_to(&world, &secured(&implicit, Security::Implicit));
    write_to(&world, &secured(&bare, Security::StartTls));
    // Its certificate is another one than the one that is trusted.
    let mut unknown = secured(&strange, Security::StartTls);
    unknown.server.authority = Some(bare.certificate.clone().into_bytes());
    write_to(&world, &unknown);
    world.context.observatory.messages.say(alert(RuleName::Disk));
    for office in [&upgraded, &implicit] {
        let taken = office.has(1).await;
        assert!(taken[0].over_tls && taken[0].login.is_some(), "{taken:?}");
    }
    settled(&world, Channel::Email, 4).await;
    for office in [&bare, &strange] {
        let heard = office.heard_in_the_open();
        assert!(heard.contains("EHLO") && !heard.contains("AUTH") && !heard.contains("MAIL"), "{heard}");
        assert!(office.taken().is_empty());
    }
    assert_eq!(way(&world, Channel::Email).sent.get(), 2);
}

/// Answers each request with the next status; what it was asked.
async fn listen(listener: TcpListener, statuses: &[u16]) -> Vec<String> {
    let mut asked = Vec::new();
    for status in statuses {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (mut text, mut buffer) = (String::new(), [0; 4096]);
        while !text.ends_with('}') {
            let n = stream.read(&mut buffer).await.unwrap();
            text.push_str(std::str::from_utf8(&buffer[..n]).unwrap());
        }
        asked.push(text);
        let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
    asked
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_posted_until_it_arrives_or_is_refused_for_good_and_then_comes_the_next() {
    let world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/ring?key=7", listener.local_addr().unwrap());
    delivery::start(&world.context, Webhook::new(address).trying_again(vec![Duration::from_millis(1); 2]));
    for rule in [RuleName::Disk, RuleName::Clock, RuleName::Capacity] {
        world.context.observatory.messages.say(alert(rule));
    }
    let asked = listen(listener, &[500, 204, 410, 200]).await;
    let rule =
        |text: &String| text.split("\"rule\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(asked.iter().map(rule).collect::<Vec<_>>(), ["disk", "disk", "clock", "capacity"]);
    assert!(asked[0].starts_with("POST /ring?key=7 HTTP/1.1\r\n"), "{}", asked[0]);
    assert!(asked[0].contains("\"at\":\"2026-11-24T12:00:00Z\""), "{}", asked[0]);
    settled(&world, Channel::Webhook, 3).await;
    assert_eq!(
        (way(&world, Channel::Webhook).sent.get(), way(&world, Channel::Webhook).failed.get()),
        (2, 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_nobody_listens_at_is_given_up() {
    let world = World::new().await;
    let nobody = Webhook::new("http://127.0.0.1:1/".to_owned()).trying_again(vec![Duration::from_millis(1)]);
    delivery::start(&world.context, nobody);
    delivery::start(&world.context, Webhook::new("https://".to_owned()).trying_again(Vec::new()));
    world.context.observatory.messages.say(alert(RuleName::Disk));
    settled(&world, Channel::Webhook, 2).await;
    assert_eq!(way(&world, Channel::Webhook).failed.get(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_tries_whether_messages_arrive_and_that_is_on_the_trail() {
    let (world, office) = (World::new().await, PostOffice::open(Manner::Open).await);
    let owner = world.owner().await;
    owner.send(poem::http::Method::POST, TEST, &[], None).await.problem(409, "no_way_out");
    let none = owner.get(WAYS).await.expect(200);
    let channels: Vec<_> =
        none["items"].as_array().unwrap().iter().map(|way| (&way["channel"], &way["recipients"])).collect();
    assert_eq!(channels, [(&json!("webhook"), &json!(0)), (&json!("email"), &json!(0))]);
    write_to(&world, &to(&office, &["ana@sol.example"]));
    owner.send(poem::http::Method::POST, TEST, &[], None).await.expect(200);
    assert!(office.has(1).await[0].text.contains("Chegaram."));
    settled(&world, Channel::Email, 1).await;
    let email = owner.get(WAYS).await.expect(200)["items"][1].clone();
    assert_eq!((&email["recipients"], &email["sent"], &email["failed"]), (&json!(1), &json!(1), &json!(0)));
    assert_eq!((&email["sent_at"], &email["failed_at"]), (&json!("2026-11-24T12:00:00Z"), &Value::Null));
    let trail = owner.get("/api/audit?verb=tested").await.expect(200);
    assert_eq!(trail["items"].as_array().unwrap().len(), 1);
}

#[test]
fn the_settings_name_every_wrong_field_and_never_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let show = |settings: &str| {
        fs::write(folder.path().join("taskmed.toml"), settings).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_taskmed"));
        command.args(["config", "show", "--data"]).arg(folder.path()).env_remove("TASKMED_MAIL_PASSWORD");
        let out = command.output().unwrap();
        let said =
            format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        (out.status.code(), said)
    };
    fs::write(folder.path().join("mail.password"), "senha do correio\n").unwrap();
    let right = "[alert_mail]\nserver = \"smtp.sol.example\"\nuser = \"sol\"\npassword_file = \"mail.password\"\n\
                 from = \"taskmed@sol.example\"\nto = [\"ana@sol.example\", \"bia@sol.example\"]\n";
    let (code, said) = show(right);
    assert!(code == Some(0) && said.contains("alert_mail = smtp.sol.example for 2 people"), "{said}");
    assert!(!said.contains("senha do correio"), "{said}");
    let (code, said) = show("[alert_mail]\nport = 0\npassword = \"senha do correio\"\nto = [\"bia\"]");
    assert_eq!(code, Some(78), "{said}");
    for field in ["server", "port", "password", "from", "to"] {
        assert!(said.contains(&format!("alert_mail.{field} ")), "{field} is not in {said}");
    }
    assert!(!said.contains("senha do correio"), "{said}");
}
