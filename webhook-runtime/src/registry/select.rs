//! Which handler of a route takes an event: the most exact one.

use std::collections::HashMap;
use std::sync::Arc;

use crate::registry::Handler;

/// The handlers of one route, looked up by event type.
pub(crate) enum Selector {
    /// The route knows its event.
    Own(Arc<Handler>),
    /// The event type selects.
    ByEventType(Table),
}

/// Handlers by exact event type, then by the longest prefix, then the catch-all.
#[derive(Default)]
pub(crate) struct Table {
    exact: HashMap<&'static str, Arc<Handler>>,
    /// `invoice.` for a handler of `invoice.*`; the longest first.
    prefixes: Vec<(&'static str, Arc<Handler>)>,
    all: Option<Arc<Handler>>,
}

impl Selector {
    /// The route of one endpoint. Without a handler, which is a start-up error, it is a table that selects nothing.
    pub(crate) fn own(handlers: Vec<Arc<Handler>>) -> Self {
        match handlers.into_iter().next() {
            Some(handler) => Self::Own(handler),
            None => Self::ByEventType(Table::default()),
        }
    }

    /// The route of a source.
    pub(crate) fn by_event_type(handlers: Vec<Arc<Handler>>) -> Self {
        let mut table = Table::default();
        for handler in handlers {
            let event_type = handler.endpoint.event_type;
            match event_type.strip_suffix('*') {
                Some("") => table.all = Some(handler),
                Some(prefix) if prefix.ends_with('.') => table.prefixes.push((prefix, handler)),
                _ => {
                    table.exact.insert(event_type, handler);
                }
            }
        }
        table.prefixes.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        Self::ByEventType(table)
    }
}

impl Selector {
    /// Every handler, the most exact first.
    pub(crate) fn handlers(&self) -> impl Iterator<Item = &Arc<Handler>> {
        let (own, table) = match self {
            Self::Own(handler) => (Some(handler), None),
            Self::ByEventType(table) => (None, Some(table)),
        };
        let several = table.into_iter().flat_map(|it| {
            it.exact.values().chain(it.prefixes.iter().map(|(_, handler)| handler)).chain(it.all.as_ref())
        });
        own.into_iter().chain(several)
    }
}

impl Table {
    /// The handler of an event; nothing where no handler wants it.
    pub(crate) fn select(&self, event_type: &str) -> Option<&Arc<Handler>> {
        self.exact
            .get(event_type)
            .or_else(|| self.prefixes.iter().find(|(prefix, _)| event_type.starts_with(prefix)).map(|(_, it)| it))
            .or(self.all.as_ref())
    }
}
