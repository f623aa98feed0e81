//! What must never happen on any page: a breach of the content policy, an error on the console, a promise nobody caught, a
//! request to anywhere but the program itself.
use std::sync::Mutex;

use serde_json::{Value, json};
use thirtyfour::WebDriver;

/// Says on the console, in words of our own, what the policy refused.
const LISTENER: &str = "addEventListener('securitypolicyviolation', (event) =>
    console.error('content policy:', event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber));";

/// Remembers what the page heard last: a press that nothing answers to is either not heard or not obeyed.
const HEARD: &str = "{
    const heard = [];
    const told = (at) => at?.tagName ? `${at.tagName.toLowerCase()} «${(at.getAttribute('name') ?? at.textContent).trim().slice(0, 30)}»` : 'the page';
    for (const kind of ['pointerdown', 'mousedown', 'mouseup', 'click', 'submit', 'change', 'focusin', 'focusout', 'scroll']) {
        addEventListener(kind, (event) => {
            heard.push(`${Math.round(performance.now())} ms ${kind} on ${told(event.target)}`);
            if (heard.length > 30) heard.shift();
        }, { capture: true, passive: true });
    }
    Object.defineProperty(window, 'heardOnPage', { get: () => heard });
}";

/// The browser reports every refused request as an error; whoever opens the program without a session gets this one.
const WHO_AM_I: &str =
    "/api/auth/session - Failed to load resource: the server responded with a status of 401";

/// Keeps an eye on one browser.
pub struct Watch {
    home: String,
    seen: Mutex<Vec<String>>,
    forgiven: Mutex<Vec<String>>,
}

impl Watch {
    /// Starts watching a browser that may only speak to `home`.
    pub async fn start(web: &WebDriver, home: &str) -> Self {
        for source in [LISTENER, HEARD] {
            let script = json!({ "source": source });
            web.cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", script).await.unwrap();
        }
        let forgiven = Mutex::new(vec![WHO_AM_I.to_owned()]);
        Self { home: home.to_owned(), seen: Mutex::default(), forgiven }
    }

    /// Takes complaints with `part` in them as meant: the test provokes them.
    pub fn forgive(&self, part: &str) {
        self.forgiven.lock().unwrap().push(part.to_owned());
    }

    /// Everything that went wrong so far.
    pub async fn faults(&self, web: &WebDriver) -> Vec<String> {
        let complaints = web.browser_log().await.unwrap_or_default();
        let severe =
            complaints.into_iter().filter(|entry| entry.level == "SEVERE").map(|entry| entry.message);
        let requests = web.get_log("performance").await.unwrap_or_default();
        let foreign = requests.iter().filter_map(|entry| self.foreign(&entry.message));
        let mut seen = self.seen.lock().unwrap();
        seen.extend(severe.chain(foreign));
        let forgiven = self.forgiven.lock().unwrap();
        seen.iter().filter(|one| !forgiven.iter().any(|part| one.contains(part.as_str()))).cloned().collect()
    }

    /// The address of a request that leaves home.
    fn foreign(&self, message: &str) -> Option<String> {
        let message: Value = serde_json::from_str(message).ok()?;
        let event = &message["message"];
        let url = match event["method"].as_str()? {
            "Network.requestWillBeSent" => event["params"]["request"]["url"].as_str()?,
            "Network.webSocketCreated" => event["params"]["url"].as_str()?,
            _ => return None,
        };
        let rest = url.strip_prefix(&self.home);
        let own = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        // The browser's own pages, as the empty one it opens with, are not ours; no page of ours can ask for them.
        let schemes = ["data:", "blob:", "about:", "chrome:", "chrome-untrusted:"];
        let local = schemes.iter().any(|scheme| url.starts_with(scheme));
        (!own && !local).then(|| format!("request to {url}"))
    }
}

impl super::page::Page {
    /// Takes complaints with `part` in them as meant.
    pub fn forgive(&self, part: &str) {
        self.watch.forgive(part);
    }
}
