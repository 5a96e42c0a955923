//! What a report costs, beside what reading the logs costs; `cargo bench --bench report`, judged by the ratios of one run.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::sync::LazyLock;

use divan::{Bencher, black_box};

use xunjie::archive::Archive;
use xunjie::archive::reading::Reading;
use xunjie::checklist::Checklist;
use xunjie::demo;
use xunjie::district::District;
use xunjie::export::csv::Mark;
use xunjie::export::{self, html, json, markdown, xlsx};
use xunjie::i18n::Lang;
use xunjie::report::{Options, Report};
use xunjie::store::codec;

/// Two weeks in 16 communities.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let options = demo::Options { sites: 16, days: 14, seed: 1 };
    let samples = demo::samples(&Checklist::built_in(), &District::built_in(), &options);
    samples.into_iter().map(|sample| sample.bytes).collect()
});

fn main() {
    divan::main();
}

fn archive() -> Archive {
    let read = FILES.iter().filter_map(|bytes| codec::read_all(bytes).ok());
    read.fold(Archive::default(), |all, (one, _)| all.join(one))
}

fn report() -> Report {
    let reading = Reading::instead_of(archive(), None);
    Report::of(&reading, &Checklist::built_in(), &District::built_in(), &Options::default())
}

#[divan::bench]
fn parsing_as_plain_json(bencher: Bencher) {
    LazyLock::force(&FILES);
    bencher.bench(|| FILES.iter().filter(|b| serde_json::from_slice::<serde_json::Value>(b).is_ok()).count());
}

#[divan::bench]
fn reading_the_logs(bencher: Bencher) {
    LazyLock::force(&FILES);
    bencher.bench(|| black_box(archive()));
}

#[divan::bench]
fn reading_and_computing(bencher: Bencher) {
    LazyLock::force(&FILES);
    bencher.bench(|| black_box(report()));
}

#[divan::bench(args = ["xlsx", "html", "md", "json", "csv"])]
fn writing(bencher: Bencher, format: &str) {
    let report = report();
    bencher.bench(|| match format {
        "xlsx" => xlsx::bytes(&report, Lang::Zh).unwrap(),
        "html" => html::bytes(&report, Lang::Zh).unwrap(),
        "md" => markdown::bytes(&report, Lang::Zh),
        "json" => json::bytes(&report).unwrap(),
        _ => export::csv::bytes(&export::one(&report, "ledger", Lang::Zh).unwrap(), Lang::Zh, Mark::Bom).unwrap(),
    });
}
