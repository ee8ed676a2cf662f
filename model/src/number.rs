//! Numbers as the exposition formats print them.

use core::fmt::{self, Write as _};

/// Appends a sample's value in the shortest text that reads back as the same number.
///
/// The form is that of Go's `%g`, which every consumer has seen most: an exponent of at least two
/// digits and a sign if the decimal exponent is below -4 or above 5, plain digits otherwise;
/// `NaN`, `+Inf` and `-Inf` for the rest. Negative zero keeps its sign.
///
/// # Examples
///
/// ```
/// let mut out = String::new();
/// yardstick_model::write_value(0.25, &mut out);
/// out.push(' ');
/// yardstick_model::write_value(1_000_000.0, &mut out);
/// assert_eq!(out, "0.25 1e+06");
/// ```
pub fn write_value(value: f64, out: &mut String) {
    if value.is_nan() {
        out.push_str("NaN");
    } else if value.is_infinite() {
        out.push_str(if value > 0.0 { "+Inf" } else { "-Inf" });
    } else if let Some(whole) = small_whole(value) {
        write_integer(whole, out);
    } else {
        write_finite(value, out);
    }
}

/// Appends a bucket's bound as the value of an `le` label, in the canonical form of OpenMetrics.
///
/// That is [`write_value`] with `.0` after whole numbers: `1.0`, `100000.0`, `1e+06`, `+Inf`. The
/// text format takes the same form, so that a bound is one series in every format. As a bound -0 is 0, which is what a
/// server calls it that is given numbers instead of text.
pub fn write_bound(bound: f64, out: &mut String) {
    let start = out.len();
    write_value(bound + 0.0, out);
    if bound.is_finite() && !out[start..].contains(['.', 'e']) {
        out.push_str(".0");
    }
}

/// Appends a whole number in decimal digits.
fn write_integer(value: u64, out: &mut String) {
    /// The number of digits of `u64::MAX`.
    const DIGITS_MAX: usize = 20;
    let mut digits = [b'0'; DIGITS_MAX];
    let mut start = DIGITS_MAX;
    let mut rest = value;
    // Two digits for each division, which is what takes the time.
    while rest >= 10 {
        start -= 2;
        digits[start..start + 2].copy_from_slice(&PAIRS[(rest % 100) as usize]);
        rest /= 100;
    }
    if rest > 0 || value == 0 {
        start -= 1;
        // Below ten; the pattern tells the compiler so without a cast that cuts.
        let [.., digit] = rest.to_be_bytes();
        digits[start] = b'0' + digit;
    }
    push_ascii(&digits[start..], out);
}

/// The two digits of each number below a hundred.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[b'0'; 2]; 100];
    let mut number = 0_u8;
    while number < 100 {
        pairs[number as usize] = [b'0' + number / 10, b'0' + number % 10];
        number += 1;
    }
    pairs
};

/// The value as an integer, if that is how it is printed: whole, not negative and below a million.
///
/// Most samples are such numbers, and they need no search for the shortest digits.
fn small_whole(value: f64) -> Option<u64> {
    if !(0.0..1e6).contains(&value) || value.is_sign_negative() {
        return None;
    }
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the value was checked to lie below a million; a fraction is found below"
    )]
    let whole = value as u32;
    (f64::from(whole) == value).then_some(u64::from(whole))
}

fn write_finite(value: f64, out: &mut String) {
    let mut text = Scientific::new();
    // The standard library's `{:e}` gives the shortest digits that read back as the same number.
    // It never fails here, since the buffer holds the longest such text.
    let _ = write!(text, "{value:e}");
    let (mantissa, exponent) = text.parts();
    let mantissa = match mantissa {
        [b'-', rest @ ..] => {
            out.push('-');
            rest
        }
        rest => rest,
    };
    if (-4..6).contains(&exponent) {
        write_plain(mantissa, exponent, out);
    } else {
        push_ascii(mantissa, out);
        out.push_str(if exponent < 0 { "e-" } else { "e+" });
        let magnitude = exponent.unsigned_abs();
        if magnitude < 10 {
            out.push('0');
        }
        write_integer(u64::from(magnitude), out);
    }
}

/// Moves the decimal point of `mantissa` (`d` or `d.ddd`) by `exponent` places.
fn write_plain(mantissa: &[u8], exponent: i32, out: &mut String) {
    let (first, fraction) = match mantissa {
        [first, b'.', fraction @ ..] => (*first, fraction),
        [first, ..] => (*first, &[][..]),
        [] => (b'0', &[][..]),
    };
    let Ok(whole_digits) = usize::try_from(exponent) else {
        out.push_str("0.");
        for _ in 1..exponent.unsigned_abs() {
            out.push('0');
        }
        out.push(char::from(first));
        push_ascii(fraction, out);
        return;
    };
    out.push(char::from(first));
    let split = whole_digits.min(fraction.len());
    push_ascii(&fraction[..split], out);
    for _ in split..whole_digits {
        out.push('0');
    }
    if split < fraction.len() {
        out.push('.');
        push_ascii(&fraction[split..], out);
    }
}

fn push_ascii(bytes: &[u8], out: &mut String) {
    out.push_str(str::from_utf8(bytes).unwrap_or_default());
}

/// A buffer on the stack for one number in scientific form.
struct Scientific {
    bytes: [u8; Self::LENGTH_MAX],
    length: usize,
}

impl Scientific {
    /// A sign, 17 digits, a point and an exponent of up to five bytes need 24; the rest is slack.
    const LENGTH_MAX: usize = 32;

    const fn new() -> Self {
        Self { bytes: [0; Self::LENGTH_MAX], length: 0 }
    }

    /// The text before the `e`, and the number after it.
    fn parts(&self) -> (&[u8], i32) {
        let text = &self.bytes[..self.length];
        let Some(split) = text.iter().position(|&byte| byte == b'e') else {
            return (text, 0);
        };
        let (sign, digits) = match &text[split + 1..] {
            [b'-', digits @ ..] => (-1, digits),
            digits => (1, digits),
        };
        let magnitude = digits.iter().fold(0, |sum, &digit| sum * 10 + i32::from(digit - b'0'));
        (&text[..split], sign * magnitude)
    }
}

impl fmt::Write for Scientific {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        let space = self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?;
        space.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// A number in a message: as the user would write it, unless that would take a line of zeros.
pub(crate) struct Shown(pub(crate) f64);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.abs();
        if magnitude == 0.0 || !self.0.is_finite() || (1e-9..1e15).contains(&magnitude) {
            write!(f, "{}", self.0)
        } else {
            write!(f, "{:e}", self.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Shown, write_bound, write_integer, write_value};
    use proptest::prelude::*;

    fn value(value: f64) -> String {
        let mut out = String::new();
        write_value(value, &mut out);
        out
    }

    fn bound(bound: f64) -> String {
        let mut out = String::new();
        write_bound(bound, &mut out);
        out
    }

    #[test]
    fn values_are_printed_as_go_prints_them() {
        let expected = [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (0.25, "0.25"),
            (10.0, "10"),
            (12.5, "12.5"),
            (100_000.0, "100000"),
            (123_456.0, "123456"),
            (123_456.789, "123456.789"),
            (999_999.9, "999999.9"),
            (1_000_000.0, "1e+06"),
            (1_234_567.0, "1.234567e+06"),
            (0.001, "0.001"),
            (0.000_1, "0.0001"),
            (0.000_123, "0.000123"),
            (0.000_01, "1e-05"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e21, "1e+21"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::MIN, "-1.7976931348623157e+308"),
            (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
            (5e-324, "5e-324"),
            (f64::NAN, "NaN"),
            (-f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ];
        for (number, text) in expected {
            assert_eq!(value(number), text, "{number:?}");
        }
    }

    #[test]
    fn bounds_are_in_the_canonical_form_of_openmetrics() {
        let expected = [
            (-0.0, "0.0"),
            (0.0, "0.0"),
            (1.0, "1.0"),
            (2.5, "2.5"),
            (-5.0, "-5.0"),
            (100_000.0, "100000.0"),
            (1_000_000.0, "1e+06"),
            (1e10, "1e+10"),
            (0.000_1, "0.0001"),
            (0.000_01, "1e-05"),
            (1e-10, "1e-10"),
            (1e23, "1e+23"),
            (f64::INFINITY, "+Inf"),
        ];
        for (number, text) in expected {
            assert_eq!(bound(number), text, "{number:?}");
        }
    }

    #[test]
    fn text_is_appended() {
        let mut out = String::from("x.y ");
        write_bound(3.0, &mut out);
        assert_eq!(out, "x.y 3.0");
    }

    #[test]
    fn messages_show_numbers_as_they_are_written() {
        assert_eq!(Shown(0.25).to_string(), "0.25");
        assert_eq!(Shown(10.0).to_string(), "10");
        assert_eq!(Shown(1_000_000.0).to_string(), "1000000");
        assert_eq!(Shown(1e300).to_string(), "1e300");
        assert_eq!(Shown(f64::NAN).to_string(), "NaN");
    }

    proptest! {
        #[test]
        fn finite_values_read_back_bit_for_bit(bits: u64) {
            let number = f64::from_bits(bits);
            prop_assume!(number.is_finite());
            for text in [value(number), bound(number)] {
                prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), bits, "{}", text);
            }
        }

        #[test]
        fn everyday_values_read_back_bit_for_bit(number in -1e7..1e7_f64) {
            let rounded = (number * 1000.0).round() / 1000.0;
            prop_assert_eq!(value(rounded).parse::<f64>().unwrap().to_bits(), rounded.to_bits());
        }

        #[test]
        fn the_exponent_form_starts_where_go_starts_it(
            mantissa in prop_oneof![Just(1.0), Just(9.999_999_999_999_998), -10.0..10.0_f64],
            exponent in -8..10_i32,
        ) {
            let number: f64 = format!("{mantissa}e{exponent}").parse().unwrap();
            prop_assume!(number != 0.0);
            let is_plain = (1e-4..1e6).contains(&number.abs());
            prop_assert_eq!(value(number).contains('e'), !is_plain);
        }

        #[test]
        fn integers_are_plain_digits(number: u64) {
            let mut out = String::new();
            write_integer(number, &mut out);
            prop_assert_eq!(out, number.to_string());
        }
    }

    #[test]
    fn the_extreme_integers_fit() {
        let mut out = String::new();
        write_integer(0, &mut out);
        write_integer(u64::MAX, &mut out);
        assert_eq!(out, "018446744073709551615");
    }
}
