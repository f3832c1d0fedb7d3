//! From arguments and variables to the source that they configure, ready to sign and to verify.

use clap::ArgMatches;
use clap::parser::ValueSource;

use crate::cli::Call;
use crate::cli::failure::Failure;
use crate::cli::sources::{Configuration, source};
use crate::{CannotSign, Problem, Recording, Source};

/// The source of `--source`, with its secrets. Of a sender that signs its URL, `called` is the URL unless another one is
/// configured: it is the one that the delivery goes to.
pub(super) fn configured(call: &Call, called: Option<&str>) -> Result<Source, Failure> {
    configured_as(call, text(&call.arguments, "source").unwrap_or_default(), called)
}

/// The same for a recorded delivery: its own source, unless the arguments name one.
pub(super) fn configured_for(call: &Call, recording: &Recording, called: Option<&str>) -> Result<Source, Failure> {
    let is_given = call.arguments.value_source("source") == Some(ValueSource::CommandLine);
    let given = text(&call.arguments, "source").filter(|_| is_given);
    configured_as(call, given.unwrap_or(recording.source()), called)
}

fn configured_as(call: &Call, name: &str, called: Option<&str>) -> Result<Source, Failure> {
    let arguments = &call.arguments;
    let mut configuration = Configuration::of_variables(name, call.environment.clone());
    let variable = configuration.secret_variable();
    if let Some(secrets) = secrets(call, &configuration)? {
        configuration = configuration.with_secrets(secrets);
    }
    if let Some(url) = text(arguments, "url").or(configuration.field("url").is_none().then_some(called).flatten()) {
        let url = url.split(['?', '#']).next().unwrap_or_default().to_owned();
        configuration = configuration.with("url", url);
    }
    hide(call, &configuration);
    let scheme = text(arguments, "scheme").or(configuration.field("scheme"));
    let source = source(name, scheme, &configuration).map_err(Failure::usage)?;
    source.ready().map_err(|error| {
        let problem = error.problems().first().map(|it| told(name, &variable, it));
        Failure::usage(problem.unwrap_or_else(|| error.to_string()))
    })
}

/// Why a source cannot sign, and what to do instead on a command line.
pub(super) fn cannot_sign(source: &Source, why: CannotSign) -> Failure {
    let name = source.name();
    let told = match why {
        CannotSign::PublicKeyOnly => {
            "only the sender has the private key: record a delivery of its own by `webhook listen --record`, and send \
             that by `webhook replay`"
        }
        CannotSign::NotInAHeader => "its proof stands in the URL or in the body, where `webhook send` puts it",
        CannotSign::NoUrl => "it signs the public URL: give that by --url",
        CannotSign::NoSample => "there is no sample payload of it: give one by --body",
        other => return Failure::usage(format!("cannot sign as {name}: {other}")),
    };
    Failure::usage(format!("cannot sign as {name}: {told}"))
}

/// The text of an argument.
pub(super) fn text<'a>(arguments: &'a ArgMatches, name: &str) -> Option<&'a str> {
    // Of an argument that the subcommand does not have there is none.
    arguments.try_get_one::<String>(name).ok().flatten().map(String::as_str)
}

/// The secrets: of the arguments, of the source's variable, of the common variable.
fn secrets(call: &Call, configuration: &Configuration) -> Result<Option<Vec<String>>, Failure> {
    let lines = |text: &str| text.lines().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
    if let Some(given) = call.arguments.get_many::<String>("secret") {
        return Ok(Some(given.cloned().collect()));
    }
    if let Some(file) = text(&call.arguments, "secret-file") {
        let bytes = std::fs::read(file).map_err(|said| Failure::of_file("read", file, said))?;
        let read: Vec<String> = lines(&String::from_utf8_lossy(&bytes));
        let none = || Failure::usage(format!("{file} holds no secret: write one a line, the current one first"));
        return if read.is_empty() { Err(none()) } else { Ok(Some(read)) };
    }
    if configuration.secrets().is_empty() {
        return Ok(call.environment.get("WEBHOOK_SECRET").map(|it| lines(it)));
    }
    Ok(None)
}

/// Keeps what proves a sender out of every line.
fn hide(call: &Call, configuration: &Configuration) {
    let fields = ["secret", "verify_token"].into_iter().filter_map(|name| configuration.field(name));
    let secrets = configuration.secrets();
    for secret in secrets.iter().map(String::as_str).chain(fields) {
        // A text may hold several; whoever shows one may leave out its prefix, or the user before the password.
        let words = secret.split_whitespace().flat_map(|it| {
            [Some(it), it.strip_prefix("whsec_"), it.split_once(':').map(|it| it.1)].into_iter().flatten()
        });
        std::iter::once(secret).chain(words).for_each(|it| call.output.hide(it));
    }
}

/// What is wrong, and what to do about it on a command line.
fn told(source: &str, variable: &str, problem: &Problem) -> String {
    match problem {
        Problem::NoSecret { .. } => format!(
            "no secret for {source}: give it by --secret-file, --secret, or the variable {variable} or WEBHOOK_SECRET"
        ),
        other => other.to_string(),
    }
}
