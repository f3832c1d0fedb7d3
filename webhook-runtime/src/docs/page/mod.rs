//! The page that shows the document: Swagger UI, and beside it what signs a delivery and connects a sender.
//!
//! It knows the document's URL and nothing else: what is shown is read by the browser, from the document. All that it
//! loads is served here, by URLs relative to its own, so that it works below any prefix and without a network.
//!
//! - [`asset`]: one file, with the headers that a browser is told
//! - [`swagger`]: Swagger UI, out of the crate that ships it
//!
//! Nothing of the app stands in the HTML, no script is inline, and no query is read: what a text of the document says
//! can be no script.

use crate::docs::page::asset::{Asset, Kept, Kind};

pub(crate) mod asset;
mod swagger;
#[cfg(test)]
mod tests;

/// The files of the page at this path, for the document at that one. The first is the page itself.
pub(crate) fn assets(page: &str, document: &str) -> Vec<Asset> {
    let below = |name: &str| format!("{page}/{name}");
    let own = FILES.iter().map(|(name, kind, text)| Asset::new(below(name), *kind, Kept::Checked, text.as_bytes()));
    let swagger = swagger::files().into_iter().map(|file| {
        Asset::new(below(file.name), file.kind, Kept::ForEver, file.gzip).of_version(&file.version).in_gzip()
    });
    let html = Asset::new(page.to_owned(), Kind::Html, Kept::Checked, html(page, document));
    std::iter::once(html).chain(own).chain(swagger).collect()
}

/// The paths that the page takes: its own, and one a file.
pub(crate) fn paths(page: &str) -> Vec<String> {
    let names = FILES.iter().map(|(name, ..)| *name).chain(swagger::NAMES);
    std::iter::once(page.to_owned()).chain(names.map(|name| format!("{page}/{name}"))).collect()
}

/// Both paths hold unreserved characters alone, so nothing of them needs an escape.
fn html(page: &str, document: &str) -> String {
    let folder = page.rsplit('/').next().unwrap_or(page);
    let version = swagger::version();
    include_str!("assets/index.html")
        .replace("{page}", page)
        .replace("{folder}", folder)
        .replace("{document}", &relative(page, document))
        .replace("{version}", &version)
}

/// The URL of one path, as it is written on the page at another.
fn relative(page: &str, path: &str) -> String {
    let depth = page.matches('/').count().saturating_sub(1);
    format!("{}{}", "../".repeat(depth), path.trim_start_matches('/'))
}

/// Our own files, each with its text.
const FILES: [(&str, Kind, &str); 5] = [
    ("page.css", Kind::Css, include_str!("assets/page.css")),
    ("page.js", Kind::JavaScript, include_str!("assets/page.js")),
    ("connect.js", Kind::JavaScript, include_str!("assets/connect.js")),
    ("document.js", Kind::JavaScript, include_str!("assets/document.js")),
    ("sign.js", Kind::JavaScript, include_str!("assets/sign.js")),
];
