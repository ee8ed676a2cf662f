//! Heap bytes per series, for each library and number of threads, by an allocator that counts; and what a thread keeps
//! to find series by their labels. Each figure has a process of its own.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    env,
    process::Command,
    sync::{
        Arc, Barrier,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
    thread,
};

use serde_json::{Value, json};
use yardstick_benches::{
    document, for_each_library, ours,
    peers::Library,
    rows::Subject,
    stores::{self, COUNTERS, HISTOGRAMS, Store},
    workloads,
};

struct Counting;

static HEAP_BYTES: AtomicI64 = AtomicI64::new(0);

// SAFETY: every call is passed to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HEAP_BYTES.fetch_add(layout.size() as i64, Relaxed);
        // SAFETY: what the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        HEAP_BYTES.fetch_sub(layout.size() as i64, Relaxed);
        // SAFETY: what the caller promised.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many threads touch every series.
const THREADS: [usize; 3] = [1, 8, 64];

/// Observations of the histograms that must not add a byte.
const OBSERVATIONS: usize = 100_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (file, arguments) = document::file_of(env::args().skip(1).collect());
    if let [library, what, threads] = arguments.as_slice() {
        let threads = threads.parse().expect("a number of threads");
        for_each_library!(answer(library, what, threads));
        return Ok(());
    }
    let mut all = Vec::new();
    println!("heap bytes per series, every series touched by so many threads");
    println!("  {:<36} {:>8} {:>8} {:>8}", "threads", THREADS[0], THREADS[1], THREADS[2]);
    for what in ["counter, 3 labels", "histogram, 14 buckets", "per observation"] {
        println!("{what}");
        for_each_library!(ask(what, &mut all));
    }
    println!("heap bytes per thread, to find series by 2 string labels: 24 sets, 1,000 sets");
    for sets in ["24 sets", "1000 sets"] {
        println!("{sets}");
        for_each_library!(ask(sets, &mut all));
    }
    file.map_or(Ok(()), |file| document::add(&file, "memory", Value::Array(all)))
}

fn name<L: Library>() -> &'static str {
    match L::SUBJECT {
        Subject::Peer(name) => name,
        Subject::Ours | Subject::Floor => ours::NAME,
    }
}

/// Prints what one process for each number of threads says.
fn ask<L: Library>(what: &str, all: &mut Vec<Value>) {
    let figures = THREADS.map(|threads| {
        let mut command = Command::new(env::current_exe().expect("a path"));
        let output = command.args([name::<L>(), what, &threads.to_string()]).output();
        let text = String::from_utf8(output.expect("it runs").stdout).unwrap_or_default();
        text.trim().to_owned()
    });
    println!("  {:<36} {:>8} {:>8} {:>8}", name::<L>(), figures[0], figures[1], figures[2]);
    for (threads, figure) in THREADS.iter().zip(&figures) {
        all.push(json!({
            "subject": name::<L>(),
            "what": what,
            "threads": threads,
            "bytes": figure.parse::<i64>().ok(),
        }));
    }
}

/// What one process says: the growth of the heap, shared among series or threads.
fn answer<L: Library>(library: &str, what: &str, threads: usize) {
    if library != name::<L>() {
        return;
    }
    // The texts of the labels are the caller's.
    let _ = (stores::labels(0), workloads::string_sets(1));
    let store: Arc<dyn Store> = Arc::from(L::store());
    let (bytes, shares) = match what {
        "counter, 3 labels" => (grown(store, threads, COUNTERS, 0), COUNTERS),
        "histogram, 14 buckets" => (grown(store, threads, 0, HISTOGRAMS), HISTOGRAMS),
        "per observation" => (observed(store, threads), OBSERVATIONS * threads),
        sets => {
            let sets = sets.trim_end_matches(" sets").parse().expect("a number of sets");
            (found::<L>(threads, sets), threads)
        }
    };
    println!("{:.0}", bytes as f64 / shares as f64);
}

/// What the heap grew by while so many threads did the same, with all of them still alive.
fn grown_by(threads: usize, work: impl Fn() + Send + Sync + 'static) -> i64 {
    let work = Arc::new(work);
    // Everybody waits here between the phases, so that threads are there, and idle, at both readings.
    let phase = Barrier::new(threads + 1);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                phase.wait();
                phase.wait();
                work();
                phase.wait();
                phase.wait();
            });
        }
        phase.wait();
        let before = HEAP_BYTES.load(Relaxed);
        phase.wait();
        phase.wait();
        let after = HEAP_BYTES.load(Relaxed);
        phase.wait();
        after - before
    })
}

fn grown(store: Arc<dyn Store>, threads: usize, counters: usize, histograms: usize) -> i64 {
    grown_by(threads, move || stores::fill(&*store, counters, histograms))
}

/// More observations of series that are there.
fn observed(store: Arc<dyn Store>, threads: usize) -> i64 {
    let observe = move |times: usize| {
        (0..times).for_each(|i| store.observe(stores::labels(i % 10)[0], 0.2));
    };
    observe(10);
    grown_by(threads, move || observe(OBSERVATIONS))
}

/// What a thread keeps of series that others have made.
fn found<L: Library>(threads: usize, sets: usize) -> i64 {
    let counters = L::strings();
    let run = workloads::strings(sets, move |route, user| L::count_strings(&counters, route, user));
    run(sets as u32);
    grown_by(threads, move || run(2 * sets as u32))
}
