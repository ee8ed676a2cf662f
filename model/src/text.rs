//! Byte-wise string functions that also work in constants.

/// Whether two strings are equal; `==` on strings is not available in a `const fn`.
pub(crate) const fn equal(left: &str, right: &str) -> bool {
    left.len() == right.len() && starts_with(left, right)
}

/// Whether `text` starts with `prefix`.
pub(crate) const fn starts_with(text: &str, prefix: &str) -> bool {
    let (text, prefix) = (text.as_bytes(), prefix.as_bytes());
    if text.len() < prefix.len() {
        return false;
    }
    let mut index = 0;
    while index < prefix.len() {
        if text[index] != prefix[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// The character that starts at byte `start`, which must be a character boundary inside `text`.
pub(crate) const fn char_at(text: &str, start: usize) -> char {
    let bytes = text.as_bytes();
    let first = bytes[start];
    // The lead byte says how many continuation bytes follow and how many bits it holds itself.
    let (mut code, length) = match first {
        0x00..=0x7f => (first as u32, 1),
        0x80..=0xdf => ((first & 0x1f) as u32, 2),
        0xe0..=0xef => ((first & 0x0f) as u32, 3),
        0xf0..=0xff => ((first & 0x07) as u32, 4),
    };
    let mut offset = 1;
    while offset < length {
        code = (code << 6) | (bytes[start + offset] & 0x3f) as u32;
        offset += 1;
    }
    match char::from_u32(code) {
        Some(character) => character,
        None => char::REPLACEMENT_CHARACTER,
    }
}

/// Strips a whole `_`-separated suffix such as `seconds`, if something stands before it.
///
/// `latency_seconds` gives `latency`; `discount` does not end in `count`, and neither `seconds`
/// nor `_seconds` loses its only word.
pub(crate) fn strip_word<'a>(name: &'a str, word: &str) -> Option<&'a str> {
    let stem = name.strip_suffix(word)?.strip_suffix('_')?;
    (!stem.is_empty()).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::{char_at, equal, starts_with, strip_word};
    use proptest::prelude::*;

    #[test]
    fn a_word_is_a_whole_part_of_the_name() {
        assert_eq!(strip_word("latency_seconds", "seconds"), Some("latency"));
        assert_eq!(strip_word("discount", "count"), None);
        assert_eq!(strip_word("seconds", "seconds"), None);
        assert_eq!(strip_word("_seconds", "seconds"), None);
    }

    proptest! {
        #[test]
        fn characters_are_decoded_as_the_standard_library_does(text in ".+") {
            for (start, character) in text.char_indices() {
                prop_assert_eq!(char_at(&text, start), character);
            }
        }

        #[test]
        fn comparisons_agree_with_the_standard_library(left in "[ab]{0,4}", right in "[ab]{0,4}") {
            prop_assert_eq!(equal(&left, &right), left == right);
            prop_assert_eq!(starts_with(&left, &right), left.starts_with(&right));
        }
    }
}
