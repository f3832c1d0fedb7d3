//! The command `cargo webhook`: see `webhook_runtime::cli`.

fn main() -> webhook_runtime::cli::ExitCode {
    webhook_runtime::cli::run(std::env::args_os(), webhook_runtime::cli::Surroundings::of_process())
}
