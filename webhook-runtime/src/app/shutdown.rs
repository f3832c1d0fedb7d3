//! SIGTERM and Ctrl-C, as futures.

use std::io;
use std::task::Poll;

/// Completes when one of the signals that ask a process to end has come so many times.
///
/// It counts from the call, not from the first poll. From then on the process no longer ends at such a signal by itself.
#[cfg(unix)]
pub(crate) fn signalled(times: usize) -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut came = 0;
    Ok(std::future::poll_fn(move |cx| {
        while came < times {
            if terminate.poll_recv(cx).is_pending() && interrupt.poll_recv(cx).is_pending() {
                return Poll::Pending;
            }
            came += 1;
        }
        Poll::Ready(())
    }))
}

/// Completes when Ctrl-C was pressed so many times.
#[cfg(windows)]
pub(crate) fn signalled(times: usize) -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    let mut came = 0;
    Ok(std::future::poll_fn(move |cx| {
        while came < times {
            if interrupt.poll_recv(cx).is_pending() {
                return Poll::Pending;
            }
            came += 1;
        }
        Poll::Ready(())
    }))
}
