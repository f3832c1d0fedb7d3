//! The values that handlers take as `State<T>`: given to the builder, found by type when the app is built.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::sync::Arc;

use crate::handler::call::{Bound, Call, Running, bound};

/// What a state must be: `T`, said of nothing.
///
/// A bound on `T` itself would make the compiler propose a reference to it, which is no way to share a state.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be the state of a webhook",
    label = "not a state",
    note = "a state is copied for every delivery, in any thread: write `#[derive(Clone)]` on it, or share it as `Arc<{T}>`"
)]
pub trait StateValue<T> {
    /// How it is found and copied.
    #[doc(hidden)]
    const SUPPLY: Supply<T>;
}

#[diagnostic::do_not_recommend]
impl<T: Clone + Send + Sync + 'static> StateValue<T> for () {
    const SUPPLY: Supply<T> = Supply { find: |finder| finder.find(), bound, copy: T::clone };
}

/// What generated code calls a handler by: with an event, and with its state.
pub(crate) type Caller<T> = fn(Call, Arc<T>) -> Running;

/// How a state of one type is found and copied: everything that needs a bound on the type, so that what is wrong with
/// it is said once.
pub struct Supply<T> {
    find: fn(&mut Finder<'_>) -> Option<T>,
    bound: fn(T, Caller<T>) -> Bound,
    copy: fn(&T) -> T,
}

impl<T> Supply<T> {
    /// A handler with this state, or nothing where the state is missing.
    pub fn bind(&self, finder: &mut Finder<'_>, call: Caller<T>) -> Option<Bound> {
        Some((self.bound)(self.find(finder)?, call))
    }

    /// The state, or nothing where it is missing.
    pub fn find(&self, finder: &mut Finder<'_>) -> Option<T> {
        (self.find)(finder)
    }

    /// A state of its own for one call.
    pub fn copy(&self, state: &T) -> T {
        (self.copy)(state)
    }
}

/// How a state of this type is supplied.
#[must_use]
pub fn supply<T>() -> Supply<T>
where
    (): StateValue<T>,
{
    <() as StateValue<T>>::SUPPLY
}

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
    pub(crate) fn find<T: Clone + Send + Sync + 'static>(&mut self) -> Option<T> {
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
