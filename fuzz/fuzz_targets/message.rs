//! Any bytes are read and shown as a message would be: nothing stops the program, nothing that acts is left, nothing costs
//! more than its size warrants.
#![no_main]

#[path = "../../crates/app/tests/mime/shown.rs"]
mod shown;

libfuzzer_sys::fuzz_target!(|raw: &[u8]| {
    shown::show("fuzzed", raw);
});
