//! What an app with a hundred webhooks takes to build, beside the same with plain routes of axum, and with utoipa.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::process::beside;

/// An app of a hundred handlers.
struct App {
    name: &'static str,
    dependencies: &'static str,
    /// What stands before the handlers, what each of them is, and what stands behind them. `@` is a number.
    head: &'static str,
    handler: &'static str,
    route: &'static str,
    tail: &'static str,
}

const PAYLOAD: &str = "pub struct Payload@ { pub id: u64, pub name: String, pub amount: f64, pub tags: Vec<String> }\n";
const RECEIPT: &str = "pub struct Receipt@ { pub message: String }\n";

const APPS: [App; 3] = [
    App {
        name: "axum",
        dependencies: "",
        head: "",
        handler: "#[derive(serde::Deserialize)]\nPAYLOAD#[derive(serde::Serialize)]\nRECEIPTpub async fn handler@(axum::Json(it): axum::Json<Payload@>) -> axum::Json<Receipt@> { axum::Json(Receipt@ { message: it.name }) }\n",
        route: ".route(\"/webhooks/event-@\", axum::routing::post(handler@))",
        tail: "#[tokio::main]\nasync fn main() {\n    let app: axum::Router = axum::Router::new()ROUTES;\n    axum::serve(tokio::net::TcpListener::bind(\"127.0.0.1:0\").await.unwrap(), app).await.unwrap();\n}\n",
    },
    App {
        name: "utoipa",
        dependencies: "utoipa = { version = \"5\", features = [\"axum_extras\"] }\nutoipa-axum = \"0.2\"\n",
        head: "",
        handler: "#[derive(serde::Deserialize, utoipa::ToSchema)]\nPAYLOAD#[derive(serde::Serialize, utoipa::ToSchema)]\nRECEIPT/// Event @.\n#[utoipa::path(post, path = \"/webhooks/event-@\", request_body = Payload@, responses((status = 200, body = Receipt@)))]\npub async fn handler@(axum::Json(it): axum::Json<Payload@>) -> axum::Json<Receipt@> { axum::Json(Receipt@ { message: it.name }) }\n",
        route: ".routes(utoipa_axum::routes!(handler@))",
        tail: "#[tokio::main]\nasync fn main() {\n    let (app, document): (axum::Router, _) = utoipa_axum::router::OpenApiRouter::new()ROUTES.split_for_parts();\n    println!(\"{}\", document.to_json().unwrap());\n    axum::serve(tokio::net::TcpListener::bind(\"127.0.0.1:0\").await.unwrap(), app).await.unwrap();\n}\n",
    },
    App {
        name: "webhooks",
        dependencies: "schemars = \"1\"\nwebhook-runtime = { path = \"RUNTIME\" }\n",
        head: "",
        handler: "#[derive(serde::Deserialize, schemars::JsonSchema)]\nPAYLOAD#[derive(serde::Serialize, schemars::JsonSchema)]\nRECEIPT/// Event @.\n#[webhook_runtime::webhook(\"event-@\")]\npub async fn handler@(it: Payload@) -> axum::Json<Receipt@> { axum::Json(Receipt@ { message: it.name }) }\n",
        route: "",
        tail: "#[tokio::main]\nasync fn main() -> Result<(), webhook_runtime::Error> {\n    webhook_runtime::Webhooks::from_env().serve(\"127.0.0.1:0\").await\n}\n",
    },
];

const HANDLERS: usize = 100;

/// What building one app took, in seconds, and how large it is.
struct Built {
    cold: f64,
    incremental: f64,
    release: f64,
    bytes: u64,
}

/// Builds each app: its dependencies are there, since they are compiled once in the life of an app. `cold` is the app
/// itself from nothing, `incremental` after one more line in one handler.
pub(crate) fn measure() -> io::Result<String> {
    let mut text = "| an app with 100 handlers | cold, s | incremental, s | release, s | size, MiB |\n| --- | --- | --- | --- | --- |\n".to_owned();
    let mut plain: Option<Built> = None;
    for app in APPS {
        let built = app.build()?;
        let base = plain.as_ref().unwrap_or(&built);
        #[allow(clippy::cast_precision_loss, reason = "no size here comes near the precision of a float")]
        let (size, of_base) = (built.bytes as f64, base.bytes as f64);
        let _ = writeln!(
            text,
            "| {} | {:.1} ({:.2}) | {:.1} ({:.2}) | {:.1} ({:.2}) | {:.1} ({:.2}) |",
            app.name,
            built.cold,
            built.cold / base.cold,
            built.incremental,
            built.incremental / base.incremental,
            built.release,
            built.release / base.release,
            size / (1024.0 * 1024.0),
            size / of_base,
        );
        plain.get_or_insert(built);
    }
    Ok(text)
}

impl App {
    fn build(&self) -> io::Result<Built> {
        let folder = beside("compile")?.join(self.name);
        fs::create_dir_all(folder.join("src"))?;
        let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../webhook-runtime");
        let dependencies = self.dependencies.replace("RUNTIME", &runtime.display().to_string());
        fs::write(
            folder.join("Cargo.toml"),
            format!(
                "[package]\nname = \"app\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\naxum = \"0.8\"\nserde = {{ version = \"1\", features = [\"derive\"] }}\ntokio = {{ version = \"1\", features = [\"full\"] }}\n{dependencies}"
            ),
        )?;
        self.write(&folder, "")?;
        build(&folder, &[])?;
        build(&folder, &["--release"])?;
        let cold = median(|_| {
            clean(&folder, &[])?;
            build(&folder, &[])
        })?;
        let incremental = median(|round| {
            self.write(&folder, &format!("    let _ = {round};\n"))?;
            build(&folder, &[])
        })?;
        let release = median(|_| {
            clean(&folder, &["--release"])?;
            build(&folder, &["--release"])
        })?;
        Ok(Built { cold, incremental, release, bytes: fs::metadata(folder.join("target/release/app"))?.len() })
    }

    /// Writes the app, with a line more in its main function.
    fn write(&self, folder: &Path, line: &str) -> io::Result<()> {
        let handler = self.handler.replace("PAYLOAD", PAYLOAD).replace("RECEIPT", RECEIPT);
        let each = |text: &str| (0..HANDLERS).map(|it| text.replace('@', &it.to_string())).collect::<String>();
        let tail = self.tail.replace("ROUTES", &each(self.route)).replacen("{\n", &format!("{{\n{line}"), 1);
        fs::write(folder.join("src/main.rs"), [self.head, &each(&handler), &tail].concat())
    }
}

fn median(mut measure: impl FnMut(usize) -> io::Result<f64>) -> io::Result<f64> {
    let mut seconds = (0..ROUNDS).map(&mut measure).collect::<io::Result<Vec<f64>>>()?;
    seconds.sort_by(f64::total_cmp);
    seconds.get(ROUNDS / 2).copied().ok_or_else(|| io::Error::other("nothing was measured"))
}

const ROUNDS: usize = 3;

fn build(folder: &PathBuf, arguments: &[&str]) -> io::Result<f64> {
    let begin = Instant::now();
    cargo(folder, "build", arguments)?;
    Ok(begin.elapsed().as_secs_f64())
}

/// Forgets the app alone, not what it depends on.
fn clean(folder: &PathBuf, arguments: &[&str]) -> io::Result<()> {
    cargo(folder, "clean", &[&["-p", "app"], arguments].concat())
}

fn cargo(folder: &PathBuf, command: &str, arguments: &[&str]) -> io::Result<()> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args([command, "--quiet"])
        .args(arguments)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .current_dir(folder)
        .output()?;
    if output.status.success() {
        Ok(())
    } else {
        Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
    }
}
