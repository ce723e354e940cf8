//! `/espace/messagerie/brouillons/{id}`: writing a message. What is typed is kept by itself, here and in the mailbox's own
//! drafts.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kit::db::Id;
use kit::mail::Attached;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go, go_saying, json, page, refused};
use kit::web::upload::Upload;
use kit::{Cx, Error, Fields, Result, files, markup};

use super::draft::{self, Draft, MOST_BYTES, Typed};
use super::message::{MailMessage, MailText};
use super::policy::{Want, require};
use super::saved_reply::{self, SavedReply};
use super::thread::{self, Thread};
use super::{presence, senders, shared_mailbox, threads};

const URL: &str = "/espace/messagerie/brouillons";

#[derive(Template)]
#[template(path = "mailbox/composer.html")]
struct ComposerPage {
    frame: Frame,
    draft: Draft,
    form: Fields,
    /// The address that it leaves from, and the signature as words.
    from: String,
    signature: String,
    replies: Vec<SavedReply>,
    answered: Option<Answered>,
    reach: usize,
    waits: bool,
}

/// What is answered, shown under the answer.
struct Answered {
    from: String,
    when: String,
    text: String,
    thread_url: String,
}

#[derive(Template)]
#[template(path = "mailbox/drafts.html")]
struct DraftsPage {
    frame: Frame,
    drafts: Vec<(Draft, String)>,
}

pub async fn list(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = cx.read().await?;
    let drafts = draft::open(&mut tx, cx.network.id).await?;
    let zone = cx.network.zone();
    let drafts = drafts.into_iter().map(|draft| (draft.clone(), draft.updated_at.long_in(zone))).collect();
    Ok(page(&DraftsPage { frame: cx.frame("Brouillons"), drafts }))
}

pub async fn begin(cx: Cx, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let mode = form.get("mode").to_owned();
    let message: Option<Id> = form.get("message").parse().ok();
    let fits = match mode.as_str() {
        "new" => message.is_none(),
        "reply" | "reply_all" | "forward" => message.is_some(),
        _ => false,
    };
    if !fits {
        return Err(Error::refused("Cette façon d’écrire n’existe pas."));
    }
    let mut tx = cx.write().await?;
    let draft = draft::begin(&mut tx, &cx.app, &cx.actor(), &mode, message).await?;
    if let Some(thread) = draft.thread_id {
        presence::note(&mut tx, &cx, thread, true).await?;
    }
    tx.commit().await?;
    Ok(go(&draft.url()))
}

fn fields(draft: &Draft) -> Fields {
    Fields::of([
        ("a", draft.to_line.clone()),
        ("copie", draft.cc_line.clone()),
        ("copie-cachee", draft.bcc_line.clone()),
        ("objet", draft.subject.clone()),
        ("corps", draft.body.clone()),
        ("citation", if draft.quotes { "1" } else { "" }.to_owned()),
        ("version", draft.version.to_string()),
    ])
}

fn typed(form: &Fields) -> Typed {
    let text = |name: &str| form.get(name).to_owned();
    Typed {
        to: text("a"),
        cc: text("copie"),
        bcc: text("copie-cachee"),
        subject: text("objet"),
        body: text("corps"),
        quotes: form.flag("citation"),
    }
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let mut tx = cx.read().await?;
    let draft: Draft = tx.get(cx.network.id, id).await?;
    let form = fields(&draft);
    Ok(page(&composer(&cx, tx, draft, form).await?))
}

async fn composer(cx: &Cx, mut tx: kit::Tx, draft: Draft, form: Fields) -> Result<ComposerPage> {
    let (mailbox, account) =
        shared_mailbox::with_account(&mut tx, cx.network.id).await?.ok_or(Error::NotFound)?;
    let replies = saved_reply::all(&mut tx, cx.network.id).await?;
    let answered = match draft.message_id {
        Some(message) => {
            let message: MailMessage = tx.get(cx.network.id, message).await?;
            let text: MailText = tx.get(cx.network.id, message.id).await?;
            Some(Answered {
                from: message.from().to_owned(),
                when: message.sent_at.long_in(cx.network.zone()),
                text: text.body,
                thread_url: thread::url(message.thread_id),
            })
        }
        None => None,
    };
    let title = match draft.mode.as_str() {
        "new" => "Nouveau message",
        "forward" => "Transférer",
        _ => "Répondre",
    };
    Ok(ComposerPage {
        frame: cx.frame(title),
        reach: [&draft.to_line, &draft.cc_line, &draft.bcc_line]
            .into_iter()
            .map(|line| draft::addresses(line).map_or(0, |all| all.len()))
            .sum(),
        waits: draft.thread_id.is_some(),
        from: account.address,
        signature: markup::text(&mailbox.signature),
        replies,
        answered,
        draft,
        form,
    })
}

/// Keeps what was typed; with `envoyer`, sends it.
pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let mut tx = cx.write().await?;
    let mut stored: Draft = tx.get(cx.network.id, id).await?;
    if stored.state != "open" {
        return Err(Error::refused("Ce message est déjà parti."));
    }
    if form.get("version") != stored.version.to_string() {
        return stale(&cx, tx, stored, form).await;
    }
    draft::keep(&mut tx, &cx.actor(), &mut stored, typed(&form)).await?;
    if !form.has("envoyer") {
        let version = stored.version;
        tx.commit().await?;
        if cx.wants_json {
            return Ok(json(&serde_json::json!({ "version": version.to_string() })));
        }
        return Ok(go_saying(&stored.url(), "Brouillon enregistré, ici et dans la boîte."));
    }
    if let Some((field, error)) = wrong(&mut tx, &cx, &stored, &form).await? {
        // What was typed stays; only the sending is refused.
        let version = stored.version;
        tx.commit().await?;
        form.set("version", version.to_string());
        form.reject(field, error);
        let tx = cx.app.db.read().await?;
        return Ok(refused(&composer(&cx, tx, stored, form).await?));
    }
    let then =
        Some(form.get("ensuite")).filter(|then| ["done", "waiting"].contains(then)).unwrap_or_default();
    draft::send(&mut tx, &cx.actor(), &cx.network, id, then).await?;
    tx.commit().await?;
    let to = stored.thread_id.map_or_else(|| URL.to_owned(), thread::url);
    Ok(go_saying(&to, "Votre message part dans quinze secondes : vous pouvez encore l’annuler."))
}

/// Someone else changed the draft, or it was changed in another window: both texts are shown.
async fn stale(cx: &Cx, tx: kit::Tx, stored: Draft, mut form: Fields) -> Result<Response> {
    if cx.wants_json {
        return Ok((StatusCode::CONFLICT, "").into_response());
    }
    if form.is_fresh(&fields(&stored)) {
        form.set("version", stored.version.to_string());
    }
    Ok(conflict(&composer(cx, tx, stored, form).await?))
}

/// Why a draft cannot be sent now, and the field that says so.
async fn wrong(
    tx: &mut kit::Tx,
    cx: &Cx,
    draft: &Draft,
    form: &Fields,
) -> Result<Option<(&'static str, String)>> {
    if let Err(wrong) = draft::ready(draft) {
        return Ok(Some(wrong));
    }
    if draft.subject.is_empty() {
        return Ok(Some(("objet", "Un objet aide à retrouver le message : indiquez-en un.".to_owned())));
    }
    if markup::text(&draft.body).trim().is_empty() && draft.files().is_empty() && draft.mode != "forward" {
        return Ok(Some(("corps", "Ce message est vide.".to_owned())));
    }
    let Some(id) = draft.thread_id.filter(|_| !form.flag("corps-confirme")) else { return Ok(None) };
    // Something came while this was being written: another answer, perhaps.
    let thread: Thread = tx.get(cx.network.id, id).await?;
    let began = draft.id.made_at();
    if thread.last_at > began {
        let who =
            if thread.last_direction == "out" { "Une réponse est partie" } else { "Un message est arrivé" };
        let text = format!(
            "{who} dans cette conversation pendant que vous écriviez : relisez-la, puis confirmez l’envoi."
        );
        return Ok(Some(("corps", text)));
    }
    Ok(None)
}

pub async fn attach(cx: Cx, Path(id): Path<Id>, upload: Upload) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let stored: Draft = cx.read().await?.get(cx.network.id, id).await?;
    let Some((name, bytes)) = upload.file else {
        return Err(Error::refused("Choisissez d’abord un fichier."));
    };
    let held: usize = stored.files().iter().map(|file| file.size).sum();
    let size = bytes.len();
    if held + size > MOST_BYTES {
        return Err(Error::TooLarge(
            "Les pièces jointes dépassent 18 Mo : déposez le fichier ailleurs, et envoyez le lien."
                .to_owned(),
        ));
    }
    let media_type = files::told_type(&bytes, "application/octet-stream");
    let file = cx.app.files.put(cx.network.id, bytes).await?;
    let mut tx = cx.write().await?;
    let mut stored: Draft = tx.get(cx.network.id, id).await?;
    let mut files = stored.files();
    files.push(Attached { name: files::safe_name(&name), media_type, file, size });
    draft::set_files(&mut tx, &cx.actor(), &mut stored, &files).await?;
    tx.commit().await?;
    Ok(go_saying(&stored.url(), "Pièce jointe ajoutée."))
}

pub async fn detach(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let mut tx = cx.write().await?;
    let mut stored: Draft = tx.get(cx.network.id, id).await?;
    let mut files = stored.files();
    let at = files.iter().position(|file| file.file == form.get("piece")).ok_or(Error::NotFound)?;
    let gone = files.remove(at);
    draft::set_files(&mut tx, &cx.actor(), &mut stored, &files).await?;
    tx.commit().await?;
    cx.app.files.delete(cx.network.id, &gone.file).await?;
    Ok(go_saying(&stored.url(), "Pièce jointe retirée."))
}

/// Puts a saved reply, with its words, before what is written.
pub async fn insert_reply(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let mut tx = cx.write().await?;
    let mut stored: Draft = tx.get(cx.network.id, id).await?;
    let reply: Id =
        form.get("reponse").parse().map_err(|_| Error::refused("Choisissez une réponse type."))?;
    let saved: SavedReply = tx.get(cx.network.id, reply).await?;
    let to = draft::addresses(&stored.to_line).unwrap_or_default().into_iter().next().unwrap_or_default();
    let known = senders::find(&mut tx, cx.network.id, &to.0).await?;
    let mut words = saved_reply::words(&cx.network, &to.1, known.as_ref());
    words.insert("coordination".to_owned(), cx.visitor()?.name.clone());
    let body = format!("{}{}", saved_reply::merged(&saved.body, &words), stored.body);
    let kept = Typed {
        to: stored.to_line.clone(),
        cc: stored.cc_line.clone(),
        bcc: stored.bcc_line.clone(),
        subject: stored.subject.clone(),
        body,
        quotes: stored.quotes,
    };
    draft::keep(&mut tx, &cx.actor(), &mut stored, kept).await?;
    saved_reply::count_use(&mut tx, cx.network.id, reply).await?;
    tx.commit().await?;
    Ok(go_saying(&stored.url(), "Réponse type insérée : relisez avant d’envoyer."))
}

pub async fn discard(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let mut tx = cx.write().await?;
    let stored: Draft = tx.get(cx.network.id, id).await?;
    draft::discard(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    for file in stored.files() {
        cx.app.files.delete(cx.network.id, &file.file).await?;
    }
    let to = stored.thread_id.map_or_else(|| threads::URL.to_owned(), thread::url);
    Ok(go_saying(&to, "Brouillon abandonné."))
}

pub async fn call_back(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let mut tx = cx.write().await?;
    let draft = draft::call_back(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(&draft.url(), "L’envoi est annulé : votre message est de nouveau un brouillon."))
}
