//! What is wrong is told in one line, with an exit code of its own, and without a secret.

use webhook_runtime::cli::ExitCode;

use crate::command::{Folder, Served, webhook_in};

/// Base64 of 24 bytes, so that it works as a secret.
const CANARY: &str = "whsec_canarysecretcanarysecretcana";

/// The command must end so, with this in its one line.
fn check(arguments: &[&str], exit: ExitCode, expected: &str) {
    let variables = [
        ("WEBHOOK_SECRET", CANARY),
        ("SENDGRID_PUBLIC_KEY", "canarysecret"),
        ("PLAID_CLIENT_ID", "client"),
        ("PLAID_SECRET", "canarysecret"),
    ];
    let ended = webhook_in(&variables, "", arguments);
    assert_eq!(ended.exit, exit, "{arguments:?}: {ended:?}");
    assert!(ended.stderr.starts_with("webhook: ") && ended.stderr.contains(expected), "{arguments:?}: {ended:?}");
    assert_eq!(ended.stderr.lines().count(), 1, "{arguments:?}: {}", ended.stderr);
    assert_eq!(ended.stdout, "", "{arguments:?}");
    assert!(!ended.stderr.contains("canarysecret") && !ended.stderr.contains("panicked"), "{}", ended.stderr);
}

#[test]
fn arguments_that_are_wrong() {
    use ExitCode::Usage;
    check(&["sedn"], Usage, "a similar subcommand exists: 'send'");
    check(&["listen", "--forwrd", "x"], Usage, "a similar argument exists: '--forward'");
    check(&["send"], Usage, "required arguments were not provided: <URL>");
    check(&["send", "127.0.0.1:8000/x"], Usage, "is no URL: write it whole, as http://127.0.0.1:8000/webhooks/paid");
    check(&["send", "ftp://127.0.0.1/x"], Usage, "is no URL");
    check(&["send", "http://user:canarysecret@127.0.0.1/x"], Usage, "give them as the secret, user:password");
    check(&["send", "http://127.0.0.1/x", "--repeat", "0"], Usage, "0 is not in 1..=1000");
    check(&["send", "http://127.0.0.1/x", "--repeat", "1001"], Usage, "1001 is not in 1..=1000");
    check(&["listen", "--secret", "canarysecret", "--secret-file", "x"], Usage, "cannot be used with");
    check(&["send", "http://127.0.0.1/x", "--method", "a b"], Usage, "invalid HTTP method");
    check(&["listen", "--count", "0"], Usage, "--count");
    check(&["completions", "tcsh"], Usage, "possible values: bash");
    check(&["openapi", "gopher://127.0.0.1/"], Usage, "is no URL");
    let folder = Folder::new();
    let body = folder.file("body", r#"{"data":{}}"#);
    for (set, expected) in [
        ("data=5", "is no change: write a JSON Pointer and a value, as /data/amount=5"),
        ("/data", "is no change"),
        ("/nowhere/amount=5", "--set /nowhere/amount: the payload has no /nowhere"),
    ] {
        check(&["send", "http://127.0.0.1:9/x", "--body", &body, "--set", set], Usage, expected);
    }
}

#[test]
fn a_source_that_is_unknown_or_not_configured() {
    use ExitCode::Usage;
    let sign = |source: &str, more: &[&str], expected: &str| {
        check(&[&["sign", "-", "--source", source], more].concat(), Usage, expected);
    };
    sign("githb", &[], "no provider is called githb; did you mean github?");
    sign("GitHub", &[], "did you mean github?");
    sign("nope", &[], "no provider is called nope; there are adobe-commerce, ");
    sign("no-sender-at-all", &[], "no provider is called no-sender-at-all; there are adobe-commerce, ");
    sign("gitlab", &["--scheme", "hmac"], "gitlab has no scheme hmac; it has token-header, standard-webhooks");
    sign("salesforce", &[], "token_param is missing; set SALESFORCE_TOKEN_PARAM");
    sign(
        "standard-webhooks",
        &["--secret", "%canarysecret%"],
        "secret 1 of the source `standard-webhooks` is not base64, with or without `whsec_`. Copy it again",
    );
    sign("stripe", &["--secret", " "], "secret 1 of the source `stripe` is empty");
    sign("stripe", &["--secret", "changeme"], "is a placeholder from an example");
    sign("sendgrid", &[], "secret 1 of the source `sendgrid` is no public key of the curve P-256");
    let missing = webhook_in(&[], "", &["sign", "-", "--source", "stripe"]);
    assert_eq!(missing.exit, Usage);
    assert_eq!(
        missing.stderr,
        "webhook: no secret for stripe: give it by --secret-file, --secret, or the variable STRIPE_WEBHOOK_SECRET or \
         WEBHOOK_SECRET\n"
    );
    let folder = Folder::new();
    sign("stripe", &["--secret-file", &folder.file("empty", "\n")], "holds no secret: write one a line");
}

#[test]
fn a_sender_that_nobody_else_can_sign_for() {
    use ExitCode::Usage;
    // The first public key of RFC 8032.
    let key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    for (source, variable, value) in [
        ("discord", "DISCORD_PUBLIC_KEY", key),
        ("paypal", "PAYPAL_WEBHOOK_ID", "id"),
        ("aws-sns", "AWS_SNS_TOPIC_ARN", "arn:aws:sns:eu-west-1:123456789012:topic"),
    ] {
        let ended = webhook_in(&[(variable, value)], "{}", &["sign", "-", "--source", source]);
        assert_eq!(ended.exit, Usage, "{ended:?}");
        assert!(ended.stderr.contains("only the sender has the private key: record a delivery"), "{ended:?}");
    }
}

#[test]
fn files_and_servers_that_are_not_there_or_hold_something_else() {
    use ExitCode::Unreachable;
    let folder = Folder::new();
    let (text, three) = (folder.file("text", "canarysecret"), folder.file("three", r#"{"openapi":"3.0.3"}"#));
    check(&["sign", "/nowhere/body"], Unreachable, "could not read /nowhere/body: No such file");
    check(&["sign", "-", "--secret-file", "/nowhere/secret"], Unreachable, "could not read /nowhere/secret");
    check(&["sign", folder.path()], Unreachable, "could not read");
    let inline = ["send", "http://127.0.0.1:9/x", "--body", r#"{"canarysecret":1}"#];
    check(&inline, ExitCode::Usage, "a file is wanted, and this is JSON: pipe it in, with - as the file");
    check(&["send", "http://127.0.0.1:9/x", "--body", "/nowhere"], Unreachable, "could not read /nowhere");
    check(
        &["send", "http://127.0.0.1:9/x?token=canarysecret"],
        Unreachable,
        "POST http://127.0.0.1:9/x: Connection refused",
    );
    check(&["send", "http://127.0.0.1:9/x", "--body", &text, "--set", "/a=1"], Unreachable, "is not JSON");
    check(&["listen", "--addr", "nowhere"], Unreachable, "could not listen on nowhere");
    check(&["openapi", &text], Unreachable, "is not JSON: it breaks at line 1, column 1");
    check(&["openapi", &three], Unreachable, "OpenAPI 3.0.3, which has no webhooks");
    check(&["openapi", &folder.file("other", "{}")], Unreachable, "is no OpenAPI 3 document");
    check(&["verify", "/nowhere/file"], Unreachable, "could not read /nowhere/file");
    check(&["verify", &text], Unreachable, "text: the file is no recording");
    check(&["replay", &text, "--to", "http://127.0.0.1:9/"], Unreachable, "text: the file is no recording");
    check(&["listen", "--record", &text], Unreachable, "could not make the folder");
    let server = Served::start(axum::Router::new());
    check(&["openapi", &server.at("/openapi.json?key=canarysecret")], Unreachable, "/openapi.json answered 404");
}
