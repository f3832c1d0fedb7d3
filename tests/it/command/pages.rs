//! What the command says of itself, and what it hides.

use webhook_runtime::cli::ExitCode;

use crate::command::{webhook, webhook_in};
use crate::support::SECRET;

/// The subcommands, by the page of the whole.
fn subcommands() -> Vec<String> {
    let page = webhook(&["--help"]).fine();
    let list = page.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = list.lines().map(|it| it.split_whitespace().next().unwrap().to_owned());
    names.filter(|it| it != "help").collect()
}

#[test]
fn the_page_of_the_documentation_names_each_command_and_each_option_that_it_has() {
    let page = include_str!("../../../webhook-runtime/src/cli/command.md");
    for name in subcommands() {
        assert!(page.contains(&format!("`webhook {name}")), "{name}");
    }
    let help: String = subcommands().iter().map(|name| webhook(&[name, "--help"]).fine()).collect();
    for option in page.split(|it: char| !it.is_alphanumeric() && it != '-').filter(|it| it.starts_with("--")) {
        // The features are cargo's.
        let is_a_rule_of_a_table = option.chars().all(|it| it == '-');
        assert!(is_a_rule_of_a_table || option == "--features" || help.contains(option), "{option}");
    }
}

#[test]
fn the_exit_codes_are_those_of_the_page() {
    let page = include_str!("../../../webhook-runtime/src/cli/command.md");
    for exit in [ExitCode::Fine, ExitCode::Failed, ExitCode::Usage, ExitCode::Unreachable] {
        assert!(page.contains(&format!("| {} |", exit as u8)), "{exit:?}");
        assert!(webhook(&["--help"]).fine().contains(&format!("\n  {}  ", exit as u8)), "{exit:?}");
    }
}

#[test]
fn a_line_of_help_fits_into_a_terminal() {
    for name in subcommands() {
        for line in webhook(&[&name, "--help"]).fine().lines() {
            assert!(line.chars().count() <= 120, "{name}: {line}");
        }
    }
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = webhook(&["completions", shell]).fine();
        assert!(script.contains("print-curl"), "{shell}");
        // elvish and powershell complete no values.
        assert!(script.contains("lemon-squeezy") || ["powershell", "elvish"].contains(&shell), "{shell}");
    }
}

#[test]
fn cargo_calls_it_with_its_own_name_first() {
    let call = |arguments: &[&str]| {
        let surroundings = crate::command::quiet(&[]);
        webhook_runtime::cli::run(arguments.iter().copied(), surroundings)
    };
    assert_eq!(call(&["/home/me/.cargo/bin/cargo-webhook", "webhook", "secret"]), ExitCode::Fine);
    assert_eq!(call(&["/home/me/.cargo/bin/webhook", "webhook", "secret"]), ExitCode::Usage);
}

#[test]
fn a_secret_is_strong_and_signs() {
    let secret = webhook_in(&[], "", &["secret"]).fine();
    let other = webhook_in(&[], "", &["secret", "--json"]).json();
    assert!(secret.starts_with("whsec_") && secret.trim_end().len() == 50, "{secret}");
    assert_ne!(other["secret"], secret.trim_end());
    let signed = webhook_in(&[("STANDARD_WEBHOOKS_WEBHOOK_SECRET", secret.trim_end())], "{}", &["sign", "-"]).fine();
    assert!(signed.contains("webhook-signature: v1,"), "{signed}");
}

#[test]
fn a_secret_is_looked_for_in_one_order() {
    let sign = |environment: &[(&str, &str)], arguments: &[&str]| {
        webhook_in(environment, "{}", &[&["sign", "-", "--source", "github"], arguments].concat()).fine()
    };
    let of = |secret: &str| sign(&[], &["--secret", secret]);
    let both = [("GITHUB_WEBHOOK_SECRET", "the-own-one"), ("WEBHOOK_SECRET", "the-common-one")];
    let folder = crate::command::Folder::new();
    let file = folder.file("secrets", "the-one-of-the-file\nthe-retiring-one\n");
    assert_eq!(sign(&both[1..], &[]), of("the-common-one"));
    assert_eq!(sign(&both, &[]), of("the-own-one"));
    assert_eq!(sign(&both, &["--secret-file", &file]), of("the-one-of-the-file"));
    assert_eq!(sign(&both, &["--secret", "the-given-one"]), of("the-given-one"));
}

#[test]
fn sign_prints_what_its_source_would_send() {
    let signed = webhook_in(&[("WEBHOOK_SECRET", SECRET)], "{}", &["sign", "--id", "msg_1", "--time", "1614265330"]);
    expect_test::expect![[r#"
        webhook-id: msg_1
        webhook-timestamp: 1614265330
        webhook-signature: v1,ZztYR0IIDCBCUcYzh8ZE+qsQWpIgtHU7R1hpe8htaD4=
    "#]]
    .assert_eq(&signed.fine());
}
