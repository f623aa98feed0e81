//! A hostile page in the same browser as an owner who is signed in: on another port of the same machine, which browsers take for
//! the same site, and under another name. It may try what it likes; nothing changes and nothing is told.
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{clinic::Clinic, driver, page::Page};

/// Serves one page to whoever asks, under every path.
async fn serve(page: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            let page = page.clone();
            tokio::spawn(async move {
                let _ = line.read(&mut [0; 4096]).await;
                let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n";
                let _ = line
                    .write_all(format!("{head}content-length: {}\r\n\r\n{page}", page.len()).as_bytes())
                    .await;
            });
        }
    });
    port
}

/// Everything a page can do to another address with the visitor's cookies. `stolen` is whatever it was told.
const ATTACK: &str = r#"<!doctype html><title>Promoção</title><body><script>
const home = 'HOME', stolen = [];
const patient = JSON.stringify({ name: 'Paciente Forjado', phone: '11955550000' });
const room = JSON.stringify({ name: 'Sala Forjada' });
const told = (what) => (value) => { stolen.push(`${what}: ${value}`); };
const writes = [['/api/contacts?clinic_id=1', patient], ['/api/clinic/1/rooms', room], ['/api/auth/logout', '{}'], ['/api/auth/lock', '{}'],
  ['/api/auth/login', JSON.stringify({ clinic_id: 1, email: 'x@y.example', password: 'x' })], ['/api/setup/demo/leave', '{}']];
const tries = [];
for (const [path, body] of writes) {
  for (const mode of ['no-cors', 'cors']) for (const type of ['text/plain', 'application/json', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    tries.push(fetch(home + path, { method: 'POST', mode, body, credentials: 'include', headers: { 'content-type': type } })
      .then((answer) => answer.text()).then((text) => text && told(path)(text)).catch(() => {}));
  }
  navigator.sendBeacon(home + path, new Blob([body], { type: 'text/plain' }));
  navigator.sendBeacon(home + path, body);
  for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const frame = Object.assign(document.createElement('iframe'), { name: `f${document.forms.length}` });
    const form = Object.assign(document.createElement('form'), { action: home + path, method: 'post', enctype, target: frame.name });
    const [head, tail] = [body.slice(0, -2) + ',"x":"', '"}'];
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: head, value: tail }));
    document.body.append(frame, form);
    form.submit();
  }
}
for (const method of ['PATCH', 'DELETE', 'PUT']) {
  tries.push(fetch(`${home}/api/contacts/1?clinic_id=1`, { method, body: '{"name":"Forjado"}', credentials: 'include', headers: { 'if-match': '"1"' } }).then((a) => told(method)(a.status)).catch(() => {}));
}
for (const path of ['/api/contacts?clinic_id=1', '/api/agenda?clinic_id=1&date=2026-11-24', '/api/auth/session', '/api/audit/export?clinic_id=1', '/openapi.json']) {
  tries.push(fetch(home + path, { credentials: 'include' }).then((answer) => answer.text()).then(told(path)).catch(() => {}));
  tries.push(new Promise((done) => { const script = document.createElement('script'); script.src = home + path; script.onload = () => { told('script ' + path)('ran'); done(); }; script.onerror = done; document.body.append(script); }));
  tries.push(new Promise((done) => { const image = new Image(); image.onload = () => { told('image ' + path)('shown'); done(); }; image.onerror = done; image.src = home + path; }));
}
const events = new EventSource(`${home}/api/events?clinic_id=1`, { withCredentials: true });
events.onopen = () => told('events')('open');
const frame = document.createElement('iframe');
frame.src = `${home}/agenda`;
document.body.append(frame);
tries.push(new Promise((done) => { frame.onload = () => { try { if (frame.contentDocument?.body?.innerText) told('frame')(frame.contentDocument.body.innerText); } catch {} done(); }; setTimeout(done, 3000); }));
Promise.allSettled(tries).then(() => new Promise((done) => setTimeout(done, 700))).then(() => { window.stolen = stolen; });
</script>"#;

/// What an attack could have changed.
async fn picture(clinic: &Clinic) -> Vec<Value> {
    let owner = &clinic.owner;
    let mut all = Vec::new();
    for path in [
        "/api/contacts?limit=100".to_owned(),
        owner.clinic("/rooms"),
        owner.clinic("/users/management"),
        owner.clinic(""),
    ] {
        all.push(owner.ask(reqwest::Method::GET, &path, None, None).await.1);
    }
    all
}

/// How many sessions and entries of writing there are.
async fn writes(clinic: &Clinic) -> usize {
    let trail = clinic.owner.get("/api/audit?limit=200").await;
    let wrote = |entry: &&Value| {
        let verb = entry["verb"].as_str().unwrap();
        entry["outcome"] == "done"
            && ["created", "updated", "deleted", "signed_out", "locked", "signed_in"].contains(&verb)
    };
    trail["items"].as_array().unwrap().iter().filter(wrote).count()
}

async fn visit(page: &Page, address: &str) -> Vec<String> {
    page.web().goto(address).await.unwrap();
    page.until("window.stolen !== undefined", "the attack has come to its end").await;
    page.run("window.stolen").await
}

#[tokio::test]
async fn a_page_from_elsewhere_changes_nothing_and_learns_nothing() {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let clinic = Clinic::open().await;
    clinic.patient("Marina Lopes", "11987654321").await;
    let page = clinic.sit_down(&clinic.owner, "/agenda").await;
    page.reads("Ao vivo").await;
    let (before, entries) = (picture(&clinic).await, writes(&clinic).await);
    let port = serve(ATTACK.replace("HOME", &clinic.program.address)).await;
    for name in ["127.0.0.1", "localhost"] {
        let stolen = visit(&page, &format!("http://{name}:{port}/")).await;
        assert_eq!(stolen, Vec::<String>::new(), "from {name}");
        assert_eq!(picture(&clinic).await, before, "from {name} something was changed");
        assert_eq!(writes(&clinic).await, entries, "from {name} something was written");
    }
    // The owner is still signed in, the screen is not locked, and what is refused to others is granted here.
    page.goto("/agenda").await;
    page.reads("Ao vivo").await;
    let body = json!({ "name": "Sala Própria" }).to_string();
    let own = format!(
        "fetch('/api/clinic/1/rooms', {{ method: 'POST', headers: {{ 'content-type': 'application/json' }}, body: {} }}).then((a) => a.status)",
        json!(body)
    );
    assert_eq!(page.run::<u16>(&own).await, 201);
    page.forgive("");
    page.leave().await;
}
