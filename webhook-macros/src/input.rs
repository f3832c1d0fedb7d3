//! The model of one handler: what the attribute says, and the function that it stands on.
//!
//! Each part keeps the tokens that the user wrote. Refuses what has no place in the model: an item that is no
//! function, and a function without a payload.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, FnArg, Meta, PatType, Result, ReturnType, Signature, Token, Type, Visibility, token};

use crate::attr::Arguments;
use crate::errors::Errors;
use crate::written::{is_named, last_segment, type_argument};

/// One handler.
pub(crate) struct Handler {
    pub(crate) arguments: Arguments,
    pub(crate) function: Function,
}

/// A function, as far as the macro reads it. Its body stays the tokens that it was.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) signature: Signature,
    /// All of its tokens, unchanged.
    pub(crate) tokens: TokenStream,
}

impl Handler {
    /// Reads both, and reports what is wrong with either. There is no handler where there is no function.
    pub(crate) fn parse(arguments: TokenStream, item: TokenStream, errors: &mut Errors) -> Option<Self> {
        let arguments = Arguments::parse(arguments, errors);
        match syn::parse2(item) {
            Ok(function) => Some(Self { arguments, function }),
            Err(error) => {
                errors.push(error);
                None
            }
        }
    }
}

impl Function {
    /// The arguments that have a name: all but `self`.
    pub(crate) fn arguments(&self) -> impl DoubleEndedIterator<Item = &PatType> {
        self.signature.inputs.iter().filter_map(|argument| match argument {
            FnArg::Typed(argument) => Some(argument),
            FnArg::Receiver(_) => None,
        })
    }

    /// The type of the last argument.
    pub(crate) fn payload(&self) -> Option<&Type> {
        self.arguments().next_back().map(|argument| &*argument.ty)
    }

    /// The types of the arguments before the payload.
    pub(crate) fn extractors(&self) -> Vec<Type> {
        let mut types: Vec<_> = self.arguments().map(|argument| (*argument.ty).clone()).collect();
        types.pop();
        types
    }

    /// What it returns, where it says so.
    pub(crate) fn returned(&self) -> Option<&Type> {
        match &self.signature.output {
            ReturnType::Type(_, ty) => Some(ty),
            ReturnType::Default => None,
        }
    }

    /// What it returns when all is well: the first side of a `Result`, or all of it.
    pub(crate) fn success(&self) -> Option<&Type> {
        let returned = self.returned()?;
        let first = last_segment(returned).filter(|_| is_named(returned, "Result")).and_then(type_argument);
        Some(first.unwrap_or(returned))
    }

    /// The conditions that the function stands under, for everything that is generated beside it.
    pub(crate) fn conditions(&self) -> Vec<TokenStream> {
        self.attributes.iter().filter_map(condition).collect()
    }

    pub(crate) fn is_deprecated(&self) -> bool {
        self.attributes.iter().any(|attribute| attribute.path().is_ident("deprecated"))
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let tokens = input.fork().parse()?;
        let attributes = input.call(Attribute::parse_outer)?;
        let _: Visibility = input.parse()?;
        let keyword = input.cursor().token_tree().map(|(token, _)| token);
        match input.parse() {
            Ok(signature) if input.peek(token::Brace) => {
                let _: TokenStream = input.parse()?;
                Ok(Self { attributes, signature, tokens })
            }
            _ => Err(syn::Error::new_spanned(
                keyword,
                "`#[webhook]` belongs on a function: write it above an `async fn`",
            )),
        }
    }
}

/// A `cfg`, also one inside of a `cfg_attr`: the other attributes there are the function's alone.
fn condition(attribute: &Attribute) -> Option<TokenStream> {
    if attribute.path().is_ident("cfg") {
        return Some(attribute.to_token_stream());
    }
    if !attribute.path().is_ident("cfg_attr") {
        return None;
    }
    let parts = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
    let mut parts = parts.into_iter();
    let predicate = parts.next()?;
    let conditions: Vec<_> = parts.filter(|part| part.path().is_ident("cfg")).collect();
    if conditions.is_empty() { None } else { Some(quote!(#[cfg_attr(#predicate, #(#conditions),*)])) }
}
