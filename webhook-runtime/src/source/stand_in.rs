//! A source with the secrets of the testing kit, in place of its own: verification stays what it is, and the kit can sign
//! as the sender does, with symmetric secrets and with private keys alike.

use std::sync::Arc;

use bytes::Bytes;

use crate::fetch::{Fetch, FetchError, Fetcher, PinnedUrl, Post};
use crate::signature::fetched::Fetched;
use crate::signature::stand_in;
use crate::source::secrets::Secrets;
use crate::source::{Keys, Source};

/// Makes the keys of a source.
pub(super) type Maker = Arc<dyn Fn(&Secrets) -> Keys + Send + Sync>;

impl Source {
    /// The same source, whose sender has the keys of the testing kit: whether its own were given, are asked for at each
    /// delivery, are published, or are missing. A recipe of one's own keeps what it has.
    pub(crate) fn stand_in(self) -> Self {
        let (keys, secrets) = match &self.0.keys {
            Keys::Asked(asked) => fitting(&|secrets| Keys::Fixed((asked.1)(secrets))),
            Keys::Fetched(recipe) => (Keys::Fetched(Box::new(recipe.stand_in())), Secrets::default()),
            own @ Keys::Fixed(_) => match &self.0.stand_in {
                Some(make) => fitting(&**make),
                None => (own.clone(), self.0.secrets.clone()),
            },
        };
        let fetcher = match &keys {
            Keys::Fetched(recipe) => Some(Fetcher::new(Published(Arc::clone(&recipe.recipe)))),
            Keys::Fixed(_) | Keys::Asked(_) => None,
        };
        self.with(|it| {
            (it.keys, it.secrets) = (keys, secrets);
            it.fetcher = fetcher.or(it.fetcher.take());
        })
    }
}

/// The keys that a scheme makes of the first secret that it takes.
fn fitting(make: &dyn Fn(&Secrets) -> Keys) -> (Keys, Secrets) {
    let mut last = (Keys::Fixed(Err(Vec::new())), Secrets::default());
    for secret in stand_in::secrets() {
        let secrets = Secrets::from([secret]);
        last = match make(&secrets) {
            Keys::Fetched(recipe) => return (Keys::Fetched(Box::new(recipe.stand_in())), secrets),
            keys => (keys, secrets),
        };
        if matches!(last.0, Keys::Fixed(Ok(_))) {
            return last;
        }
    }
    last
}

/// Publishes the stand-in keys, as the sender publishes its own.
struct Published(Arc<dyn Fetched>);

impl Published {
    fn document(&self, url: &PinnedUrl) -> Result<Bytes, FetchError> {
        let document = self.0.stand_in_document(url);
        document.map(Bytes::from).ok_or_else(|| FetchError::new("the testing kit has no such document"))
    }
}

impl Fetch for Published {
    async fn get(&self, url: &PinnedUrl) -> Result<Bytes, FetchError> {
        self.document(url)
    }

    async fn post(&self, url: &PinnedUrl, _: &Post) -> Result<Bytes, FetchError> {
        self.document(url)
    }
}
