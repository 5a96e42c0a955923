//! Joining logs: no panic, and the laws of a set union over bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xunjie::archive::reading::Reading;
use xunjie::store::codec::{archive_text, read_all};

fuzz_target!(|bytes: &[u8]| {
    let at = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len() / 2);
    let (a, b) = bytes.split_at(at);
    let (Ok((a, _)), Ok((b, _))) = (read_all(a), read_all(b)) else {
        return;
    };
    let ab = archive_text(&a.clone().join(b.clone()));
    assert_eq!(ab, archive_text(&b.join(a.clone())));
    let again = read_all(ab.as_bytes()).expect("a merged log is a log").0;
    assert_eq!(archive_text(&again), ab);
    // Whatever is in it, it is read, and read alike.
    let reading = Reading::of(&again);
    let _ = reading.cases();
    assert_eq!(archive_text(&again.join(a)), ab);
});
