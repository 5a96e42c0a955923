//! Logs that lie behind one another on a disk that loses, doubles or moves blocks: no session gets an event of another.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xunjie::log::{Act, Code, Event, SessionId, Stamp};
use xunjie::store::codec::{self, Encoder, read_all};

const LOG: &[u8] = include_bytes!("../seeds/log/walk.json");

/// A log whose every remark says whose it is.
fn log_of(i: u8, events: u8) -> String {
    let mut head = codec::read(LOG).expect("a log").head;
    // Of ids that differ in one digit, a block that ends within them would make one of the other.
    let digit = char::from(b'a' + i);
    head.id = SessionId::try_from(format!("0190abcd-0000-7000-8000-{}", digit.to_string().repeat(12))).expect("an id");
    head.district = Code::try_from("qingping").ok();
    let at: Stamp = head.started.clone();
    let mut encoder = Encoder::new(&head);
    for seq in 1..=u64::from(events) {
        let note = format!("owner-{digit}-").as_str().try_into().expect("a note");
        encoder.push(&Event { seq, at: at.clone(), ms: seq, act: Act::Remark { target: None, place: None, note } });
    }
    encoder.whole()
}

fuzz_target!(|bytes: &[u8]| {
    let Some(([sizes @ .., mode], rest)) = bytes.split_first_chunk::<4>() else {
        return;
    };
    let mut text: Vec<u8> = (1u8..).zip(sizes).flat_map(|(i, n)| log_of(i, n % 12).into_bytes()).collect();
    let mut numbers = rest.chunks_exact(2).map(|two| usize::from(u16::from_le_bytes([two[0], two[1]])));
    while let (Some(from), Some(length), Some(to)) = (numbers.next(), numbers.next(), numbers.next()) {
        let from = from.min(text.len());
        let end = (from + 512 + length % 2_048).min(text.len());
        let block: Vec<u8> = text[from..end].to_vec();
        let to = to.min(text.len());
        match mode % 5 {
            0 => drop(text.drain(from..end)),
            1 => text[from..end].fill(0),
            2 => drop(text.splice(end..end, block)),
            3 => drop(text.splice(to..to, block)),
            _ => text.truncate(from),
        }
    }
    let Ok((archive, _)) = read_all(&text) else {
        return;
    };
    for member in archive.members() {
        let own = &member.id.as_str()[35..];
        let others = ["a", "b", "c", "d", "e"].into_iter().filter(|other| *other != own);
        for other in others.map(|other| format!("owner-{other}-")) {
            let is_foreign = member.entries.iter().any(|entry| entry.event.contains(&other));
            assert!(!is_foreign, "{}", String::from_utf8_lossy(&text));
        }
    }
});
