//! What must hold of any message, whoever wrote it. The fuzzer (`make fuzz`) asks the same.

use app::features::mailbox::{body, reading};
use kit::markup::Pictures;

/// Reads and shows a message; what was shown.
pub fn show(name: &str, raw: &[u8]) -> String {
    let read = reading::read(raw);
    let shown = body::frame(raw, Pictures::default());
    let most = 12 * raw.len() + 4_000;
    assert!(shown.len() <= most, "{name}: {} bytes are shown as {}", raw.len(), shown.len());
    let lower = shown.to_lowercase();
    // Words that a reader sees are escaped: what stands in the page as a tag acts.
    for word in
        ["<script", "<iframe", "<object", "<form", "<base", "<meta http", "href=\"javascript", "<link"]
    {
        assert!(!lower.contains(word), "{name}: {word} is left");
    }
    for tag in lower.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        // Without the values of its attributes, which quotes hold.
        let names: String = tag.split('"').step_by(2).collect();
        assert!(!names.contains(" on"), "{name}: <{tag}>");
    }
    if let Some(read) = read {
        let said =
            read.words.len() + read.subject.len() + read.files.iter().map(|f| f.name.len()).sum::<usize>();
        assert!(said <= 8 * raw.len() + 4_000, "{name}: says more than it holds");
        assert!(read.subject.chars().all(|c| !c.is_control()), "{name}: {:?}", read.subject);
        assert!(read.files.iter().all(|file| !file.name.contains(['/', '\\', '\0'])), "{name}");
    }
    shown
}
