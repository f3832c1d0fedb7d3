//! The page of each sender says what its reader has to know, and the list of the README has a line for it.

use std::fs;
use std::path::Path;

const HEADINGS: [&str; 4] = ["# Setting it up", "# What is signed", "# What can be replayed", "# Retries"];

#[test]
fn every_sender_has_a_whole_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let mut pages = 0;
    for entry in fs::read_dir(root.join("webhook-runtime/src/providers")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".rs") || name == "mod.rs" {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        let (page, sender) = page(&source).unwrap_or_else(|| panic!("{name}: a sender is a documented `pub struct`"));
        for heading in HEADINGS {
            assert_eq!(page.matches(heading).count(), 1, "{name}: one heading `{heading}`");
        }
        assert!(page.contains("```\n") && page.contains("\nuse webhook_runtime::"), "{name}: an example that compiles");
        assert!(readme.contains(&format!("| `{sender}` |")), "README.md: a line for `{sender}`");
        pages += 1;
    }
    assert!(pages > 50, "{pages}");
}

/// The documentation before the one public type of a file, and the type's name.
fn page(source: &str) -> Option<(String, &str)> {
    let (before, after) = source.split_once("\npub struct ")?;
    let name = after.split(|it: char| !it.is_alphanumeric()).next()?;
    let lines = before.lines().rev().skip_while(|it| it.starts_with("#["));
    let mut lines: Vec<&str> = lines.map_while(|it| it.strip_prefix("///")).map(str::trim_start).collect();
    lines.reverse();
    Some((lines.join("\n"), name))
}
