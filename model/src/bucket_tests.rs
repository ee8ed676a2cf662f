use super::{
    BOUNDS_MAX, BoundsViolation, DEFAULT_SECONDS, check_bounds, check_duration_bounds, exponential,
    linear, steps,
};
use proptest::prelude::*;

const INFINITY: f64 = f64::INFINITY;

fn first_line<T: std::fmt::Debug>(result: Result<T, BoundsViolation>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn valid_bounds_pass() {
    assert_eq!(check_bounds(&[0.0]), Ok(()));
    assert_eq!(check_bounds(&[-1.0, 0.0, f64::MIN_POSITIVE, f64::MAX]), Ok(()));
    let most: Vec<f64> = (0..200).map(f64::from).collect();
    assert_eq!(most.len(), BOUNDS_MAX);
    assert_eq!(check_bounds(&most), Ok(()));
}

#[test]
fn each_rule_has_its_message() {
    let many: Vec<f64> = (0..201).map(f64::from).collect();
    let expected: [(&[f64], &str); 8] = [
        (&[], "a histogram must have at least one bucket bound"),
        (&many, "a histogram must have at most 200 bucket bounds, not 201"),
        (&[1.0, f64::NAN], "bucket bounds must be numbers, but bound 2 is `NaN`"),
        (&[1.0, INFINITY], "bucket bounds must be finite, but bound 2 is `inf`"),
        (&[-INFINITY, 1.0], "bucket bounds must be finite, but bound 1 is `-inf`"),
        (
            &[0.1, 0.5, 0.25],
            "bucket bounds must be strictly increasing, but bound 3 (`0.25`) follows `0.5`",
        ),
        (&[1.0, 1.0], "bucket bounds must be strictly increasing, but bound 2 (`1`) follows `1`"),
        (&[-0.0, 0.0], "bucket bounds must be strictly increasing, but bound 2 (`0`) follows `-0`"),
    ];
    for (bounds, message) in expected {
        assert_eq!(first_line(check_bounds(bounds)), message);
    }
}

#[test]
fn a_violation_proposes_an_edit_where_there_is_one() {
    let help = |bounds: &[f64]| check_bounds(bounds).unwrap_err().help();
    assert_eq!(help(&[1.0, INFINITY]).as_deref(), Some("remove this bound"));
    assert_eq!(help(&[-INFINITY]), None);
    assert_eq!(help(&[1.0, 1.0]).as_deref(), Some("remove one of the two"));
    assert_eq!(help(&[2.0, 1.0]), None);
    assert_eq!(
        steps(10.0, 0.5).unwrap_err().help().as_deref(),
        Some("write the smaller bound first: `0.5..10`")
    );
    assert_eq!(
        check_bounds(&[2.0, 1.0]).unwrap_err().note(),
        Some("each bucket counts the observations less than or equal to its bound")
    );
}

#[test]
fn durations_have_no_negative_bounds() {
    assert_eq!(check_duration_bounds(&[0.0, 1.0]), Ok(()));
    assert_eq!(check_duration_bounds(&[-0.0, 1.0]), Ok(()));
    assert_eq!(
        first_line(check_duration_bounds(&[-0.5, 1.0])),
        "a duration is never negative, but bound 1 is `-0.5`"
    );
    assert_eq!(check_duration_bounds(&[]), Err(BoundsViolation::Empty));
}

#[test]
fn steps_are_those_of_the_default_bounds() {
    assert_eq!(
        steps(0.005, 10.0).unwrap(),
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0]
    );
    for bound in steps(0.005, 10.0).unwrap() {
        assert!(DEFAULT_SECONDS.contains(&bound), "{bound}");
    }
}

#[test]
fn steps_include_ends_that_are_no_steps() {
    assert_eq!(steps(0.003, 0.03).unwrap(), [0.003, 0.005, 0.01, 0.025, 0.03]);
    assert_eq!(steps(3.0, 4.0).unwrap(), [3.0, 4.0]);
    assert_eq!(steps(1e-9, 1e-8).unwrap(), [1e-9, 2.5e-9, 5e-9, 1e-8]);
}

#[test]
fn steps_refuse_what_is_no_range() {
    assert_eq!(steps(0.0, 1.0), Err(BoundsViolation::StartNotPositive { start: 0.0 }));
    assert_eq!(steps(-1.0, 1.0), Err(BoundsViolation::StartNotPositive { start: -1.0 }));
    assert_eq!(steps(2.0, 2.0), Err(BoundsViolation::EndNotAboveStart { start: 2.0, end: 2.0 }));
    assert_eq!(
        first_line(steps(1.0, INFINITY)),
        "the end of bucket bounds must be finite, not `inf`"
    );
    assert_eq!(
        first_line(steps(f64::NAN, 1.0)),
        "the start of bucket bounds must be finite, not `NaN`"
    );
    assert!(matches!(steps(f64::MIN_POSITIVE, f64::MAX), Err(BoundsViolation::TooMany { .. })));
}

#[test]
fn sequences_are_decimal() {
    assert_eq!(linear(0.1, 0.1, 10).unwrap(), [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]);
    assert_eq!(linear(-0.3, 0.1, 5).unwrap(), [-0.3, -0.2, -0.1, 0.0, 0.1]);
    assert!(linear(-0.3, 0.1, 5).unwrap()[3].is_sign_positive());
    assert_eq!(linear(1e20, 1e19, 3).unwrap(), [1e20, 1.1e20, 1.2e20]);
    assert_eq!(exponential(100.0, 1.2, 3).unwrap(), [100.0, 120.0, 144.0]);
    assert_eq!(exponential(0.1, 1.1, 4).unwrap(), [0.1, 0.11, 0.121, 0.1331]);
    assert_eq!(exponential(1.0, 2.0, 5).unwrap(), [1.0, 2.0, 4.0, 8.0, 16.0]);
}

#[test]
fn sequences_refuse_invalid_parameters() {
    assert_eq!(linear(0.0, 1.0, 0), Err(BoundsViolation::Empty));
    assert_eq!(exponential(1.0, 2.0, 0), Err(BoundsViolation::Empty));
    for count in [201, 256, 257, usize::MAX] {
        assert_eq!(linear(0.0, 1.0, count), Err(BoundsViolation::TooMany { count }));
    }
    assert_eq!(linear(0.0, 0.0, 2), Err(BoundsViolation::WidthNotPositive { width: 0.0 }));
    assert_eq!(exponential(0.0, 2.0, 2), Err(BoundsViolation::StartNotPositive { start: 0.0 }));
    assert_eq!(exponential(1.0, 1.0, 2), Err(BoundsViolation::FactorNotAboveOne { factor: 1.0 }));
    assert_eq!(
        exponential(1.0, 1e300, 3),
        Err(BoundsViolation::Infinite { index: 2, value: INFINITY })
    );
    assert!(matches!(linear(1e20, 1.0, 2), Err(BoundsViolation::NotIncreasing { index: 1, .. })));
    assert_eq!(
        first_line(exponential(1.0, f64::NAN, 2)),
        "the factor of bucket bounds must be finite, not `NaN`"
    );
}

/// A positive number with few decimal digits, as people write them.
fn decimal() -> impl Strategy<Value = f64> {
    (1..10_000_u32, -8..4_i32)
        .prop_map(|(digits, exponent)| format!("{digits}e{exponent}").parse().unwrap())
}

proptest! {
    #[test]
    fn the_check_agrees_with_its_definition(
        bounds in proptest::collection::vec(prop_oneof![any::<f64>(), -2.0..2.0_f64], 0..4),
    ) {
        let expected = !bounds.is_empty()
            && bounds.iter().all(|bound| bound.is_finite())
            && bounds.windows(2).all(|pair| pair[0] < pair[1]);
        prop_assert_eq!(check_bounds(&bounds).is_ok(), expected);
    }

    #[test]
    fn steps_are_valid_and_have_both_ends(one in decimal(), other in decimal()) {
        prop_assume!(one != other);
        let (start, end) = (one.min(other), one.max(other));
        let bounds = steps(start, end).unwrap();
        prop_assert_eq!(check_duration_bounds(&bounds), Ok(()));
        prop_assert_eq!((bounds[0], *bounds.last().unwrap()), (start, end));
        for step in &bounds[1..bounds.len() - 1] {
            let text = format!("{step:e}");
            let mantissa = text.split_once('e').unwrap().0;
            prop_assert!(matches!(mantissa, "1" | "2.5" | "5"), "{}", text);
        }
    }

    #[test]
    fn linear_bounds_have_as_few_digits_as_their_parameters(
        start in -1000..1000_i32,
        width in 1..1000_i32,
        count in 1..=BOUNDS_MAX,
    ) {
        let bounds = linear(f64::from(start) / 1000.0, f64::from(width) / 1000.0, count).unwrap();
        for (index, bound) in (0_i32..).zip(bounds) {
            prop_assert_eq!(bound, f64::from(start + width * index) / 1000.0);
        }
    }

    #[test]
    fn sequences_are_valid_or_refused(start: f64, step: f64, count in 0..300_usize) {
        let sequences = [linear(start, step, count), exponential(start, step, count)];
        for bounds in sequences.into_iter().flatten() {
            prop_assert_eq!(check_bounds(&bounds), Ok(()));
            prop_assert_eq!(bounds.len(), count);
        }
    }

    #[test]
    fn exponential_bounds_grow_by_the_factor(
        start in decimal(),
        factor in 1.01..10.0_f64,
        count in 1..=100_usize,
    ) {
        let bounds = exponential(start, factor, count).unwrap();
        prop_assert!((bounds[0] - start).abs() <= start * 1e-14);
        for pair in bounds.windows(2) {
            prop_assert!((pair[1] / pair[0] - factor).abs() <= factor * 1e-13);
        }
    }
}
