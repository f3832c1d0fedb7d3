//! Reads what stands between the parentheses of the attribute: the event type, then keys.
//!
//! Refuses what is no argument at all: an unknown or repeated key, a value of another kind than the key takes.
//! After a mistake it goes on behind the next comma. What the values mean is not judged here.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::parse::{Parse as _, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Error, Ident, LitBool, LitInt, LitStr, Path, Result, Token, Type, bracketed, token};

use crate::errors::Errors;
use crate::json::Json;
use crate::key::{self, Key};
use crate::recover::{up_to_comma, whole};
use crate::table::{self, Example, Response};
use crate::{method, timeout};

/// What was written between the parentheses. Each text keeps its token, so that a later stage can point at it.
pub(crate) struct Arguments {
    pub(crate) event_type: LitStr,
    pub(crate) source: Option<LitStr>,
    pub(crate) method: Option<Method>,
    pub(crate) state: Option<Type>,
    pub(crate) krate: Option<Path>,
    pub(crate) schema: Option<Schema>,
    pub(crate) status_code: Option<StatusCode>,
    /// In milliseconds.
    pub(crate) timeout: Option<u64>,
    pub(crate) documentation: Documentation,
}

/// The keys that speak to the reader of the document alone.
#[derive(Default)]
pub(crate) struct Documentation {
    pub(crate) tags: Vec<LitStr>,
    pub(crate) summary: Option<LitStr>,
    pub(crate) description: Option<LitStr>,
    pub(crate) response_description: Option<LitStr>,
    pub(crate) operation_id: Option<LitStr>,
    pub(crate) deprecated: Option<bool>,
    pub(crate) include_in_schema: Option<bool>,
    pub(crate) external_docs: Option<LitStr>,
    pub(crate) responses: Vec<Response>,
    pub(crate) examples: Vec<Example>,
    pub(crate) openapi_extra: Option<(TokenStream, Json)>,
}

/// The schema of a payload that does not tell its own.
pub(crate) enum Schema {
    Any,
    Function(Path),
}

/// The method of a route, as it was written and as it was meant.
pub(crate) struct Method {
    pub(crate) token: LitStr,
    pub(crate) name: &'static str,
}

/// A status of success, as it was written and as it was meant.
pub(crate) struct StatusCode {
    pub(crate) token: LitInt,
    pub(crate) code: u16,
}

impl Arguments {
    /// Reads the arguments. A mistake leaves a stand-in behind, so that the rules of later stages find a whole model;
    /// it is never expanded.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut reader = Reader { arguments: Self::stand_in(), event_type: false, seen: Vec::new() };
        let read = |input: ParseStream<'_>| {
            reader.read(input, errors);
            Ok(())
        };
        if let Err(error) = read.parse2(tokens) {
            errors.push(error);
        }
        reader.arguments
    }

    fn stand_in() -> Self {
        Self {
            event_type: LitStr::new("event", Span::call_site()),
            source: None,
            method: None,
            state: None,
            krate: None,
            schema: None,
            status_code: None,
            timeout: None,
            documentation: Documentation::default(),
        }
    }
}

struct Reader {
    arguments: Arguments,
    /// Was an event type seen, or something that was meant as one?
    event_type: bool,
    seen: Vec<Ident>,
}

impl Reader {
    fn read(&mut self, input: ParseStream<'_>, errors: &mut Errors) {
        while !input.is_empty() {
            let argument = if is_key(input) { self.setting(input) } else { self.event_type(input) };
            let rest = up_to_comma(input);
            match argument {
                Err(error) => errors.push(error),
                Ok(()) if !rest.is_empty() => errors.at(rest, "a comma is missing: write it before this"),
                Ok(()) => {}
            }
            // What is left is a comma or the end.
            let _: Result<Token![,]> = input.parse();
        }
        if !self.event_type {
            errors.push(Error::new(Span::call_site(), format!("the event type is missing: {EVENT_TYPE}")));
        }
    }

    fn event_type(&mut self, input: ParseStream<'_>) -> Result<()> {
        let first = self.seen.is_empty();
        let repeated = std::mem::replace(&mut self.event_type, true);
        match value(input, |input| input.parse::<LitStr>()) {
            Err(other) if first && !repeated => {
                Err(Error::new_spanned(other, format!("the event type is a text: {EVENT_TYPE}")))
            }
            Err(other) => Err(Error::new_spanned(other, "this is neither a key nor its value: write `key = value`")),
            Ok(second) if repeated => Err(Error::new_spanned(
                &second,
                format!("the event type was given already: write a second `#[webhook({})]`", second.token()),
            )),
            Ok(late) if !first => {
                Err(Error::new_spanned(late, format!("the event type comes before the keys: {EVENT_TYPE}")))
            }
            Ok(event_type) => {
                self.arguments.event_type = event_type;
                Ok(())
            }
        }
    }

    fn setting(&mut self, input: ParseStream<'_>) -> Result<()> {
        let name = input.call(Ident::parse_any)?;
        let Some(key) = Key::of(&name) else {
            // An event type under a key is one mistake, not two.
            self.event_type |= self.seen.is_empty();
            self.seen.push(name.clone());
            up_to_comma(input);
            return Err(Error::new_spanned(&name, key::unknown(&name)));
        };
        if self.seen.contains(&name) {
            up_to_comma(input);
            return Err(Error::new_spanned(&name, format!("`{name}` was given already: keep one of the two")));
        }
        self.seen.push(name.clone());
        let value = Value { key, name, input };
        let Arguments { source, method, state, krate, schema, status_code, timeout, documentation, .. } =
            &mut self.arguments;
        match key.name {
            "source" => *source = Some(value.text()?),
            "method" => *method = Some(value.method()?),
            "state" => *state = Some(value.parsed(|it| it.parse())?),
            "crate" => *krate = Some(value.parsed(Path::parse_mod_style)?),
            "schema" => *schema = Some(value.parsed(schema_value)?),
            "status_code" => *status_code = Some(value.parsed(status_code_value)?),
            "timeout" => *timeout = Some(value.time()?),
            "tags" => documentation.tags = value.parsed(list)?,
            "summary" => documentation.summary = Some(value.text()?),
            "description" => documentation.description = Some(value.text()?),
            "response_description" => documentation.response_description = Some(value.text()?),
            "operation_id" => documentation.operation_id = Some(value.text()?),
            "deprecated" => documentation.deprecated = Some(value.flag()?),
            "include_in_schema" => documentation.include_in_schema = Some(value.flag()?),
            "external_docs" => documentation.external_docs = Some(value.text()?),
            "responses" => documentation.responses = value.table(table::response)?,
            "examples" => documentation.examples = value.table(table::example)?,
            "openapi_extra" => documentation.openapi_extra = Some(value.json()?),
            _ => {}
        }
        Ok(())
    }
}

/// The value of one key, about to be read.
struct Value<'a> {
    key: &'static Key,
    name: Ident,
    input: ParseStream<'a>,
}

impl Value<'_> {
    fn text(self) -> Result<LitStr> {
        self.parsed(|it| it.parse())
    }

    fn flag(self) -> Result<bool> {
        let alone = self.input.is_empty() || self.input.peek(Token![,]);
        if alone { Ok(true) } else { Ok(self.parsed(|it| it.parse::<LitBool>())?.value) }
    }

    fn time(self) -> Result<u64> {
        let text = self.text()?;
        timeout::milliseconds(&text.value()).map_err(|message| Error::new_spanned(text, message))
    }

    fn method(self) -> Result<Method> {
        let token = self.text()?;
        match method::of(&token.value()) {
            Ok(name) => Ok(Method { token, name }),
            Err(message) => Err(Error::new_spanned(token, message)),
        }
    }

    /// Reads `= {…}`, with the tokens of it. A mistake inside is told at its own place.
    fn json(self) -> Result<(TokenStream, Json)> {
        if !self.input.peek(Token![=]) || self.input.peek2(Token![,]) {
            return Err(Error::new_spanned(self.name, self.key.misused()));
        }
        let _: Token![=] = self.input.parse()?;
        if self.input.is_empty() {
            return Err(Error::new_spanned(self.name, self.key.misused()));
        }
        let written = up_to_comma(&self.input.fork());
        Ok((written, whole(self.input, Json::parse)?))
    }

    /// Reads `(entry, …)`. A mistake in an entry is told at its own place.
    fn table<T>(self, entry: fn(ParseStream<'_>) -> Result<T>) -> Result<Vec<T>> {
        if self.input.peek(token::Paren) {
            let entries = table::entries(self.input, entry)?;
            return if entries.is_empty() {
                Err(Error::new_spanned(self.name, self.key.misused()))
            } else {
                Ok(entries)
            };
        }
        let equals: Option<Token![=]> = self.input.parse()?;
        let other = up_to_comma(self.input);
        let place = if equals.is_none() || other.is_empty() { self.name.to_token_stream() } else { other };
        Err(Error::new_spanned(place, self.key.misused()))
    }

    /// Reads `= value`. Where it is not what the key takes, all of it is underlined.
    fn parsed<T>(self, parse: fn(ParseStream<'_>) -> Result<T>) -> Result<T> {
        if !self.input.peek(Token![=]) {
            return Err(Error::new_spanned(self.name, self.key.misused()));
        }
        let equals: Token![=] = self.input.parse()?;
        value(self.input, parse).map_err(|other| {
            let place = if other.is_empty() { equals.to_token_stream() } else { other };
            Error::new_spanned(place, self.key.misused())
        })
    }
}

fn schema_value(input: ParseStream<'_>) -> Result<Schema> {
    let path = Path::parse_mod_style(input)?;
    Ok(if path.is_ident("any") { Schema::Any } else { Schema::Function(path) })
}

fn status_code_value(input: ParseStream<'_>) -> Result<StatusCode> {
    let token: LitInt = input.parse()?;
    let code: u16 = token.base10_parse()?;
    if (200..300).contains(&code) {
        Ok(StatusCode { token, code })
    } else {
        Err(Error::new_spanned(token, "no status of success"))
    }
}

fn list(input: ParseStream<'_>) -> Result<Vec<LitStr>> {
    let content;
    bracketed!(content in input);
    Ok(Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?.into_iter().collect())
}

/// Reads a value, or gives back the tokens up to the next comma that are none.
fn value<T>(
    input: ParseStream<'_>,
    parse: impl FnOnce(ParseStream<'_>) -> Result<T>,
) -> std::result::Result<T, TokenStream> {
    whole(input, parse).map_err(|_| up_to_comma(input))
}

/// Does a key come next, as far as one can tell? `EVENT` and `events::PAID` are event types that are no text.
fn is_key(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    ahead.call(Ident::parse_any).is_ok_and(|name| {
        Key::of(&name).is_some_and(|_| !ahead.peek(Token![::])) || ahead.peek(Token![=]) || ahead.peek(token::Paren)
    })
}

const EVENT_TYPE: &str = "write `#[webhook(\"order.paid\")]`";
