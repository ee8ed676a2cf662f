//! The clock that times durations: the processor's time-stamp counter where it can be trusted, else
//! the monotonic clock.
//!
//! Invariant: the source is chosen once per process, before the first bound is scaled to ticks, and
//! never changes. The counter is trusted only if CPUID calls it invariant *and* the kernel itself uses
//! it as its clock source: the kernel watches it and falls back when sockets or cores disagree.

use std::{
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::base::reentry::Scope;

/// Reads a time since any fixed origin; never falls.
pub(crate) type ReadTime = Arc<dyn Fn() -> Duration + Send + Sync>;

/// Where ticks come from.
#[derive(Clone)]
pub(crate) enum Choice {
    /// The time-stamp counter if it can be trusted, else the monotonic clock.
    Automatic,
    /// The monotonic clock.
    Monotonic,
    /// A clock that the program provides.
    Custom(ReadTime),
}

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Automatic => "Automatic",
            Self::Monotonic => "Monotonic",
            Self::Custom(_) => "Custom",
        })
    }
}

/// How long the counter is compared with the monotonic clock before its rate is believed. A reading
/// of the pair is good to some 30 ns, so this bounds the error to about ten parts in a million.
const CALIBRATION: Duration = Duration::from_millis(5);

/// Readings of both clocks of which the tightest is kept.
const PAIRS: usize = 16;

const NANOS_PER_SECOND: f64 = 1e9;

/// One kind of source per process, in an atomic because recording reads it each time.
static KIND: AtomicU8 = AtomicU8::new(UNSET);
const UNSET: u8 = 0;
const COUNTER: u8 = 1;
const NANOSECONDS: u8 = 2;

static CLOCK: OnceLock<Clock> = OnceLock::new();
static BACKWARD: AtomicU64 = AtomicU64::new(0);

struct Clock {
    ticks_per_second: f64,
    source: Source,
}

enum Source {
    /// The time-stamp counter, and both clocks at the moment when its rate had been measured.
    Counter(Pair),
    /// Nanoseconds of the monotonic clock since this instant.
    Monotonic(Instant),
    /// Nanoseconds of the program's own clock.
    Custom(ReadTime),
}

#[derive(Clone, Copy)]
struct Pair {
    counter: u64,
    instant: Instant,
}

/// Chooses the clock. `false` if another one is in use already, unless the choice is automatic.
pub(crate) fn choose(choice: Choice) -> bool {
    let is_automatic = matches!(choice, Choice::Automatic);
    let is_monotonic = matches!(choice, Choice::Monotonic);
    let mut chosen = false;
    let _scope = Scope::enter();
    let clock = CLOCK.get_or_init(|| {
        chosen = true;
        Clock::start(choice)
    });
    publish();
    let is_same = is_monotonic && matches!(clock.source, Source::Monotonic(_));
    chosen || is_automatic || is_same
}

/// The clock of tests, and what it shows on this thread, if it does.
#[cfg(feature = "testing")]
static TEST_CLOCK: OnceLock<fn() -> Option<u64>> = OnceLock::new();

/// Has `clock` asked first from here on. There is one for the process.
#[cfg(feature = "testing")]
pub(crate) fn ask_first(clock: fn() -> Option<u64>) {
    let _ = TEST_CLOCK.set(clock);
}

/// Ticks since a fixed origin.
#[inline]
pub(crate) fn now() -> u64 {
    #[cfg(feature = "testing")]
    if let Some(ticks) = TEST_CLOCK.get().and_then(|clock| clock()) {
        return ticks;
    }
    #[cfg(target_arch = "x86_64")]
    if KIND.load(Ordering::Relaxed) == COUNTER {
        return counter();
    }
    now_slowly()
}

/// Ticks between two readings, the second of which may come from another core. A clock that went
/// backwards gives zero and is counted.
#[inline]
pub(crate) fn elapsed(start: u64, end: u64) -> u64 {
    end.checked_sub(start).unwrap_or_else(|| {
        BACKWARD.fetch_add(1, Ordering::Relaxed);
        0
    })
}

/// Durations that would have been negative.
pub(crate) fn backward() -> u64 {
    BACKWARD.load(Ordering::Relaxed)
}

/// A time in ticks, rounded to the nearest. Bounds and observations pass through this one monotone
/// function, so a value on a bound stays on it. Negative times and NaN give zero.
pub(crate) fn ticks_from_seconds(seconds: f64) -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
    let ticks = (seconds * clock().ticks_per_second).round() as u64;
    ticks
}

/// A sum of ticks in seconds.
pub(crate) fn seconds_from_ticks(ticks: u128) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a double is what an exposition carries")]
    let ticks = ticks as f64;
    ticks / clock().ticks_per_second
}

/// By how much the counter runs fast (positive) or slow against the monotonic clock since its rate was
/// measured, as a ratio; zero where the counter is not in use.
pub(crate) fn drift_ratio() -> f64 {
    let clock = clock();
    let Source::Counter(then) = clock.source else { return 0.0 };
    let now = Pair::read();
    let real = now.instant.duration_since(then.instant).as_secs_f64();
    if real < CALIBRATION.as_secs_f64() {
        return 0.0;
    }
    seconds_from_ticks(u128::from(now.counter.saturating_sub(then.counter))) / real - 1.0
}

#[cold]
#[inline(never)]
fn now_slowly() -> u64 {
    match &clock().source {
        Source::Counter(_) => counter(),
        Source::Monotonic(origin) => nanoseconds(origin.elapsed()),
        Source::Custom(read) => nanoseconds(read()),
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

fn clock() -> &'static Clock {
    CLOCK.get().unwrap_or_else(start)
}

/// Starts the clock, which reads a file: an allocation there must not ask for the time again.
#[cold]
fn start() -> &'static Clock {
    let _scope = Scope::enter();
    let clock = CLOCK.get_or_init(|| Clock::start(Choice::Automatic));
    publish();
    clock
}

fn publish() {
    if KIND.load(Ordering::Relaxed) == UNSET
        && let Some(clock) = CLOCK.get()
    {
        let kind = if matches!(clock.source, Source::Counter(_)) { COUNTER } else { NANOSECONDS };
        KIND.store(kind, Ordering::Relaxed);
    }
}

impl Clock {
    fn start(choice: Choice) -> Self {
        let source = match choice {
            // In a capture, a second is to be exactly a second.
            Choice::Automatic if counter_is_trusted() && !cfg!(feature = "testing") => {
                return Self::calibrate();
            }
            Choice::Automatic | Choice::Monotonic => Source::Monotonic(Instant::now()),
            Choice::Custom(read) => Source::Custom(read),
        };
        Self { ticks_per_second: NANOS_PER_SECOND, source }
    }

    fn calibrate() -> Self {
        let first = Pair::read();
        while first.instant.elapsed() < CALIBRATION {
            std::hint::spin_loop();
        }
        let second = Pair::read();
        #[allow(clippy::cast_precision_loss, reason = "a few million ticks are exact")]
        let ticks = second.counter.saturating_sub(first.counter) as f64;
        let seconds = second.instant.duration_since(first.instant).as_secs_f64();
        Self { ticks_per_second: ticks / seconds, source: Source::Counter(second) }
    }
}

impl Pair {
    /// The counter and the instant closest to it: of several readings, the one whose two counter
    /// values are nearest.
    fn read() -> Self {
        let read = || {
            let before = counter();
            let instant = Instant::now();
            let after = counter();
            let width = after.wrapping_sub(before);
            (width, Self { counter: before.wrapping_add(width / 2), instant })
        };
        let pairs = (0..PAIRS).map(|_| read());
        pairs.min_by_key(|(width, _)| *width).map_or_else(|| read().1, |(_, pair)| pair)
    }
}

#[cfg(target_arch = "x86_64")]
#[inline]
fn counter() -> u64 {
    // SAFETY: every x86-64 processor has RDTSC, and Linux, where alone it is used, leaves it enabled.
    unsafe { std::arch::x86_64::_rdtsc() }
}

#[cfg(not(target_arch = "x86_64"))]
fn counter() -> u64 {
    0
}

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
fn counter_is_trusted() -> bool {
    const LEAF_POWER_MANAGEMENT: u32 = 0x8000_0007;
    const INVARIANT: u32 = 1 << 8;
    // Intel SDM volume 3, 19.17.1 and AMD APM volume 3, E.4.6: EDX bit 8 of this leaf.
    let largest = std::arch::x86_64::__cpuid(0x8000_0000).eax;
    let invariant = largest >= LEAF_POWER_MANAGEMENT
        && std::arch::x86_64::__cpuid(LEAF_POWER_MANAGEMENT).edx & INVARIANT != 0;
    let current = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    invariant && std::fs::read_to_string(current).is_ok_and(|source| source.trim() == "tsc")
}

#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
fn counter_is_trusted() -> bool {
    false
}
