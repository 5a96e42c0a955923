//! Reports as files: each format is a function from a report to bytes, and equal reports give equal bytes.

pub mod csv;
pub mod destination;
pub mod html;
pub mod json;
pub mod markdown;
mod prose;
mod table;
mod tables;
pub mod xlsx;

pub use table::{Column, Kind, Table, Value};
pub use tables::{NAMES, all, one};
