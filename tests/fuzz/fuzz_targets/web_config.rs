//! The file that configures TLS and authentication.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| yardstick::__fuzz::fuzz_web_config(bytes));
