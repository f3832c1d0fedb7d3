//! The values that handlers take as `State<T>`: given to the builder, found by type when the app is built.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;

/// What a state must be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the state of a webhook",
    label = "not a state",
    note = "a state is cloned for every delivery: write `#[derive(Clone)]` on it, or take `State<Arc<{Self}>>`"
)]
pub trait StateValue: Clone + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Clone + Send + Sync + 'static> StateValue for T {}

/// The states that the builder was given, one a type.
#[derive(Default)]
pub(crate) struct States {
    values: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
    repeated: Vec<&'static str>,
}

impl States {
    pub(crate) fn insert<T: Clone + Send + Sync + 'static>(&mut self, value: T) {
        if self.values.insert(TypeId::of::<T>(), Box::new(value)).is_some() {
            self.repeated.push(type_name::<T>());
        }
    }

    /// The types of which there were two values.
    pub(crate) fn repeated(&self) -> &[&'static str] {
        &self.repeated
    }
}

/// Finds the states of one handler, and remembers which are missing.
pub struct Finder<'a> {
    states: &'a States,
    missing: Vec<&'static str>,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(states: &'a States) -> Self {
        Self { states, missing: Vec::new() }
    }

    /// The state of this type. `()` is always there.
    pub fn find<T: StateValue>(&mut self) -> Option<T> {
        let unit: &(dyn Any + Send + Sync) = &();
        let given = self.states.values.get(&TypeId::of::<T>()).map(|it| &**it);
        let found = given.unwrap_or(unit).downcast_ref::<T>().cloned();
        if found.is_none() {
            self.missing.push(type_name::<T>());
        }
        found
    }

    pub(crate) fn missing(self) -> Vec<&'static str> {
        self.missing
    }
}

#[cfg(test)]
mod tests {
    use super::{Finder, States};

    #[test]
    fn every_missing_state_is_remembered() {
        let mut states = States::default();
        states.insert(7_u8);
        let mut finder = Finder::new(&states);
        assert_eq!((finder.find::<u8>(), finder.find::<u16>(), finder.find::<u32>()), (Some(7), None, None));
        assert_eq!(finder.find::<()>(), Some(()));
        assert_eq!(finder.missing(), ["u16", "u32"]);
    }
}
