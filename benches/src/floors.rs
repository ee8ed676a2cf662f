//! What the work costs at least, for whoever shares one place between threads: a locked add where the series is
//! known, and the cheapest way of finding it where it is not.

use std::{
    collections::HashMap,
    fmt::Write as _,
    hash::{BuildHasherDefault, Hasher},
    hint::black_box,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use crate::{
    ours::Yardstick,
    peers::Library,
    rows::{Rows, Work},
    stores::{self, COUNTERS, HISTOGRAMS},
    workloads::{self, BOUNDS, MANY_SETS, Run, SETS},
};

const fn zero() -> AtomicU64 {
    AtomicU64::new(0)
}

/// Adds the floor of every work but those of nothing installed.
pub fn rows(rows: &mut Rows) {
    let add = |word: &AtomicU64| _ = word.fetch_add(1, Relaxed);
    rows.floor(Work::CounterInTurn, "locked add", workloads::in_turn([const { zero() }; 4], add));
    rows.floor(Work::CounterSame, "locked add", workloads::same(zero(), add));
    rows.floor(Work::Call, "locked add", counted_calls());
    rows.floor(Work::EnumLabels, "index, locked add", dense());
    for (work, sets) in [
        (Work::StringLabels, SETS),
        (Work::ManyStringLabels, MANY_SETS),
        (Work::FreshThread, MANY_SETS),
    ] {
        rows.floor(work, "hash, probe, locked add", probed(sets));
    }
    rows.floor(Work::Histogram, "table, 2 locked adds", observed());
    for work in [Work::Duration, Work::All] {
        rows.floor(work, "clock pair, table, 2 locked adds", timed());
    }
    rows.floor(Work::AsyncCall, "locked add", polled());
    rows.floor(Work::Facade, "hash, probe, locked add", probed(1));
}

/// Adds the floor of records beyond the memory limit.
pub fn limited(rows: &mut Rows) {
    let add = |word: &AtomicU64| _ = word.fetch_add(1, Relaxed);
    rows.floor(Work::Limited, "locked add", workloads::same(zero(), add));
}

/// Adds what calls alone cost.
pub fn rows_off(rows: &mut Rows) {
    for work in [Work::Off, Work::OffAsync] {
        rows.floor(work, "call", workloads::calls(empty, empty, empty, empty));
    }
}

/// A call that the compiler does not see through.
#[inline(never)]
fn empty() {
    black_box(());
}

fn counted_calls() -> Run {
    static WORDS: [AtomicU64; 4] = [const { zero() }; 4];
    #[inline(never)]
    fn counted<const I: usize>() {
        WORDS[I].fetch_add(1, Relaxed);
    }
    workloads::calls(counted::<0>, counted::<1>, counted::<2>, counted::<3>)
}

fn polled() -> Run {
    static WORD: AtomicU64 = zero();
    #[inline(never)]
    async fn counted() {
        WORD.fetch_add(1, Relaxed);
    }
    workloads::polls(counted)
}

fn dense() -> Run {
    let words = [const { zero() }; 4];
    workloads::enums(move |method, cached| {
        words[method as usize * 2 + usize::from(cached)].fetch_add(1, Relaxed);
    })
}

/// A table that is read only, with a hash as cheap as one of whole texts can be.
fn probed(sets: usize) -> Run {
    let mut words = HashMap::<_, _, BuildHasherDefault<Fold>>::default();
    for &set in workloads::string_sets(sets) {
        words.insert(set, zero());
    }
    workloads::strings(sets, move |route, user| {
        if let Some(word) = words.get(&(route, user)) {
            word.fetch_add(1, Relaxed);
        }
    })
}

/// Eight bytes at a time, by one multiplication each.
#[derive(Default)]
struct Fold(u64);

impl Fold {
    #[inline]
    fn fold(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
}

impl Hasher for Fold {
    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.fold(u64::from_le_bytes(*word));
        }
        let rest = rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        self.fold(rest ^ (bytes.len() as u64) << 56);
    }

    #[inline]
    fn write_u8(&mut self, _: u8) {}
}

/// Buckets, and a sum of nanoseconds.
struct Words {
    buckets: [AtomicU64; BOUNDS.len() + 1],
    sum: AtomicU64,
}

impl Words {
    const fn new() -> Self {
        Self { buckets: [const { zero() }; BOUNDS.len() + 1], sum: zero() }
    }

    /// The place of a value by its magnitude: a table of 64 octaves, and two comparisons, as no octave has more bounds.
    #[inline]
    fn observe(&self, nanoseconds: u64) {
        static FIRST: [u8; 64] = first_of_octaves();
        let octave = 63 - (nanoseconds | 1).leading_zeros() as usize;
        let first = usize::from(FIRST[octave]);
        let above =
            |at: usize| usize::from(at < BOUNDS.len() && nanoseconds as f64 > BOUNDS[at] * 1e9);
        self.buckets[first + above(first) + above(first + 1)].fetch_add(1, Relaxed);
        self.sum.fetch_add(nanoseconds, Relaxed);
    }
}

/// The first bound that a value of each octave may be below.
const fn first_of_octaves() -> [u8; 64] {
    let mut first = [0; 64];
    let mut octave = 0;
    while octave < 64 {
        let mut at = 0;
        while at < BOUNDS_OF_DURATIONS.len()
            && BOUNDS_OF_DURATIONS[at] * 1e9 <= (1_u64 << octave) as f64
        {
            at += 1;
        }
        first[octave] = at as u8;
        octave += 1;
    }
    first
}

const BOUNDS_OF_DURATIONS: [f64; 14] = yardstick::buckets::DEFAULT_SECONDS;

fn observed() -> Run {
    let words = Words::new();
    workloads::observations(move |seconds| words.observe((seconds * 1e9) as u64))
}

fn timed() -> Run {
    static WORDS: Words = Words::new();
    #[inline(never)]
    fn timed() {
        let start = now();
        WORDS.observe(now().saturating_sub(start));
    }
    workloads::call(timed)
}

#[cfg(target_arch = "x86_64")]
#[inline]
fn now() -> u64 {
    // SAFETY: every x86-64 processor has RDTSC.
    unsafe { std::arch::x86_64::_rdtsc() }
}

#[cfg(not(target_arch = "x86_64"))]
#[inline]
fn now() -> u64 {
    static BEGIN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    BEGIN.get_or_init(std::time::Instant::now).elapsed().as_nanos() as u64
}

/// A line of a text: all but its number, and the number, which changes.
enum Line {
    Head(String),
    Whole(String, AtomicU64),
    Float(String, AtomicU64),
}

impl Line {
    fn of(line: &str) -> Self {
        let Some((start, value)) =
            line.trim_end().rsplit_once(' ').filter(|_| !line.starts_with('#'))
        else {
            return Self::Head(line.to_owned());
        };
        let start = format!("{start} ");
        match value.parse() {
            Ok(whole) => Self::Whole(start, AtomicU64::new(whole)),
            Err(_) => {
                let value: f64 = value.parse().expect("our text has numbers");
                Self::Float(start, AtomicU64::new(value.to_bits()))
            }
        }
    }

    fn write(&self, text: &mut String) {
        match self {
            Self::Head(line) => text.push_str(line),
            Self::Whole(start, value) => {
                text.push_str(start);
                text.push_str(itoa::Buffer::new().format(value.load(Relaxed)));
                text.push('\n');
            }
            Self::Float(start, value) => {
                text.push_str(start);
                let value = f64::from_bits(value.load(Relaxed));
                let _ = writeln!(text, "{value}");
            }
        }
    }
}

/// Adds the writing of this library's text, line by line, into a string that is large enough: a copy of what does not
/// change, and the digits of one number that is kept in one place.
pub fn scrape(rows: &mut Rows) {
    let store = Yardstick::store();
    stores::fill(&*store, COUNTERS, HISTOGRAMS);
    let text = store.render();
    let lines: Vec<Line> = text.split_inclusive('\n').map(Line::of).collect();
    let write = move |n| {
        for _ in 0..n {
            let mut written = String::with_capacity(text.len());
            lines.iter().for_each(|line| line.write(&mut written));
            black_box(written);
        }
    };
    rows.floor(Work::Scrape, "each line by hand", Box::new(write));
    // A floor stands before what stands on it.
    rows.rows.rotate_right(1);
}
