//! The command `webhook`, called as a function: with its own variables, streams and clock, against servers on the
//! loopback that run in threads of this process.

mod bad_input;
mod checking;
mod pages;
mod recording;
mod sending;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use axum::Router;
use serde_json::Value;
use webhook_runtime::cli::{ExitCode, Surroundings, run};
use webhook_runtime::{FixedClock, serve_until};

use crate::support::{NOW, SECRET};

/// What a command left behind.
#[derive(Debug)]
struct Ended {
    exit: ExitCode,
    stdout: String,
    stderr: String,
}

impl Ended {
    /// It went well, and nothing was complained about.
    fn fine(self) -> String {
        assert_eq!((self.exit, self.stderr.as_str()), (ExitCode::Fine, ""), "{self:?}");
        self.stdout
    }

    /// The one object that it printed.
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A command with the secret of the tests in its environment.
fn webhook(arguments: &[&str]) -> Ended {
    webhook_in(&[("WEBHOOK_SECRET", SECRET)], "", arguments)
}

/// A command with these variables and this standard input.
fn webhook_in(environment: &[(&str, &str)], stdin: &str, arguments: &[&str]) -> Ended {
    let (stdout, stderr) = (Kept::default(), Kept::default());
    let surroundings = Surroundings {
        stdin: Box::new(io::Cursor::new(stdin.to_owned().into_bytes())),
        stdout: Box::new(stdout.clone()),
        stderr: Box::new(stderr.clone()),
        ..quiet(environment)
    };
    let exit = run(std::iter::once("webhook").chain(arguments.iter().copied()), surroundings);
    Ended { exit, stdout: stdout.text(), stderr: stderr.text() }
}

fn quiet(environment: &[(&str, &str)]) -> Surroundings {
    let environment: BTreeMap<String, String> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Surroundings {
        environment,
        stdin: Box::new(io::empty()),
        stdout: Box::new(io::sink()),
        stderr: Box::new(io::sink()),
        colours: false,
        clock: Arc::new(FixedClock::at(NOW)),
    }
}

/// What was written, kept.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A `listen` in a thread of its own, until it has had as many requests as it was told to wait for.
struct Listening {
    url: String,
    lines: Receiver<String>,
    thread: JoinHandle<ExitCode>,
}

impl Listening {
    /// Starts it on a free port, for so many requests, with output for programs.
    fn start(environment: &[(&str, &str)], count: usize, arguments: &[&str]) -> Self {
        Self::begin(environment, count, &[&["--json"], arguments].concat())
    }

    /// The same for people, in colours.
    fn shown(environment: &[(&str, &str)], count: usize, arguments: &[&str]) -> Self {
        Self::begin(environment, count, arguments)
    }

    fn begin(environment: &[(&str, &str)], count: usize, arguments: &[&str]) -> Self {
        let (sender, lines) = channel();
        let surroundings =
            Surroundings { stdout: Box::new(Lines(sender, Vec::new())), colours: true, ..quiet(environment) };
        let fixed = ["webhook", "listen", "--addr", "127.0.0.1:0", "--count"].map(str::to_owned);
        let given = arguments.iter().map(|it| (*it).to_owned());
        let arguments: Vec<String> = fixed.into_iter().chain([count.to_string()]).chain(given).collect();
        let thread = std::thread::spawn(move || run(arguments, surroundings));
        let started = lines.recv().expect("it listens");
        let url = started.split(['"', ' ']).find(|it| it.starts_with("http://")).unwrap();
        Self { url: url.to_owned(), lines, thread }
    }

    /// Waits for its end, and gives what it said of each request.
    fn end(self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The same as it was written.
    fn text(self) -> String {
        assert_eq!(self.thread.join().unwrap(), ExitCode::Fine);
        self.lines.iter().collect()
    }
}

/// What was written, a line at a time, as it comes.
struct Lines(Sender<String>, Vec<u8>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.1.extend_from_slice(bytes);
        while let Some(end) = self.1.iter().position(|it| *it == b'\n') {
            let line: Vec<u8> = self.1.drain(..=end).collect();
            // Whoever does not read to the end has seen enough.
            let _ = self.0.send(String::from_utf8(line).unwrap());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A server on the loopback, until it is dropped.
struct Served {
    url: String,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    fn start(router: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        listener.set_nonblocking(true).unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                serve_until(listener, router, async { drop(stopped.await) }).await.unwrap();
            });
        });
        Self { url, stop: Some(stop), thread: Some(thread) }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// A folder of one test, taken away at its end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("webhook-tests-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    /// A file of these bytes.
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The files in it, by name.
    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let mut files: Vec<String> = entries.map(|it| it.unwrap().path().to_str().unwrap().to_owned()).collect();
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left over in a folder for temporary files does no harm.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
