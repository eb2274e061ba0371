//! The real server: the built binary in a process of its own, and a client that speaks to it.
//!
//! Every test has a server to itself, on a free port of the loopback; the process ends with the test.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use regex::Regex;
use reqwest::Method;
use reqwest::blocking::{Body, Client};
use serde_json::Value as Json;

/// Time after which a request is given up: nothing here takes a tenth of it.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(120);

/// What the server says on standard error once it can be asked.
const GREETING: &str = "muster answers on ";

/// The `muster` binary of this build, built now unless it is fresh.
///
/// # Panics
/// When it cannot be built.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        // target/<profile>/deps/<this test>
        let test = std::env::current_exe().expect("a test has a path");
        let profile = test.parent().and_then(Path::parent).expect("a test lies in a folder of its profile");
        let target = profile.parent().expect("a profile lies in the target folder");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--workspace", "--bin", "muster", "--target-dir"]).arg(target);
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        if profile.ends_with("release") {
            cargo.arg("--release");
        }
        assert!(cargo.status().expect("cargo can be started").success(), "the binary could not be built");
        profile.join(format!("muster{}", std::env::consts::EXE_SUFFIX))
    })
}

/// A running server and a client for it.
#[derive(Debug)]
pub struct Server {
    child: Child,
    base: String,
    client: Client,
    log: Arc<Mutex<String>>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: String,
    /// `Allow`, where a method is not possible.
    pub allow: String,
    /// `ETag`, where what is answered has versions.
    pub etag: String,
    /// `Set-Cookie`, where somebody signs in or out.
    pub cookie: String,
    /// `Retry-After`, where somebody has to wait.
    pub retry_after: String,
    /// The body as it came.
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The body of an answer of this status.
    ///
    /// # Panics
    /// When the status is another.
    pub fn expect(&self, status: u16) -> Json {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() { Json::Null } else { self.json() }
    }

    /// A problem of this status with this mistake among its own; every promise of a problem is checked on the way.
    ///
    /// # Panics
    /// When it is none, or has no such mistake.
    pub fn refuses(&self, status: u16, pointer: &str, code: &str) -> Json {
        assert_eq!(self.content_type, "application/problem+json", "{}", self.text);
        let problem = self.expect(status);
        assert_eq!((&problem["type"], &problem["status"]), (&"about:blank".into(), &status.into()), "{problem}");
        assert!(problem["title"].is_string() && problem["detail"].is_string(), "{problem}");
        let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("no errors: {problem}"));
        for error in errors {
            assert!(error["pointer"].is_string() && error["suggestions"].is_array(), "{problem}");
            assert!(error["message"].as_str().is_some_and(|message| message.len() > 10), "{problem}");
        }
        let found = errors.iter().find(|error| error["pointer"] == pointer && error["code"] == code);
        found.unwrap_or_else(|| panic!("no {code} at \"{pointer}\": {problem}")).clone()
    }
}

impl Server {
    /// An empty server on a free port.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with more on its command line.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_with(arguments: &[&str]) -> Self {
        Self::start_by(Command::new(binary()), arguments).unwrap_or_else(|said| panic!("it ended: {said}"))
    }

    /// The same, or none where the server ends before it answers.
    pub fn started_with(arguments: &[&str]) -> Option<Self> {
        Self::start_by(Command::new(binary()), arguments).ok()
    }

    /// The same as the shell starts it after `limits`, such as `ulimit -n 40`.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_under(limits: &str, arguments: &[&str]) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("{limits} && exec \"$0\" \"$@\"")]).arg(binary());
        Self::start_by(shell, arguments).unwrap_or_else(|said| panic!("it ended: {said}"))
    }

    /// A server that answers, or what it said before it ended.
    fn start_by(mut command: Command, arguments: &[&str]) -> Result<Self, String> {
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary can be started");
        let mut stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        let log = Arc::new(Mutex::new(String::new()));
        let base = loop {
            let mut line = String::new();
            let length = stderr.read_line(&mut line).expect("standard error can be read");
            if length == 0 {
                child.wait().expect("it has ended");
                return Err(log.lock().expect("no panic holds it").clone());
            }
            log.lock().expect("no panic holds it").push_str(&line);
            if let Some(rest) = line.strip_prefix(GREETING) {
                break rest.split(',').next().unwrap_or_default().trim().to_owned();
            }
        };
        // Somebody has to read on, or the server would wait for room in the pipe.
        let rest = log.clone();
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                rest.lock().expect("no panic holds it").push_str(&(line + "\n"));
            }
        });
        let client = Client::builder().timeout(ANSWER_TIME_MAX).no_proxy().build().expect("a client");
        Ok(Self { child, base, client, log })
    }

    /// Where it answers, such as `127.0.0.1:40001`.
    pub fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// Any request.
    ///
    /// # Panics
    /// When there is no answer.
    pub fn send(&self, method: Method, path: &str, content_type: &str, body: impl Into<Body>) -> Answer {
        self.send_as(method, path, content_type, body, &[])
    }

    /// The same with more headers.
    ///
    /// # Panics
    /// When there is no answer.
    pub fn send_as(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: impl Into<Body>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = if content_type.is_empty() { request } else { request.header("content-type", content_type) };
        let response = request.body(body).send().unwrap_or_else(|error| panic!("{path}: {error}\n{}", self.log()));
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        Answer {
            status: response.status().as_u16(),
            content_type: header("content-type"),
            allow: header("allow"),
            etag: header("etag"),
            cookie: header("set-cookie"),
            retry_after: header("retry-after"),
            text: response.text().expect("a body"),
        }
    }

    /// Any request, of a server that may be gone: the status, if there is an answer.
    pub fn try_send(&self, method: Method, path: &str, content_type: &str, body: String) -> Option<u16> {
        let request = self.client.request(method, format!("{}{path}", self.base));
        let request = if content_type.is_empty() { request } else { request.header("content-type", content_type) };
        let response = request.body(body).send().ok()?;
        Some(response.status().as_u16())
    }

    /// Posts JSON to a server that may be gone: the answer, if there is a whole one.
    ///
    /// # Panics
    /// When it is refused.
    pub fn try_post(&self, path: &str, body: &Json) -> Option<Json> {
        let request = self.client.post(format!("{}{path}", self.base)).header("content-type", "application/json");
        let text = request.body(body.to_string()).send().ok()?.text().ok()?;
        let answer: Json = serde_json::from_str(&text).ok()?;
        assert!(answer["errors"].is_null(), "{answer}");
        Some(answer)
    }

    /// Reads bytes.
    ///
    /// # Panics
    /// When there is no answer of status 200.
    pub fn get_bytes(&self, path: &str) -> bytes::Bytes {
        let response = self.client.get(format!("{}{path}", self.base)).send().expect("an answer");
        assert_eq!(response.status().as_u16(), 200, "{path}");
        response.bytes().expect("a body")
    }

    /// A request with a JSON body.
    pub fn send_json(&self, method: Method, path: &str, body: &Json) -> Answer {
        self.send(method, path, "application/json", body.to_string())
    }

    /// Reads.
    pub fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "", "")
    }

    /// Posts JSON.
    pub fn post(&self, path: &str, body: &Json) -> Answer {
        self.send_json(Method::POST, path, body)
    }

    /// Puts JSON.
    pub fn put(&self, path: &str, body: &Json) -> Answer {
        self.send_json(Method::PUT, path, body)
    }

    /// Patches with JSON.
    pub fn patch(&self, path: &str, body: &Json) -> Answer {
        self.send_json(Method::PATCH, path, body)
    }

    /// Deletes.
    pub fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, "", "")
    }

    /// Imports profiles; `query` is what stands behind the question mark.
    pub fn import(&self, query: &str, content_type: &str, body: impl Into<Body>) -> Answer {
        self.send(Method::POST, &format!("/api/profiles/import?{query}"), content_type, body)
    }

    /// Imports NDJSON whose ids are in `id` and whose new columns become fields.
    ///
    /// # Panics
    /// When it is refused.
    pub fn load(&self, ndjson: &str) -> Json {
        self.import("id_field=id&schema=infer", "application/x-ndjson", ndjson.to_owned()).expect(200)
    }

    /// How many profiles a text rule selects at `now`.
    ///
    /// # Panics
    /// When the rule is refused.
    pub fn count(&self, text: &str) -> u64 {
        let body = serde_json::json!({"text": text, "now": "2018-01-01T00:00:00Z"});
        let answer = self.post("/api/segments/preview", &body).expect(200);
        answer["count"].as_u64().unwrap_or_else(|| panic!("no count: {answer}"))
    }

    /// The version of the data.
    ///
    /// # Panics
    /// When the server is not well.
    pub fn version(&self) -> u64 {
        self.get("/api/health").expect(200)["data_version"].as_u64().expect("a version")
    }

    /// All items of a list, page by page.
    ///
    /// # Panics
    /// When a page is refused or longer than asked for.
    pub fn pages(&self, path: &str, limit: usize) -> Vec<Json> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        let join = if path.contains('?') { '&' } else { '?' };
        loop {
            let page = self.get(&format!("{path}{join}limit={limit}{cursor}")).expect(200);
            let found = page["items"].as_array().expect("items");
            assert!(found.len() <= limit, "{} items on a page of {limit}", found.len());
            items.extend(found.iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }

    /// What the server has written to standard error.
    ///
    /// # Panics
    /// When the reading thread panicked.
    pub fn log(&self) -> String {
        self.log.lock().expect("no panic holds it").clone()
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks the process to stop, as a supervisor would.
    ///
    /// # Panics
    /// When there is no `kill`.
    pub fn terminate(&self) {
        let kill = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(kill.expect("kill can be started").success());
    }

    /// Kills the process, as the system does when memory runs out.
    ///
    /// # Panics
    /// When there is no `kill`.
    pub fn kill(&self) {
        let kill = Command::new("kill").args(["-KILL", &self.child.id().to_string()]).status();
        assert!(kill.expect("kill can be started").success());
    }

    /// Waits for the process to end by itself; its exit code.
    ///
    /// # Panics
    /// When it cannot be waited for.
    pub fn wait(&mut self) -> Option<i32> {
        self.child.wait().expect("a child can be waited for").code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; either way nobody is left.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if !std::thread::panicking() {
            let log = self.log();
            let found = secret_in(&log);
            assert!(found.is_none(), "the log has a secret: {found:?}");
        }
    }
}

/// What no log may have: a whole key, the cookie of a session, what is kept of a password, what goes between a browser and
/// an issuer. Every server of every test is looked at.
fn secret_in(log: &str) -> Option<&str> {
    static SECRETS: OnceLock<Regex> = OnceLock::new();
    let forms = [
        r"mk_[0-9a-f]{12}_[A-Za-z0-9_-]{43}",
        r"muster(-openid)?=[A-Za-z0-9_-]{43}",
        r"\$argon2",
        r"\b(code|state|nonce|code_verifier|client_secret)=[A-Za-z0-9_-]{8}",
        r"\beyJ[A-Za-z0-9_-]{8,}\.",
    ];
    let secrets = SECRETS.get_or_init(|| Regex::new(&forms.join("|")).expect("an expression"));
    secrets.find(log).map(|found| found.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_found_in_a_log_and_what_may_be_shown_is_none() {
        let random = "aZ09-_".repeat(8)[..43].to_owned();
        for secret in [
            format!("mk_0123456789ab_{random}"),
            format!("muster={random}"),
            format!("muster-openid={random}"),
            "$argon2id$v=19$".to_owned(),
            format!("code={random}"),
            format!("a&state={random}"),
            "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJh".to_owned(),
        ] {
            assert!(secret_in(&format!("{{\"path\":\"/x?{secret}\"}}")).is_some(), "{secret}");
        }
        assert_eq!(secret_in("DELETE /api/keys/0123456789ab answered; mk_0123456789ab_... muster=1"), None);
    }
}
