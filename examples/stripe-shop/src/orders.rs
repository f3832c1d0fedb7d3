//! The orders of the shop. A real one keeps them in a database.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What was paid for each order, in the smallest unit of the currency. Clones share the orders.
#[derive(Clone, Debug, Default)]
pub struct Orders(Arc<Mutex<BTreeMap<String, u64>>>);

/// Why an order cannot change as it was asked to.
#[derive(Debug, PartialEq, Eq)]
pub enum OrderError {
    Unknown(String),
    RefundTooLarge { order: String, paid: u64 },
}

impl Orders {
    /// Orders that wait to be paid.
    pub fn with_open<'a>(numbers: impl IntoIterator<Item = &'a str>) -> Self {
        Self(Arc::new(Mutex::new(numbers.into_iter().map(|it| (it.to_owned(), 0)).collect())))
    }

    /// Adds a payment, and gives what is paid with it.
    pub fn pay(&self, order: &str, amount: u64) -> Result<u64, OrderError> {
        let mut orders = self.lock();
        let paid = orders.get_mut(order).ok_or_else(|| OrderError::Unknown(order.to_owned()))?;
        *paid = paid.saturating_add(amount);
        Ok(*paid)
    }

    /// Takes a refund off what was paid.
    pub fn refund(&self, order: &str, amount: u64) -> Result<u64, OrderError> {
        let mut orders = self.lock();
        let paid = orders.get_mut(order).ok_or_else(|| OrderError::Unknown(order.to_owned()))?;
        let rest = paid.checked_sub(amount);
        *paid = rest.ok_or_else(|| OrderError::RefundTooLarge { order: order.to_owned(), paid: *paid })?;
        Ok(*paid)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for OrderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(order) => write!(f, "there is no order {order}"),
            Self::RefundTooLarge { order, paid } => write!(f, "only {paid} was paid for order {order}"),
        }
    }
}

impl std::error::Error for OrderError {}
