//! xunjie: walk a street with a checklist.
//!
//! # Map
//!
//! ```text
//! i18n         the two languages, the table of messages
//! text         text made harmless, measured and cut for a terminal
//! shape        every fault of a JSON file a person wrote
//! checklist    categories, targets, place types
//! district     who runs the inspection, its communities
//! log          head and events: what is recorded
//! session      one session folded: what stands, undo, redo
//! archive      what several sessions come to
//! report       figures: rates, coverage, intervals, agreement; the ledger, the ranking, what changed
//! export       reports as files: xlsx, csv, html, md, json
//! search       targets and places by id, Chinese, English, pinyin
//! store        folders, logs, the lock; codec, writer thread, files
//! demo         sample logs for a first look
//! outlet       output through a thread of its own
//! tell         what is wrong with a file, in words
//! desk         carries out what the interface asks for
//! cli          commands and what they print
//! tui          the loop, the state, the keys, the views
//! plain        a walk without a screen: a question, a line, what came of it
//! main         wiring: arguments, threads, clock, terminal, exit code
//! ```
//!
//! # Invariants
//!
//! - An event is never changed or deleted; a correction is another event. Nothing outside `store` writes a log.
//! - "Saved" on the screen means that the disk has said so.
//! - No input or output, clock or thread in `i18n text shape checklist district log session archive report export search`.
//! - State changes in `update`, never while drawing; views take `&App`.
//! - Text from a file reaches the terminal only through [`text::visible`].
//! - One table of keys, one of what a line can ask for, one of messages; everything else is derived from them.
//!
//! What may use what is checked by `tests/it/architecture.rs`.

pub mod archive;
pub mod checklist;
pub mod cli;
pub mod demo;
pub mod desk;
pub mod district;
pub mod export;
pub mod i18n;
pub mod log;
pub mod outlet;
pub mod plain;
pub mod report;
pub mod search;
pub mod session;
pub mod shape;
pub mod store;
pub mod tell;
pub mod text;
pub mod tui;
