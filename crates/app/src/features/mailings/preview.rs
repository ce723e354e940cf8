//! `/espace/messagerie/lettres/{id}/apercu`: a mailing as one of its recipients will see it, and a trial sent to
//! oneself.

use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use kit::db::Id;
use kit::mail::{self, Message};
use kit::trail::{self, Act};
use kit::web::cx::Query;
use kit::web::encoding::percent_encode;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page};
use kit::{Cx, Result, Tx};

use super::known::Known;
use super::mailing::{self, Mailing};
use super::merge_field;
use super::policy::{Want, require};
use super::render::{self, Drawn, Shown};
use super::sending::{self, Reach};

/// What the drawn message may do in its frame: show its pictures and its own styles, and nothing else.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'self'; sandbox";
/// Recipients offered by name.
const OFFERED: usize = 300;

#[derive(Template)]
#[template(path = "mailings/preview.html")]
struct PreviewPage {
    frame: Frame,
    mailing: Mailing,
    subject: String,
    text: String,
    /// Address and name of those who can be looked through.
    recipients: Vec<(String, String)>,
    chosen: String,
    message_url: String,
    me: String,
}

/// A mailing drawn for someone.
struct Seen {
    drawn: Drawn,
    address: String,
}

async fn seen(cx: &Cx, tx: &mut Tx, mailing: &Mailing, reach: &Reach, asked: &str) -> Result<Seen> {
    let base = cx.link_base();
    let members = &reach.expansion.members;
    let chosen = members.iter().find(|member| member.address == asked).or_else(|| members.first());
    let nobody = Known::default();
    let known = chosen.map_or(&nobody, |member| &member.known);
    let mut words = merge_field::words(&cx.network, &base, known);
    // A preview changes nothing: its links lead nowhere in particular.
    words.insert("lien_preferences".to_owned(), format!("{base}/preferences/apercu"));
    words.insert(merge_field::UNSUBSCRIBE.to_owned(), format!("{base}/desinscription/apercu"));
    let shown = Shown::load(tx, cx.network.id, &mailing.blocks(), cx.today()).await?;
    let drawn = render::draw(&cx.network, mailing, &base, &shown, &reach.foot())?;
    Ok(Seen {
        drawn: Drawn {
            subject: mail::merge(&drawn.subject, &words, false),
            html: mail::merge(&drawn.html, &words, true),
            text: mail::merge(&drawn.text, &words, false),
        },
        address: chosen.map(|member| member.address.clone()).unwrap_or_default(),
    })
}

pub async fn show(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::Read)?;
    let mut tx = cx.read().await?;
    let mailing = mailing::find(&mut tx, cx.network.id, id).await?;
    let reach = sending::reach(&mut tx, &cx.network, cx.now, &mailing).await?;
    let seen = seen(&cx, &mut tx, &mailing, &reach, query.0.get("destinataire")).await?;
    let members = reach.expansion.members.iter().take(OFFERED);
    Ok(page(&PreviewPage {
        frame: cx.frame(format!("Aperçu – {}", mailing.title())),
        subject: seen.drawn.subject,
        text: seen.drawn.text,
        recipients: members.map(|member| (member.address.clone(), member.known.name())).collect(),
        message_url: format!("{}?destinataire={}", mailing.act_url("message"), percent_encode(&seen.address)),
        chosen: seen.address,
        me: visitor.email.clone(),
        mailing,
    }))
}

/// The message alone, for the frame of the preview: it is a page of its own, so that nothing in it touches ours.
pub async fn message(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = cx.read().await?;
    let mailing = mailing::find(&mut tx, cx.network.id, id).await?;
    let reach = sending::reach(&mut tx, &cx.network, cx.now, &mailing).await?;
    let seen = seen(&cx, &mut tx, &mailing, &reach, query.0.get("destinataire")).await?;
    let headers = [(header::CONTENT_SECURITY_POLICY, POLICY), (header::X_FRAME_OPTIONS, "SAMEORIGIN")];
    Ok((headers, Html(seen.drawn.html)).into_response())
}

/// Sends the mailing to whoever writes it, as its first recipient would receive it.
pub async fn try_it(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mailing = mailing::find(&mut tx, cx.network.id, id).await?;
    let reach = sending::reach(&mut tx, &cx.network, cx.now, &mailing).await?;
    let seen = seen(&cx, &mut tx, &mailing, &reach, "").await?;
    let accounts = mailing::accounts(&mut tx, cx.network.id).await?;
    let message = Message {
        to: visitor.email.clone(),
        to_name: visitor.name.clone(),
        subject: format!("[Essai] {}", seen.drawn.subject),
        text: seen.drawn.text,
        html: seen.drawn.html,
        kind: "mailing_trial",
        account: accounts.into_iter().find(|account| Some(account.id) == mailing.account_id),
        ..Message::default()
    };
    mail::send(&mut tx, &cx.network, cx.now, message).await?;
    trail::record(&mut tx, &cx.actor(), Act::new("mailing.tried", mailing.traced())).await?;
    tx.commit().await?;
    Ok(go_saying(&mailing.act_url("apercu"), &format!("L’essai part vers {}.", visitor.email)))
}
