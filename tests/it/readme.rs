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

#[test]
fn the_picture_in_the_readme_is_a_golden_screen() {
    let snapshot = include_str!("snapshots/it__screens__walk-place-zh-80x24.snap");
    let picture = snapshot.splitn(3, "---\n").nth(2).unwrap().trim_end();
    assert!(include_str!("../../README.md").contains(picture), "put this into README.md:\n\n{picture}");
}
