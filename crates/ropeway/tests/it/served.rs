//! `ropeway serve` as a child process, and a client for it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::ropeway::signal;

/// A server at work; it is killed with the test that started it.
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:PORT`, as its first line of stdout says.
    pub url: String,
    token: Option<String>,
    agent: ureq::Agent,
}

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub media_type: String,
    pub body: String,
}

impl Server {
    /// Starts `ropeway serve --port 0` in a project and waits until it says where it listens.
    #[track_caller]
    pub fn start(project: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ropeway"));
        Self::launch(project, command.args(["serve", "--port", "0"]).args(arguments))
    }

    /// The same with a limit on how many files and connections it may have open.
    #[track_caller]
    pub fn start_with_open_files(project: &Path, most: u32) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit -n {most} && exec \"$0\" serve --port 0")]);
        Self::launch(project, command.arg(env!("CARGO_BIN_EXE_ropeway")))
    }

    /// Starts this command as a server.
    #[track_caller]
    pub fn launch(project: &Path, command: &mut Command) -> Self {
        let mut child = command
            .current_dir(project)
            .env_remove("ROPEWAY_LOG")
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let url = first.trim_end().strip_prefix("listening on ").map(str::to_owned);
        let Some(url) = url.filter(|url| url.starts_with("http://127.0.0.1:")) else {
            let _ = child.kill();
            panic!("the first line is `{first}`, and the server ended with {:?}", child.wait());
        };
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        Self { child, url, token: None, agent }
    }

    /// Sends the token with every request from now on.
    pub fn with_token(mut self, token: &str) -> Self {
        self.token = Some(format!("Bearer {token}"));
        self
    }

    pub fn get(&self, path: &str) -> Answer {
        self.try_get(path).unwrap()
    }

    fn try_get(&self, path: &str) -> Result<Answer, ureq::Error> {
        let mut request = self.agent.get(format!("{}{path}", self.url));
        if let Some(token) = &self.token {
            request = request.header("authorization", token);
        }
        Answer::read(request.call()?)
    }

    /// Posts a body as it is.
    pub fn post_text(&self, path: &str, body: &str) -> Answer {
        self.try_post(path, body).unwrap()
    }

    pub fn try_post(&self, path: &str, body: &str) -> Result<Answer, ureq::Error> {
        let mut request = self.agent.post(format!("{}{path}", self.url)).content_type("application/json");
        if let Some(token) = &self.token {
            request = request.header("authorization", token);
        }
        Answer::read(request.send(body)?)
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_text(path, &body.to_string())
    }

    /// Ends the process as `kill -9` does.
    pub fn kill(mut self) {
        self.end();
    }

    /// The id of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as Ctrl-C does, and gives its exit code.
    pub fn interrupted(mut self) -> Option<i32> {
        signal("INT", self.child.id());
        self.child.wait().unwrap().code()
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

impl Answer {
    fn read(mut response: ureq::http::Response<ureq::Body>) -> Result<Self, ureq::Error> {
        let media_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or_default().to_owned();
        let body = response.body_mut().with_config().limit(1 << 30).read_to_string()?;
        Ok(Self { status: response.status().as_u16(), media_type, body })
    }

    /// Expects success.
    #[track_caller]
    pub fn json(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        serde_json::from_str(&self.body).unwrap()
    }

    /// Expects problem details of that status and code that say what to do, and these texts in them.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str, says: &[&str]) {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.media_type, "application/problem+json");
        let details: Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(details["type"], format!("urn:ropeway:problem:{code}"), "{details}");
        assert_eq!(details["status"], status);
        for member in ["title", "detail", "remedy"] {
            assert!(details[member].as_str().is_some_and(|text| !text.is_empty()), "no {member} in {details}");
        }
        for text in says {
            assert!(self.body.contains(text), "`{text}` is not in {}", self.body);
        }
    }
}
