//! What may use what, and where input and output, clocks and threads are.

use std::fs;
use std::path::{Path, PathBuf};

/// Each module of the crate and the modules it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("i18n", &[]),
    ("text", &[]),
    ("shape", &["i18n", "text"]),
    ("checklist", &["i18n", "shape"]),
    ("district", &["i18n", "shape"]),
    ("log", &["checklist", "district", "i18n", "shape"]),
    ("session", &["checklist", "log"]),
    ("archive", &["checklist", "district", "log", "session"]),
    ("report", &["archive", "checklist", "district", "i18n", "log"]),
    ("export", &["i18n", "report", "store", "text"]),
    ("search", &["checklist", "i18n"]),
    ("store", &["archive", "checklist", "i18n", "log", "session", "shape", "text"]),
    ("demo", &["checklist", "district", "i18n", "log", "store"]),
    ("outlet", &[]),
    ("tell", &["archive", "checklist", "i18n", "log", "shape", "store", "text"]),
    ("desk", &["archive", "checklist", "district", "i18n", "log", "session", "store", "tell", "text", "tui"]),
    (
        "cli",
        &[
            "archive",
            "checklist",
            "demo",
            "district",
            "export",
            "i18n",
            "log",
            "report",
            "session",
            "shape",
            "store",
            "tell",
            "text",
        ],
    ),
    (
        "plain",
        &["archive", "checklist", "district", "i18n", "log", "search", "session", "store", "tell", "text", "tui"],
    ),
    (
        "tui",
        &["archive", "checklist", "district", "i18n", "log", "report", "search", "session", "store", "tell", "text"],
    ),
];

/// Where each of these words may stand.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("std::fs", &["store", "export", "main"]),
    ("Instant::now", &["store/writer", "store/lock", "main"]),
    ("Zoned::now", &["main"]),
    ("SystemTime", &[]),
    ("thread::Builder", &["store/cores", "store/rescue", "store/writer", "desk", "outlet", "main"]),
    ("thread::spawn", &[]),
    ("println!", &[]),
    ("std::env", &["main"]),
];

/// Every source file: its module path, as `tui/app/walk`, and its text before its tests.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    gather(&root, &mut files);
    files
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().with_extension("").to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(&path).unwrap();
            (
                name,
                text.split("#[cfg(test)]\nmod tests")
                    .next()
                    .unwrap()
                    .split("#[cfg(test)]\npub(super) mod tests")
                    .next()
                    .unwrap()
                    .split("#[cfg(test)]\npub(crate) mod tests")
                    .next()
                    .unwrap()
                    .to_owned(),
            )
        })
        .collect()
}

fn gather(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, files);
        } else {
            files.push(path);
        }
    }
}

#[test]
fn modules_use_only_what_lies_below_them() {
    for (name, text) in sources() {
        let module = name.split('/').next().unwrap();
        if module == "lib" || module == "main" {
            continue;
        }
        let (_, allowed) =
            MAY_USE.iter().find(|(m, _)| *m == module).unwrap_or_else(|| panic!("{module} is not in the table"));
        for line in text.lines().filter(|l| !l.trim_start().starts_with("//")) {
            for used in line.split("crate::").skip(1) {
                let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let known = MAY_USE.iter().any(|(m, _)| *m == used);
                assert!(!known || used == module || allowed.contains(&used.as_str()), "{name} uses {used}: {line}");
            }
        }
    }
}

#[test]
fn input_output_clocks_and_threads_stay_where_they_belong() {
    for (name, text) in sources() {
        for (word, places) in ONLY_IN {
            let here = places.iter().any(|p| name == *p || name.starts_with(&format!("{p}/")));
            assert!(here || !text.contains(word), "{name} has {word}");
        }
    }
}

#[test]
fn no_module_file_is_called_mod_rs_and_no_folder_has_one_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    gather(&root, &mut files);
    assert!(!files.iter().any(|f| f.ends_with("mod.rs")));
}
