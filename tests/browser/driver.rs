//! As much of the `WebDriver` protocol (W3C) as these tests need.

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use data_encoding::BASE64;
use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

const NO_DRIVER: &str = "these tests need Debian's chromium-driver: run scripts/test";
const NO_AXE: &str = "KELISIM_TEST_AXE must name an axe.min.js: run scripts/test";

/// Longest wait for a page to come to something, on a slow machine.
const LONG: std::time::Duration = std::time::Duration::from_mins(1);

/// What a reader's device shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    pub(crate) width_px: u32,
    pub(crate) scheme: &'static str,
}

/// A browser of its own, with a profile of its own.
pub(crate) struct Browser {
    process: Child,
    client: Client,
    session: String,
    axe: String,
    _profile: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Closing the driver closes its browser.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Browser {
    pub(crate) async fn open() -> Self {
        let axe = std::fs::read_to_string(std::env::var("KELISIM_TEST_AXE").expect(NO_AXE));
        let profile = tempfile::tempdir().unwrap();
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect(NO_DRIVER);
        let port = port(&mut process);
        let client = Client::builder().no_proxy().build().unwrap();
        let base = format!("http://127.0.0.1:{port}/session");
        let made = call(&client, &base, &capabilities(&profile)).await;
        let session = format!("{base}/{}", made["sessionId"].as_str().unwrap());
        Self { process, client, session, axe: axe.expect(NO_AXE), _profile: profile }
    }

    async fn ask(&self, command: &str, body: &Value) -> Value {
        call(&self.client, &format!("{}/{command}", self.session), body).await
    }

    async fn devtools(&self, command: &str, parameters: Value) {
        self.ask("goog/cdp/execute", &json!({"cmd": command, "params": parameters})).await;
    }

    pub(crate) async fn show_on(&self, screen: Screen) {
        let size = json!({"width": screen.width_px, "height": 900, "deviceScaleFactor": 1,
            "mobile": screen.width_px < 600});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = json!([{"name": "prefers-color-scheme", "value": screen.scheme}]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": scheme})).await;
    }

    /// Whether pages may run scripts. The driver's own reading of a page needs them too.
    pub(crate) async fn allow_scripts(&self, allowed: bool) {
        let disabled = json!({"value": !allowed});
        self.devtools("Emulation.setScriptExecutionDisabled", disabled).await;
    }

    pub(crate) async fn go(&self, url: &str) {
        self.ask("url", &json!({"url": url})).await;
    }

    /// Has the browser keep a cookie for the service at `base`.
    pub(crate) async fn keep_cookie(&self, base: &str, name: &str, value: &str) {
        let is_bound = name.starts_with("__Host-");
        let cookie = json!({"url": base, "name": name, "value": value, "path": "/",
            "secure": is_bound, "httpOnly": true});
        self.devtools("Network.setCookie", cookie).await;
    }

    /// Runs a script again and again until it gives something true.
    pub(crate) async fn wait(&self, script: &str) -> Value {
        let mut looks = tokio::time::interval(std::time::Duration::from_millis(100));
        for _ in 0..600 {
            looks.tick().await;
            let found = self.run(script).await;
            if !matches!(found, Value::Null | Value::Bool(false)) {
                return found;
            }
        }
        panic!("never true: {script}: {}", self.run("return document.body.innerText").await);
    }

    /// Puts files into the page's field for them.
    pub(crate) async fn choose_file(&self, css: &str, path: &str) {
        let document = self.tell("DOM.getDocument", json!({})).await;
        let root = &document["root"]["nodeId"];
        let found = self.tell("DOM.querySelector", json!({"nodeId": root, "selector": css})).await;
        let files = json!({"nodeId": found["nodeId"], "files": [path]});
        self.tell("DOM.setFileInputFiles", files).await;
    }

    async fn tell(&self, command: &str, parameters: Value) -> Value {
        self.ask("goog/cdp/execute", &json!({"cmd": command, "params": parameters})).await
    }

    pub(crate) async fn run(&self, script: &str) -> Value {
        self.ask("execute/sync", &json!({"script": script, "args": []})).await
    }

    /// Waits until a script's expression holds.
    pub(crate) async fn until(&self, holds: &str) {
        let mut looks = tokio::time::interval(std::time::Duration::from_millis(100));
        let waited = tokio::time::timeout(LONG, async {
            while self.run(&format!("return Boolean({holds})")).await != json!(true) {
                looks.tick().await;
            }
        });
        if waited.await.is_err() {
            let text = self.run("return document.body.innerText").await;
            panic!("it never held: {holds}\n{text}");
        }
    }

    /// Writes into a field as a person does: it becomes the value and the page is told.
    pub(crate) async fn write(&self, field: &str, text: &str) {
        let script = "const field = document.querySelector(arguments[0]); field.value = arguments[1]; \
            field.dispatchEvent(new Event('input', {bubbles: true}));";
        self.ask("execute/sync", &json!({"script": script, "args": [field, text]})).await;
    }

    /// Presses what a selector names.
    pub(crate) async fn click(&self, what: &str) {
        let script = "document.querySelector(arguments[0]).click()";
        self.ask("execute/sync", &json!({"script": script, "args": [what]})).await;
    }

    pub(crate) async fn press(&self, key: &str) {
        let actions = json!([{"type": "key", "id": "keyboard", "actions": [
            {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}]);
        self.ask("actions", &json!({"actions": actions})).await;
    }

    /// Presses a key while others are held.
    pub(crate) async fn chord(&self, held: &[&str], key: &str) {
        let step = |kind: &str, key: &str| json!({"type": kind, "value": key});
        let mut steps: Vec<Value> = held.iter().map(|key| step("keyDown", key)).collect();
        steps.extend([step("keyDown", key), step("keyUp", key)]);
        steps.extend(held.iter().rev().map(|key| step("keyUp", key)));
        let actions = json!([{"type": "key", "id": "keyboard", "actions": steps}]);
        self.ask("actions", &json!({"actions": actions})).await;
    }

    /// What axe-core finds against WCAG 2.2 AA and its good practice.
    pub(crate) async fn faults(&self) -> Vec<String> {
        self.run(&self.axe).await;
        let script = "const done = arguments[arguments.length - 1]; \
            axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', \
            'best-practice']}).then(done, error => done({violations: [{id: String(error)}]}))";
        let found = self.ask("execute/async", &json!({"script": script, "args": []})).await;
        let faults = found["violations"].as_array().unwrap().iter().map(|one| {
            let nodes = one["nodes"].as_array().into_iter().flatten();
            let places: Vec<String> = nodes.map(|node| node["html"].to_string()).collect();
            format!("{}: {}", one["id"], places.join(" "))
        });
        faults.collect()
    }

    /// Leaves a picture of the whole page.
    pub(crate) async fn picture(&self, name: &str) {
        let all = json!({"captureBeyondViewport": true});
        let body = json!({"cmd": "Page.captureScreenshot", "params": all});
        let taken = self.ask("goog/cdp/execute", &body).await;
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pages");
        std::fs::create_dir_all(&folder).unwrap();
        let png = BASE64.decode(taken["data"].as_str().unwrap().as_bytes()).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), png).unwrap();
    }
}

async fn call(client: &Client, url: &str, body: &Value) -> Value {
    let mut answer: Value = client.post(url).json(body).send().await.unwrap().json().await.unwrap();
    let value = answer["value"].take();
    assert!(value.get("error").is_none(), "{url}: {}", value["message"]);
    value
}

fn port(process: &mut Child) -> u16 {
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let said = lines.map_while(Result::ok).find(|line| line.contains("successfully on port"));
    let said = said.expect(NO_DRIVER);
    said.trim_end_matches('.').rsplit(' ').next().unwrap().parse().unwrap()
}

fn capabilities(profile: &TempDir) -> Value {
    let arguments = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        &format!("--user-data-dir={}", profile.path().display()),
    ];
    json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": arguments}}}})
}
