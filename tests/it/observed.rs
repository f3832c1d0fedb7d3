//! What a test thread was shown: its log, and its spans with their fields. A test with a runtime of its own runs on one
//! thread.

use std::cell::RefCell;
use std::fmt::{Debug, Write as _};
use std::io::Write;
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

thread_local! {
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    /// The spans of the target `webhook`, as they closed.
    static SPANS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Logs and spans of every thread of this binary are kept from here on. (A subscriber of one thread alone would not do:
/// where a log line is first met on a thread without one, it is switched off for all.)
pub fn keep() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(|| Log);
        let subscriber =
            tracing_subscriber::registry().with(LevelFilter::from_level(Level::TRACE)).with(lines).with(Spans);
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}

/// What was logged on this thread.
pub fn log() -> String {
    LOG.with_borrow(|logged| String::from_utf8(logged.clone()).unwrap())
}

/// The spans that closed on this thread since it was asked last: `name field=value …`, in the order of the fields.
pub fn spans() -> Vec<String> {
    SPANS.take()
}

/// Keeps what is logged, for each thread on its own.
#[derive(Clone, Copy)]
struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.with_borrow_mut(|logged| logged.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Keeps the spans of the product.
struct Spans;

#[derive(Default)]
struct Fields(Vec<(&'static str, String)>);

impl Fields {
    fn set(&mut self, field: &Field, value: String) {
        match self.0.iter_mut().find(|(name, _)| *name == field.name()) {
            Some((_, old)) => *old = value,
            None => self.0.push((field.name(), value)),
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.set(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value.to_owned());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        context.span(id).unwrap().extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        if let Some(fields) = context.span(id).unwrap().extensions_mut().get_mut::<Fields>() {
            record.record(fields);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let span = context.span(&id).unwrap();
        if span.metadata().target() != "webhook" {
            return;
        }
        let mut shown = span.parent().map_or_else(String::new, |it| format!("{}/", it.name())) + span.name();
        if let Some(Fields(fields)) = span.extensions().get::<Fields>() {
            fields.iter().for_each(|(name, value)| write!(shown, " {name}={value}").unwrap());
        }
        SPANS.with_borrow_mut(|spans| spans.push(shown));
    }
}
