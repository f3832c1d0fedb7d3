//! One peer as a process: `peer NAME` serves it, `peer NAME call BYTES KIND COUNT` gives it deliveries in process.

use webhook_benches::peers::{self, Peer};
use webhook_benches::sender::Kind;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let peer = |name| Peer::named(name).unwrap_or_else(|| panic!("no peer is called {name:?}"));
    match *arguments {
        [name] => peers::run(peer(name), || 0),
        [name, "call", bytes, kind, count] => {
            peers::call(peer(name), bytes.parse().unwrap(), Kind::named(kind).unwrap(), count.parse().unwrap());
        }
        _ => panic!("peer NAME, or peer NAME call BYTES KIND COUNT"),
    }
}
