//! The README is true.

use xunjie::i18n::Lang;
use xunjie::tui::keymap;

#[test]
fn the_readme_has_the_table_of_keys() {
    let readme = include_str!("../../README.md");
    for lang in [Lang::En, Lang::Zh] {
        let table = keymap::table(lang);
        assert!(readme.contains(&table), "put this into README.md:\n\n{table}");
    }
}
