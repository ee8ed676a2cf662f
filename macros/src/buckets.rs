//! `buckets = ..` in its four forms.

use syn::{Expr, ExprLit, ExprRange, Lit, UnOp, parse::ParseStream};
use yardstick_model::{BoundsViolation, check_duration_bounds, exponential, linear, steps};

use crate::errors::{Errors, Message};

const FORMS: &str = "the forms are `[5ms, 10ms, 1s]`, `5ms..10s`, `exponential(1ms, 2, 12)` and \
                     `linear(10ms, 10ms, 20)`; plain numbers are seconds";

/// Reads the bounds, in seconds; `None` if they were refused.
pub(crate) fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<Vec<f64>>> {
    let expr: Expr = input.parse().map_err(|error: syn::Error| {
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
            return Ok(Some(list));
        }
        Expr::Range(range) => read_range(range, errors),
        Expr::Call(call) => read_call(call, errors),
        other => {
            let message = Message::new("`buckets` cannot be read from this").note(FORMS);
            errors.push_on(other, message);
            None
        }
    };
    Ok(bounds.and_then(|bounds| {
        let checked = bounds.and_then(|bounds| check_duration_bounds(&bounds).map(|()| bounds));
        checked.map_err(|violation| refuse(&expr, &violation, errors)).ok()
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

fn read_call(call: &syn::ExprCall, errors: &mut Errors) -> Option<Made> {
    let name = match &*call.func {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string).unwrap_or_default(),
        _ => String::new(),
    };
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
    let count = match count {
        Expr::Lit(ExprLit { lit: Lit::Int(count), .. }) if count.suffix().is_empty() => {
            count.base10_parse::<usize>().ok()
        }
        _ => None,
    };
    if count.is_none() {
        let message = Message::new("the number of buckets must be a whole number");
        errors.push_on(arguments[2], message);
    }
    Some(make(start?, by?, count?))
}

/// A literal in seconds: a number, or a number with a unit.
pub(crate) fn seconds(expr: &Expr, errors: &mut Errors) -> Option<f64> {
    let (literal, sign) = match expr {
        Expr::Lit(ExprLit { lit, .. }) => (lit, 1.0),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => match &*unary.expr {
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
