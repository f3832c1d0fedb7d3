//! Finds the state that a handler's extractors are given, from the `State<T>` arguments as they are written.

use quote::ToTokens as _;
use syn::Type;

use crate::written::state_argument;

/// The state of one handler.
pub(crate) enum State {
    /// Nothing asks for one: it is `()`.
    Nothing,
    /// The type that was given in the attribute, of which a `State<T>` may be a part.
    Given(Type),
    /// The one type that `State<T>` arguments ask for.
    Asked(Type),
    /// Several types that they ask for, of which a hidden struct is made.
    Several(Vec<Type>),
}

impl State {
    pub(crate) fn of(given: Option<&Type>, extractors: &[Type]) -> Self {
        if let Some(given) = given {
            return Self::Given(given.clone());
        }
        let mut distinct: Vec<Type> = Vec::new();
        for ty in extractors.iter().filter_map(state_argument) {
            if !distinct.iter().any(|other| is_written_like(other, ty)) {
                distinct.push(ty.clone());
            }
        }
        match distinct.pop() {
            None => Self::Nothing,
            Some(only) if distinct.is_empty() => Self::Asked(only),
            Some(last) => Self::Several(distinct.into_iter().chain([last]).collect()),
        }
    }
}

/// Are these two one type, as far as one can see? `Db` and `crate::Db` are not.
pub(crate) fn is_written_like(one: &Type, other: &Type) -> bool {
    one.to_token_stream().to_string() == other.to_token_stream().to_string()
}

#[cfg(test)]
mod tests {
    use syn::{Type, parse_str};

    use super::State;

    fn state(given: Option<&str>, extractors: &[&str]) -> String {
        let parse = |ty: &str| parse_str::<Type>(ty).unwrap();
        let extractors: Vec<_> = extractors.iter().map(|ty| parse(ty)).collect();
        match State::of(given.map(parse).as_ref(), &extractors) {
            State::Nothing => "nothing".to_owned(),
            State::Given(ty) => format!("given {}", quote::quote!(#ty)),
            State::Asked(ty) => format!("asked {}", quote::quote!(#ty)),
            State::Several(types) => format!("several {}", quote::quote!(#(#types)*)),
        }
    }

    #[test]
    fn the_state_is_what_the_arguments_ask_for() {
        assert_eq!(state(None, &[]), "nothing");
        assert_eq!(state(None, &["HeaderMap", "Extension<Db>"]), "nothing");
        assert_eq!(state(None, &["State<Db>", "axum::extract::State<Db>"]), "asked Db");
        assert_eq!(state(None, &["State<Db>", "HeaderMap", "State<Mail>", "State<Db>"]), "several Db Mail");
    }

    #[test]
    fn a_state_that_was_given_decides() {
        assert_eq!(state(Some("App"), &["State<Db>", "State<Mail>"]), "given App");
    }
}
