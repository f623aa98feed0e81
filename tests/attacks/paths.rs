//! Ways out of the folder: nothing of this machine's files is ever answered, whatever is written into a path.
use poem::{Request, http::Method};

use crate::support::World;

const TARGETS: [&str; 7] = [
    "etc/passwd",
    "windows/win.ini",
    "machine.key",
    "clinics/1/clinic.db",
    "clinics/1/clinic.key",
    "Cargo.toml",
    "src/main.rs",
];
const STEPS: [&str; 14] = [
    "../",
    "..%2f",
    "%2e%2e/",
    "%2e%2e%2f",
    "..%5c",
    "..\\",
    "....//",
    "..;/",
    "%252e%252e%252f",
    "..%c0%af",
    "%uff0e%uff0e/",
    "..%00/",
    "/",
    "file:///",
];
/// What stands before: the root, the folders the screens are made of, and every kind of number in a path.
const BEFORE: [&str; 12] = [
    "/",
    "/assets/",
    "/assets/views/",
    "/i18n/",
    "/styles/",
    "/api/contacts/",
    "/api/clinic/1/rooms/",
    "/api/contacts/imports/",
    "/api/calendar/feeds/",
    "/problems/",
    "/docs/",
    "/trust/",
];
/// What only a file of this machine has.
const SIGNS: [&str; 5] = ["root:", "[fonts]", "[package]", "fn main", "\"slots\""];

#[tokio::test(flavor = "multi_thread")]
async fn no_path_leads_out_of_the_program() {
    let world = World::new().await;
    let owner = world.owner().await;
    let key = std::fs::read_to_string(world.folder.path().join("machine.key")).unwrap();
    let mut asked = 0;
    for before in BEFORE {
        for step in STEPS {
            for target in TARGETS {
                for times in [1, 6] {
                    let path = format!("{before}{}{target}", step.repeat(times));
                    let Ok(uri) = path.parse::<poem::http::Uri>() else { continue };
                    let request =
                        Request::builder().method(Method::GET).uri(uri).header("cookie", owner.cookie());
                    let answer = owner.ask(request.finish()).await;
                    let text = String::from_utf8_lossy(&answer.bytes);
                    asked += 1;
                    assert!(answer.status.as_u16() < 500, "{path}: {text}");
                    assert!(!text.contains(key.trim()), "{path} answered the machine's key");
                    for sign in SIGNS {
                        assert!(!text.contains(sign), "{path} answered {sign}: {text}");
                    }
                }
            }
        }
    }
    assert!(asked > 1500, "only {asked} paths were asked for");
}
