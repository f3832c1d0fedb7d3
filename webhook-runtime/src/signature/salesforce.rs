//! Salesforce's outbound messages: nothing is signed. A token in the URL is shared, and the body names the organization.
//!
//! Source: <https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging.htm>.

use http::HeaderMap;
use subtle::ConstantTimeEq;

use crate::base::error::rejection::Cause;
use crate::format::xml::{self, Element};
use crate::signature::draft::Draft;
use crate::signature::outline::Outline;
use crate::signature::token::Token;
use crate::signature::{CannotSign, Claimed, Head, Message, Signature, Signed};

/// The token of one source, with the organization that it belongs to.
pub(crate) struct OutboundMessage {
    pub(crate) token: Token,
    pub(crate) organization: OrganizationId,
}

/// The id of an organization: 15 characters, or the same with three more that stand for the case of the others.
#[derive(Clone, Debug)]
pub(crate) struct OrganizationId(Box<str>);

impl OrganizationId {
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        match is_id(text) && text.starts_with("00D") {
            true => Ok(Self(text.into())),
            false => Err("is no organization id: `00D` and 12 or 15 more letters and digits"),
        }
    }

    /// The three characters more are compared where both have them.
    fn is(&self, claimed: &str) -> bool {
        let length = self.0.len().min(claimed.len());
        let (own, claimed) = (self.0.get(..length), claimed.get(..length).filter(|_| is_id(claimed)));
        own.zip(claimed).is_some_and(|(own, claimed)| own.as_bytes().ct_eq(claimed.as_bytes()).into())
    }
}

fn is_id(text: &str) -> bool {
    matches!(text.len(), 15 | 18) && text.bytes().all(|it| it.is_ascii_alphanumeric())
}

impl Signature for OutboundMessage {
    fn head(&self, head: &Head<'_>) -> Result<Claimed, Cause> {
        self.token.head(head)
    }

    fn prove(&self, head: &Head<'_>, body: &[u8]) -> Result<Signed, Cause> {
        self.token.head(head)?;
        let root = xml::parse(body).map_err(Cause::MalformedBody)?;
        let organization = organization(&root).ok_or(Cause::MalformedBody("does not name one organization"))?;
        if self.organization.is(organization) { Ok(Signed::default()) } else { Err(Cause::SignatureMismatch) }
    }

    fn sign(&self, _: &Message<'_>) -> Result<HeaderMap, CannotSign> {
        Err(CannotSign::NotInAHeader)
    }

    /// The organization is written over the one in the body, wherever such an element stands.
    fn complete(&self, draft: &mut Draft) -> Result<(), CannotSign> {
        let body = std::str::from_utf8(&draft.body).map_err(|_| CannotSign::Body("is no text"))?;
        let written = xml::with_text(body, "OrganizationId", &self.organization.0);
        draft.body = written.ok_or(CannotSign::Body("has no element `OrganizationId`"))?.into_bytes();
        self.token.complete(draft)
    }

    fn outline(&self) -> Option<Outline> {
        self.token.outline()
    }
}

/// The one organization of a message. A second one, wherever it stands, could be what another reader finds.
fn organization(root: &Element) -> Option<&str> {
    let named = |it: &Element, name: &str, namespace: &str| it.name == name && &*it.namespace == namespace;
    let organizations = root.all().filter(|it| named(it, "OrganizationId", OUTBOUND)).count();
    if organizations != 1 || !named(root, "Envelope", SOAP) {
        return None;
    }
    let body = only(root, "Body", SOAP)?;
    let notifications = only(body, "notifications", OUTBOUND)?;
    let id = only(notifications, "OrganizationId", OUTBOUND)?;
    id.children.is_empty().then_some(&*id.text)
}

/// The one child of this name.
fn only<'a>(parent: &'a Element, name: &str, namespace: &str) -> Option<&'a Element> {
    let mut found = parent.children.iter().filter(|it| it.name == name && &*it.namespace == namespace);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const OUTBOUND: &str = "http://soap.sforce.com/2005/09/outbound";

#[cfg(test)]
mod tests {
    use http::{Method, Request};

    use super::{OrganizationId, OutboundMessage, organization};
    use crate::base::error::rejection::Cause;
    use crate::format::xml;
    use crate::signature::outline::{Carried, Carrier, Part};
    use crate::signature::token::{SharedToken, Token, TokenAt};
    use crate::signature::{CannotSign, Claimed, Head, Message, Signature};

    fn recipe() -> OutboundMessage {
        let token = Token { at: TokenAt::Query("token".into()), tokens: vec![SharedToken::new("right").unwrap()] };
        OutboundMessage { token, organization: OrganizationId::parse("00D24000000abcd").unwrap() }
    }

    #[test]
    fn the_token_is_compared_before_the_body_is_read() {
        let check = |target: &str, expected: Result<Claimed, Cause>| {
            let (parts, ()) = Request::post(target).body(()).unwrap().into_parts();
            assert_eq!(recipe().head(&Head::new(&parts, None, std::time::UNIX_EPOCH)), expected, "{target}");
        };
        check("/?token=right", Ok(Claimed::default()));
        check("/?token=wrong", Err(Cause::SignatureMismatch));
        check("/", Err(Cause::Parameter { name: "token".into(), problem: "is missing" }));
    }

    #[test]
    fn the_token_travels_in_the_query_and_in_no_header() {
        let time = std::time::UNIX_EPOCH;
        let message = Message { id: "id", time, method: &Method::POST, url: None, body: b"", is_form: false };
        assert_eq!(recipe().sign(&message), Err(CannotSign::NotInAHeader));
        let carried = Carried { place: Carrier::Query("token".into()), text: vec![Part::Secret] };
        assert_eq!(recipe().outline().unwrap().carried, [carried]);
    }

    fn check(body: &str, expected: Option<&str>) {
        let document = format!(
            "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' \
             xmlns:o='http://soap.sforce.com/2005/09/outbound' xmlns:n='other'>{body}</s:Envelope>"
        );
        let root = xml::parse(document.as_bytes()).unwrap();
        assert_eq!(organization(&root), expected, "{body}");
    }

    #[test]
    fn an_organization_is_found_in_its_place_and_nowhere_else() {
        let message = |inner: &str| format!("<s:Body><o:notifications>{inner}</o:notifications></s:Body>");
        let id = "<o:OrganizationId>00D</o:OrganizationId>";
        check(&message(id), Some("00D"));
        check(
            &message(&format!("{id}<o:Notification><n:OrganizationId>x</n:OrganizationId></o:Notification>")),
            Some("00D"),
        );
        check(&message("<n:OrganizationId>00D</n:OrganizationId>"), None);
        check(&message("<OrganizationId>00D</OrganizationId>"), None);
        check(&message(&format!("{id}{id}")), None);
        check(&message(&format!("{id}<o:Notification>{id}</o:Notification>")), None);
        check(&message(&format!("<o:Notification>{id}</o:Notification>")), None);
        check(&message("<o:OrganizationId><b/>00D</o:OrganizationId>"), None);
        check(&format!("<s:Header>{id}</s:Header>{}", message("")), None);
        check(&format!("{}{}", message(id), message("")), None);
        check("", None);
    }

    #[test]
    fn fifteen_characters_and_eighteen_are_one_organization() {
        let check = |own: &str, claimed: &str, expected: bool| {
            assert_eq!(OrganizationId::parse(own).unwrap().is(claimed), expected, "{own} {claimed}");
        };
        check("00D24000000abcdEAA", "00D24000000abcdEAA", true);
        check("00D24000000abcdEAA", "00D24000000abcd", true);
        check("00D24000000abcd", "00D24000000abcdEAA", true);
        check("00D24000000abcdEAA", "00D24000000abcdEAB", false);
        check("00D24000000abcd", "00D24000000abcD", false);
        for claimed in ["", "00D", "00D24000000abcdE", "00D24000000abcdEAA ", "00D24000000abcé", "00D24000000abcdEAAx"]
        {
            check("00D24000000abcd", claimed, false);
        }
        for own in ["", "00D", "00E24000000abcd", "00D24000000abcdE", "00D24000000abc-"] {
            assert!(OrganizationId::parse(own).is_err(), "{own}");
        }
    }
}
