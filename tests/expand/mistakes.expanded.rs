// Generated from mistakes.rs.
fn paid(order: &str) {}
::core::compile_error! {
    "unknown key `sumary`; did you mean `summary`?"
}
::core::compile_error! {
    "a webhook handler is async: write `async fn paid`"
}
::core::compile_error! {
    "a payload owns its data: write a type without a lifetime, such as `String` instead of `&str`"
}
::core::compile_error! {
    "' ' cannot stand in an event type, which is a part of the URL: take letters, digits, `.`, `_`, `~`, `-` and `/`"
}
