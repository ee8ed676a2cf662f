//! Arguments, locals and temporaries are dropped in the order of the plain function, whatever an attribute does, and
//! before the call ends: each destructor takes a second by the injected clock, and the call lasted that long.
#![allow(clippy::boxed_local, clippy::toplevel_ref_arg)]
#![allow(dead_code, unused_assignments, unused_mut, unused_variables)]

use std::{
    cell::RefCell,
    fmt::Write as _,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::atomic::{AtomicU64, Ordering},
    task::{Context, Poll, Waker},
    time::Duration,
};

use metrics::with_local_recorder;
use yardstick::{Registry, track, track_active, track_calls, track_duration, track_errors};

static SECONDS: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static LOG: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

fn now() -> Duration {
    Duration::from_secs(SECONDS.load(Ordering::Relaxed))
}

/// Says when it is dropped, which takes a second.
pub struct Noisy(pub &'static str);

impl Drop for Noisy {
    fn drop(&mut self) {
        LOG.with_borrow_mut(|log| log.push(self.0));
        SECONDS.fetch_add(1, Ordering::Relaxed);
    }
}

impl Noisy {
    fn length(&self) -> Result<usize, String> {
        Ok(self.0.len())
    }
}

pub struct Pair {
    pub first: Noisy,
    pub second: Noisy,
}

pub struct Wrapper<T>(pub T);

/// How a call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Value,
    Error,
    Panic,
    Cancelled,
    NeverPolled,
}

const EXITS: [Exit; 5] =
    [Exit::Value, Exit::Error, Exit::Panic, Exit::Cancelled, Exit::NeverPolled];

fn end(exit: Exit) -> Result<(), String> {
    match exit {
        Exit::Error => Err(String::new()),
        Exit::Panic => resume_unwind(Box::new("on purpose")),
        Exit::Value | Exit::Cancelled | Exit::NeverPolled => Ok(()),
    }
}

async fn end_later(exit: Exit) -> Result<(), String> {
    let mut is_first = true;
    poll_fn(|_| if std::mem::take(&mut is_first) { Poll::Pending } else { Poll::Ready(()) }).await;
    end(exit)
}

fn drive<F: Future<Output = Result<usize, String>>>(exit: Exit, future: F) {
    let mut context = Context::from_waker(Waker::noop());
    let mut future = Box::pin(future);
    if exit == Exit::NeverPolled {
        return;
    }
    let _ = catch_unwind(AssertUnwindSafe(|| {
        while future.as_mut().poll(&mut context).is_pending() && exit != Exit::Cancelled {}
    }));
}

macro_rules! end_of {
    (sync, $exit:expr) => {
        end($exit)?
    };
    (later, $exit:expr) => {
        end_later($exit).await?
    };
}

macro_rules! call_of {
    (sync, $exit:expr, $call:expr) => {{
        let _ = catch_unwind(AssertUnwindSafe(|| $call));
    }};
    (later, $exit:expr, $call:expr) => {
        drive($exit, $call)
    };
}

type Call = (&'static str, fn(Exit));

/// The same functions, `sync` or `later`, with some attributes.
macro_rules! functions {
    ($module:ident, $kind:ident, [$($async:tt)?], $(#[$attribute:meta])*) => {
        mod $module {
            use super::*;

            $(#[$attribute])*
            $($async)? fn names(a: Noisy, b: Noisy, exit: Exit) -> Result<usize, String> {
                end_of!($kind, exit);
                let _ = (&a, &b);
                Ok(1)
            }

            $(#[$attribute])*
            $($async)? fn unused(a: Noisy, b: Noisy, _c: Noisy, exit: Exit) -> Result<usize, String> {
                let _ = &b;
                end_of!($kind, exit);
                Ok(1)
            }

            $(#[$attribute])*
            $($async)? fn reversed(a: Noisy, b: Noisy, exit: Exit) -> Result<usize, String> {
                let _ = (&b, &a);
                end_of!($kind, exit);
                Ok(1)
            }

            $(#[$attribute])*
            $($async)? fn wild(a: Noisy, _: Noisy, c: Noisy, exit: Exit) -> Result<usize, String> {
                end_of!($kind, exit);
                let _ = &c;
                Ok(1)
            }

            $(#[$attribute])*
            $($async)? fn wild_only(_: Noisy, _: Noisy, exit: Exit) -> Result<usize, String> {
                end_of!($kind, exit);
                Ok(1)
            }

            $(#[$attribute])*
            $($async)? fn mutable(mut a: Noisy, mut b: Noisy, exit: Exit) -> Result<usize, String> {
                b = Noisy("b again");
                end_of!($kind, exit);
                a = Noisy("a again");
                Ok(1)
            }

            $(#[$attribute])*
            $($async)? fn moved(a: Noisy, b: Noisy, c: Noisy, exit: Exit) -> Result<usize, String> {
                drop(b);
                end_of!($kind, exit);
                let other = a;
                other.length()
            }

            $(#[$attribute])*
            $($async)? fn tuple(z: Noisy, (a, mut b): (Noisy, Noisy), c: Noisy, exit: Exit) -> Result<usize, String> {
                end_of!($kind, exit);
                let _ = &a;
                Ok(1)
            }

            $(#[$attribute])*
            $($async)? fn part_of_a_tuple(z: Noisy, (a, _): (Noisy, Noisy), c: Noisy, exit: Exit) -> Result<usize, String> {
                end_of!($kind, exit);
                Ok(1)
            }

            $(#[$attribute])*
            $($async)? fn parts_of_structures(
                Pair { first, .. }: Pair,
                Wrapper(a): Wrapper<Noisy>,
                mut c: Noisy,
                Pair { second, .. }: Pair,
                exit: Exit,
            ) -> Result<usize, String> {
                end_of!($kind, exit);
                let _ = (&first, &c);
                Ok(1)
            }

            $(#[$attribute])*
            $($async)? fn copied_out_of_a_destructor(Noisy(name): Noisy, c: Noisy, exit: Exit) -> Result<usize, String> {
                end_of!($kind, exit);
                Ok(name.len())
            }

            $(#[$attribute])*
            $($async)? fn by_reference(ref a: Noisy, b: Noisy, Pair { ref second, .. }: Pair, exit: Exit) -> Result<usize, String> {
                end_of!($kind, exit);
                a.length()
            }

            $(#[$attribute])*
            $($async)? fn array([a, b]: [Noisy; 2], c: Noisy, exit: Exit) -> Result<usize, String> {
                end_of!($kind, exit);
                Ok(1)
            }

            $(#[$attribute])*
            $($async)? fn conditional(
                #[cfg(any())] none: Noisy,
                a: Noisy,
                #[cfg_attr(all(), cfg(all()))] (b, _): (Noisy, Noisy),
                #[cfg_attr(all(), cfg(any()))] neither: Noisy,
                exit: Exit,
            ) -> Result<usize, String> {
                end_of!($kind, exit);
                Ok(1)
            }

            $(#[$attribute])*
            $($async)? fn generic<T>(a: T, b: impl Sized, c: Noisy, exit: Exit) -> Result<usize, String> {
                end_of!($kind, exit);
                Ok(1)
            }

            $(#[$attribute])*
            $($async)? fn locals(a: Noisy, exit: Exit) -> Result<usize, String> {
                let local = Noisy("local");
                end_of!($kind, exit);
                let later = Noisy("later");
                later.length()
            }

            $(#[$attribute])*
            $($async)? fn temporaries(a: Noisy, exit: Exit) -> Result<usize, String> {
                let local = Noisy("local");
                end_of!($kind, exit);
                Wrapper(Noisy("temporary")).0.length()
            }

            $(#[$attribute])*
            $($async)? fn shadowed(a: Noisy, exit: Exit) -> Result<usize, String> {
                let a = Wrapper(a);
                end_of!($kind, exit);
                let a = Noisy("another");
                a.length()
            }

            impl Wrapper<Noisy> {
                $(#[$attribute])*
                $($async)? fn $module(self, a: Noisy, b: Noisy, exit: Exit) -> Result<usize, String> {
                    end_of!($kind, exit);
                    let _ = &self;
                    Ok(1)
                }
            }

            pub(super) trait Methods: Sized {
                fn unused_object(self, a: Noisy, b: Noisy, exit: Exit);
                fn boxed(self, a: (Noisy, Noisy), b: Noisy, exit: Exit);
                fn mutable_object(self, a: Noisy, exit: Exit);
                fn borrowed(self, a: Noisy, b: Noisy, exit: Exit);
            }

            impl Methods for Noisy {
                fn unused_object(self, a: Noisy, b: Noisy, exit: Exit) {
                    struct Object(Noisy);
                    impl Object {
                        $(#[$attribute])*
                        $($async)? fn call(self, a: Noisy, b: Noisy, exit: Exit) -> Result<usize, String> {
                            let _ = &b;
                            end_of!($kind, exit);
                            Ok(1)
                        }
                    }
                    call_of!($kind, exit, Object(self).call(a, b, exit));
                }

                fn boxed(self, a: (Noisy, Noisy), b: Noisy, exit: Exit) {
                    struct Object(Noisy);
                    impl Object {
                        $(#[$attribute])*
                        $($async)? fn call(self: Box<Self>, (_, a): (Noisy, Noisy), b: Noisy, exit: Exit) -> Result<usize, String> {
                            end_of!($kind, exit);
                            self.0.length()
                        }
                    }
                    call_of!($kind, exit, Box::new(Object(self)).call(a, b, exit));
                }

                fn mutable_object(self, a: Noisy, exit: Exit) {
                    struct Object(Noisy);
                    impl Object {
                        $(#[$attribute])*
                        $($async)? fn call(mut self, a: Noisy, exit: Exit) -> Result<usize, String> {
                            self.0 = Noisy("another object");
                            end_of!($kind, exit);
                            Ok(1)
                        }
                    }
                    call_of!($kind, exit, Object(self).call(a, exit));
                }

                fn borrowed(self, a: Noisy, b: Noisy, exit: Exit) {
                    struct Object(Noisy);
                    impl Object {
                        $(#[$attribute])*
                        $($async)? fn call(&mut self, a: Noisy, b: Noisy, exit: Exit) -> Result<usize, String> {
                            end_of!($kind, exit);
                            Ok(1)
                        }
                    }
                    std::mem::forget(self);
                    let mut object = Object(Noisy("object"));
                    call_of!($kind, exit, object.call(a, b, exit));
                    std::mem::forget(object);
                }
            }

            pub(super) const CALLS: &[Call] = &[
                ("names", |exit| call_of!($kind, exit, names(Noisy("a"), Noisy("b"), exit))),
                ("unused", |exit| call_of!($kind, exit, unused(Noisy("a"), Noisy("b"), Noisy("c"), exit))),
                ("reversed", |exit| call_of!($kind, exit, reversed(Noisy("a"), Noisy("b"), exit))),
                ("wild", |exit| call_of!($kind, exit, wild(Noisy("a"), Noisy("b"), Noisy("c"), exit))),
                ("wild_only", |exit| call_of!($kind, exit, wild_only(Noisy("a"), Noisy("b"), exit))),
                ("mutable", |exit| call_of!($kind, exit, mutable(Noisy("a"), Noisy("b"), exit))),
                ("moved", |exit| call_of!($kind, exit, moved(Noisy("a"), Noisy("b"), Noisy("c"), exit))),
                ("tuple", |exit| call_of!($kind, exit, tuple(Noisy("z"), (Noisy("a"), Noisy("b")), Noisy("c"), exit))),
                ("part_of_a_tuple", |exit| call_of!($kind, exit, part_of_a_tuple(Noisy("z"), (Noisy("a"), Noisy("b")), Noisy("c"), exit))),
                ("parts_of_structures", |exit| call_of!($kind, exit, parts_of_structures(
                    Pair { first: Noisy("1"), second: Noisy("2") },
                    Wrapper(Noisy("a")),
                    Noisy("c"),
                    Pair { first: Noisy("3"), second: Noisy("4") },
                    exit,
                ))),
                ("copied_out_of_a_destructor", |exit| call_of!($kind, exit, copied_out_of_a_destructor(Noisy("a"), Noisy("c"), exit))),
                ("by_reference", |exit| call_of!($kind, exit, by_reference(
                    Noisy("a"),
                    Noisy("b"),
                    Pair { first: Noisy("3"), second: Noisy("4") },
                    exit,
                ))),
                ("array", |exit| call_of!($kind, exit, array([Noisy("a"), Noisy("b")], Noisy("c"), exit))),
                ("conditional", |exit| call_of!($kind, exit, conditional(Noisy("a"), (Noisy("b"), Noisy("c")), exit))),
                ("generic", |exit| call_of!($kind, exit, generic(Noisy("a"), Noisy("b"), Noisy("c"), exit))),
                ("locals", |exit| call_of!($kind, exit, locals(Noisy("a"), exit))),
                ("temporaries", |exit| call_of!($kind, exit, temporaries(Noisy("a"), exit))),
                ("shadowed", |exit| call_of!($kind, exit, shadowed(Noisy("a"), exit))),
                ("object", |exit| call_of!($kind, exit, Wrapper(Noisy("object")).$module(Noisy("a"), Noisy("b"), exit))),
                ("unused_object", |exit| Methods::unused_object(Noisy("object"), Noisy("a"), Noisy("b"), exit)),
                ("boxed", |exit| Methods::boxed(Noisy("object"), (Noisy("a"), Noisy("b")), Noisy("c"), exit)),
                ("mutable_object", |exit| Methods::mutable_object(Noisy("object"), Noisy("a"), exit)),
                ("borrowed", |exit| Methods::borrowed(Noisy("object"), Noisy("a"), Noisy("b"), exit)),
            ];
        }
    };
}

functions!(plain_sync, sync, [],);
functions!(duration_sync, sync, [], #[track_duration]);
functions!(errors_sync, sync, [], #[track_errors]);
functions!(calls_sync, sync, [], #[track_calls]);
functions!(active_sync, sync, [], #[track_active]);
functions!(track_sync, sync, [], #[track]);
functions!(stacked_sync, sync, [], #[track_calls] #[track_duration(labels(fixed = "value"))]);
functions!(plain_later, later, [async],);
functions!(duration_later, later, [async], #[track_duration]);
functions!(errors_later, later, [async], #[track_errors]);
functions!(calls_later, later, [async], #[track_calls]);
functions!(active_later, later, [async], #[track_active]);
functions!(track_later, later, [async], #[track]);
functions!(stacked_later, later, [async], #[track_calls] #[track_duration(labels(fixed = "value"))]);

/// What the call dropped, in order.
fn log_of(call: fn(Exit), exit: Exit) -> Vec<&'static str> {
    LOG.take();
    call(exit);
    LOG.take()
}

#[test]
fn everything_is_dropped_in_the_plain_order_and_before_the_call_ends() {
    let _exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .clock(now)
        .install()
        .expect("nothing else is installed");
    let sync = [
        ("track_duration", duration_sync::CALLS),
        ("track_errors", errors_sync::CALLS),
        ("track_calls", calls_sync::CALLS),
        ("track_active", active_sync::CALLS),
        ("track", track_sync::CALLS),
        ("two attributes", stacked_sync::CALLS),
    ];
    let later = [
        ("track_duration", duration_later::CALLS),
        ("track_errors", errors_later::CALLS),
        ("track_calls", calls_later::CALLS),
        ("track_active", active_later::CALLS),
        ("track", track_later::CALLS),
        ("two attributes", stacked_later::CALLS),
    ];
    let (mut wrong, mut compared) = (String::new(), 0);
    for (is_async, plain, variants) in
        [(false, plain_sync::CALLS, sync), (true, plain_later::CALLS, later)]
    {
        let exits = if is_async { &EXITS[..] } else { &EXITS[..3] };
        for ((attribute, calls), exit) in
            variants.iter().flat_map(|variant| exits.iter().map(move |exit| (variant, *exit)))
        {
            for ((name, plain), (_, call)) in plain.iter().zip(*calls) {
                let expected = log_of(*plain, exit);
                let registry = Registry::new();
                let found = with_local_recorder(&registry, || log_of(*call, exit));
                let kind = if is_async { "async" } else { "sync" };
                let place = format!("{attribute}, {kind} {name}, {exit:?}");
                compared += 1;
                if found != expected {
                    let _ = writeln!(wrong, "{place}: {found:?} instead of {expected:?}");
                }
                let body = registry.render();
                let sums = body.lines().filter_map(|line| {
                    line.strip_prefix("function_duration_seconds_sum{")?.rsplit_once(' ')
                });
                for (_, sum) in sums {
                    let (sum, dropped) = (sum.parse::<f64>().expect("a number"), found.len());
                    if sum != dropped as f64 && exit != Exit::NeverPolled {
                        let _ = writeln!(wrong, "{place}: {sum} s, and {dropped} destructors");
                    }
                }
            }
        }
    }
    assert_eq!(compared, 23 * 6 * (3 + 5), "comparisons");
    assert!(wrong.is_empty(), "{wrong}");
}
