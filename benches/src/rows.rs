//! The rows of the table: which work is compared, and who does it.

use crate::workloads::Run;

/// What is done. Each has one floor, which is in the same run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    CounterInTurn,
    CounterSame,
    Call,
    EnumLabels,
    StringLabels,
    ManyStringLabels,
    FreshThread,
    Histogram,
    Limited,
    Duration,
    All,
    AsyncCall,
    Facade,
    Off,
    OffAsync,
    Scrape,
}

impl Work {
    pub fn title(self) -> &'static str {
        match self {
            Self::CounterInTurn => "counter, 4 in turn",
            Self::CounterSame => "counter, always the same",
            Self::Call => "calls of an empty function, counted",
            Self::EnumLabels => "counter, 2 enum labels",
            Self::StringLabels => "counter, 2 string labels, 24 sets",
            Self::ManyStringLabels => "counter, 2 string labels, 1,000 sets",
            Self::FreshThread => "counter, 2 string labels, 1,000 sets, each once by a new thread",
            Self::Histogram => "histogram, 14 buckets",
            Self::Limited => "record beyond the memory limit",
            Self::Duration => "duration of an empty function",
            Self::All => "calls, errors, duration and activity of an empty function",
            Self::AsyncCall => "calls of an empty async function, counted",
            Self::Facade => "the facade's `counter!`, 1 label known when compiled",
            Self::Off => "nothing installed, empty function",
            Self::OffAsync => "nothing installed, empty async function",
            Self::Scrape => "text of 10,000 counters with 3 labels and 1,000 histograms",
        }
    }

    /// How many threads do it at once, in turn.
    pub fn threads(self) -> &'static [usize] {
        if self == Self::Scrape { &[1] } else { &[1, 2] }
    }

    /// How often a thread does it before it is timed, at least, so that it has met every series.
    pub fn warm_up(self) -> u32 {
        match self {
            Self::FreshThread => 0,
            Self::ManyStringLabels => 2 * crate::workloads::MANY_SETS as u32,
            Self::Scrape => 1,
            _ => crate::workloads::SETS as u32,
        }
    }

    /// How often a sample does it, where that is what is measured.
    pub fn fixed_operations(self) -> Option<u32> {
        (self == Self::FreshThread).then_some(crate::workloads::MANY_SETS as u32)
    }
}

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// As little as a program must do for it that shares one place between threads.
    Floor,
    Ours,
    Peer(&'static str),
}

/// One line of the table.
pub struct Row {
    pub work: Work,
    pub subject: Subject,
    /// How the subject does it, where it has several ways.
    pub way: &'static str,
    pub run: Run,
    /// Between samples: what a subject puts off, such as the draining of a queue.
    pub after: Option<Box<dyn Fn() + Send + Sync>>,
}

impl Row {
    pub fn name(&self) -> String {
        let who = match self.subject {
            Subject::Floor => "floor",
            Subject::Ours => crate::ours::NAME,
            Subject::Peer(name) => name,
        };
        if self.way.is_empty() { who.to_owned() } else { format!("{who}: {}", self.way) }
    }
}

/// Rows in the making.
#[derive(Default)]
pub struct Rows {
    pub rows: Vec<Row>,
}

impl Rows {
    pub fn floor(&mut self, work: Work, way: &'static str, run: Run) {
        self.add(work, Subject::Floor, way, run);
    }

    pub fn ours(&mut self, work: Work, way: &'static str, run: Run) {
        self.add(work, Subject::Ours, way, run);
    }

    pub fn peer(&mut self, work: Work, name: &'static str, way: &'static str, run: Run) {
        self.add(work, Subject::Peer(name), way, run);
    }

    pub fn add(&mut self, work: Work, subject: Subject, way: &'static str, run: Run) {
        self.rows.push(Row { work, subject, way, run, after: None });
    }

    /// What follows each sample of the row added last.
    pub fn after(&mut self, after: impl Fn() + Send + Sync + 'static) {
        if let Some(row) = self.rows.last_mut() {
            row.after = Some(Box::new(after));
        }
    }
}
