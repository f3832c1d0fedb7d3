//! Which kind of key signs, what covers the body, and what the recipe shows of itself.

use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, Uri};

use super::{ANNOUNCED, Cause, Draft, Head, Signature, TwilioScheme, TwilioSignature, malformed};
use crate::base::secret::Secret;
use crate::signature::anatomy::Parts as Shown;
use crate::signature::hash::HashKey;
use crate::signature::recipe::Keyed;
use TwilioScheme::{AuthToken, SharedKey};

const SECRET: &str = "secret";
const URL: &str = "https://example.com/hooks";
const FORM: &str = "application/x-www-form-urlencoded";

fn recipe(scheme: TwilioScheme) -> TwilioSignature {
    TwilioSignature { scheme, keys: vec![HashKey::new(scheme.algorithm(), &Secret::new(SECRET)).unwrap()] }
}

fn draft(content_type: &'static str, body: &str) -> Draft {
    Draft {
        id: "id".to_owned(),
        time: SystemTime::UNIX_EPOCH,
        method: Method::POST,
        target: Uri::from_static("/hooks"),
        url: Some(URL.to_owned()),
        headers: HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]),
        body: body.into(),
    }
}

fn signed(scheme: TwilioScheme, content_type: &'static str, body: &str) -> Draft {
    let mut draft = draft(content_type, body);
    recipe(scheme).complete(&mut draft).unwrap();
    draft
}

/// What becomes of a draft that is sent.
fn with_head<T>(draft: &Draft, read: impl FnOnce(&Head<'_>) -> T) -> T {
    let mut request = http::Request::new(());
    *request.uri_mut() = draft.target.clone();
    *request.headers_mut() = draft.headers.clone();
    let (parts, ()) = request.into_parts();
    read(&Head::new(&parts, draft.url.as_deref(), UNIX_EPOCH))
}

fn proves(scheme: TwilioScheme, draft: &Draft) -> bool {
    with_head(draft, |head| recipe(scheme).prove(head, &draft.body).is_ok())
}

#[test]
fn the_settings_say_which_kind_of_key_signs() {
    let check = |scheme: TwilioScheme, settings: Option<&'static str>, expected: Result<(), Cause>| {
        let mut draft = signed(scheme, FORM, "a=b");
        draft.headers.remove(super::SETTINGS);
        draft.headers.extend(settings.map(|it| (super::SETTINGS, HeaderValue::from_static(it))));
        let head = with_head(&draft, |head| recipe(scheme).head(head));
        assert_eq!(head.map(|_| ()), expected, "{scheme:?} {settings:?}");
        assert_eq!(proves(scheme, &draft), expected.is_ok(), "{scheme:?} {settings:?}");
    };
    check(SharedKey, Some(ANNOUNCED), Ok(()));
    check(SharedKey, Some("algorithm=HMAC_SHA256"), Ok(()));
    check(SharedKey, None, Err(Cause::MissingHeader(super::SETTINGS)));
    for other in ["", "key=shared", "key=shared,algorithm=HMAC_SHA1", "algorithm=HMAC_SHA2567"] {
        check(SharedKey, Some(other), Err(malformed(&super::SETTINGS, "does not say HMAC_SHA256")));
    }
    check(AuthToken, None, Ok(()));
    for any in ["", ANNOUNCED] {
        let problem = "announces another kind of key than the configured one";
        check(AuthToken, Some(any), Err(malformed(&super::SETTINGS, problem)));
    }
}

#[test]
fn a_body_that_is_no_form_is_covered_by_its_digest_in_the_query() {
    let check = |content_type: &'static str, body: &str, has_digest: bool| {
        let draft = signed(AuthToken, content_type, body);
        assert_eq!(draft.target.query().is_some(), has_digest, "{body}");
        assert_eq!(draft.url.as_ref().is_some_and(|it| it.contains("?bodySHA256=")), has_digest, "{body}");
        assert!(proves(AuthToken, &draft), "{body}");
        assert!(!proves(AuthToken, &Draft { body: [draft.body.as_slice(), b"&c"].concat(), ..draft }), "{body}");
    };
    check("application/json", "{}", true);
    check("application/json", "", false);
    check(FORM, "a=b", false);
    check(FORM, "", false);
}

#[test]
fn a_body_that_is_no_form_needs_its_digest_even_where_its_fields_would_be_signed() {
    let mut draft = signed(AuthToken, FORM, "a=b");
    draft.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let proven = with_head(&draft, |head| recipe(AuthToken).prove(head, &draft.body));
    let problem = "is missing beside a body that is no form";
    assert_eq!(proven, Err(Cause::Parameter { name: "bodySHA256".into(), problem }));
}

#[test]
fn the_parts_that_are_shown_prove_what_the_recipe_proves() {
    for scheme in [AuthToken, SharedKey] {
        for (content_type, body) in [(FORM, "b=2&a=1"), ("application/json", "{}"), ("application/json", "")] {
            let (draft, own) = (signed(scheme, content_type, body), recipe(scheme));
            let proven = with_head(&draft, |head| {
                let Shown::Code { recipe, .. } = own.anatomy(head).0 else { panic!("it shows no code") };
                let keys = vec![recipe.key(SECRET).unwrap()];
                Keyed { recipe: Cow::Owned(recipe.into_owned()), keys }.prove(head, &draft.body).is_ok()
            });
            assert!(proven, "{scheme:?} {body}");
        }
    }
}
