//! Every mistake that a person makes in the attribute or the signature is one error, at the token, in our words.
//!
//! A case is a file `ui/<rule>/<mistake>.rs`, and what the compiler says of it stands beside it. Those texts belong
//! to the compiler that they were recorded with: there they are compared to the letter. On another one, each case must
//! still fail, with our own sentences in what is said. `TRYBUILD=overwrite` records them again.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The compiler that the texts were recorded with.
const RECORDED: &str = "rustc 1.95.";

/// Sentences of the compiler, which it may change: for mistakes that only it can see.
const NOT_OURS: [&str; 5] = [
    "cannot find value",
    "future cannot be sent between threads safely",
    "implicit elided lifetime not allowed here",
    "mismatched types",
    "unresolved import",
];

/// The one folder whose cases have several mistakes.
const SEVERAL: &str = "several";

#[test]
fn every_mistake_is_a_compile_error_in_our_words() {
    if compiler().starts_with(RECORDED) {
        compare_to_the_letter();
    } else {
        look_for_our_sentences();
    }
}

#[test]
fn every_mistake_is_one_error() {
    for case in cases().iter().filter(|case| rule(case) != SEVERAL) {
        let said = recorded(case);
        let count = said.lines().filter(|line| line.starts_with("error") || line.starts_with("warning")).count();
        assert_eq!(count, 1, "{}:\n{said}", case.display());
    }
}

#[test]
fn our_sentences_are_told_from_the_compilers() {
    let said =
        "error: `a` is no text\n --> x\n\nerror[E0277]: `B` cannot be\n  error: no\nerror[E0308]: mismatched types\n";
    assert_eq!(sentences(said), ["`a` is no text", "`B` cannot be"]);
    assert!(says("error: `x` is no text, says", "`a` is no text"));
    assert!(!says("error: `x` is a text", "`a` is no text"));
}

fn compare_to_the_letter() {
    let trybuild = trybuild::TestCases::new();
    for case in cases() {
        trybuild.compile_fail(case.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap());
    }
}

/// Checks all cases as the programs of one package, and looks for our sentences in what the compiler says of each.
fn look_for_our_sentences() {
    let said = check(&package());
    for case in cases() {
        let said = said.get(&name(&case)).unwrap_or_else(|| panic!("{} compiled", case.display()));
        for sentence in sentences(&recorded(&case)) {
            assert!(says(said, sentence), "{} should say {sentence:?}, and it says:\n{said}", case.display());
        }
    }
}

/// The errors of each program in this package.
fn check(package: &Path) -> BTreeMap<String, String> {
    let output = Command::new(env!("CARGO"))
        .args(["check", "--bins", "--keep-going", "--message-format=json", "--quiet"])
        .current_dir(package)
        .env("CARGO_TARGET_DIR", package.join("target"))
        .output()
        .unwrap();
    let mut errors = BTreeMap::<_, String>::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        if message["message"]["level"] == "error" {
            let program = message["target"]["name"].as_str().unwrap().to_owned();
            errors.entry(program).or_default().push_str(message["message"]["rendered"].as_str().unwrap());
        }
    }
    errors
}

/// A package of all cases, with the versions of this workspace.
fn package() -> PathBuf {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let runtime = workspace.join("webhook-runtime");
    let mut manifest = format!(
        r#"
        package = {{ name = "ui", edition = "2024" }}
        workspace = {{}}
        [dependencies]
        axum = {{ version = "0.8", default-features = false, features = ["json", "query"] }}
        schemars = "1"
        serde = {{ version = "1", features = ["derive"] }}
        tokio = {{ version = "1", features = ["macros", "rt-multi-thread"] }}
        webhook-runtime = {{ path = {runtime:?}, features = ["full"] }}
        "#
    );
    for case in cases() {
        write!(manifest, "\n[[bin]]\nname = {:?}\npath = {case:?}\n", name(&case)).unwrap();
    }
    fs::create_dir_all(&package).unwrap();
    fs::write(package.join("Cargo.toml"), manifest).unwrap();
    fs::copy(workspace.join("Cargo.lock"), package.join("Cargo.lock")).unwrap();
    package
}

fn cases() -> Vec<PathBuf> {
    let rules = entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join("ui"));
    let mut cases: Vec<_> = rules.iter().flat_map(|rule| entries(rule)).collect();
    cases.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    cases.sort();
    cases
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn rule(case: &Path) -> &str {
    case.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap()
}

fn name(case: &Path) -> String {
    format!("{}-{}", rule(case), case.file_stem().unwrap().to_str().unwrap())
}

fn recorded(case: &Path) -> String {
    fs::read_to_string(case.with_extension("stderr")).unwrap()
}

/// What is said in our own words: the headlines that are not the compiler's.
fn sentences(said: &str) -> Vec<&str> {
    let headlines = said.lines().filter(|line| line.starts_with("error")).filter_map(|line| line.split_once(": "));
    let sentences = headlines.map(|(_, sentence)| sentence);
    sentences.filter(|sentence| !NOT_OURS.iter().any(|start| sentence.starts_with(start))).collect()
}

/// Is this sentence in what was said? How a type is spelled is the compiler's: what stands between backticks may differ.
fn says(said: &str, sentence: &str) -> bool {
    let words = |text: &str| text.split('`').step_by(2).collect::<Vec<_>>().join("`");
    said.lines().any(|line| words(line).contains(&words(sentence)))
}

fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    String::from_utf8(Command::new(rustc).arg("--version").output().unwrap().stdout).unwrap()
}
