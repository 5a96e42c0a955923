//! What is wrong with a command line, in the language of the user: the parser itself speaks English.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::i18n::{Lang, messages as m};

/// The parser's error in words; help and version as they are.
pub fn told(error: &clap::Error, lang: Lang) -> String {
    let own = if error.use_stderr() && lang != Lang::En { in_words(error, lang) } else { None };
    own.unwrap_or_else(|| error.render().to_string())
}

/// The mistakes people make; none for the others, which stay as they are.
fn in_words(error: &clap::Error, lang: Lang) -> Option<String> {
    let context = |kind| error.get(kind).map(shown).filter(|text| !text.is_empty());
    let arg = || context(ContextKind::InvalidArg);
    let what = match error.kind() {
        ErrorKind::MissingRequiredArgument => m::USAGE_MISSING.with(lang, &[("arg", &arg()?)]),
        ErrorKind::UnknownArgument => m::USAGE_UNKNOWN.with(lang, &[("arg", &arg()?)]),
        ErrorKind::InvalidSubcommand => {
            m::USAGE_NO_COMMAND.with(lang, &[("arg", &context(ContextKind::InvalidSubcommand)?)])
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = context(ContextKind::InvalidValue).unwrap_or_default();
            m::USAGE_BAD_VALUE.with(lang, &[("arg", &arg()?), ("value", &value)])
        }
        ErrorKind::ArgumentConflict => m::USAGE_TWICE.with(lang, &[("arg", &arg()?)]),
        _ => return None,
    };
    let mut lines = vec![m::ERROR.with(lang, &[("why", &what)])];
    lines.extend(context(ContextKind::ValidValue).map(|valid| m::USAGE_VALID.with(lang, &[("values", &valid)])));
    let suggested = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let suggested = suggested.into_iter().find_map(context);
    lines.extend(suggested.map(|name| m::USAGE_SUGGESTED.with(lang, &[("name", &name)])));
    lines.extend(context(ContextKind::Usage).map(|usage| usage.replacen("Usage:", m::HEAD_USAGE.get(lang), 1)));
    lines.push(m::USAGE_HELP.get(lang).to_owned());
    Some(lines.join("\n") + "\n")
}

fn shown(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(" "),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::StyledStrs(texts) => texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        ContextValue::Number(n) => n.to_string(),
        _ => String::new(),
    }
}
