//! A request's head, as a stranger sends it.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| yardstick::__fuzz::fuzz_request(bytes));
