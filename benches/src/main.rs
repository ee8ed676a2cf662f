//! What recording and scraping cost, beside floors and peers of the same run.

use std::{env, fs, path::PathBuf, process::ExitCode};

use yardstick_benches::{
    chart, document, floors, for_each_peer, growth, harness, lanes, limited, ours,
    peers::{self, rows_of},
    process,
    report::Report,
    rows::{Row, Rows, Work},
    waits,
};

const USAGE: &str =
    "usage: yardstick-benches [--only PATTERN] [--rounds N] [--json FILE] [--growth] [--svg DIR]

  --only PATTERN  only the rows of whose work or subject this is a part
  --rounds N      how often each row is timed; else YARDSTICK_BENCH_ROUNDS, else 31
  --json FILE     everything that was measured, as one document
  --growth        also how costs grow with series, threads, buckets and threads that recorded
  --svg DIR       the same as pictures; implies --growth";

/// What `--only` finds the waits by.
const WAITS: &str = "worst waits beside a scrape";

/// Threads that touch the series of the scrape.
const LANES: [usize; 4] = [1, 100, 1_000, 3_000];

#[derive(Default)]
struct Arguments {
    only: Option<String>,
    rounds: Option<usize>,
    json: Option<PathBuf>,
    has_growth: bool,
    svg: Option<PathBuf>,
}

fn main() -> ExitCode {
    let given: Vec<String> = env::args().skip(1).collect();
    if let [first, task, numbers @ ..] = given.as_slice()
        && first == process::ARGUMENT
    {
        return answer(task, numbers);
    }
    let Some(arguments) = parse(given) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match measure(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("yardstick-benches: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What a process of its own does.
fn answer(task: &str, numbers: &[String]) -> ExitCode {
    let numbers: Vec<usize> = numbers.iter().filter_map(|number| number.parse().ok()).collect();
    let measured = match (task, numbers.as_slice()) {
        (lanes::TASK, [threads, rounds]) => lanes::answer(*threads, *rounds),
        (limited::TASK, [threads, rounds]) => limited::answer(*threads, *rounds),
        (waits::TASK, []) => waits::answer(),
        _ => return ExitCode::from(2),
    };
    println!("{measured}");
    ExitCode::SUCCESS
}

fn parse(given: Vec<String>) -> Option<Arguments> {
    let mut arguments = Arguments::default();
    let mut given = given.into_iter();
    while let Some(name) = given.next() {
        match name.as_str() {
            "--only" => arguments.only = Some(given.next()?),
            "--rounds" => arguments.rounds = Some(given.next()?.parse().ok()?),
            "--json" => arguments.json = Some(given.next()?.into()),
            "--growth" => arguments.has_growth = true,
            "--svg" => arguments.svg = Some(given.next()?.into()),
            _ => return None,
        }
    }
    Some(arguments)
}

fn measure(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let from_environment = env::var("YARDSTICK_BENCH_ROUNDS").ok();
    let from_environment = from_environment.and_then(|rounds| rounds.parse().ok());
    let rounds = arguments.rounds.or(from_environment).unwrap_or(harness::ROUNDS).max(1);
    let mut report = Report { rounds, ..Report::default() };

    // Before anything is installed, and before a scoped recorder of a peer makes the facade look.
    let mut off = Rows::default();
    floors::rows_off(&mut off);
    ours::rows_off(&mut off);
    peers::attributes::rows_off(&mut off);
    run(&selected(off.rows, arguments), rounds, &mut report);

    yardstick::install()?;
    run(&selected(all_rows(), arguments), rounds, &mut report);
    if is_selected(&lanes_title(), arguments) {
        for threads in LANES {
            report.lanes.push((threads, lanes::measure(threads, rounds.min(3))?));
        }
    }
    if is_selected(Work::Limited.title(), arguments) {
        limited::measure(rounds, &mut report)?;
    }
    if is_selected(WAITS, arguments) {
        report.waits = waits::measure()?;
    }
    report.rows.sort_by_key(|row| (row.work as usize, row.threads));
    report.print();
    if arguments.has_growth || arguments.svg.is_some() {
        report.figures = growth::measure(rounds.min(5));
    }
    if let Some(folder) = &arguments.svg {
        fs::create_dir_all(folder)?;
        for figure in &report.figures {
            chart::write(figure, folder)?;
        }
        for bars in report.bars() {
            chart::write_bars(&bars, folder)?;
        }
    }
    if let Some(file) = &arguments.json {
        let add = if arguments.only.is_some() { document::add_some } else { document::add };
        for (name, measured) in report.json() {
            add(file, &name, measured)?;
        }
    }
    Ok(())
}

/// The rows of a program that records: the floors, ours, the peers.
fn all_rows() -> Vec<Row> {
    let mut rows = Rows::default();
    floors::rows(&mut rows);
    rows_of::<ours::Yardstick>(&mut rows);
    ours::rows(&mut rows);
    for_each_peer!(rows_of(&mut rows));
    peers::attributes::rows(&mut rows);
    floors::scrape(&mut rows);
    rows.rows
}

fn run(rows: &[Row], rounds: usize, report: &mut Report) {
    for threads in [1, 2] {
        report.add(rows, threads, harness::run(rows, threads, rounds));
    }
}

/// The rows that were asked for, and their floors, those of one work together.
fn selected(rows: Vec<Row>, arguments: &Arguments) -> Vec<Row> {
    let wanted: Vec<Work> = rows
        .iter()
        .filter(|row| is_selected(&format!("{} {}", row.work.title(), row.name()), arguments))
        .map(|row| row.work)
        .collect();
    let is_wanted = |row: &Row| {
        let name = format!("{} {}", row.work.title(), row.name());
        is_selected(&name, arguments)
            || row.subject == yardstick_benches::rows::Subject::Floor && wanted.contains(&row.work)
    };
    let mut selected: Vec<Row> = rows.into_iter().filter(is_wanted).collect();
    selected.sort_by_key(|row| row.work as usize);
    selected
}

fn lanes_title() -> String {
    format!("{} {} threads", Work::Scrape.title(), ours::NAME)
}

fn is_selected(name: &str, arguments: &Arguments) -> bool {
    arguments.only.as_ref().is_none_or(|pattern| name.contains(pattern.as_str()))
}
