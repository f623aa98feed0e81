//! The browser and what drives it: both found or installed, one chromedriver for all tests that run at the same time, at
//! most two browsers at once.
use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use serde_json::json;
use tempfile::TempDir;
use thirtyfour::{Capabilities, WebDriver};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::support::tools::Tool;

const BROWSER: Tool = Tool {
    what: "Chromium, Chrome or Edge",
    setting: "TASKMED_BROWSER",
    names: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"],
    places: &[
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ],
    debian: &["chromium"],
    mac: "brew install --cask google-chrome",
    windows: "winget install Google.Chrome",
};

const CHROMEDRIVER: Tool = Tool {
    what: "chromedriver",
    setting: "TASKMED_WEBDRIVER",
    names: &["chromedriver"],
    places: &["/usr/lib/chromium/chromedriver", "/usr/lib/chromium-browser/chromedriver"],
    debian: &["chromium-driver"],
    mac: "brew install --cask chromedriver",
    windows: "winget install Chromium.ChromeDriver",
};

const EDGEDRIVER: Tool = Tool {
    what: "msedgedriver",
    setting: "TASKMED_WEBDRIVER",
    names: &["msedgedriver"],
    places: &[],
    debian: &["microsoft-edge-stable"],
    mac: "brew install --cask msedgedriver",
    windows: "winget install Microsoft.EdgeDriver",
};

/// Nothing of the browser's own may reach for the network or ask a question.
const ARGUMENTS: [&str; 13] = [
    "--headless=new",
    // As large as any screen a test shows: what lies outside the window is never painted, however long one waits for it.
    "--window-size=1400,1100",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=pt-BR",
];

static SEATS: Semaphore = Semaphore::const_new(2);
static RUNNING: Mutex<Weak<Driver>> = Mutex::new(Weak::new());

/// Whether the person who runs the tests left the browser out. Where nobody would notice, that is not theirs to choose.
pub fn is_skipped() -> bool {
    if env::var_os("TASKMED_SKIP_BROWSER").is_none_or(|choice| choice != "1") {
        return false;
    }
    assert!(env::var_os("CI").is_none(), "TASKMED_SKIP_BROWSER is not accepted where CI is set");
    eprintln!("skipped: TASKMED_SKIP_BROWSER=1 leaves the browser out");
    true
}

/// Room for one or two browsers; whoever takes two has the machine's browsers for itself.
pub async fn seats(count: u32) -> SemaphorePermit<'static> {
    SEATS.acquire_many(count).await.unwrap()
}

/// A running chromedriver. It ends with the last browser, so that none is left behind by a test program that ends.
pub struct Driver {
    child: Child,
    address: String,
    browser: PathBuf,
}

/// One browser with a profile of its own; closed when dropped.
pub struct Browser {
    web: Option<WebDriver>,
    driver: Arc<Driver>,
    _profile: TempDir,
}

impl Driver {
    /// The chromedriver that runs, or a new one.
    pub fn running() -> Arc<Self> {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running.upgrade().unwrap_or_else(|| {
            let driver = Arc::new(Self::start());
            *running = Arc::downgrade(&driver);
            driver
        })
    }

    fn start() -> Self {
        let browser = BROWSER.path();
        let program = if is_edge(&browser) { EDGEDRIVER } else { CHROMEDRIVER }.path();
        let mut child = Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|why| panic!("{}: {why}", program.display()));
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines.find_map(|line| port_in(&line)).expect("chromedriver says its port");
        // What it says later must go somewhere, or it stops at a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address: format!("http://127.0.0.1:{port}"), browser }
    }

    /// Opens a browser.
    pub async fn open(self: Arc<Self>) -> Browser {
        let profile = tempfile::tempdir().unwrap();
        let mut arguments: Vec<String> = ARGUMENTS.iter().map(|a| (*a).to_owned()).collect();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let vendor = if is_edge(&self.browser) { "ms:edgeOptions" } else { "goog:chromeOptions" };
        let options = json!({
            "binary": self.browser, "args": arguments,
            "perfLoggingPrefs": { "enableNetwork": true, "enablePage": false },
        });
        let mut wanted = Capabilities::new();
        let name = if is_edge(&self.browser) { "MicrosoftEdge" } else { "chrome" };
        wanted.set("browserName", name).unwrap();
        wanted.set(vendor, options).unwrap();
        wanted.set("goog:loggingPrefs", json!({ "browser": "ALL", "performance": "ALL" })).unwrap();
        let web = WebDriver::new(&self.address, wanted).await.unwrap();
        Browser { web: Some(web), driver: self, _profile: profile }
    }

    /// Ends a session without the client that opened it: that one cannot work while its own thread is falling.
    fn end(&self, session: &str) -> std::io::Result<()> {
        let host = self.address.trim_start_matches("http://");
        let mut line = TcpStream::connect(host)?;
        line.set_read_timeout(Some(Duration::from_secs(20)))?;
        write!(line, "DELETE /session/{session} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
        line.read(&mut [0; 64]).map(drop)
    }
}

impl Browser {
    /// The session that drives it.
    pub fn web(&self) -> &WebDriver {
        self.web.as_ref().expect("the session lasts as long as the browser")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let Some(web) = self.web.take() else {
            return;
        };
        let session = web.handle().session_id().to_string();
        let _ = web.leak();
        let _ = self.driver.end(&session);
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_edge(browser: &std::path::Path) -> bool {
    browser.to_string_lossy().to_lowercase().contains("edge")
}

/// "ChromeDriver was started successfully on port 40123."
fn port_in(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("successfully on port ")?;
    rest.trim_end_matches('.').parse().ok()
}
