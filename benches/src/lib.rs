//! The comparison behind every performance figure of the project: the same work, done by floors, by this library and
//! by its peers, in one process and in turn.
//!
//! A row is one work done by one subject. [`workloads`] says what the work is, once for all subjects; a subject only
//! says how it counts and observes. What is compared is always of the same run.

pub mod chart;
pub mod document;
pub mod floors;
pub mod growth;
pub mod harness;
pub mod lanes;
pub mod limited;
pub mod ours;
pub mod peers;
pub mod process;
pub mod report;
pub mod rows;
pub mod stores;
pub mod tables;
pub mod waits;
pub mod workloads;
