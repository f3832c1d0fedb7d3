//! The arguments of the command: a function a subcommand, in the order of its page.

use std::ffi::OsStr;

use clap::builder::{NonEmptyStringValueParser, PossibleValue, TypedValueParser};
use clap::{Arg, ArgAction, ArgGroup, Command, value_parser};
use clap_complete::Shell;
use http::Method;

use crate::cli::sources::PROVIDERS;

/// The whole command.
pub(super) fn command() -> Command {
    Command::new("webhook")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Signs, sends, receives, replays and checks webhook deliveries")
        .after_help(EXIT_CODES)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(
            Arg::new("json")
                .long("json")
                .global(true)
                .action(ArgAction::SetTrue)
                .help("Write results as JSON, an object a line"),
        )
        .subcommands([sign(), send(), listen(), replay(), verify(), doctor(), secret(), openapi(), completions()])
}

fn sign() -> Command {
    of_source(Command::new("sign").about("Print the headers that sign a body"))
        .arg(file("body", "The body; - is standard input").required(false).default_value("-"))
        .arg(option("id", "ID", "The id of the delivery, where the scheme has one; a random one unless given"))
        .arg(time("When it is signed, in seconds since 1970; now unless given"))
        .after_help("The headers hold signatures; a sender that signs nothing has its token there.")
}

fn send() -> Command {
    of_source(Command::new("send").about("Send a signed delivery, and show the answer"))
        .arg(target("The URL of the route"))
        .arg(option(
            "event",
            "TYPE",
            "The event type, such as push or invoice.paid; the source's usual one unless given",
        ))
        .arg(option(
            "body",
            "FILE",
            "The body, as it is; - is standard input. A sample payload of the source unless given",
        ))
        .arg(option("content-type", "TYPE", "What the body is; the usual one of the source unless given"))
        .arg(
            Arg::new("set")
                .long("set")
                .value_name("POINTER=VALUE")
                .action(ArgAction::Append)
                .help("Change the payload, as /data/amount=5; the value is JSON, or else a text"),
        )
        .arg(method())
        .arg(option("id", "ID", "The id of the delivery; a random one unless given"))
        .arg(
            Arg::new("repeat")
                .long("repeat")
                .value_name("N")
                .default_value("1")
                .value_parser(value_parser!(u32).range(1..=1000))
                .help("Send the same delivery so often, as a sender that tries again"),
        )
        .arg(flag("tamper", "Change a byte of the body after it was signed"))
        .arg(flag("print-curl", "Print a curl command instead of sending"))
        .after_help(
            "The curl command holds the signature and never the secret, with one exception: a sender that signs\n\
             nothing has its token in the request.\n\n\
             Exit code 1: an answer was no 2xx. With --tamper that is what should happen.",
        )
}

fn listen() -> Command {
    of_source(Command::new("listen").about("Receive deliveries on this machine, and show why each one verifies or not"))
        .arg(option("addr", "ADDRESS", "Where to listen; port 0 takes a free one").default_value("127.0.0.1:9000"))
        .arg(option("record", "DIR", "Keep each delivery in a file there: all of its headers, and its bytes"))
        .arg(option("forward", "URL", "Pass each delivery on, byte for byte, and give back the answer of this URL"))
        .arg(
            Arg::new("count")
                .long("count")
                .value_name("N")
                .value_parser(value_parser!(u64).range(1..))
                .help("End after so many requests; at Ctrl-C unless given"),
        )
        .after_help(
            "Every path is the route. A delivery that verifies is answered as its sender expects, another one with\n\
             401; a handshake of the source is answered too. With --forward the app behind answers all of it.\n\n\
             A recording holds what the sender sent, and so the token of a sender that signs nothing.",
        )
}

fn replay() -> Command {
    of_source(Command::new("replay").about("Send a recorded delivery again"))
        .arg(file("recording", "A file of listen --record"))
        .arg(option("to", "URL", "Where to").required(true))
        .arg(flag("resign", "Sign it anew: the time is now, and the secret the local one"))
        .after_help(
            "Without --resign it goes as it was recorded; signatures with a time are refused after some minutes.",
        )
}

fn verify() -> Command {
    of_source(Command::new("verify").about("Say why a recorded delivery verifies or not"))
        .arg(file("recording", "A file of listen --record"))
        .arg(flag("now", "Compare its time with now, and not with the time of the recording"))
}

fn doctor() -> Command {
    of_source(Command::new("doctor").about("Check a route from outside: reachable, mounted, verifying, on time"))
        .arg(target("The URL of the route"))
        .arg(option("event", "TYPE", "The event type of the signed probe; the source's usual one unless given"))
        .arg(option("body", "FILE", "The body of the signed probe; a sample payload of the source unless given"))
        .arg(method())
        .after_help("The signed probe is a delivery like any other: the handler of its event runs.")
}

fn secret() -> Command {
    Command::new("secret")
        .about("Print a strong secret for both ends: whsec_ and the base64 of random bytes")
        .after_help(
            "webhook secret > .secret && webhook send http://127.0.0.1:8000/webhooks/paid --secret-file .secret",
        )
}

fn openapi() -> Command {
    Command::new("openapi")
        .about("Summarise the OpenAPI document of an app, or compare two of them")
        .arg(file("document", "A URL, such as http://127.0.0.1:8000/openapi.json, or a file").value_name("URL|FILE"))
        .arg(option("diff", "URL|FILE", "The newer document: say which events it adds, takes away and changes"))
        .after_help("Exit code 1: the two documents differ.")
}

fn completions() -> Command {
    Command::new("completions")
        .about("Print the completions of a shell")
        .arg(Arg::new("shell").required(true).value_name("SHELL").value_parser(value_parser!(Shell)).help("Which one"))
}

/// The arguments of every command that signs or verifies.
fn of_source(command: Command) -> Command {
    const TITLE: &str = "Source";
    let of_source =
        |name: &'static str, value: &'static str, help: &'static str| option(name, value, help).help_heading(TITLE);
    command
        .arg(
            of_source("source", "NAME", "The sender, as stripe or github")
                .default_value("standard-webhooks")
                .value_parser(ProviderName)
                .hide_possible_values(true),
        )
        .arg(of_source("scheme", "NAME", "Which of the sender's schemes, where it has several"))
        .arg(
            of_source("secret", "SECRET", "The signing secret; users of this machine can see arguments")
                .action(ArgAction::Append),
        )
        .arg(of_source("secret-file", "FILE", "A file with the secrets, one a line, the current one first"))
        .arg(of_source("url", "URL", "The public URL, of senders that sign it"))
        .group(ArgGroup::new("secrets").args(["secret", "secret-file"]))
        .next_help_heading(None)
}

fn method() -> Arg {
    Arg::new("method")
        .long("method")
        .value_name("METHOD")
        .value_parser(|text: &str| Method::from_bytes(text.to_ascii_uppercase().as_bytes()))
        .help("The method; the usual one of the source, POST, unless given")
}

/// The name of a provider. Shells complete it; whether there is one of this name is told by the table.
#[derive(Clone)]
struct ProviderName;

impl TypedValueParser for ProviderName {
    type Value = String;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        NonEmptyStringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(PROVIDERS.iter().map(|it| PossibleValue::new(it.name))))
    }
}

fn target(help: &'static str) -> Arg {
    file("url-to-call", help).value_name("URL")
}

fn file(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).value_name("FILE").required(true).value_parser(NonEmptyStringValueParser::new()).help(help)
}

fn option(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).value_parser(NonEmptyStringValueParser::new()).help(help)
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

fn time(help: &'static str) -> Arg {
    Arg::new("time").long("time").value_name("SECONDS").value_parser(value_parser!(u64)).help(help)
}

const EXIT_CODES: &str = "\
Exit codes:
  0  everything was as it should be
  1  what was sent, checked or compared is not
  2  wrong arguments, secret or configuration of a source
  3  a file or a server could not be read or reached

Without --secret and --secret-file the secret of a source is that of the variable <NAME>_WEBHOOK_SECRET, as
STRIPE_WEBHOOK_SECRET, or else WEBHOOK_SECRET. Other configuration is <NAME>_<FIELD>: SENDGRID_PUBLIC_KEY,
SALESFORCE_ORGANIZATION_ID, MANDRILL_URL.";
