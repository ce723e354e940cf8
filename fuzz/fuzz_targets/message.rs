//! Any bytes are read and shown as a message would be: nothing stops the program, nothing that acts is left, nothing costs
//! more than its size warrants.
#![no_main]

#[path = "../../crates/app/tests/mime/shown.rs"]
mod shown;

// A panic that is caught is the parser's own, and the message is shown as it came; one that is not ends the run.
libfuzzer_sys::fuzz_target!(
    init: std::panic::set_hook(Box::new(|told| eprintln!("{told}"))),
    |raw: &[u8]| {
        shown::show("fuzzed", raw);
    }
);
