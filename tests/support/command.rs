//! The real binary, as an operator types it.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};

/// One call of the binary in a folder of its own.
pub struct Command {
    folder: tempfile::TempDir,
}

/// What a call printed and how it ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Command {
    /// A folder with this configuration in `config/`.
    pub fn with(settings: &str, sources: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("config")).unwrap();
        std::fs::write(folder.path().join("config/samflode.toml"), settings).unwrap();
        std::fs::write(folder.path().join("config/sources.toml"), sources).unwrap();
        Self { folder }
    }

    /// A folder with nothing in it.
    pub fn in_an_empty_folder() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The folder it runs in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs it to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        ended(self.prepared(arguments).output().unwrap())
    }

    /// Runs it without waiting.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.prepared(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Starts `serve` on a free port and waits until it says where it listens.
    pub fn serve(&self, arguments: &[&str]) -> Service {
        let mut all = vec!["serve", "--listen", "127.0.0.1:0", "--log", "text"];
        all.extend(arguments);
        let mut child = self.start(&all);
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut heard = String::new();
        let address = loop {
            let mut line = String::new();
            let read = log.read_line(&mut line).unwrap();
            heard.push_str(&line);
            assert!(read > 0, "serve ended: {heard}");
            if let Some(rest) = line.split("first page at ").nth(1) {
                break rest
                    .split_whitespace()
                    .next()
                    .unwrap()
                    .trim_end_matches('/')
                    .to_owned();
            }
        };
        // The log must be read on, or the service would stop at a full pipe.
        std::thread::spawn(move || log.lines().map_while(Result::ok).for_each(drop));
        Service { child, address }
    }

    fn prepared(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_samflode"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("STATE_DIRECTORY")
            .env("PATH", self.path())
            .env("NO_COLOR", "1");
        command
    }
}

impl Command {
    /// Programs in the folder's `bin` come first.
    fn path(&self) -> std::ffi::OsString {
        let mut path = self.folder.path().join("bin").into_os_string();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        path
    }
}

fn ended(output: Output) -> Ended {
    Ended {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A running service; ended when dropped.
pub struct Service {
    pub child: Child,
    pub address: String,
}

impl Service {
    /// The whole answer to a GET, head and body.
    pub fn get(&self, path: &str) -> String {
        let host = self.address.trim_start_matches("http://");
        let mut connection = std::net::TcpStream::connect(host).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The recording that the project ships.
pub fn recording() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/recording")
}
