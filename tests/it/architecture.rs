//! Holds the house against its plan: floors, rooms of foreign crates and powers, heads, sizes.
//!
//! The floors are read from `lib.rs` of the runtime, where the list of modules is the map. The rules run on planted
//! faults too, so that a rule that finds nothing is known to be able to find something.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The text of each file, by its path below `src`.
type Sources = BTreeMap<String, String>;

#[test]
fn the_runtime_keeps_to_its_map() {
    let sources = read("../webhook-runtime/src");
    assert!(sources.len() > 30, "the sources were not found");
    assert_eq!(faults(&sources), Vec::<String>::new());
}

#[test]
fn the_page_of_the_architecture_shows_the_map() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../ARCHITECTURE.md")).unwrap();
    for (room, floor) in floors(&read("../webhook-runtime/src")["lib.rs"]) {
        assert!(page.contains(&format!("| {floor} | `{room}/` |")), "floor {floor} of `{room}`");
    }
}

#[test]
fn the_macros_have_heads_and_a_size() {
    let sources = read("../webhook-macros/src");
    let faults: Vec<String> = sources.iter().flat_map(|(path, text)| shape(path, text)).collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn every_planted_fault_is_found() {
    let map = "//! Head.\n// ---- floor 2: b ----\nmod upper;\n// ---- floor 1: a ----\nmod lower;\nmod beside;\n// ---- floor 0: nouns ----\nmod base;\n";
    let check = |path: &str, text: &str, expected: &str| {
        let sources = Sources::from([("lib.rs".to_owned(), map.to_owned()), (path.to_owned(), text.to_owned())]);
        assert_eq!(faults(&sources), [expected], "{path}: {text}");
    };
    check("lower/mod.rs", "//! Head.\nuse crate::upper::X;\n", "lower/mod.rs reaches up to `upper`");
    check("lower/mod.rs", "//! Head.\nuse crate::beside::X;\n", "lower/mod.rs reaches sideways to `beside`");
    check(
        "lower/mod.rs",
        "//! Head.\nuse crate::{upper::X, base};\n",
        "lower/mod.rs groups rooms in one `use crate::{`",
    );
    check(
        "base/error/x.rs",
        "//! Head.\nuse crate::base::ids::X;\n",
        "base/error/x.rs uses a noun: errors use nothing of ours",
    );
    check("lower/mod.rs", "use std::fmt;\n", "lower/mod.rs has no head");
    check("lower/mod.rs", &format!("//! Head.\n{}", "x();\n".repeat(401)), "lower/mod.rs has 401 lines of code");
    check(
        "lower/mod.rs",
        "//! Head.\nlet x = std::env::var(\"X\");\n",
        "lower/mod.rs uses `env::var`, which belongs to base/env, cli/surroundings",
    );
    check("lower/mod.rs", "//! Head.\nuse hyper::body;\n", "lower/mod.rs uses `hyper::`, which belongs to app/serve");
    check(
        "lower/mod.rs",
        "//! Head.\nx(StatusCode::OK);\n",
        "lower/mod.rs uses `StatusCode::`, which belongs to base/answer, handler/responses",
    );
    check("cli/x.rs", "//! Head.\nuse crate::upper::X;\n", "cli/x.rs reaches into `upper`");
    check("cli/x.rs", "//! Head.\nuse crate::{Source, lower::X};\n", "cli/x.rs reaches into `lower`");
    check(
        "cli/x.rs",
        "//! Head.\nuse reqwest::X;\n",
        "cli/x.rs uses `reqwest::`, which belongs to fetch/https, cli/http",
    );
    check("elsewhere/mod.rs", "//! Head.\n", "elsewhere/mod.rs is in no room of the map");
}

#[test]
fn code_in_documentation_and_tests_is_not_held_to_the_rules() {
    let map = "//! Head.\n// ---- floor 1: a ----\nmod lower;\n// ---- floor 0: nouns ----\nmod base;\n";
    let text = "//! Head. `use hyper::body`\nfn x() {}\n/// std::env::var(\"X\")\n#[cfg(test)]\nmod tests {\n use crate::lower::X;\n}\n";
    let sources = Sources::from([("lib.rs".to_owned(), map.to_owned()), ("base/x.rs".to_owned(), text.to_owned())]);
    assert_eq!(faults(&sources), Vec::<String>::new());
}

/// Every rule over every file.
fn faults(sources: &Sources) -> Vec<String> {
    let floors = floors(&sources["lib.rs"]);
    let mut faults = Vec::new();
    for (path, text) in sources.iter().filter(|(path, _)| !is_test(path)) {
        faults.extend(shape(path, text));
        if is_roof(path) {
            continue;
        }
        let room = room(path);
        if room == COMMAND {
            let code = code(text);
            faults.extend(reaches(path, &code, &floors));
            faults.extend(powers(path, &code));
            continue;
        }
        let Some(floor) = floors.get(room) else {
            faults.push(format!("{path} is in no room of the map"));
            continue;
        };
        let code = code(text);
        faults.extend(arrows(path, room, *floor, &code, &floors));
        faults.extend(powers(path, &code));
    }
    faults
}

/// The floor of each room, from the commented groups of `lib.rs`.
fn floors(map: &str) -> BTreeMap<String, u32> {
    let mut floors = BTreeMap::new();
    let mut floor = None;
    for line in map.lines() {
        if let Some(title) = line.strip_prefix("// ---- ") {
            floor = title.strip_prefix("floor ").and_then(|rest| rest.split(':').next()?.parse().ok());
        }
        let module = line.trim_start_matches("pub ").strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'));
        if let (Some(floor), Some(module)) = (floor, module) {
            floors.insert(module.to_owned(), floor);
        }
    }
    floors
}

/// Arrows go down only. Each room of a path is written out, so that this can be read from the text.
fn arrows(path: &str, room: &str, floor: u32, code: &str, floors: &BTreeMap<String, u32>) -> Vec<String> {
    let mut faults = Vec::new();
    for used in code.split("crate::").skip(1) {
        if used.starts_with('{') {
            faults.push(format!("{path} groups rooms in one `use crate::{{`"));
            continue;
        }
        let used: String = used.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
        if path.starts_with("base/error/") && !is_error(code) {
            faults.push(format!("{path} uses a noun: errors use nothing of ours"));
        }
        match floors.get(&used) {
            Some(other) if *other > floor => faults.push(format!("{path} reaches up to `{used}`")),
            Some(other) if *other == floor && used != room => {
                faults.push(format!("{path} reaches sideways to `{used}`"));
            }
            _ => {}
        }
    }
    faults
}

/// The command stands on the roof and names what `lib.rs` exports, and its own modules. One file reaches the HTTP client
/// of the house, so that there is no second one.
fn reaches(path: &str, code: &str, floors: &BTreeMap<String, u32>) -> Vec<String> {
    let word = |it: &str| it.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect::<String>();
    let named = code.split("crate::").skip(1).flat_map(|used| match used.strip_prefix('{') {
        Some(group) => group.split('}').next().unwrap_or_default().split(',').map(|it| word(it.trim())).collect(),
        None => vec![word(used)],
    });
    let rooms = named.filter(|it| floors.contains_key(it));
    let is_allowed = |used: &String| path == "cli/http.rs" && used == "fetch";
    rooms.filter(|it| !is_allowed(it)).map(|used| format!("{path} reaches into `{used}`")).collect()
}

/// Errors may name each other.
fn is_error(code: &str) -> bool {
    code.split("crate::").skip(1).all(|used| used.starts_with("base::error::"))
}

/// Every foreign crate and every ambient power has one room.
fn powers(path: &str, code: &str) -> Vec<String> {
    const HOMES: [(&str, &[&str]); 39] = [
        ("env::var", &["base/env", "cli/surroundings"]),
        ("SystemTime::now", &["base/clock"]),
        ("Instant::now", &["app/serve", "base/observe", "fetch/keep"]),
        ("StatusCode::", &["base/answer", "handler/responses"]),
        ("inventory::", &["registry/collect"]),
        ("hyper::", &["app/serve"]),
        ("hyper_util::", &["app/serve"]),
        ("httparse::", &["app/serve"]),
        ("Router::new", &["app/mount", "app/builder", "cli/listen"]),
        ("tokio::spawn", &["run/", "work/", "app/serve"]),
        ("jsonschema::", &["handler/schema"]),
        ("hmac::{", &["signature/"]),
        ("sha2::", &["signature/"]),
        ("subtle::", &["signature/"]),
        ("ed25519_dalek::", &["signature/"]),
        ("rsa::", &["signature/rsa_key"]),
        ("p256::", &["signature/ecdsa"]),
        ("x509_cert::", &["signature/certificate"]),
        ("webpki::", &["signature/certificate"]),
        ("webpki_roots::", &["signature/certificate", "fetch/https"]),
        ("pki_types::", &["signature/certificate"]),
        ("crc32fast::", &["signature/"]),
        ("reqwest::", &["fetch/https", "cli/http"]),
        ("rustls::", &["fetch/https"]),
        ("sfv::", &["signature/message", "providers/rfc9421"]),
        ("quick_xml::", &["format/xml"]),
        ("metrics::", &["base/observe"]),
        ("multer::", &["format/multipart"]),
        ("encoding_rs::", &["format/multipart"]),
        ("flate2::", &["format/inflate"]),
        ("getrandom::", &["signature/"]),
        ("serde_json::from_", &["format/", "cli/json"]),
        ("problem_details::", &["base/answer"]),
        ("clap::", &["cli/"]),
        ("clap_complete::", &["cli/"]),
        ("anstyle::", &["cli/output"]),
        ("httpdate::", &["cli/doctor"]),
        ("strsim::", &["cli/sources"]),
        ("utoipa_swagger_ui_vendored::", &["docs/page/swagger"]),
    ];
    HOMES
        .iter()
        .filter(|(power, homes)| uses(code, power) && !homes.iter().any(|home| path.starts_with(home)))
        .map(|(power, homes)| format!("{path} uses `{power}`, which belongs to {}", homes.join(", ")))
        .collect()
}

/// Does the code name it, as a whole word?
fn uses(code: &str, power: &str) -> bool {
    code.match_indices(power).any(|(at, _)| !code[..at].ends_with(|it: char| it.is_alphanumeric() || it == '_'))
}

/// A head that says what the file is for, and a size that one reads in one go.
fn shape(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if !text.starts_with("//! ") {
        faults.push(format!("{path} has no head"));
    }
    let lines = code(text).lines().filter(|line| !line.trim().is_empty()).count();
    if lines > 400 {
        faults.push(format!("{path} has {lines} lines of code"));
    }
    faults
}

/// What is left of a file without its comments and its tests.
fn code(text: &str) -> String {
    let before_tests = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = before_tests.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.map(|line| format!("{line}\n")).collect()
}

/// The room of the roof that has rules of its own.
const COMMAND: &str = "cli";

fn room(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

fn is_roof(path: &str) -> bool {
    matches!(path, "lib.rs" | "private.rs" | "guide/mod.rs") || path.starts_with("bin/") || path.starts_with("testing/")
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

fn read(folder: &str) -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut sources = Sources::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(|it| it.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|it| it == "rs") {
                let path = entry.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                sources.insert(path, fs::read_to_string(&entry).unwrap());
            }
        }
    }
    sources
}
