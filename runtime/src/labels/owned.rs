//! Label values that outlive what they were read from: those of a function that returns a future, which
//! is called before its future is polled, and those of a result.

use std::fmt;

use super::value::LabelValue;

/// Longest text that is kept without allocating: with the length, half a cache line.
const INLINE_BYTES_MAX: usize = 31;

/// The text of a label value.
pub struct KeptLabel(Text);

enum Text {
    Inline { bytes: [u8; INLINE_BYTES_MAX], length: u8 },
    Long(Box<str>),
}

impl KeptLabel {
    /// Keeps the text of a value.
    #[inline]
    pub fn of<V: LabelValue>(value: &V) -> Self {
        value.with_text(Self::new)
    }

    fn new(text: &str) -> Self {
        let mut bytes = [0; INLINE_BYTES_MAX];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(start), Ok(length)) => {
                start.copy_from_slice(text.as_bytes());
                Self(Text::Inline { bytes, length })
            }
            _ => Self(Text::Long(text.into())),
        }
    }

    fn text(&self) -> &str {
        match &self.0 {
            // The bytes are those of a text, so nothing is ever replaced by the default.
            Text::Inline { bytes, length } => bytes
                .get(..usize::from(*length))
                .and_then(|bytes| std::str::from_utf8(bytes).ok())
                .unwrap_or_default(),
            Text::Long(text) => text,
        }
    }
}

#[diagnostic::do_not_recommend]
impl LabelValue for KeptLabel {
    #[inline]
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        read(self.text())
    }
}

impl fmt::Debug for KeptLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.text(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_length_are_kept() {
        for length in [0, 1, 30, 31, 32, 255, 256, 257, 1_000] {
            let text = "é".repeat(length / 2) + &"x".repeat(length % 2);
            assert_eq!(KeptLabel::of(&text).with_text(str::to_owned), text);
        }
    }
}
