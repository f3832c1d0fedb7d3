//! Features only add, and the default ones bring no crate of the others.

use std::process::Command;

#[test]
fn the_default_features_bring_none_of_the_optional_crates() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "-p", "webhook-runtime", "-e", "normal", "--prefix", "none"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    let crates = String::from_utf8(tree.stdout).unwrap();
    assert!(crates.lines().count() > 30, "{}", String::from_utf8_lossy(&tree.stderr));
    let brought = |name: &str| crates.lines().any(|line| line.split(' ').next() == Some(name));
    assert!(brought("ed25519-dalek"), "the tree was not read");
    for name in ["encoding_rs", "flate2", "multer", "p256", "quick-xml", "rsa", "sfv"] {
        assert!(!brought(name), "{name}");
    }
}
