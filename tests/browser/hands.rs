//! What a person does with a page: clicks, typing, dragging, all as real input events and all counted.
use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use serde_json::json;
use thirtyfour::Key;

use super::{
    page::{Node, Page},
    target::Target,
};

const PATIENCE: Duration = Duration::from_secs(30);
const GLANCE: Duration = Duration::from_millis(20);

/// Whether a click at a point of the screen reaches `this` (or the label that stands for it).
const REACHES: &str = "function (x, y) {
    const hit = document.elementFromPoint(x, y);
    return Boolean(hit) && (this === hit || this.contains(hit) || hit.closest('label')?.control === this);
}";

/// Somewhere on the screen.
pub type Point = (f64, f64);

impl Page {
    /// Clicks the first of what fits, once it is there and nothing lies over it.
    pub async fn click(&self, target: &Target) {
        let at = self.reach(target).await;
        self.click_at(at).await;
    }

    /// Clicks a point of the screen.
    pub async fn click_at(&self, at: Point) {
        self.pointer.fetch_add(1, Ordering::Relaxed);
        self.mouse("mouseMoved", at, 0).await;
        self.mouse("mousePressed", at, 1).await;
        self.mouse("mouseReleased", at, 0).await;
    }

    /// Where a target can be clicked; brings it into view.
    pub async fn reach(&self, target: &Target) -> Point {
        let end = Instant::now() + PATIENCE;
        loop {
            let node = self.find(target).await;
            if let Some(point) = self.point_of(&node).await
                && self.call(&node, REACHES, &[json!(point.0), json!(point.1)]).await == Some(true)
            {
                return point;
            }
            if Instant::now() > end {
                self.fail(&format!("{target} cannot be reached by a pointer")).await;
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Gives the keyboard to something, as a Tab would.
    pub async fn focus(&self, target: &Target) {
        let node = self.find(target).await;
        let held: Option<bool> = self
            .call(&node, "function () { this.focus(); return document.activeElement === this; }", &[])
            .await;
        if held != Some(true) {
            self.fail(&format!("{target} does not take the keyboard")).await;
        }
    }

    /// The middle of something on the screen.
    pub async fn middle_of(&self, node: &Node) -> Point {
        match self.point_of(node).await {
            Some(point) => point,
            None => self.fail("it has no place on the screen").await,
        }
    }

    /// The middle of something, brought into view first.
    async fn point_of(&self, node: &Node) -> Option<Point> {
        let (cdp, asked) = (self.web().cdp(), json!({ "backendNodeId": node.id }));
        cdp.send_raw("DOM.scrollIntoViewIfNeeded", asked.clone()).await.ok()?;
        let quads = cdp.send_raw("DOM.getContentQuads", asked).await.ok()?;
        let corner: Vec<f64> = quads["quads"][0].as_array()?.iter().filter_map(|n| n.as_f64()).collect();
        let middle = |first: usize| corner.iter().skip(first).step_by(2).sum::<f64>() / 4.0;
        Some((middle(0), middle(1)))
    }

    async fn mouse(&self, kind: &str, (x, y): Point, buttons: u8) {
        let button = if kind == "mouseMoved" && buttons == 0 { "none" } else { "left" };
        let clicks = u8::from(kind != "mouseMoved");
        let event = json!({ "type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": clicks });
        self.tell("Input.dispatchMouseEvent", event).await;
    }

    /// Drags from one point to another, in steps as a hand does.
    pub async fn drag(&self, from: Point, to: Point) {
        self.pointer.fetch_add(1, Ordering::Relaxed);
        self.mouse("mouseMoved", from, 0).await;
        self.mouse("mousePressed", from, 1).await;
        for step in 1..=8 {
            let part = f64::from(step) / 8.0;
            let at = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
            self.mouse("mouseMoved", at, 1).await;
        }
        self.mouse("mouseReleased", to, 0).await;
    }

    /// Types into what has the keyboard.
    pub async fn type_text(&self, text: &str) {
        self.keys.fetch_add(text.chars().count(), Ordering::Relaxed);
        let none = Some(Duration::ZERO);
        self.web().action_chain_with_delay(none, none).send_keys(text).perform().await.unwrap();
    }

    /// Clicks a field and types into it.
    pub async fn fill(&self, target: &Target, text: &str) {
        self.click(target).await;
        self.type_text(text).await;
    }

    /// Replaces what a field holds.
    pub async fn refill(&self, target: &Target, text: &str) {
        self.click(target).await;
        self.press("Ctrl+a").await;
        self.type_text(text).await;
    }

    /// Gives a file to the page, as the system's own window for choosing one does.
    pub async fn choose_file(&self, file: &std::path::Path) {
        let asked = json!({ "expression": "document.querySelector('input[type=file]')" });
        let found = self.tell("Runtime.evaluate", asked).await;
        self.tell(
            "DOM.setFileInputFiles",
            json!({ "objectId": found["result"]["objectId"], "files": [file] }),
        )
        .await;
    }

    /// Presses one key, alone or with others held: `n`, `Enter`, `Alt+ArrowDown`. Counts as one press.
    pub async fn press(&self, keys: &str) {
        self.keys.fetch_add(1, Ordering::Relaxed);
        let parts: Vec<&str> = keys.split('+').collect();
        let (last, held) = parts.split_last().unwrap();
        let none = Some(Duration::ZERO);
        let mut chain = self.web().action_chain_with_delay(none, none);
        for name in held {
            chain = chain.key_down(key(name));
        }
        chain = chain.key_down(key(last)).key_up(key(last));
        for name in held.iter().rev() {
            chain = chain.key_up(key(name));
        }
        chain.perform().await.unwrap();
    }
}

fn key(name: &str) -> char {
    let key = match name {
        "Ctrl" => Key::Control,
        "Alt" => Key::Alt,
        "Shift" => Key::Shift,
        "Enter" => Key::Enter,
        "Escape" => Key::Escape,
        "Tab" => Key::Tab,
        "Backspace" => Key::Backspace,
        "Delete" => Key::Delete,
        "Home" => Key::Home,
        "End" => Key::End,
        "ArrowUp" => Key::Up,
        "ArrowDown" => Key::Down,
        "ArrowLeft" => Key::Left,
        "ArrowRight" => Key::Right,
        one => return one.chars().next().unwrap(),
    };
    key.value()
}
