//! `buckets = ..` in its five forms.

use syn::{Expr, ExprLit, ExprRange, Lit, UnOp, parse::ParseStream};
use yardstick_model::{
    BoundsViolation, NativeBuckets, NativeBucketsError, check_duration_bounds, exponential, linear,
    steps,
};

use crate::{
    errors::{Errors, Message},
    syntax::{plain, plain_ref},
};

const FORMS: &str = "the forms are `[5ms, 10ms, 1s]`, `5ms..10s`, `exponential(1ms, 2, 12)`, \
                     `linear(10ms, 10ms, 20)` and `native(8, 1us, 1h)`; plain numbers are seconds";

/// What is written behind `buckets`.
#[derive(Debug)]
pub(crate) enum Buckets {
    /// Bounds, in seconds.
    Bounds(Vec<f64>),
    /// Those of a native histogram.
    Native(NativeBuckets),
}

/// Reads the buckets; `None` if they were refused.
pub(crate) fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<Buckets>> {
    let expr = input.parse().map(plain).map_err(|error: syn::Error| {
        Message::new("`buckets` cannot be read from here on").note(FORMS).at(error.span())
    })?;
    let bounds = match &expr {
        Expr::Array(array) => {
            let seconds: Vec<_> = array.elems.iter().map(|e| seconds(e, errors)).collect();
            let Some(list) = seconds.into_iter().collect::<Option<Vec<f64>>>() else {
                return Ok(None);
            };
            if let Err(violation) = check_duration_bounds(&list) {
                let culprit = index(&violation).and_then(|index| array.elems.get(index));
                refuse(culprit.unwrap_or(&expr), &violation, errors);
                return Ok(None);
            }
            return Ok(Some(Buckets::Bounds(list)));
        }
        Expr::Range(range) => read_range(range, errors),
        Expr::Call(call) if name(call) == "native" => {
            return Ok(read_native(call, errors).map(Buckets::Native));
        }
        Expr::Call(call) => read_call(call, errors),
        other => {
            let message = Message::new("`buckets` cannot be read from this").note(FORMS);
            errors.push_on(other, message);
            None
        }
    };
    Ok(bounds.and_then(|bounds| {
        let checked = bounds.and_then(|bounds| check_duration_bounds(&bounds).map(|()| bounds));
        checked.map_err(|violation| refuse(&expr, &violation, errors)).ok().map(Buckets::Bounds)
    }))
}

type Made = Result<Vec<f64>, BoundsViolation>;

fn read_range(range: &ExprRange, errors: &mut Errors) -> Option<Made> {
    let (Some(start), Some(end)) = (&range.start, &range.end) else {
        let message = Message::new("a range of buckets must have a start and an end").note(FORMS);
        errors.push_on(range, message);
        return None;
    };
    let (start, end) = (seconds(start, errors), seconds(end, errors));
    Some(steps(start?, end?))
}

/// What is called, if it has a plain name.
fn name(call: &syn::ExprCall) -> String {
    match plain_ref(&call.func) {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string).unwrap_or_default(),
        _ => String::new(),
    }
}

/// `native(per doubling, from, to)`; without arguments, the default ones.
fn read_native(call: &syn::ExprCall, errors: &mut Errors) -> Option<NativeBuckets> {
    let arguments: Vec<_> = call.args.iter().collect();
    let [per_doubling, from, to] = arguments[..] else {
        if arguments.is_empty() {
            return Some(NativeBuckets::default());
        }
        let message = Message::new("`native` takes three arguments, or none").help(
            "write `native(8, 1us, 1h)`: buckets for each doubling, and the range that they cover",
        );
        errors.push_on(&call.func, message);
        return None;
    };
    let (from, to) = (seconds(from, errors), seconds(to, errors));
    let Some(number) = whole(per_doubling) else {
        let message = Message::new("a doubling has 1, 2, 4, 8 or 16 native buckets");
        errors.push_on(per_doubling, message);
        return None;
    };
    let made = NativeBuckets::new(number, from?, to?);
    made.map_err(|error| {
        let culprit = match error {
            NativeBucketsError::PerDoubling(_) => per_doubling,
            NativeBucketsError::Range(..) => arguments[1],
            _ => &*call.func,
        };
        errors.push_on(culprit, Message::new(error.to_string()));
    })
    .ok()
}

/// A whole number without a unit.
fn whole<N: std::str::FromStr>(expr: &Expr) -> Option<N>
where
    N::Err: std::fmt::Display,
{
    match plain_ref(expr) {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) if number.suffix().is_empty() => {
            number.base10_parse().ok()
        }
        _ => None,
    }
}

fn read_call(call: &syn::ExprCall, errors: &mut Errors) -> Option<Made> {
    let name = name(call);
    let (make, step): (fn(f64, f64, usize) -> Made, _) = match name.as_str() {
        "exponential" => (exponential, "factor"),
        "linear" => (linear, "width"),
        _ => {
            let message = Message::new("`buckets` cannot be read from this").note(FORMS);
            errors.push_on(&call.func, message);
            return None;
        }
    };
    let arguments: Vec<_> = call.args.iter().collect();
    let [start, by, count] = arguments[..] else {
        let message = Message::new(format!("`{name}` takes three arguments"))
            .help(format!("write `{name}(start, {step}, count)`"));
        errors.push_on(&call.func, message);
        return None;
    };
    let (start, by) = (seconds(start, errors), seconds(by, errors));
    let count = whole::<usize>(count);
    if count.is_none() {
        let message = Message::new("the number of buckets must be a whole number");
        errors.push_on(arguments[2], message);
    }
    Some(make(start?, by?, count?))
}

/// A literal in seconds: a number, or a number with a unit.
pub(crate) fn seconds(expr: &Expr, errors: &mut Errors) -> Option<f64> {
    let expr = plain_ref(expr);
    let (literal, sign) = match expr {
        Expr::Lit(ExprLit { lit, .. }) => (lit, 1.0),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => match plain_ref(&unary.expr) {
            Expr::Lit(ExprLit { lit, .. }) => (lit, -1.0),
            _ => return not_a_number(expr, errors),
        },
        Expr::Path(path) => return special(path, expr, errors),
        _ => return not_a_number(expr, errors),
    };
    let (digits, suffix) = match literal {
        Lit::Int(integer) => (integer.base10_digits(), integer.suffix()),
        Lit::Float(float) => (float.base10_digits(), float.suffix()),
        _ => return not_a_number(expr, errors),
    };
    // Parsed with its power of ten where there is one, so that `5ms` is the double nearest to 0.005.
    let text = match suffix {
        "" | "s" | "f64" => digits.to_owned(),
        "ms" => format!("{digits}e-3"),
        "us" => format!("{digits}e-6"),
        "ns" => format!("{digits}e-9"),
        "m" => return digits.parse::<f64>().ok().map(|minutes| sign * minutes * 60.0),
        "h" => return digits.parse::<f64>().ok().map(|hours| sign * hours * 3_600.0),
        _ => {
            let message = Message::new(format!("unknown unit `{suffix}` of a duration")).note(
                "the units are `ns`, `us`, `ms`, `s`, `m` and `h`; plain numbers are seconds",
            );
            errors.push(literal.span(), message);
            return None;
        }
    };
    // A number with an exponent of its own cannot take a second one.
    match text.parse::<f64>() {
        Ok(value) => Some(sign * value),
        Err(_) => not_a_number(expr, errors),
    }
}

/// `NAN` and `INFINITY` by any path, so that they get the message of their rule.
fn special(path: &syn::ExprPath, expr: &Expr, errors: &mut Errors) -> Option<f64> {
    match path.path.segments.last().map(|segment| segment.ident.to_string()).as_deref() {
        Some("NAN") => Some(f64::NAN),
        Some("INFINITY") => Some(f64::INFINITY),
        _ => not_a_number(expr, errors),
    }
}

fn not_a_number(expr: &Expr, errors: &mut Errors) -> Option<f64> {
    let message = Message::new("a bucket bound must be a literal number or duration").note(FORMS);
    errors.push_on(expr, message);
    None
}

/// The bound that a violation is about.
const fn index(violation: &BoundsViolation) -> Option<usize> {
    match violation {
        BoundsViolation::NotANumber { index }
        | BoundsViolation::Infinite { index, .. }
        | BoundsViolation::NotIncreasing { index, .. }
        | BoundsViolation::NegativeDuration { index, .. } => Some(*index),
        _ => None,
    }
}

fn refuse(place: &Expr, violation: &BoundsViolation, errors: &mut Errors) {
    let message = Message::new(violation.to_string()).maybe_help(violation.help());
    let message = match violation.note() {
        Some(note) => message.note(note),
        None => message,
    };
    errors.push_on(place, message);
}
