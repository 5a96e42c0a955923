//! `xunjie demo`: sample logs in a folder of their own.

use std::io::Write;

use anyhow::{Context, Result, anyhow};

use crate::checklist::Checklist;
use crate::cli::{DemoArgs, Exit};
use crate::demo;
use crate::district::District;
use crate::i18n::{Lang, messages as m};
use crate::store::file::{self, RealDisk};
use crate::tell;

/// Writes sample logs into a folder that is not there yet, or that holds just these.
pub fn demo(
    out: &mut dyn Write,
    lang: Lang,
    args: &DemoArgs,
    checklist: &Checklist,
    district: &District,
) -> Result<Exit> {
    let samples = demo::samples(checklist, district, &args.options);
    let shown = tell::path(&args.out);
    let files: Vec<_> = samples.iter().map(|s| (args.out.join(&s.name), &s.bytes)).collect();
    let same =
        files.iter().all(|(path, bytes)| file::read(path, bytes.len() as u64).is_ok_and(|found| found == **bytes));
    if args.out.symlink_metadata().is_ok() && !same {
        return Err(anyhow!(m::DEMO_THERE.with(lang, &[("path", &shown)])));
    }
    for (path, bytes) in files.iter().filter(|_| !same) {
        let folder = path.parent().unwrap_or(&args.out);
        file::create_folder(folder).with_context(|| tell::path(folder))?;
        file::replace(&RealDisk, path, bytes).with_context(|| tell::path(path))?;
    }
    writeln!(out, "{}", m::DEMO_WRITTEN.with(lang, &[("n", &files.len()), ("path", &shown)]))?;
    Ok(Exit::Done)
}
