//! What the tests of the whole workspace share: real servers and parsers that nobody here wrote.

pub mod golden;
pub mod judges;
pub mod prometheus;
