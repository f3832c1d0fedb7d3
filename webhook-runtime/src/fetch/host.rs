//! Which hosts are this machine.

use std::net::IpAddr;

/// Is it a name or an address of this machine? A host as it stands in a URL, without its port.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || host.ends_with(".localhost") || address.is_ok_and(|it| it.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

    #[test]
    fn this_machine_is_known_by_its_names() {
        for host in ["localhost", "hooks.localhost", "127.0.0.1", "127.8.8.8", "[::1]"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["localhost.example.com", "192.168.0.1", "[fe80::1]", "127.0.0.1.example.com", ""] {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
