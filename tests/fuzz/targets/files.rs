//! Reading checklists and districts: no panic, and what has no fault can be used.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xunjie::checklist::Checklist;
use xunjie::district::District;
use xunjie::i18n::Lang;

fuzz_target!(|bytes: &[u8]| {
    match Checklist::read(bytes) {
        Ok(list) => {
            let _ = xunjie::search::Finder::new(&list).find("a1", Lang::Zh);
            assert!((0..list.len()).all(|at| list.position(&list.target(at).id).is_some()));
        }
        Err(faults) => assert!(faults.iter().all(|f| !f.tell(Lang::Zh).is_empty())),
    }
    if let Err(faults) = District::read(bytes) {
        assert!(faults.iter().all(|f| !f.tell(Lang::En).contains('\u{1b}')));
    }
});
