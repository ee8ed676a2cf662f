//! What each row does: the loops, and the values that go into them. Every subject gets the same.

use std::{
    future::Future,
    hint::black_box,
    pin::pin,
    sync::LazyLock,
    task::{Context, Poll, Waker},
};

/// So many operations of one row.
pub type Run = Box<dyn Fn(u32) + Send + Sync>;

/// Two labels, four and six values.
pub const SETS: usize = 24;

/// Two labels, ten and a hundred values.
pub const MANY_SETS: usize = 1_000;

/// The bounds of every histogram: those that durations have by default.
pub static BOUNDS: [f64; 14] = yardstick::buckets::DEFAULT_SECONDS;

/// A label whose values are known beforehand; the other one is a `bool`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, yardstick::LabelValue)]
pub enum Method {
    Get,
    Post,
}

impl Method {
    pub fn text(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
        }
    }
}

pub fn text_of(cached: bool) -> &'static str {
    if cached { "true" } else { "false" }
}

/// Each of four in turn, so that no store waits for the one before.
pub fn in_turn<C: Send + Sync + 'static>(
    counters: [C; 4],
    count: impl Fn(&C) + Send + Sync + 'static,
) -> Run {
    Box::new(move |n| {
        for i in 0..n {
            count(black_box(&counters[i as usize % 4]));
        }
    })
}

/// Always the same.
pub fn same<C: Send + Sync + 'static>(
    counter: C,
    count: impl Fn(&C) + Send + Sync + 'static,
) -> Run {
    Box::new(move |n| {
        for _ in 0..n {
            count(black_box(&counter));
        }
    })
}

/// Four functions in turn; all of them are one operation each.
pub fn calls(
    a: impl Fn() + Send + Sync + 'static,
    b: impl Fn() + Send + Sync + 'static,
    c: impl Fn() + Send + Sync + 'static,
    d: impl Fn() + Send + Sync + 'static,
) -> Run {
    Box::new(move |n| {
        for _ in 0..n.div_ceil(4) {
            a();
            b();
            c();
            d();
        }
    })
}

/// One function.
pub fn call(function: impl Fn() + Send + Sync + 'static) -> Run {
    Box::new(move |n| (0..n).for_each(|_| function()))
}

/// One async function, polled to its end at once.
pub fn polls<F: Future<Output = ()>>(make: impl Fn() -> F + Send + Sync + 'static) -> Run {
    Box::new(move |n| {
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..n {
            let future = pin!(make());
            assert!(future.poll(&mut context) == Poll::Ready(()), "nothing is waited for");
        }
    })
}

/// Two labels whose values are known beforehand.
pub fn enums(count: impl Fn(Method, bool) + Send + Sync + 'static) -> Run {
    Box::new(move |n| {
        for i in 0..n {
            let method = if i % 2 == 0 { Method::Get } else { Method::Post };
            count(black_box(method), black_box(i % 3 == 0));
        }
    })
}

/// Two labels of any text, so many sets of values in turn.
pub fn strings(
    sets: usize,
    count: impl Fn(&'static str, &'static str) + Send + Sync + 'static,
) -> Run {
    let sets = string_sets(sets);
    Box::new(move |n| {
        let mut at = 0;
        for _ in 0..n {
            let (route, user) = black_box(sets[at]);
            count(route, user);
            at = if at + 1 == sets.len() { 0 } else { at + 1 };
        }
    })
}

/// The sets of values, all in texts of their own.
pub fn string_sets(sets: usize) -> &'static [(&'static str, &'static str)] {
    static SETS: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
        let leak = |text: String| -> &'static str { text.leak() };
        let set = |i: usize| (leak(format!("/items/{}", i % 10)), leak(format!("user-{i}")));
        (0..200_000).map(set).collect()
    });
    &SETS[..sets]
}

/// Observations of a histogram, all over its bounds and in no order.
pub fn observations(observe: impl Fn(f64) + Send + Sync + 'static) -> Run {
    Box::new(move |n| {
        for i in 0..n {
            observe(black_box(SECONDS[i as usize % SECONDS.len()]));
        }
    })
}

/// As many as a branch predictor does not learn by heart.
static SECONDS: LazyLock<[f64; 4_096]> = LazyLock::new(|| {
    let mut state = 1_u64;
    std::array::from_fn(|_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // From half the first bound to twice the last one, as many in each octave.
        let part = (state >> 33) as f64 / (1_u64 << 31) as f64;
        0.0025 * 8_000_f64.powf(part)
    })
});

/// The same observations in ticks of about a nanosecond.
pub fn ticks(observe: impl Fn(u64) + Send + Sync + 'static) -> Run {
    let ticks: Vec<u64> = SECONDS.iter().map(|seconds| (seconds * 1e9) as u64).collect();
    Box::new(move |n| {
        for i in 0..n {
            observe(black_box(ticks[i as usize % SECONDS.len()]));
        }
    })
}
