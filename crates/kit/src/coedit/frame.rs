//! What goes over the line between a browser and a room: a byte that says what it is, then its bytes. The other side is
//! `frontend/src/coedit-line.ts`.

use axum::body::Bytes;
use serde::{Deserialize, Serialize};

/// Longest message from a browser.
pub const MOST_SENT: usize = 2 << 20;
/// Longest description of a place.
const MOST_PLACE: usize = 1_000;

/// Whoever is at a text: who they are as the server knows it, and where as their browser says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    pub key: String,
    pub name: String,
    /// Relative positions of Yjs, as JSON; empty for who is only reading.
    pub place: String,
}

/// What a browser sends.
#[derive(Debug, PartialEq, Eq)]
pub enum Sent {
    /// A state vector: what it knows.
    Sync(Vec<u8>),
    /// A change under a number of its own, which is told back once the change is stored.
    Change(u32, Vec<u8>),
    /// Where its writer is.
    At(String),
}

/// Reads a message; `None` for what no browser of ours sends.
pub fn read(message: &[u8]) -> Option<Sent> {
    let (kind, rest) = message.split_first()?;
    match kind {
        0 => Some(Sent::Sync(rest.to_vec())),
        1 => {
            let (number, update) = rest.split_first_chunk::<4>()?;
            Some(Sent::Change(u32::from_be_bytes(*number), update.to_vec()))
        }
        2 if rest.len() <= MOST_PLACE => Some(Sent::At(String::from_utf8(rest.to_vec()).ok()?)),
        _ => None,
    }
}

fn frame(kind: u8, rest: &[u8]) -> Bytes {
    [&[kind], rest].concat().into()
}

/// What the room knows: a state vector.
pub fn known(state: &[u8]) -> Bytes {
    frame(0, state)
}

pub fn change(update: &[u8]) -> Bytes {
    frame(1, update)
}

/// Who is there.
pub fn present(all: &[Presence]) -> Bytes {
    frame(2, &serde_json::to_vec(all).unwrap_or_default())
}

/// The change of this number is stored.
pub fn stored(number: u32) -> Bytes {
    frame(3, &number.to_be_bytes())
}

/// The line lives.
pub fn alive() -> Bytes {
    frame(4, &[])
}

/// What was sent is not taken, and why; the line ends.
pub fn refused(why: &str) -> Bytes {
    frame(5, why.as_bytes())
}

/// What its browser is called among those present.
pub fn key(key: &str) -> Bytes {
    frame(6, key.as_bytes())
}

/// What those who write should know of what they wrote; nothing, once it no longer holds.
pub fn advice(words: &str) -> Bytes {
    frame(7, words.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_browser_of_ours_sends_is_read() {
        assert_eq!(read(&[0, 1, 2]), Some(Sent::Sync(vec![1, 2])));
        assert_eq!(read(&[1, 0, 0, 1, 0, 9]), Some(Sent::Change(256, vec![9])));
        assert_eq!(read(&[2, b'{', b'}']), Some(Sent::At("{}".to_owned())));
        for wrong in
            [&[][..], &[1, 0, 0][..], &[2, 0xff][..], &[9][..], &[&[2_u8][..], &[b' '; 1_001]].concat()]
        {
            assert_eq!(read(wrong), None);
        }
        assert_eq!(&stored(256)[..], [3, 0, 0, 1, 0]);
    }
}
