//! What an app compiles that asks for nothing: none of the crates that a feature brings.

use std::process::Command;

/// The crates that the runtime depends on with these arguments, each by its name.
fn tree(arguments: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--locked",
            "-p",
            "webhook-runtime",
            "-e",
            "normal",
            "--prefix",
            "none",
            "-f",
            "{p}",
        ])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// What each feature is for.
const BROUGHT: [(&str, &[&str]); 11] = [
    ("cli", &["clap", "clap_complete"]),
    ("rsa", &["rsa"]),
    ("ecdsa", &["p256"]),
    ("x509", &["rsa", "x509-cert", "rustls-webpki", "webpki-roots", "crc32fast"]),
    ("jwt", &["rsa", "p256"]),
    ("fetch", &["reqwest", "rustls", "ring"]),
    ("compression", &["flate2"]),
    ("metrics", &["metrics"]),
    ("multipart", &["encoding_rs", "multer"]),
    ("rfc9421", &["sfv"]),
    ("xml", &["quick-xml"]),
];

#[test]
fn nothing_of_a_feature_is_in_the_default_graph() {
    let found = tree(&[]);
    assert!(found.iter().any(|it| it == "axum"), "{found:?}");
    for (feature, crates) in BROUGHT {
        for name in crates {
            assert!(!found.iter().any(|it| it == name), "{name} of the feature `{feature}` is there by default");
        }
    }
}

/// The page is there by default, at the price of one crate that is bytes alone.
#[test]
fn the_page_costs_one_crate() {
    let (with, without) = (tree(&["--no-default-features", "--features", "docs-ui"]), tree(&["--no-default-features"]));
    let added: Vec<&String> = with.iter().filter(|it| !without.contains(it)).collect();
    assert_eq!(added, ["utoipa-swagger-ui-vendored"]);
    assert!(tree(&[]).iter().any(|it| it == "utoipa-swagger-ui-vendored"));
}

#[test]
fn a_feature_brings_what_it_is_for() {
    for (feature, crates) in BROUGHT {
        let found = tree(&["--features", feature]);
        for name in crates {
            assert!(found.iter().any(|it| it == name), "the feature `{feature}` does not bring {name}");
        }
    }
}

#[test]
fn the_crates_of_a_foreign_family_come_with_the_feature_fetch_alone() {
    let found = tree(&["--no-default-features", "--features", "rsa,ecdsa,x509,jwt"]);
    for name in ["ring", "aws-lc-rs", "openssl", "reqwest"] {
        assert!(!found.iter().any(|it| it == name), "{name}");
    }
    let all = tree(&["--all-features"]);
    for name in ["aws-lc-rs", "openssl", "native-tls"] {
        assert!(!all.iter().any(|it| it == name), "{name}");
    }
}
