//! The line between a browser and a room.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use futures::SinkExt;
use tokio::sync::{mpsc, oneshot};

use super::Subject;
use super::frame::{self, MOST_SENT, Sent};
use super::room::{Ask, outbox};
use crate::app::App;
use crate::error::{Error, Result};
use crate::visitor::Visitor;
use crate::web::cx::Cx;
use crate::web::guards::comes_from_elsewhere;

/// A request that wants to become a line; asked of the handler only once it knows that the visitor may write.
pub struct Line {
    upgrade: std::result::Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    is_ours: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Line {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> std::result::Result<Self, Self::Rejection> {
        let is_ours = !comes_from_elsewhere(&parts.headers);
        Ok(Self { upgrade: WebSocketUpgrade::from_request_parts(parts, state).await, is_ours })
    }
}

/// Opens the line of a visitor to a shared text. [`Error::Forbidden`] from a page of another site, which would write in the
/// visitor's name.
pub fn open_line(cx: &Cx, line: Line, subject: Arc<dyn Subject>) -> Result<Response> {
    let visitor = cx.visitor.clone().ok_or(Error::Forbidden)?;
    if !line.is_ours {
        return Err(Error::Forbidden);
    }
    let app = cx.app.clone();
    Ok(match line.upgrade {
        Ok(upgrade) => upgrade
            .max_message_size(MOST_SENT)
            .max_frame_size(MOST_SENT)
            .on_upgrade(move |socket| serve(app, visitor, subject, socket)),
        Err(rejection) => rejection.into_response(),
    })
}

/// What leaves in one write, at most.
const AT_ONCE: usize = 64;
/// How often a room that ends just as someone comes is opened anew.
const TRIES: usize = 3;

async fn serve(app: App, visitor: Arc<Visitor>, subject: Arc<dyn Subject>, mut socket: WebSocket) {
    let (out, waiting) = outbox();
    let (room, member) = match join(&app, &visitor, &subject, out).await {
        Ok(joined) => joined,
        Err(error) => {
            tracing::warn!(%error, "a shared text could not be opened");
            drop(socket.send(Message::Binary(frame::refused("Ce texte ne s’ouvre pas."))).await);
            return;
        }
    };
    pass(&mut socket, &room, member, waiting).await;
    drop(room.send(Ask::Leave { member }).await);
}

async fn join(
    app: &App,
    visitor: &Arc<Visitor>,
    subject: &Arc<dyn Subject>,
    out: mpsc::Sender<Bytes>,
) -> Result<(mpsc::Sender<Ask>, u64)> {
    for _ in 0..TRIES {
        let room = app.rooms.enter(app, subject).await?;
        let (number, told) = oneshot::channel();
        let ask = Ask::Join { visitor: visitor.clone(), out: out.clone(), number };
        if room.send(ask).await.is_ok()
            && let Ok(member) = told.await
        {
            return Ok((room, member));
        }
    }
    Err(Error::TryLater("Ce texte ne s’ouvre pas.".to_owned()))
}

/// Sends what waits for a browser: what has gathered while the machine was busy leaves in one write.
async fn give(socket: &mut WebSocket, frames: &mut Vec<Bytes>) -> std::result::Result<(), axum::Error> {
    for frame in frames.drain(..) {
        socket.feed(Message::Binary(frame)).await?;
    }
    socket.flush().await
}

/// Carries what the browser sends to the room and back, until one of them ends.
async fn pass(
    socket: &mut WebSocket,
    room: &mpsc::Sender<Ask>,
    member: u64,
    mut waiting: mpsc::Receiver<Bytes>,
) {
    let mut frames = Vec::new();
    loop {
        tokio::select! {
            count = waiting.recv_many(&mut frames, AT_ONCE) => {
                if count == 0 || give(socket, &mut frames).await.is_err() {
                    break;
                }
            }
            message = socket.recv() => {
                let ask = match message {
                    Some(Ok(Message::Binary(message))) => match frame::read(&message) {
                        Some(Sent::Sync(known)) => Ask::Sync { member, known },
                        Some(Sent::Change(number, update)) => Ask::Change { member, number, update },
                        Some(Sent::At(place)) => Ask::At { member, place },
                        None => break,
                    },
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    _ => break,
                };
                if room.send(ask).await.is_err() {
                    break;
                }
            }
        }
    }
}
