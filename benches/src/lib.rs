//! What is measured: receivers of one kind of delivery, and the sender that calls them.

pub mod control;
pub mod in_process;
pub mod load;
pub mod peers;
pub mod sender;
