//! How a peer and the process that measures it talk: the peer says where it listens, answers each line of its standard
//! input with a number, and ends with it.

use std::io::{BufRead, Write, stdin, stdout};
use std::net::SocketAddr;

/// Tells where the peer listens, and then, for each line that is asked for, what `count` says.
pub fn tell(address: SocketAddr, count: fn() -> usize) {
    say(&address.to_string());
    std::thread::spawn(move || {
        for _ in stdin().lock().lines().map_while(Result::ok) {
            say(&count().to_string());
        }
        std::process::exit(0);
    });
}

fn say(line: &str) {
    let mut out = stdout().lock();
    // Nobody listens any more: the end of the standard input follows.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
