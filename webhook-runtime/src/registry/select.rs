//! Which handler of a route takes an event: the one of its method, or the most exact one.

use std::collections::HashMap;
use std::sync::Arc;

use http::Method;

use crate::registry::Handler;

/// The handlers of one route, looked up by event type.
pub(crate) enum Selector {
    /// The route knows its event; the method selects.
    Own(Vec<Arc<Handler>>),
    /// The event type selects.
    ByEventType(Table<Arc<Handler>>),
}

/// Handlers by exact event type, then by the longest prefix, then by the event without its action, then the catch-all.
pub(crate) struct Table<H> {
    exact: HashMap<&'static str, H>,
    /// `invoice.` for a handler of `invoice.*`; the longest first.
    prefixes: Vec<(&'static str, H)>,
    all: Option<H>,
    /// Is an action joined on to the event types? Then a handler of `issues` takes `issues.opened` too.
    has_actions: bool,
}

impl Selector {
    /// The route of one event.
    pub(crate) fn own(handlers: Vec<Arc<Handler>>) -> Self {
        Self::Own(handlers)
    }

    /// The route of a source, whose event types may have an action joined on.
    pub(crate) fn by_event_type(handlers: Vec<Arc<Handler>>, has_actions: bool) -> Self {
        let handlers = handlers.into_iter().map(|it| (it.endpoint.event_type, it));
        Self::ByEventType(Table::new(handlers, has_actions))
    }
}

impl Selector {
    /// The handler of an event that came by this method; nothing where no handler wants it.
    pub(crate) fn select(&self, method: &Method, event_type: &str) -> Option<&Arc<Handler>> {
        match self {
            Self::Own(handlers) => handlers.iter().find(|it| it.endpoint.method == method.as_str()),
            Self::ByEventType(table) => table.select(event_type),
        }
    }

    /// Every handler.
    pub(crate) fn handlers(&self) -> impl Iterator<Item = &Arc<Handler>> {
        let (own, table) = match self {
            Self::Own(handlers) => (handlers.as_slice(), None),
            Self::ByEventType(table) => (&[][..], Some(table)),
        };
        let several = table.into_iter().flat_map(|it| {
            it.exact.values().chain(it.prefixes.iter().map(|(_, handler)| handler)).chain(it.all.as_ref())
        });
        own.iter().chain(several)
    }

    /// The event type, where the route tells it.
    pub(crate) fn event_type(&self) -> Option<&Arc<str>> {
        match self {
            Self::Own(handlers) => handlers.first().map(|it| &it.event_type),
            Self::ByEventType(_) => None,
        }
    }
}

impl<H> Table<H> {
    /// The handlers of a source, whose event types may have an action joined on.
    pub(crate) fn new(handlers: impl IntoIterator<Item = (&'static str, H)>, has_actions: bool) -> Self {
        let mut table = Self { exact: HashMap::new(), prefixes: Vec::new(), all: None, has_actions };
        for (event_type, handler) in handlers {
            match event_type.strip_suffix('*') {
                Some("") => table.all = Some(handler),
                Some(prefix) if prefix.ends_with('.') => table.prefixes.push((prefix, handler)),
                _ => {
                    table.exact.insert(event_type, handler);
                }
            }
        }
        table.prefixes.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        table
    }

    /// The handler of an event; nothing where no handler wants it.
    pub(crate) fn select(&self, event_type: &str) -> Option<&H> {
        self.exact
            .get(event_type)
            .or_else(|| self.prefixes.iter().find(|(prefix, _)| event_type.starts_with(prefix)).map(|(_, it)| it))
            .or_else(|| self.of_any_action(event_type))
            .or(self.all.as_ref())
    }

    /// The handler of the event whatever its action. An action may hold dots itself: the longest event wins.
    fn of_any_action(&self, event_type: &str) -> Option<&H> {
        let mut dots = event_type.rmatch_indices('.').filter(|_| self.has_actions);
        dots.find_map(|(dot, _)| self.exact.get(event_type.get(..dot)?))
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    fn check(handlers: &[&'static str], has_actions: bool, event_type: &str, expected: Option<&str>) {
        let table = Table::new(handlers.iter().map(|it| (*it, *it)), has_actions);
        assert_eq!(table.select(event_type).copied(), expected, "{event_type} of {handlers:?}");
    }

    #[test]
    fn the_most_exact_handler_takes_an_event() {
        let handlers = ["*", "invoice.*", "invoice.paid", "invoice.line.*"];
        check(&handlers, false, "invoice.paid", Some("invoice.paid"));
        check(&handlers, false, "invoice.voided", Some("invoice.*"));
        check(&handlers, false, "invoice.line.added", Some("invoice.line.*"));
        check(&handlers, false, "invoice", Some("*"));
        check(&handlers, false, "", Some("*"));
        check(&["invoice.*"], false, "order.paid", None);
    }

    #[test]
    fn an_event_takes_its_actions_after_every_more_exact_handler() {
        check(&["issues", "issues.opened", "*"], true, "issues.opened", Some("issues.opened"));
        check(&["issues", "issues.opened", "*"], true, "issues.closed", Some("issues"));
        check(&["issues", "issues.*"], true, "issues.closed", Some("issues.*"));
        check(&["issues", "issues.*"], true, "issues", Some("issues"));
        check(&["issues", "*"], true, "issue.closed", Some("*"));
        check(&["issues"], true, "issues.", Some("issues"));
        check(&["issues"], true, "issues2.closed", None);
        check(&["issues"], true, "", None);
        check(&["a", "a.b"], true, "a.b.c.d", Some("a.b"));
    }

    #[test]
    fn without_actions_an_event_takes_itself_alone() {
        check(&["invoice", "*"], false, "invoice.paid", Some("*"));
        check(&["invoice"], false, "invoice.paid", None);
    }
}
