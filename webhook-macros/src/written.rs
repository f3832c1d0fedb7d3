//! What a type looks like as it was written. A macro sees tokens alone: an alias hides what it stands for.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{GenericArgument, PathArguments, PathSegment, Type};

/// The type inside of parentheses, and of the invisible ones that a `macro_rules` puts around it.
pub(crate) fn ungrouped(mut ty: &Type) -> &Type {
    while let Type::Group(syn::TypeGroup { elem, .. }) | Type::Paren(syn::TypeParen { elem, .. }) = ty {
        ty = elem;
    }
    ty
}

/// The last segment of a path: `State<Db>` of `axum::extract::State<Db>`.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ungrouped(ty) {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        _ => None,
    }
}

/// Is the last segment of this type called so?
pub(crate) fn is_named(ty: &Type, name: &str) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == name)
}

/// The first type between angle brackets: `Db` of `State<Db>`.
pub(crate) fn type_argument(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// The `T` of `State<T>`.
pub(crate) fn state_argument(ty: &Type) -> Option<&Type> {
    last_segment(ty).filter(|segment| segment.ident == "State").and_then(type_argument)
}

/// Does it borrow for a lifetime other than `'static`?
pub(crate) fn borrows(ty: &Type) -> bool {
    any_token(ty.to_token_stream(), &|token, next| match token {
        TokenTree::Punct(punct) if punct.as_char() == '&' => {
            !matches!(next, Some(TokenTree::Punct(punct)) if punct.as_char() == '\'')
        }
        TokenTree::Punct(punct) if punct.as_char() == '\'' => {
            !matches!(next, Some(TokenTree::Ident(name)) if name == "static")
        }
        _ => false,
    })
}

/// Does this word stand somewhere in it?
pub(crate) fn mentions(ty: &Type, word: &str) -> bool {
    any_token(ty.to_token_stream(), &|token, _| matches!(token, TokenTree::Ident(name) if name == word))
}

fn any_token(tokens: TokenStream, is_it: &dyn Fn(&TokenTree, Option<&TokenTree>) -> bool) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let inside = matches!(&token, TokenTree::Group(group) if any_token(group.stream(), is_it));
        if inside || is_it(&token, tokens.peek()) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use syn::{Type, parse_str};

    use super::{borrows, is_named, last_segment, mentions, type_argument};

    fn written(ty: &str) -> Type {
        parse_str(ty).unwrap()
    }

    #[test]
    fn a_borrow_is_seen_wherever_it_stands() {
        for ty in ["&str", "&'a str", "Order<'a>", "Order<'_>", "Event<(u8, Cow<'a, str>)>", "Vec<&[u8]>"] {
            assert!(borrows(&written(ty)), "{ty}");
        }
        for ty in ["String", "&'static str", "Cow<'static, str>", "Event<Vec<Order>>"] {
            assert!(!borrows(&written(ty)), "{ty}");
        }
    }

    #[test]
    fn a_path_is_known_by_its_last_segment() {
        let ty = written("(::axum::extract::State<Db>)");
        assert!(is_named(&ty, "State"));
        assert!(mentions(type_argument(last_segment(&ty).unwrap()).unwrap(), "Db"));
        assert!(!is_named(&written("<Db as Of>::State"), "State"));
    }
}
