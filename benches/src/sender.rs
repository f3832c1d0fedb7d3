//! The sender: deliveries that are signed before they are sent, each with an id of its own.

use std::time::SystemTime;

use webhook_runtime::{Source, StandardWebhooks};

/// The secret of every peer.
pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A delivery that is accepted.
    Signed,
    /// A delivery whose signature is that of another one.
    Forged,
}

impl Kind {
    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::Forged => "forged",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Signed, Self::Forged].into_iter().find(|it| it.name() == name)
    }
}

/// A body, and the heads of deliveries with it.
pub struct Deliveries {
    pub(crate) body: Vec<u8>,
    pub(crate) heads: Vec<Vec<u8>>,
}

impl Deliveries {
    /// `count` deliveries of `bytes` bytes to this path. `series` keeps their ids apart from those of others.
    ///
    /// # Panics
    /// Where nothing can be signed, which ends the measurement.
    #[must_use]
    pub fn new(path: &str, bytes: usize, count: usize, series: &str, kind: Kind) -> Self {
        let source: Source = StandardWebhooks::new(SECRET);
        let body = body(bytes);
        let now = SystemTime::now();
        let signed: &[u8] = match kind {
            Kind::Signed => &body,
            Kind::Forged => b"another body",
        };
        let head = |index| {
            let id = format!("msg_{series}{index:012}");
            let mut head = format!(
                "POST {path} HTTP/1.1\r\nhost: 127.0.0.1:8000\r\nuser-agent: Sender/1.0\r\ncontent-type: application/json\r\ncontent-length: {bytes}\r\n"
            );
            for (name, value) in &source.sign(&id, now, signed).unwrap() {
                head += &format!("{name}: {}\r\n", value.to_str().unwrap());
            }
            (head + "\r\n").into_bytes()
        };
        Self { heads: (0..count).map(head).collect(), body }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// Is there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }
}

/// A body of so many bytes.
fn body(bytes: usize) -> Vec<u8> {
    let (front, back) = ("{\"username\": \"ada\", \"monthly_fee\": 9.5, \"note\": \"", "\"}");
    let note = "lorem ipsum dolor sit amet ".chars().cycle().take(bytes - front.len() - back.len());
    (front.to_owned() + &note.collect::<String>() + back).into_bytes()
}
