//! Recipes whose keys are fetched. They stay pure: they say what they want, and prove with what they are given.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;

use crate::base::error::rejection::Cause;
#[cfg(feature = "testing")]
use crate::fetch::PinnedUrl;
use crate::fetch::Wanted;
#[cfg(feature = "testing")]
use crate::signature::draft::Draft;
use crate::signature::{CannotSign, Claimed, Head, Message, Signature, Signed};

/// How the deliveries of one sender are proven by documents that it publishes.
pub(crate) trait Fetched: Send + Sync + 'static {
    /// What the head alone claims; it is asked before anything is fetched.
    fn head(&self, head: &Head<'_>) -> Result<Claimed, Cause>;

    /// The documents that this delivery calls for. A URL of the request that is not the sender's own is a cause.
    fn wanted(&self, head: &Head<'_>, body: &[u8]) -> Result<Vec<Wanted>, Cause>;

    /// Does this document hold the key of the delivery? A set of keys that does not is fetched again.
    fn is_in(&self, head: &Head<'_>, document: &[u8]) -> bool {
        let _ = (head, document);
        true
    }

    /// What is asked beside, once these documents are there: for a sender that is asked for its own verdict. It is
    /// asked for again with each answer, until it wants nothing; the answers are not kept. It must not want anything
    /// for a delivery that the documents do not prove.
    fn further(&self, head: &Head<'_>, body: &[u8], documents: &[Bytes]) -> Result<Option<Wanted>, Cause> {
        let _ = (head, body, documents);
        Ok(None)
    }

    /// Proves the claim with the documents, in the order in which they were wanted.
    fn prove(&self, head: &Head<'_>, body: &[u8], documents: &[Bytes]) -> Result<Signed, Cause>;

    /// Signs with the stand-in key of the testing kit, as the sender does with its own.
    #[cfg(feature = "testing")]
    fn complete(&self, draft: &mut Draft) -> Result<(), CannotSign>;

    /// What the sender would publish, were the stand-in key its own.
    #[cfg(feature = "testing")]
    fn stand_in_document(&self, url: &PinnedUrl) -> Option<String>;

    /// The same recipe, where it has to be told that the stand-in key may be believed.
    #[cfg(feature = "testing")]
    fn believing_the_stand_in(&self) -> Option<Arc<dyn Fetched>> {
        None
    }
}

/// Such a recipe, with the documents of one delivery once they are there.
#[derive(Clone)]
pub(crate) struct FetchedSignature {
    pub(crate) recipe: Arc<dyn Fetched>,
    pub(crate) documents: Option<Vec<Bytes>>,
    /// Is it for the testing kit, and signs?
    #[cfg(feature = "testing")]
    stands_in: bool,
}

impl FetchedSignature {
    #[cfg_attr(not(feature = "rsa"), allow(dead_code, reason = "only senders with RSA keys publish some"))]
    pub(crate) fn new(recipe: impl Fetched) -> Self {
        Self {
            recipe: Arc::new(recipe),
            documents: None,
            #[cfg(feature = "testing")]
            stands_in: false,
        }
    }

    /// The same with the documents of one delivery.
    pub(crate) fn with(self, documents: Vec<Bytes>) -> Self {
        Self { documents: Some(documents), ..self }
    }

    /// The same for the testing kit.
    #[cfg(feature = "testing")]
    pub(crate) fn stand_in(&self) -> Self {
        let recipe = self.recipe.believing_the_stand_in().unwrap_or_else(|| Arc::clone(&self.recipe));
        Self { recipe, documents: None, stands_in: true }
    }
}

impl Signature for FetchedSignature {
    fn head(&self, head: &Head<'_>) -> Result<Claimed, Cause> {
        self.recipe.head(head)
    }

    fn prove(&self, head: &Head<'_>, body: &[u8]) -> Result<Signed, Cause> {
        let documents = self.documents.as_deref().ok_or(Cause::KeyNotFetched)?;
        self.recipe.prove(head, body, documents)
    }

    fn sign(&self, _: &Message<'_>) -> Result<HeaderMap, CannotSign> {
        Err(CannotSign::PublicKeyOnly)
    }

    #[cfg(feature = "testing")]
    fn complete(&self, draft: &mut Draft) -> Result<(), CannotSign> {
        if self.stands_in { self.recipe.complete(draft) } else { Err(CannotSign::PublicKeyOnly) }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use http::Method;

    use super::{Fetched, FetchedSignature};
    use crate::base::error::rejection::Cause;
    use crate::fetch::Wanted;
    use crate::signature::{CannotSign, Claimed, Head, Message, Signature, Signed};

    /// Takes everything, once its document is there.
    struct Open;

    impl Fetched for Open {
        fn head(&self, _: &Head<'_>) -> Result<Claimed, Cause> {
            Ok(Claimed::default())
        }

        fn wanted(&self, _: &Head<'_>, _: &[u8]) -> Result<Vec<Wanted>, Cause> {
            Ok(Vec::new())
        }

        fn prove(&self, _: &Head<'_>, _: &[u8], _: &[Bytes]) -> Result<Signed, Cause> {
            Ok(Signed::default())
        }

        #[cfg(feature = "testing")]
        fn complete(&self, _: &mut super::Draft) -> Result<(), super::CannotSign> {
            Ok(())
        }

        #[cfg(feature = "testing")]
        fn stand_in_document(&self, _: &super::PinnedUrl) -> Option<String> {
            None
        }
    }

    #[test]
    fn nothing_is_proven_before_the_documents_are_there() {
        let (parts, ()) = http::Request::new(()).into_parts();
        let head = Head::new(&parts, None, std::time::UNIX_EPOCH);
        let mut signature = FetchedSignature::new(Open);
        assert_eq!(signature.prove(&head, b""), Err(Cause::KeyNotFetched));
        signature.documents = Some(Vec::new());
        assert_eq!(signature.prove(&head, b""), Ok(Signed::default()));
    }

    #[test]
    fn a_document_is_not_fetched_again_unless_the_recipe_misses_a_key_in_it() {
        let (parts, ()) = http::Request::new(()).into_parts();
        assert!(Open.is_in(&Head::new(&parts, None, std::time::UNIX_EPOCH), b""));
    }

    #[test]
    fn only_the_sender_signs() {
        let time = std::time::UNIX_EPOCH;
        let message = Message { id: "id", time, method: &Method::POST, url: None, body: b"", is_form: false };
        assert_eq!(FetchedSignature::new(Open).sign(&message), Err(CannotSign::PublicKeyOnly));
    }
}
