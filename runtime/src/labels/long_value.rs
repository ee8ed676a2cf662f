//! Label values longer than 1,024 bytes: cut, marked, and still told apart.
//!
//! Invariant: whatever door a value comes in by, one text stands for it, so that every door leads to one series. The
//! text ends in a digest of the whole value: two values that begin alike stay two.

use std::borrow::Cow;

/// What a label value may have, in bytes of UTF-8. Longer ones are cut to this. It is half of what Mimir and Cortex
/// accept unless they are told otherwise (`max_label_value_length`, 2,048), so that a value also fits with its escapes, and
/// it bounds a family of 2,000 series to some two megabytes for each label. What was cut is counted in
/// `yardstick_label_values_cut_total`.
pub(crate) const LABEL_VALUE_BYTES_MAX: usize = 1_024;

/// What stands between the beginning of a value and the digest of all of it.
const MARK: char = '~';

/// Hexadecimal digits of a digest of 64 bits.
const DIGEST_DIGITS: usize = 16;

/// Whether a value has to be cut.
pub(crate) const fn is_long(value: &str) -> bool {
    value.len() > LABEL_VALUE_BYTES_MAX
}

/// The value as it is shown.
pub(crate) fn cut(value: &str) -> Cow<'_, str> {
    if !is_long(value) {
        return Cow::Borrowed(value);
    }
    let room = LABEL_VALUE_BYTES_MAX - MARK.len_utf8() - DIGEST_DIGITS;
    let end = (0..=room).rev().find(|end| value.is_char_boundary(*end)).unwrap_or_default();
    Cow::Owned(format!("{}{MARK}{:016x}", &value[..end], digest(value.as_bytes())))
}

/// FNV-1a: the same on every machine and in every release, as a label value must be.
const fn digest(bytes: &[u8]) -> u64 {
    const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let mut digest = OFFSET_BASIS;
    let mut at = 0;
    while at < bytes.len() {
        digest = (digest ^ bytes[at] as u64).wrapping_mul(PRIME);
        at += 1;
    }
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_not_touched() {
        let longest = "x".repeat(LABEL_VALUE_BYTES_MAX);
        assert_eq!(cut(&longest), longest);
        assert_eq!(cut(""), "");
    }

    #[test]
    fn the_digest_is_the_published_one() {
        assert_eq!(digest(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(digest(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn a_cut_value_has_the_longest_beginning_of_whole_characters() {
        for character in ["x", "\u{e9}", "\u{20ac}", "\u{1f600}"] {
            let value = character.repeat(LABEL_VALUE_BYTES_MAX + 1);
            let shown = cut(&value);
            let (beginning, digits) = shown.split_once(MARK).expect("the mark");
            assert!(value.starts_with(beginning) && digits.len() == DIGEST_DIGITS, "{shown}");
            assert!(shown.len() <= LABEL_VALUE_BYTES_MAX);
            assert!(shown.len() > LABEL_VALUE_BYTES_MAX - character.len(), "{}", shown.len());
        }
    }

    #[test]
    fn a_cut_value_is_not_cut_again() {
        let shown = cut(&"y".repeat(9_000)).into_owned();
        assert_eq!(cut(&shown), shown);
    }
}
