//! The command `webhook`: signs, sends, receives, replays and checks deliveries.
//!
#![doc = include_str!("command.md")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use clap::ArgMatches;
use clap::error::{Error, ErrorKind};

mod answer;
mod arguments;
mod completions;
mod configured;
mod doctor;
mod failure;
mod forward;
mod http;
mod json;
mod listen;
mod openapi;
mod output;
mod recordings;
mod replay;
mod secret;
mod send;
mod sign;
pub mod sources;
mod surroundings;
mod verdict;
mod verify;

pub use failure::ExitCode;
pub use surroundings::Surroundings;

use crate::Clock;
use crate::cli::failure::Failure;
use crate::cli::output::Output;

/// Runs the command with these arguments, the name of the program first, and says how it ended. It never panics, and
/// whatever keeps it from what was asked is one line on stderr.
///
/// It has a runtime of its own: call it from a thread that has none.
///
/// ```
/// use webhook_runtime::cli::{ExitCode, Surroundings, run};
///
/// let surroundings = Surroundings { stdout: Box::new(std::io::sink()), ..Surroundings::of_process() };
/// assert_eq!(run(["webhook", "secret"], surroundings), ExitCode::Fine);
/// ```
pub fn run<A: Into<OsString>>(arguments: impl IntoIterator<Item = A>, surroundings: Surroundings) -> ExitCode {
    let Surroundings { environment, stdin, stdout, stderr, colours, clock } = surroundings;
    let output = Arc::new(Output::new(stdout, stderr, colours));
    let arguments = match arguments::command().try_get_matches_from(as_called(arguments)) {
        Ok(arguments) => arguments,
        Err(error) => return misused(&output, &error),
    };
    let Some((name, arguments)) = arguments.subcommand() else { return ExitCode::Usage };
    let call = Arc::new(Call {
        json: arguments.get_flag("json"),
        arguments: arguments.clone(),
        environment,
        clock,
        output: Arc::clone(&output),
        stdin: Mutex::new(stdin),
    });
    let ended = match name {
        "sign" => sign::run(&call),
        "send" => send::run(&call),
        "listen" => listen::run(call),
        "replay" => replay::run(&call),
        "verify" => verify::run(&call),
        "doctor" => doctor::run(&call),
        "secret" => secret::run(&call),
        "openapi" => openapi::run(&call),
        _ => completions::run(&call),
    };
    match ended {
        Err(failure) => {
            output.complain(&failure.text);
            failure.exit
        }
        Ok(_) if !output.is_whole() => {
            output.complain("the result could not be written");
            ExitCode::Unreachable
        }
        Ok(exit) => exit,
    }
}

/// One call of a subcommand.
struct Call {
    arguments: ArgMatches,
    environment: BTreeMap<String, String>,
    clock: Arc<dyn Clock>,
    output: Arc<Output>,
    stdin: Mutex<Box<dyn Read + Send>>,
    /// Are results wanted as JSON?
    json: bool,
}

impl Call {
    /// The bytes of a file, or of standard input for `-`.
    fn read(&self, file: &str) -> Result<Bytes, Failure> {
        if file.starts_with(['{', '[']) && json::read(file.as_bytes()).is_some() {
            return Err(Failure::usage("a file is wanted, and this is JSON: pipe it in, with - as the file"));
        }
        let mut bytes = Vec::new();
        let read = match file {
            "-" => self.stdin.lock().unwrap_or_else(PoisonError::into_inner).read_to_end(&mut bytes).map(drop),
            _ => std::fs::read(file).map(|read| bytes = read),
        };
        read.map(|()| bytes.into()).map_err(|said| Failure::of_file("read", file, said))
    }
}

/// Runs what waits for something.
fn block_on<T>(task: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|said| Failure::unreachable(format!("there is no runtime: {said}")))?.block_on(task)
}

/// Cargo calls `cargo-webhook webhook …` for `cargo webhook …`.
fn as_called<A: Into<OsString>>(arguments: impl IntoIterator<Item = A>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let of_cargo =
        arguments.first().is_some_and(|it| Path::new(it).file_stem().is_some_and(|it| it == "cargo-webhook"));
    if of_cargo && arguments.get(1).is_some_and(|it| it == "webhook") {
        arguments.remove(1);
    }
    arguments
}

/// A page that was asked for, or one line about arguments that are wrong.
fn misused(output: &Output, error: &Error) -> ExitCode {
    let text = error.to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            output.say(text.trim_end());
            return ExitCode::Fine;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => output.help(&text),
        _ => {
            // Behind what is wrong clap repeats the usage, which `--help` shows.
            let what = text.split("\nUsage:").next().unwrap_or_default().trim();
            let what = what.split("\nFor more information").next().unwrap_or_default();
            output.complain(what.strip_prefix("error: ").unwrap_or(what));
        }
    }
    ExitCode::Usage
}
