//! Work on all cores.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

/// How many results may wait for each thread, so that those who work do not run away from who takes.
const WAITING: usize = 4;

/// Does each of some jobs, each thread with a worker of its own; gives what came of it to `take`, with the number of the
/// job, in whatever order.
pub(super) fn on_all_cores<J: Sync, T: Send, W: FnMut(&J) -> T>(
    jobs: &[J],
    worker: &(impl Fn() -> W + Sync),
    take: &mut dyn FnMut(usize, T),
) {
    let cores = thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    let next = AtomicUsize::new(0);
    let next = || {
        let at = next.fetch_add(1, Ordering::Relaxed);
        Some((at, jobs.get(at)?))
    };
    let (done, results) = sync_channel(cores * WAITING);
    thread::scope(|scope| {
        for _ in 0..cores {
            let (done, next) = (done.clone(), &next);
            let work = move || {
                let mut work = worker();
                while let Some((at, job)) = next() {
                    let _ = done.send((at, work(job)));
                }
            };
            // Where there is no thread to be had, the work is done below.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        drop(done);
        results.into_iter().for_each(|(at, result)| take(at, result));
        let mut work = worker();
        while let Some((at, job)) = next() {
            take(at, work(job));
        }
    });
}
