//! JSON as it stands in the attribute: `{"x-team": "billing"}` is written without quotes around it, so that a mistake
//! in it is seen by the compiler, at its token.
//!
//! Refuses what JSON has not: names, sums, a key that stands there twice, a number that no JSON reader takes.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Error, Ident, LitBool, LitFloat, LitInt, LitStr, Result, Token, braced, bracketed, token};

/// A value, whose keys keep their tokens.
pub(crate) enum Json {
    Object(Vec<(LitStr, Json)>),
    List(Vec<Json>),
    Text(String),
    Flag(bool),
    /// As JSON writes it, so that no digit is lost.
    Number(String),
    Null,
}

impl Json {
    /// As text.
    pub(crate) fn text(&self) -> String {
        let listed = |items: Vec<String>| items.join(",");
        match self {
            Self::Object(members) => {
                let member = |(key, value): &(LitStr, Self)| format!("{}:{}", quoted(&key.value()), value.text());
                format!("{{{}}}", listed(members.iter().map(member).collect()))
            }
            Self::List(items) => format!("[{}]", listed(items.iter().map(Self::text).collect())),
            Self::Text(text) => quoted(text),
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.clone(),
            Self::Null => "null".to_owned(),
        }
    }
}

impl Parse for Json {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(token::Brace) {
            let content;
            braced!(content in input);
            return Ok(Self::Object(members(&content)?));
        }
        if input.peek(token::Bracket) {
            let content;
            bracketed!(content in input);
            let items = content.parse_terminated(Self::parse, Token![,])?;
            return Ok(Self::List(items.into_iter().collect()));
        }
        if input.peek(LitStr) {
            return Ok(Self::Text(input.parse::<LitStr>()?.value()));
        }
        if input.peek(LitBool) {
            return Ok(Self::Flag(input.parse::<LitBool>()?.value));
        }
        if input.peek(Token![-]) || input.peek(LitInt) || input.peek(LitFloat) {
            return number(input);
        }
        match input.fork().call(Ident::parse_any) {
            Ok(name) if name == "null" => {
                input.call(Ident::parse_any)?;
                Ok(Self::Null)
            }
            _ => Err(input.error(VALUES)),
        }
    }
}

fn members(input: ParseStream<'_>) -> Result<Vec<(LitStr, Json)>> {
    let mut members: Vec<(LitStr, Json)> = Vec::new();
    while !input.is_empty() {
        let key: LitStr = input.parse().map_err(|_| input.error("a key of JSON is a text: write `\"key\": value`"))?;
        if members.iter().any(|(other, _)| other.value() == key.value()) {
            return Err(Error::new_spanned(
                &key,
                format!("the key {:?} stands there already: keep one of the two", key.value()),
            ));
        }
        let _: Token![:] = input
            .parse()
            .map_err(|_| input.error(format!("a colon is missing behind the key: write `{}: …`", key.token())))?;
        members.push((key, input.parse()?));
        if input.is_empty() {
            break;
        }
        let _: Token![,] = input.parse().map_err(|_| input.error("a comma is missing: write it before this"))?;
    }
    Ok(members)
}

fn number(input: ParseStream<'_>) -> Result<Json> {
    let minus: Option<Token![-]> = input.parse()?;
    let (token, digits, suffix) = if input.peek(LitFloat) {
        let number: LitFloat = input.parse()?;
        (number.to_token_stream(), number.base10_digits().to_owned(), number.suffix().to_owned())
    } else {
        let number: LitInt = input.parse().map_err(|_| input.error(VALUES))?;
        (number.to_token_stream(), number.base10_digits().to_owned(), number.suffix().to_owned())
    };
    let written: TokenStream = quote!(#minus #token);
    if !suffix.is_empty() {
        return Err(Error::new_spanned(written, format!("a number of JSON has no type: take `{suffix}` away")));
    }
    if !digits.parse::<f64>().is_ok_and(f64::is_finite) {
        return Err(Error::new_spanned(written, "no JSON reader takes so large a number"));
    }
    let sign = if minus.is_some() { "-" } else { "" };
    // Rust writes `1.`, and JSON does not.
    let end = if digits.ends_with('.') { "0" } else { "" };
    Ok(Json::Number(format!("{sign}{digits}{end}")))
}

/// A text between quotes (RFC 8259, section 7).
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for it in text.chars() {
        match it {
            '"' | '\\' => quoted.extend(['\\', it]),
            control if control < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

const VALUES: &str = "this is no JSON: write a text, a number, `true`, `false`, `null`, `[…]` or `{\"key\": …}`";

#[cfg(test)]
mod tests {
    use syn::parse_str;

    use super::Json;

    fn check(written: &str, expected: &str) {
        assert_eq!(parse_str::<Json>(written).unwrap().text(), expected);
    }

    #[test]
    fn json_stays_what_it_is() {
        check(r#"{"a": [1, -2.50, 1e3, 7.], "b": {"c": null}, }"#, r#"{"a":[1,-2.50,1e3,7.0],"b":{"c":null}}"#);
        check("18446744073709551615000", "18446744073709551615000");
        check("[true, false, [], {}]", "[true,false,[],{}]");
        check(r#""\"\\\n\u{1f980}é""#, r#""\"\\\u000a🦀é""#);
        check(r##"r#"{"a": 1}"#"##, r#""{\"a\": 1}""#);
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for (written, said) in [
            ("None", "this is no JSON"),
            ("1 + 1", "unexpected token"),
            ("-\"a\"", "this is no JSON"),
            ("5u8", "take `u8` away"),
            ("1e999", "so large a number"),
            ("{a: 1}", "a key of JSON is a text"),
            (r#"{"a": 1 "b": 2}"#, "a comma is missing"),
            (r#"{"a" = 1}"#, "a colon is missing"),
            (r#"{"a": 1, "a": 2}"#, "stands there already"),
            ("b\"a\"", "this is no JSON"),
            ("'a'", "this is no JSON"),
        ] {
            let error = parse_str::<Json>(written).map(|it| it.text()).unwrap_err().to_string();
            assert!(error.contains(said), "{written}: {error}");
        }
    }
}
