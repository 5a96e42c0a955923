//! Integration tests, in one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says what it measured"
)]

mod architecture;
mod cli;
mod disks;
mod doors;
mod durability;
mod edges;
mod formats;
mod laws;
mod leaving;
mod merge;
mod model;
mod mouse;
mod plain;
mod power;
mod pty;
mod readme;
mod report;
mod review;
mod runner;
mod schemas;
mod screens;
mod terminal;
mod walk;
