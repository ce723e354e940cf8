//! The line between a browser and a room.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use futures::stream::SplitStream;
use tokio::sync::{mpsc, oneshot};

use super::Subject;
use super::frame::{self, MOST_SENT, Sent};
use super::mouth::Mouth;
use super::room::Ask;
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

/// How often a room that ends just as someone comes is opened anew.
const TRIES: usize = 3;

async fn serve(app: App, visitor: Arc<Visitor>, subject: Arc<dyn Subject>, socket: WebSocket) {
    let (sink, stream) = socket.split();
    let (held, gone) = oneshot::channel();
    match join(&app, &visitor, &subject, Mouth::new(sink, held)).await {
        Ok((room, member)) => {
            listen(stream, &room, member, gone).await;
            drop(room.send(Ask::Leave { member }).await);
        }
        Err(error) => tracing::warn!(%error, "a shared text could not be opened"),
    }
}

async fn join(
    app: &App,
    visitor: &Arc<Visitor>,
    subject: &Arc<dyn Subject>,
    mouth: Mouth,
) -> Result<(mpsc::Sender<Ask>, u64)> {
    let mut mouth = Box::new(mouth);
    for _ in 0..TRIES {
        let room = match app.rooms.enter(app, subject).await {
            Ok(room) => room,
            Err(error) => {
                drop(mouth.say(frame::refused("Ce texte ne s’ouvre pas.")));
                mouth.end();
                return Err(error);
            }
        };
        let (number, told) = oneshot::channel();
        match room.send(Ask::Join { visitor: visitor.clone(), mouth, number }).await {
            // A room that ends just then, or is full, lets the connection go: the browser comes back.
            Ok(()) => return told.await.map(|member| (room, member)).map_err(|_| closed()),
            Err(mpsc::error::SendError(Ask::Join { mouth: back, .. })) => mouth = back,
            Err(_) => return Err(closed()),
        }
    }
    Err(closed())
}

fn closed() -> Error {
    Error::TryLater("Ce texte ne s’ouvre pas.".to_owned())
}

/// Carries what the browser sends to the room, until one of them ends.
async fn listen(
    mut stream: SplitStream<WebSocket>,
    room: &mpsc::Sender<Ask>,
    member: u64,
    mut gone: oneshot::Receiver<()>,
) {
    loop {
        let message = tokio::select! {
            _ = &mut gone => break,
            message = stream.next() => message,
        };
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
