//! What was measured, for people and for programs.

use serde_json::{Value, json};

use crate::{
    growth::Figure,
    harness::Times,
    lanes::{self, Burst},
    rows::{Row, Subject, Work},
    waits::{self, Wait},
};

/// The version of the document; another one when a field changes its meaning.
const FORMAT: u32 = 2;

/// One measured row.
pub struct Measured {
    pub work: Work,
    pub subject: Subject,
    pub name: String,
    pub threads: usize,
    pub times: Times,
}

/// What one work costs, for a picture.
pub struct Bars {
    /// Also the name of its file.
    pub name: String,
    pub title: String,
    /// Who does it, nanoseconds, and what they are.
    pub bars: Vec<(String, f64, Subject)>,
}

/// Everything of one run.
#[derive(Default)]
pub struct Report {
    pub rounds: usize,
    pub rows: Vec<Measured>,
    /// By the number of threads.
    pub lanes: Vec<(usize, Burst)>,
    pub waits: Vec<Wait>,
    pub figures: Vec<Figure>,
}

impl Report {
    pub fn add(&mut self, rows: &[Row], threads: usize, times: Vec<Times>) {
        for (row, times) in rows.iter().zip(times).filter(|(_, times)| !times.samples.is_empty()) {
            let (work, subject, name) = (row.work, row.subject, row.name());
            self.rows.push(Measured { work, subject, name, threads, times });
        }
    }

    /// The floor of a row: that of its work with as many threads.
    fn floor(&self, row: &Measured) -> Option<&Measured> {
        self.rows.iter().find(|other| {
            other.subject == Subject::Floor
                && other.work == row.work
                && other.threads == row.threads
        })
    }

    /// The row's figure as a multiple of its floor's.
    fn ratio(&self, row: &Measured) -> Option<f64> {
        Some(row.times.figure(row.work) / self.floor(row)?.times.figure(row.work))
    }

    /// A table for each work and number of threads: the floor, ours, and the peers.
    pub fn print(&self) {
        let mut heading = None;
        for row in &self.rows {
            if heading != Some((row.work, row.threads)) {
                heading = Some((row.work, row.threads));
                let plural = if row.threads == 1 { "" } else { "s" };
                println!("\n{}; {} thread{plural}", row.work.title(), row.threads);
                println!("  {:<46} {:>11} {:>11} {:>8}", "", "min ns", "median ns", "x floor");
            }
            let mark = if row.times.is_disturbed { " (disturbed)" } else { "" };
            let ratio = self.ratio(row).map_or_else(String::new, |ratio| format!("{ratio:.2}"));
            println!(
                "  {:<46} {:>11.2} {:>11.2} {ratio:>8}{mark}",
                row.name,
                row.times.minimum(),
                row.times.median(),
            );
        }
        if !self.lanes.is_empty() {
            println!("\n{}, around threads that touched 4 series each", Work::Scrape.title());
            println!("  {:>8} {:>11} {:>10} {:>10}", "threads", "before ms", "x while", "x after");
        }
        for (threads, burst) in &self.lanes {
            let scrape = &burst.scrape;
            println!(
                "  {threads:>8} {:>11.2} {:>10.2} {:>10.2}",
                scrape.before / 1e6,
                scrape.during / scrape.before,
                scrape.after / scrape.before,
            );
        }
        self.print_first_records();
        self.print_waits();
    }

    fn print_first_records(&self) {
        if !self.lanes.is_empty() {
            println!(
                "\nfirst record of a new thread, median ns, around so many threads that have recorded"
            );
            println!(
                "  {:<20} {:>8} {:>10} {:>10} {:>10}",
                "", "threads", "before", "while", "after"
            );
        }
        for (threads, burst) in &self.lanes {
            for (subject, first) in &burst.first {
                let (before, during, after) = (first.before, first.during, first.after);
                println!(
                    "  {subject:<20} {threads:>8} {before:>10.0} {during:>10.0} {after:>10.0}"
                );
            }
        }
    }

    fn print_waits(&self) {
        if !self.waits.is_empty() {
            println!("\nwaits of what records, beside scrapes of 20,000 histograms");
            let head = ["", "scraped", "median ns", "worst ns", "of all ns"];
            println!(
                "  {:<34} {:>8} {:>12} {:>12} {:>12}",
                head[0], head[1], head[2], head[3], head[4]
            );
        }
        for wait in &self.waits {
            let is_scraped = if wait.is_scraped { "yes" } else { "no" };
            println!(
                "  {:<34} {is_scraped:>8} {:>12.0} {:>12.0} {:>12.0}",
                wait.action, wait.median, wait.worst, wait.worst_of_all
            );
        }
    }

    /// A picture for each work and number of threads.
    pub fn bars(&self) -> Vec<Bars> {
        let mut all: Vec<Bars> = Vec::new();
        for row in &self.rows {
            let plural = if row.threads == 1 { "" } else { "s" };
            let title = format!("{}; {} thread{plural}", row.work.title(), row.threads);
            if all.last().is_none_or(|bars| bars.title != title) {
                let name = format!("{:?}-{}", row.work, row.threads).to_lowercase();
                all.push(Bars { name, title, bars: Vec::new() });
            }
            let bar = (row.name.clone(), row.times.figure(row.work), row.subject);
            all.last_mut().into_iter().for_each(|bars| bars.bars.push(bar.clone()));
        }
        all
    }

    /// The document that the README describes.
    pub fn json(&self) -> serde_json::Map<String, Value> {
        let rows: Vec<_> = self.rows.iter().map(|row| self.row(row)).collect();
        let lanes: Vec<_> = self
            .lanes
            .iter()
            .map(|(threads, burst)| {
                let first = burst.first.iter();
                let first = first.map(|(subject, first)| (subject.clone(), lanes::json(first)));
                json!({
                    "threads": threads,
                    "scrape": lanes::json(&burst.scrape),
                    "first_record": first.collect::<serde_json::Map<_, _>>(),
                })
            })
            .collect();
        let waits: Vec<_> = self.waits.iter().map(waits::json).collect();
        let figures: Vec<_> = self.figures.iter().map(figure).collect();
        let document = json!({
            "format": FORMAT,
            "rounds": self.rounds,
            "processors": std::thread::available_parallelism().map_or(0, usize::from),
            "processor": processor(),
            "rows": rows,
            "threads": lanes,
            "waits": waits,
            "growth": figures,
        });
        document.as_object().cloned().unwrap_or_default()
    }

    fn row(&self, row: &Measured) -> Value {
        let (subject, peer) = match row.subject {
            Subject::Floor => ("floor", None),
            Subject::Ours => ("ours", None),
            Subject::Peer(name) => ("peer", Some(name)),
        };
        json!({
            "work": row.work.title(),
            "name": row.name,
            "subject": subject,
            "peer": peer,
            "threads": row.threads,
            "min_ns": row.times.minimum(),
            "median_ns": row.times.median(),
            "floor": self.floor(row).map(|floor| &floor.name),
            "ratio": self.ratio(row),
            "samples": row.times.samples.len(),
            "dropped": row.times.dropped,
            "is_disturbed": row.times.is_disturbed,
        })
    }
}

fn figure(figure: &Figure) -> Value {
    let lines: Vec<_> = figure
        .lines
        .iter()
        .map(|line| json!({ "subject": line.subject, "points": line.points }))
        .collect();
    json!({
        "name": figure.name,
        "title": figure.title,
        "quantity": figure.quantity,
        "unit": figure.unit,
        "lines": lines,
    })
}

/// What Linux calls the processor.
fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(": ")?.1.to_owned())
}
