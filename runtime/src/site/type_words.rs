//! The name of an error type without `ErrorType`: its type name, without generic wrappers.
//!
//! Invariant: a name is whole. Its brackets balance, and it says the same for a type wherever it is asked.
//!
//! | type | name |
//! |---|---|
//! | `shop::QueryError`, `shop::Failed<T>` | `QueryError`, `Failed` |
//! | `sqlx::error::Error`, `anyhow::Error`, `eyre::Report` | `sqlx::Error`, `anyhow::Error`, `eyre::Report` |
//! | `Box<E>`, `Arc<E>`, `Rc<E>`, `Cow<E>`, `&E` | that of `E` |
//! | `Box<dyn Error + Send>` | `dyn_error` |
//! | `Box<dyn Refusal>` | `dyn Refusal` |
//! | `(http::StatusCode, String)` | `(StatusCode, String)` |
//! | `[E]`, `[E; 2]` | `[E]`, `[E; 2]` |

use std::{any::type_name, borrow::Cow, collections::BTreeMap, sync::PoisonError};

use crate::base::lock::RwLock;

/// The name of a type, which is found once and kept for ever: there are as many as a program has types of errors.
pub(super) fn name_of<T: ?Sized>() -> &'static str {
    static NAMES: RwLock<BTreeMap<&'static str, &'static str>> = RwLock::new(BTreeMap::new());
    let of = type_name::<T>();
    {
        let known = NAMES.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = known.get(of) {
            return name;
        }
    }
    let name = match name_in(of) {
        Cow::Borrowed(name) => name,
        Cow::Owned(name) => Box::leak(name.into_boxed_str()),
    };
    NAMES.write().unwrap_or_else(PoisonError::into_inner).entry(of).or_insert(name)
}

/// The name of the type that the compiler writes like this.
fn name_in(ty: &str) -> Cow<'_, str> {
    let ty = ty.trim();
    for looked_through in ["&mut ", "&", "*const ", "*mut "] {
        if let Some(rest) = ty.strip_prefix(looked_through) {
            return name_in(rest);
        }
    }
    if let Some(bounds) = ty.strip_prefix("dyn ") {
        let object = name_in(split(bounds, "+").first().copied().unwrap_or(bounds));
        let is_error = object.rsplit("::").next() == Some("Error");
        return if is_error { "dyn_error".into() } else { format!("dyn {object}").into() };
    }
    if let Some(elements) = within(ty, '(', ')') {
        let names: Vec<_> = split(elements, ",").into_iter().map(name_in).collect();
        return match &names[..] {
            [one] => format!("({one},)").into(),
            names => format!("({})", names.join(", ")).into(),
        };
    }
    if let Some(element) = within(ty, '[', ']') {
        return match split(element, ";")[..] {
            [element, length] => format!("[{}; {}]", name_in(element), length.trim()).into(),
            _ => format!("[{}]", name_in(element)).into(),
        };
    }
    path_name(ty)
}

fn path_name(path: &str) -> Cow<'_, str> {
    let segments = split(path, "::");
    let Some((last, before)) = segments.split_last() else { return path.into() };
    let name = last.split('<').next().unwrap_or(last);
    let is_of_std = ["alloc", "core", "std"].contains(&segments[0]);
    if is_of_std && ["Arc", "Box", "Cow", "Rc"].contains(&name) {
        let arguments = last.strip_prefix(name).and_then(|rest| within(rest, '<', '>'));
        let arguments = arguments.map(|arguments| split(arguments, ",")).unwrap_or_default();
        if let Some(inner) = arguments.into_iter().find(|argument| !argument.starts_with('\'')) {
            return name_in(inner);
        }
    }
    // A function's type has no name.
    if name.is_empty() || name.contains('(') || path.starts_with("for<") {
        return path.into();
    }
    // Too many crates have an `Error` for that to tell which.
    if ["Error", "Report"].contains(&name) {
        let tells = |segment: &&&str| {
            let is_word = segment.chars().all(|c| c.is_alphanumeric() || c == '_');
            is_word && !["err", "error", "errors"].contains(*segment)
        };
        if let Some(owner) = before.iter().rev().find(tells) {
            return format!("{owner}::{name}").into();
        }
    }
    name.into()
}

/// What stands in brackets, if they are the first and last characters and belong together.
fn within(text: &str, open: char, close: char) -> Option<&str> {
    let inner = text.strip_prefix(open)?.strip_suffix(close)?;
    let mut depth = 0_i32;
    let balances = inner.chars().all(|c| {
        depth += i32::from(c == open) - i32::from(c == close);
        depth >= 0
    });
    balances.then_some(inner)
}

/// The parts of a text between separators that stand in no bracket, without an empty last one.
fn split<'t>(text: &'t str, separator: &str) -> Vec<&'t str> {
    let (mut parts, mut depth, mut from, mut at) = (Vec::new(), 0_i32, 0, 0);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if depth == 0 && rest.starts_with(separator) {
            parts.push(text[from..at].trim());
            at += separator.len();
            from = at;
            continue;
        }
        if rest.starts_with("->") {
            at += 2;
            continue;
        }
        depth += i32::from("<([{".contains(c)) - i32::from(">)]}".contains(c));
        at += c.len_utf8();
    }
    let last = text[from..].trim();
    if !last.is_empty() {
        parts.push(last);
    }
    parts
}

#[cfg(test)]
mod tests {
    use std::{rc::Rc, sync::Arc};

    use super::*;

    #[derive(Debug)]
    struct Failed<T>(T);
    trait Refusal {}
    mod error {
        pub(super) struct Error;
    }

    #[test]
    fn names_are_whole() {
        assert_eq!(name_of::<Failed<Vec<(u8, String)>>>(), "Failed");
        assert_eq!(name_of::<(std::num::ParseIntError, String)>(), "(ParseIntError, String)");
        assert_eq!(name_of::<(std::num::ParseIntError,)>(), "(ParseIntError,)");
        assert_eq!(name_of::<((), [u8; 1])>(), "((), [u8; 1])");
        assert_eq!(name_of::<[Failed<u8>; 2]>(), "[Failed; 2]");
        assert_eq!(name_of::<&'static str>(), "str");
        assert_eq!(name_of::<()>(), "()");
        assert_eq!(
            name_of::<fn(Failed<u8>) -> u8>(),
            "fn(yardstick::site::type_words::tests::Failed<u8>) -> u8"
        );
    }

    #[test]
    fn smart_pointers_are_looked_through() {
        assert_eq!(name_of::<Box<Failed<u8>>>(), "Failed");
        assert_eq!(name_of::<Arc<(Failed<u8>, Rc<str>)>>(), "(Failed, str)");
        assert_eq!(name_of::<Cow<'static, str>>(), "str");
        assert_eq!(name_of::<Arc<dyn std::error::Error + Send + Sync>>(), "dyn_error");
        assert_eq!(name_of::<Box<dyn Refusal + Send>>(), "dyn Refusal");
    }

    #[test]
    fn an_error_of_many_is_called_by_its_crate() {
        assert_eq!(name_of::<std::fmt::Error>(), "fmt::Error");
        assert_eq!(name_of::<error::Error>(), "tests::Error");
        assert_eq!(name_in("anyhow::Error"), "anyhow::Error");
        assert_eq!(name_in("eyre::Report"), "eyre::Report");
        assert_eq!(name_in("sqlx_core::error::Error"), "sqlx_core::Error");
        assert_eq!(name_in("<shop::Store as shop::Load>::load::Error"), "load::Error");
        assert_eq!(name_in("<shop::Store as shop::Load>::load::Refused<u8>"), "Refused");
        assert_eq!(name_in("Error"), "Error");
        assert!(std::ptr::eq(name_of::<std::fmt::Error>(), name_of::<std::fmt::Error>()));
    }
}
