//! A peer as a process: where it listens, what it used, and its end.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// A running peer.
pub(crate) struct Process {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
}

impl Process {
    /// Starts a peer with this command, and waits until it says where it listens.
    pub(crate) fn start(command: &mut Command) -> io::Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let mut output = BufReader::new(output.ok_or_else(|| io::Error::other("a peer without an output"))?);
        let address = line(&mut output)?.parse().map_err(io::Error::other)?;
        Ok(Self { child, input, output, address })
    }

    /// What it counts.
    pub(crate) fn count(&mut self) -> io::Result<u64> {
        let input = self.input.as_mut().ok_or_else(|| io::Error::other("a peer without an input"))?;
        input.write_all(b"count\n")?;
        line(&mut self.output)?.parse().map_err(io::Error::other)
    }

    /// The time that all its threads were on a core, by the kernel's own accounting.
    pub(crate) fn on_core(&self) -> io::Result<Duration> {
        let mut sum = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let text = fs::read_to_string(thread?.path().join("schedstat"))?;
            sum += text.split(' ').next().and_then(|it| it.parse::<u64>().ok()).unwrap_or(0);
        }
        Ok(Duration::from_nanos(sum))
    }

    /// Its resident memory, in bytes.
    pub(crate) fn resident(&self) -> io::Result<u64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kibibytes = text.lines().find_map(|it| it.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok());
        kibibytes.map(|it: u64| it * 1024).ok_or_else(|| io::Error::other("no VmRSS"))
    }

    /// Ends it, and waits for what watches it.
    pub(crate) fn end(mut self) -> io::Result<()> {
        drop(self.input.take());
        self.child.wait().map(drop)
    }
}

fn line(output: &mut BufReader<ChildStdout>) -> io::Result<String> {
    let mut line = String::new();
    if output.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim().to_owned())
}

/// A program of this package, beside the one that runs.
pub(crate) fn beside(name: &str) -> io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    Ok(own.parent().unwrap_or(Path::new(".")).join(name))
}
