//! The tables of `docs/performance.md`, made of the document that was measured.
//!
//! Invariant: a table stands between `<!-- table: NAME -->` and `<!-- end of table -->`, and nobody writes there by hand.

use std::fmt::Write as _;

use serde_json::Value;

use crate::ours;

const BEGIN: &str = "<!-- table: ";
const BEGIN_END: &str = " -->\n";
const END: &str = "<!-- end of table -->";

/// The page with all its tables made anew, or the name of one that nobody makes.
pub fn fill(page: &str, document: &Value) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = page;
    while let Some((before, table)) = rest.split_once(BEGIN) {
        let (name, table) = table.split_once(BEGIN_END).ok_or("a table without a name")?;
        let (_, after) = table.split_once(END).ok_or_else(|| format!("`{name}` has no end"))?;
        let made = make(name, document).ok_or_else(|| format!("there is no table `{name}`"))?;
        // Writing to a string cannot fail.
        let _ = write!(filled, "{before}{BEGIN}{name}{BEGIN_END}\n{made}\n{END}");
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

fn make(name: &str, document: &Value) -> Option<String> {
    Some(match name {
        "rows" => rows(document),
        "threads" => threads(document),
        "waits" => waits(document),
        "memory" => memory(document),
        "lost" => lost(document),
        "compiler" => compiler(document),
        "instructions" => instructions(document),
        "machine" => machine(document),
        _ => return None,
    })
}

fn items<'a>(document: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    document[name].as_array().into_iter().flatten()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn number(value: &Value, name: &str) -> Option<f64> {
    value[name].as_f64()
}

/// A head, and a line for each list of cells.
fn table(head: &[&str], lines: &[Vec<String>]) -> String {
    let mut table = format!("| {} |\n|---|", head.join(" | "));
    table.push_str(&"--:|".repeat(head.len() - 1));
    table.push('\n');
    for line in lines {
        let _ = writeln!(table, "| {} |", line.join(" | "));
    }
    table
}

/// Three figures that count, in the unit that suits.
fn time(nanoseconds: Option<f64>) -> String {
    let Some(ns) = nanoseconds else { return "-".to_owned() };
    match ns {
        ns if ns < 10.0 => format!("{ns:.2} ns"),
        ns if ns < 100.0 => format!("{ns:.1} ns"),
        ns if ns < 10_000.0 => format!("{ns:.0} ns"),
        ns if ns < 1e6 => format!("{:.1} µs", ns / 1e3),
        ns if ns < 1e9 => format!("{:.2} ms", ns / 1e6),
        ns => format!("{:.2} s", ns / 1e9),
    }
}

fn ratio(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"))
}

/// Ours, one line for each way of doing each work, beside the floor and the best peer.
fn rows(document: &Value) -> String {
    let mut lines = Vec::new();
    let mut all: Vec<_> =
        items(document, "rows").filter(|row| is(row, "ours") && row["threads"] == 1).collect();
    // Those of one work together, also where some were measured again.
    let place =
        |row: &Value| items(document, "rows").position(|other| other["work"] == row["work"]);
    all.sort_by_key(|row| place(row));
    for ours in all {
        let two = |row: &&Value| {
            row["threads"] == 2 && row["name"] == ours["name"] && row["work"] == ours["work"]
        };
        let two = items(document, "rows").find(two);
        let way = text(ours, "name").split_once(": ").map_or("", |(_, way)| way);
        let work = if way.is_empty() {
            text(ours, "work").to_owned()
        } else {
            format!("{}: `{way}`", text(ours, "work"))
        };
        let mut line = vec![work];
        for row in [Some(ours), two] {
            let mark = row.filter(|row| row["is_disturbed"] == true).map_or("", |_| " *");
            line.push(row.map_or_else(
                || "-".to_owned(),
                |row| {
                    let (min, median) = (number(row, "min_ns"), number(row, "median_ns"));
                    format!("{} / {}{mark}", time(min), time(median))
                },
            ));
            line.push(ratio(row.and_then(|row| number(row, "ratio"))));
            line.push(row.and_then(|row| best_peer(document, row)).unwrap_or("-".to_owned()));
        }
        lines.push(line);
    }
    table(
        &[
            "work",
            "1 thread: min / median",
            "x floor",
            "best peer: min",
            "2 threads: min / median",
            "x floor",
            "best peer: min",
        ],
        &lines,
    )
}

fn is(row: &Value, subject: &str) -> bool {
    row["subject"] == subject
}

/// The peer with the least minimum for the same work, with as many threads.
fn best_peer(document: &Value, ours: &Value) -> Option<String> {
    let beside = |row: &&Value| {
        is(row, "peer") && row["work"] == ours["work"] && row["threads"] == ours["threads"]
    };
    let minimum = |row: &&Value| number(row, "min_ns").unwrap_or(f64::INFINITY);
    let best = items(document, "rows")
        .filter(beside)
        .min_by(|one, other| minimum(one).total_cmp(&minimum(other)))?;
    Some(format!("{} {}", time(number(best, "min_ns")), text(best, "peer")))
}

fn threads(document: &Value) -> String {
    let mut lines = Vec::new();
    for burst in items(document, "threads") {
        let mut line = |what: &str, times: &Value| {
            let of = |name| time(number(times, name));
            let threads = burst["threads"].to_string();
            lines.push(vec![
                what.to_owned(),
                threads,
                of("before_ns"),
                of("while_ns"),
                of("after_ns"),
            ]);
        };
        line("scrape", &burst["scrape"]);
        for (subject, times) in burst["first_record"].as_object().into_iter().flatten() {
            line(&format!("first record, {subject}"), times);
        }
    }
    // The same by one thread and by many stand together.
    lines.sort_by(|one, other| one[0].cmp(&other[0]));
    table(&["", "threads", "before", "while they live", "after they ended"], &lines)
}

fn waits(document: &Value) -> String {
    let line = |wait: &Value| {
        let is_scraped = if wait["is_scraped"] == true { "yes" } else { "no" };
        let mut line = vec![text(wait, "action").to_owned(), is_scraped.to_owned()];
        let times = ["median_ns", "worst_ns", "worst_of_all_ns"];
        line.extend(times.map(|name| time(number(wait, name))));
        line
    };
    let lines: Vec<_> = items(document, "waits").map(line).collect();
    table(&["", "beside a scrape", "median", "worst", "worst of all"], &lines)
}

fn memory(document: &Value) -> String {
    let mut lines: Vec<Vec<String>> = Vec::new();
    for figure in items(document, "memory") {
        let (what, subject) = (text(figure, "what"), text(figure, "subject"));
        let bytes = figure["bytes"].as_i64().map_or("-".to_owned(), |bytes| bytes.to_string());
        match lines.last_mut() {
            Some(line) if line[0] == what && line[1] == subject => line.push(bytes),
            _ => lines.push(vec![what.to_owned(), subject.to_owned(), bytes]),
        }
    }
    // Those that keep nothing are many.
    lines.retain(|line| line[1] == ours::NAME || line[2..].iter().any(|bytes| bytes != "0"));
    for line in &mut lines {
        if line[0].ends_with(" sets") {
            line[0] = format!("per thread, to find {}", line[0]);
        }
    }
    table(&["bytes of heap", "library", "1 thread", "8 threads", "64 threads"], &lines)
}

fn lost(document: &Value) -> String {
    let line = |row: &Value| {
        let share = |lost, of| {
            let (lost, of) = (number(row, lost).unwrap_or_default(), number(row, of));
            format!("{lost:.0} ({:.2} %)", lost * 100.0 / of.unwrap_or(f64::NAN))
        };
        vec![
            text(row, "subject").to_owned(),
            row["scrapes"].to_string(),
            share("counts_lost", "counts"),
            share("observations_lost", "observations"),
        ]
    };
    let lines: Vec<_> = items(document, "lost").map(line).collect();
    table(&["library", "scrapes", "counts lost", "observations lost"], &lines)
}

fn compiler(document: &Value) -> String {
    let compiler = &document["compiler"];
    let names = compiler["check"].as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    let names = names.filter(|name| !name.starts_with("plain"));
    let line = |name: &str| {
        let of = |what: &str| format!("{} x", ratio(number(&compiler[what], name)));
        let bytes =
            number(&compiler["bytes"], name).map_or("-".to_owned(), |b| format!("{b:.0} B"));
        vec![format!("`{name}`"), of("check"), of("build"), of("release"), bytes]
    };
    let lines: Vec<_> = names.map(line).collect();
    let head = [
        "",
        "`cargo check`",
        "`cargo build`",
        "`cargo build --release`",
        "added code per function",
    ];
    table(&head, &lines)
}

fn instructions(document: &Value) -> String {
    let all = document["instructions"].as_object().into_iter().flatten();
    let line = |(path, count): (&String, &Value)| {
        let count = count.as_f64().map_or("-".to_owned(), |count| format!("{count:.0}"));
        vec![format!("`{path}`"), count]
    };
    table(&["path", "instructions"], &all.map(line).collect::<Vec<_>>())
}

fn machine(document: &Value) -> String {
    let processor = document["processor"].as_str().unwrap_or("a processor that has no name");
    format!(
        "{processor}, {} of its threads; {} rounds.\n",
        document["processors"], document["rounds"]
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_is_made_anew_and_stays_so() {
        let row = |subject, name, threads, min| {
            json!({
                "work": "w", "subject": subject, "name": name, "threads": threads, "peer": name,
                "min_ns": min, "median_ns": min + 1.0, "ratio": min / 2.0,
            })
        };
        let document = json!({ "rows": [
            row("floor", "floor: f", 1, 2.0),
            row("ours", "yardstick: way", 1, 3.0),
            row("peer", "slow", 1, 5.0),
            row("peer", "quick", 1, 4.0),
        ]});
        let page = "before\n<!-- table: rows -->\nold\n<!-- end of table -->\nafter\n";
        let filled = fill(page, &document).expect("a table");
        assert!(filled.contains("| w: `way` | 3.00 ns / 4.00 ns | 1.50 | 4.00 ns quick | - |"));
        assert!(filled.starts_with("before\n") && filled.ends_with("\nafter\n"));
        assert_eq!(fill(&filled, &document), Ok(filled.clone()), "once more");
        assert!(fill("<!-- table: none -->\n<!-- end of table -->", &document).is_err());
    }
}
