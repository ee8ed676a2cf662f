//! What was measured, for people and for programs.

use serde_json::{Value, json};

use crate::{
    growth::Figure,
    harness::Times,
    lanes::Scrapes,
    rows::{Row, Subject, Work},
};

/// The version of the document; another one when a field changes its meaning.
const FORMAT: u32 = 1;

/// One measured row.
pub struct Measured {
    pub work: Work,
    pub subject: Subject,
    pub name: String,
    pub threads: usize,
    pub times: Times,
}

/// Everything of one run.
#[derive(Default)]
pub struct Report {
    pub rounds: usize,
    pub rows: Vec<Measured>,
    /// By the number of threads.
    pub lanes: Vec<(usize, Scrapes)>,
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
        for (threads, scrapes) in &self.lanes {
            println!(
                "  {threads:>8} {:>11.2} {:>10.2} {:>10.2}",
                scrapes.before / 1e6,
                scrapes.during / scrapes.before,
                scrapes.after / scrapes.before,
            );
        }
    }

    /// The document that the README describes.
    pub fn json(&self) -> Value {
        let rows: Vec<_> = self.rows.iter().map(|row| self.row(row)).collect();
        let lanes: Vec<_> = self
            .lanes
            .iter()
            .map(|(threads, scrapes)| {
                json!({
                    "threads": threads,
                    "before_ns": scrapes.before,
                    "while_ns": scrapes.during,
                    "after_ns": scrapes.after,
                })
            })
            .collect();
        let figures: Vec<_> = self.figures.iter().map(figure).collect();
        json!({
            "format": FORMAT,
            "rounds": self.rounds,
            "processors": std::thread::available_parallelism().map_or(0, usize::from),
            "processor": processor(),
            "rows": rows,
            "scrape_with_threads": lanes,
            "growth": figures,
        })
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
