//! Reads the keys that take a table: `responses(404 = "…")` and `examples("small" = {…})`.
//!
//! After a mistake in one entry it goes on behind the next comma. Whether two entries are alike is not judged here.

use quote::ToTokens as _;
use syn::parse::ParseStream;
use syn::{Error, LitInt, LitStr, Result, Token, Type, parenthesized, token};

use crate::json::Json;
use crate::recover::{up_to_comma, whole};

/// A response that the return type does not tell of.
pub(crate) struct Response {
    pub(crate) token: LitInt,
    pub(crate) status: u16,
    pub(crate) body: Option<Type>,
    pub(crate) description: LitStr,
}

/// An example of the payload.
pub(crate) struct Example {
    pub(crate) name: LitStr,
    pub(crate) value: Json,
}

/// Every entry between the parentheses, or every mistake in them.
pub(crate) fn entries<T>(input: ParseStream<'_>, entry: fn(ParseStream<'_>) -> Result<T>) -> Result<Vec<T>> {
    let content;
    parenthesized!(content in input);
    let mut entries = Vec::new();
    let mut mistakes: Option<Error> = None;
    while !content.is_empty() {
        let read = whole(&content, entry);
        let rest = up_to_comma(&content);
        let read = read.and_then(|entry| match rest.is_empty() {
            true => Ok(entry),
            false => Err(Error::new_spanned(rest, "a comma is missing: write it before this")),
        });
        match (read, &mut mistakes) {
            (Ok(entry), _) => entries.push(entry),
            (Err(error), Some(mistakes)) => mistakes.combine(error),
            (Err(error), None) => mistakes = Some(error),
        }
        // What is left is a comma or the end.
        let _: Result<Token![,]> = content.parse();
    }
    match mistakes {
        Some(mistakes) => Err(mistakes),
        None => Ok(entries),
    }
}

/// `404 = "No such order"`, or with the type of its body: `409(Conflict) = "…"`.
pub(crate) fn response(input: ParseStream<'_>) -> Result<Response> {
    if !input.peek(LitInt) {
        let other = up_to_comma(input);
        return Err(Error::new_spanned(other, "a response begins with its status: write `404 = \"No such order\"`"));
    }
    let token: LitInt = input.parse()?;
    let status = token.base10_parse().ok().filter(|it| (100..600).contains(it));
    let Some(status) = status.filter(|_| token.suffix().is_empty()) else {
        let what = format!("`{token}` is no status of HTTP: take a number from 100 to 599");
        return Err(Error::new_spanned(token, what));
    };
    let body = if input.peek(token::Paren) { Some(body(input, status)?) } else { None };
    let described = input.parse::<Token![=]>().and_then(|_| input.parse::<LitStr>());
    let description = described.map_err(|_| {
        let rest = up_to_comma(input);
        let place = if rest.is_empty() { token.to_token_stream() } else { rest };
        Error::new_spanned(
            place,
            format!(
                "a text says what the status {status} means: write `{status} = \"…\"`, or `{status}(Type) = \"…\"` with the type of its body"
            ),
        )
    })?;
    Ok(Response { token, status, body, description })
}

fn body(input: ParseStream<'_>, status: u16) -> Result<Type> {
    let content;
    let parentheses = parenthesized!(content in input);
    let what = format!("the type of the body stands between the parentheses: write `{status}(Type) = \"…\"`");
    let ty = content.parse().map_err(|_| Error::new(parentheses.span.join(), &what))?;
    if content.is_empty() { Ok(ty) } else { Err(Error::new(parentheses.span.join(), what)) }
}

/// `"small" = {"id": 7}`.
pub(crate) fn example(input: ParseStream<'_>) -> Result<Example> {
    let name = input.parse().map_err(|_| {
        let what = "an example begins with its name: write `\"small\" = {\"id\": 7}`";
        Error::new_spanned(up_to_comma(input), what)
    })?;
    let name: LitStr = name;
    let _: Token![=] = input.parse().map_err(|_| {
        let rest = up_to_comma(input);
        let place = if rest.is_empty() { name.to_token_stream() } else { rest };
        Error::new_spanned(place, format!("an example is JSON behind its name: write `{} = {{…}}`", name.token()))
    })?;
    if input.is_empty() || input.peek(Token![,]) {
        let what = format!("an example is JSON behind its name: write `{} = {{…}}`", name.token());
        return Err(Error::new_spanned(name, what));
    }
    Ok(Example { name, value: input.parse()? })
}
