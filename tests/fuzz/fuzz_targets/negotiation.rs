//! The headers by which a client chooses a format.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| yardstick::__fuzz::fuzz_negotiation(bytes));
