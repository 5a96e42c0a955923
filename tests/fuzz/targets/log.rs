//! Reading a log: no panic, and what was read is written and read again alike.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xunjie::session::Session;
use xunjie::store::codec::{self, Encoder};

fuzz_target!(|bytes: &[u8]| {
    let Ok(log) = codec::read(bytes) else {
        return;
    };
    let mut session = Session::read(log.head.clone(), log.events().cloned());
    while let Some(step) = session.undo() {
        for act in step.acts {
            let event = xunjie::log::Event { seq: session.next_seq(), at: log.head.started.clone(), ms: 0, act };
            session.apply_as(event, xunjie::session::Intent::Undo);
        }
    }
    assert_eq!(session.standings().count(), 0);
    let again = codec::read(Encoder::resume(&log).whole().as_bytes()).expect("what is written is read");
    assert_eq!(again.lines.len(), log.lines.len());
    assert!(again.events().eq(log.events()));
});
