//! What is generated, to read: each handler in `tests/expand/<case>.rs` and its expansion in `<case>.expanded.rs`.
//!
//! `UPDATE_EXPECT=1` writes the expansions again.

use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect_file;
use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::{ItemFn, Meta};

use crate::webhook_tokens;

#[test]
fn handlers_expand_as_recorded() {
    let cases = cases();
    assert!(!cases.is_empty());
    for case in cases {
        let handler: ItemFn = syn::parse_str(&fs::read_to_string(&case).unwrap()).unwrap();
        let expanded =
            format!("// Generated from {}.\n{}", file_name(&case), prettyplease::unparse(&expansion(handler)));
        expect_file![case.with_extension("expanded.rs")].assert_eq(&expanded);
    }
}

/// What the compiler does with the first attribute of the function.
fn expansion(mut handler: ItemFn) -> syn::File {
    let attribute = handler.attrs.remove(0);
    let arguments = match attribute.meta {
        Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    };
    syn::parse2(webhook_tokens(arguments, handler.into_token_stream())).unwrap()
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/expand");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<_> = files.filter(|file| !file_name(file).contains(".expanded")).collect();
    cases.sort();
    cases
}

fn file_name(file: &Path) -> &str {
    file.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}
