//! A page as a person meets it: things found by role and name, waited for, clicked and typed into by real input events.
use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::WebDriver;

use super::{
    driver::{Browser, Driver},
    target::Target,
    watch::Watch,
};

/// How long anything may take to appear before a test fails. What may take how long is measured elsewhere, on its own: here a slow
/// disk or many tests at once must not read as a fault.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a condition is looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// Width and height of a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u32, pub u32);

pub const DESK: Size = Size(1366, 860);
pub const TABLET: Size = Size(768, 1024);
pub const PHONE: Size = Size(375, 812);

/// One browser with one page.
pub struct Page {
    browser: Option<Browser>,
    pub(super) watch: Watch,
    address: String,
    /// Key presses so far.
    pub(super) keys: AtomicUsize,
    /// Pointer acts so far: clicks and drags.
    pub(super) pointer: AtomicUsize,
}

/// Something on the page, as the accessibility tree has it.
#[derive(Clone, Debug)]
pub struct Node {
    pub id: i64,
    pub name: String,
    pub value: String,
}

impl Page {
    /// A browser on an empty page, watched from the start.
    pub async fn open(address: &str) -> Self {
        let browser = Driver::running().open().await;
        let watch = Watch::start(browser.web(), address).await;
        let zero = || AtomicUsize::new(0);
        let page = Self {
            browser: Some(browser),
            watch,
            address: address.to_owned(),
            keys: zero(),
            pointer: zero(),
        };
        page.show(DESK, "light").await;
        page
    }

    pub(super) fn web(&self) -> &WebDriver {
        self.browser.as_ref().expect("the browser is open until the page is left").web()
    }

    /// Sends a command of the browser's own protocol.
    pub(super) async fn tell(&self, method: &str, parameters: Value) -> Value {
        let answer = self.web().cdp().send_raw(method, parameters).await;
        answer.unwrap_or_else(|why| panic!("{method}: {why}"))
    }

    /// Sets this computer's clock wrong, from the next page on.
    pub async fn set_clock_wrong(&self, minutes: i64) {
        let source = format!(
            "{{ const right = Date; window.Date = class extends right {{
                constructor(...parts) {{ super(...(parts.length ? parts : [right.now() + {minutes} * 60000])); }}
                static now() {{ return right.now() + {minutes} * 60000; }}
            }}; }}"
        );
        self.tell("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
    }

    /// Takes on a session opened elsewhere.
    pub async fn take_session(&self, session: &str) {
        let cookie = json!({ "name": "taskmed_session", "value": session, "url": self.address, "httpOnly": true, "sameSite": "Strict" });
        self.tell("Network.setCookie", cookie).await;
    }

    /// Goes to an address of the program.
    pub async fn goto(&self, path: &str) {
        self.web().goto(format!("{}{path}", self.address)).await.unwrap();
    }

    /// Waits until the path is that.
    pub async fn arrives(&self, path: &str) {
        let is = format!("location.pathname === {}", json!(path));
        self.until(&is, &format!("the page is at {path}")).await;
    }

    /// Does something after which the whole page is loaded anew, and waits for that. Looking for things on a page that is just
    /// being replaced ends the driver's session.
    pub async fn loads_anew(&self, act: impl Future<Output = ()>) {
        self.run::<bool>("window.isOfBefore = true").await;
        act.await;
        self.until("!window.isOfBefore && document.readyState === 'complete'", "the page loads anew").await;
    }

    /// Sets the size of the screen and the theme of the system. Narrow screens are touched.
    pub async fn show(&self, size: Size, theme: &str) {
        let touched = size.0 < 1000;
        let metrics = json!({ "width": size.0, "height": size.1, "deviceScaleFactor": 1, "mobile": touched });
        self.tell("Emulation.setDeviceMetricsOverride", metrics).await;
        self.tell("Emulation.setTouchEmulationEnabled", json!({ "enabled": touched })).await;
        let features = json!([
            { "name": "prefers-color-scheme", "value": theme },
            // What moves is not where it seems to be when it is clicked.
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.tell("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Runs a script and gives what it ends with; promises are waited for.
    pub async fn run<T: DeserializeOwned>(&self, script: &str) -> T {
        let asked = json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
        let answer = self.tell("Runtime.evaluate", asked).await;
        if let Some(wrong) = answer.get("exceptionDetails") {
            panic!("{script}: {wrong}");
        }
        let value = answer["result"].get("value").cloned().unwrap_or(Value::Null);
        serde_json::from_value(value.clone()).unwrap_or_else(|why| panic!("{script} gave {value}: {why}"))
    }

    /// Calls a function with something on the page as `this`.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        node: &Node,
        function: &str,
        arguments: &[Value],
    ) -> Option<T> {
        let resolved =
            self.web().cdp().send_raw("DOM.resolveNode", json!({ "backendNodeId": node.id })).await.ok()?;
        let arguments: Vec<Value> = arguments.iter().map(|value| json!({ "value": value })).collect();
        let asked = json!({
            "objectId": resolved["object"]["objectId"], "functionDeclaration": function, "arguments": arguments,
            "returnByValue": true, "awaitPromise": true,
        });
        let answer = self.web().cdp().send_raw("Runtime.callFunctionOn", asked).await.ok()?;
        serde_json::from_value(answer["result"].get("value").cloned().unwrap_or(Value::Null)).ok()
    }

    /// What fits a target now, in the order of the page.
    pub async fn all(&self, target: &Target) -> Vec<Node> {
        self.find_all(target).await.unwrap_or_default()
    }

    async fn find_all(&self, target: &Target) -> Option<Vec<Node>> {
        let mut steps = vec![target];
        while let Some(outer) = steps.last().and_then(|step| step.inside.as_deref()) {
            steps.push(outer);
        }
        let cdp = self.web().cdp();
        // Asking for the document first makes every node known by number; without children it costs next to nothing.
        let document = cdp.send_raw("DOM.getDocument", json!({ "depth": 0 })).await.ok()?;
        let mut roots = vec![document["root"]["backendNodeId"].as_i64()?];
        let mut found = Vec::new();
        for step in steps.into_iter().rev() {
            found.clear();
            for root in &roots {
                let asked = json!({ "backendNodeId": root, "role": step.role });
                let answer = cdp.send_raw("Accessibility.queryAXTree", asked).await.ok()?;
                let nodes = answer["nodes"].as_array()?.iter().filter_map(Node::read);
                found.extend(nodes.filter(|node| step.name.fits(&node.name)));
            }
            roots = found.iter().map(|node: &Node| node.id).collect();
        }
        Some(found)
    }

    /// The first of what fits a target, waited for.
    pub async fn find(&self, target: &Target) -> Node {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(node) = self.all(target).await.into_iter().next() {
                return node;
            }
            if Instant::now() > end {
                let like = Target { name: super::target::Name::Any, inside: None, ..target.clone() };
                let others: Vec<String> = self.all(&like).await.into_iter().map(|node| node.name).collect();
                let (count, some) =
                    (others.len(), others.into_iter().take(60).collect::<Vec<_>>().join(" · "));
                self.fail(&format!("there is no {target}; of that role there are {count}: {some}")).await;
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Waits until a target is there.
    pub async fn sees(&self, target: &Target) {
        self.find(target).await;
    }

    /// Waits until a target is not there.
    pub async fn sees_no_more(&self, target: &Target) {
        let end = Instant::now() + PATIENCE;
        while !self.all(target).await.is_empty() {
            if Instant::now() > end {
                self.fail(&format!("{target} is still there")).await;
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Waits until a text can be read on the page.
    pub async fn reads(&self, text: &str) {
        let is = format!("document.body.innerText.includes({})", json!(text));
        self.until(&is, &format!("the page says «{text}»")).await;
    }

    /// Everything that can be read on the page.
    pub async fn text(&self) -> String {
        self.run("document.body.innerText").await
    }

    /// Waits until a script gives true.
    pub async fn until(&self, script: &str, what: &str) {
        self.until_within(PATIENCE, script, what).await;
    }

    /// The same with a patience of its own; answers how long it took.
    pub async fn until_within(&self, patience: Duration, script: &str, what: &str) -> Duration {
        let start = Instant::now();
        let asked = json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
        loop {
            let answer = self.web().cdp().send_raw("Runtime.evaluate", asked.clone()).await;
            if answer.is_ok_and(|answer| answer["result"]["value"] == true) {
                return start.elapsed();
            }
            if start.elapsed() > patience {
                self.fail(&format!("not within {patience:?}: {what}")).await;
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Where pictures of failures are put.
    fn picture(&self) -> PathBuf {
        let name = std::thread::current().name().unwrap_or("page").replace("::", "-");
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"))
    }

    /// Fails the test with a picture of the page and what the browser complained about.
    pub async fn fail(&self, why: &str) -> ! {
        let picture = self.picture();
        if let Ok(png) = self.web().screenshot_as_png().await {
            let _ = fs::write(&picture, png);
        }
        let at = self
            .web()
            .current_url()
            .await
            .map_or_else(|fault| format!("no page: {fault}"), |url| url.to_string());
        let faults = self.watch.faults(self.web()).await;
        let asked = json!({ "expression": "window.heardOnPage", "returnByValue": true });
        let heard = self.web().cdp().send_raw("Runtime.evaluate", asked).await;
        let heard = heard.map_or(Value::Null, |answer| answer["result"]["value"].clone());
        panic!("{why}\nat {at}, picture {}, faults {faults:#?}, heard {heard:#}", picture.display());
    }

    /// A picture of what is shown.
    pub async fn shoot(&self) -> Vec<u8> {
        self.web().screenshot_as_png().await.unwrap()
    }

    /// Leaves the page. Nothing may have gone wrong unseen while it was open.
    pub async fn leave(mut self) {
        let faults = self.watch.faults(self.web()).await;
        let browser = self.browser.take().unwrap();
        drop(browser);
        assert!(faults.is_empty(), "while the page was open: {faults:#?}");
    }

    /// Key presses and pointer acts since the last count.
    pub fn counted(&self) -> (usize, usize) {
        (self.keys.swap(0, Ordering::Relaxed), self.pointer.swap(0, Ordering::Relaxed))
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let forgotten = self.browser.is_some() && !std::thread::panicking();
        assert!(!forgotten, "a test must leave its page, so that what went wrong on it is seen");
    }
}

impl Node {
    fn read(node: &Value) -> Option<Self> {
        if node["ignored"] == true {
            return None;
        }
        Some(Self {
            id: node["backendDOMNodeId"].as_i64()?,
            name: text_of(&node["name"]),
            value: text_of(&node["value"]),
        })
    }
}

/// The text of a value of the accessibility tree.
fn text_of(value: &Value) -> String {
    match &value["value"] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
