//! What a room says to one browser. The room writes to every connection itself: waking a task for each of a hundred
//! connections costs more than writing to them. What a slow connection does not take waits here for a while.

use std::collections::VecDeque;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket};
use futures::stream::SplitSink;
use futures::{FutureExt, SinkExt};
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout};

/// What waits for one browser; who does not take it is shown out, and comes back.
const MOST_WAITING: usize = 1_024;
/// So long a connection may take nothing.
const MOST_BEHIND: Duration = Duration::from_secs(10);
/// How long the last words of a room may take.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// The sending half of a connection.
pub(super) struct Mouth {
    sink: SplitSink<WebSocket, Message>,
    /// What was said and not handed over.
    waiting: VecDeque<Bytes>,
    /// Since when the connection takes nothing.
    behind_since: Option<Instant>,
    /// Dropped with this, it ends the reading half.
    held: oneshot::Sender<()>,
}

/// The connection is gone, or as good as gone.
pub(super) struct Gone;

impl Mouth {
    pub fn new(sink: SplitSink<WebSocket, Message>, held: oneshot::Sender<()>) -> Self {
        Self { sink, waiting: VecDeque::new(), behind_since: None, held }
    }

    /// Hands a frame over; it leaves with the next [`Self::flush`].
    pub fn say(&mut self, frame: Bytes) -> Result<(), Gone> {
        if self.waiting.len() >= MOST_WAITING {
            return Err(Gone);
        }
        self.waiting.push_back(frame);
        self.hand_over()
    }

    fn hand_over(&mut self) -> Result<(), Gone> {
        while let Some(frame) = self.waiting.front() {
            // A frame that is not taken now stays in its place.
            match self.sink.feed(Message::Binary(frame.clone())).now_or_never() {
                Some(Ok(())) => drop(self.waiting.pop_front()),
                Some(Err(_)) => return Err(Gone),
                None => break,
            }
        }
        Ok(())
    }

    /// Sends what was handed over, as far as the connection takes it.
    pub fn flush(&mut self) -> Result<(), Gone> {
        self.hand_over()?;
        match self.sink.flush().now_or_never() {
            Some(Err(_)) => return Err(Gone),
            Some(Ok(())) if self.waiting.is_empty() => self.behind_since = None,
            _ => {
                let since = *self.behind_since.get_or_insert_with(Instant::now);
                if since.elapsed() > MOST_BEHIND {
                    return Err(Gone);
                }
            }
        }
        Ok(())
    }

    /// Whether something still waits to leave.
    pub fn is_behind(&self) -> bool {
        self.behind_since.is_some()
    }

    /// Says what is left, and ends the connection.
    pub fn end(mut self) {
        tokio::spawn(async move {
            let rest = async {
                for frame in std::mem::take(&mut self.waiting) {
                    self.sink.feed(Message::Binary(frame)).await?;
                }
                self.sink.close().await
            };
            // Whoever does not take it needs no more words.
            drop(timeout(LAST_WORDS, rest).await);
            drop(self.held);
        });
    }
}
