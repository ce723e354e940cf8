//! `/espace/messagerie/conversations/{id}`: a conversation, what is known of who writes, and what is to be done.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use chrono::{Datelike, Weekday};
use kit::db::{Date, Id, Timestamp};
use kit::tie::Tie;
use kit::trail::{self, Act};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{go, go_saying, page};
use kit::{Cx, Error, Fields, Network, Result, Tx, args, jobs, sql};

use super::draft::Draft;
use super::message::{MailMessage, MailText};
use super::nature::Nature;
use super::policy::{Want, require};
use super::shared_mailbox::{self, Folder};
use super::thread::{self, Thread};
use super::{body, filing, order, presence, reading, rounds, senders, threads};
use crate::features::mailings::list_post::{self, ListPost};

kit::table! {
    /// What one says about a conversation to those who read the mailbox; it never leaves.
    pub struct Note in "mail_note" {
        pub thread_id: Id,
        pub body: String,
        pub author: String,
        pub author_id: Option<Id>,
        pub created_at: Timestamp,
    }
}

/// Messages of a conversation that are shown open; earlier ones are folded.
const OPEN: usize = 1;

/// A message as the page shows it.
pub struct Shown {
    pub message: MailMessage,
    pub when: String,
    pub to: String,
    pub nature: &'static str,
    pub open: bool,
    /// What was written, and what it repeats of earlier messages.
    pub written: String,
    pub repeated: String,
    pub pictures_elsewhere: bool,
    pub files: Vec<reading::File>,
    pub url: String,
    pub sheet: Option<String>,
}

#[derive(Template)]
#[template(path = "mailbox/conversation.html")]
struct ConversationPage {
    frame: Frame,
    thread: Thread,
    messages: Vec<Shown>,
    /// When each was written, and what it says.
    notes: Vec<(String, Note)>,
    drafts: Vec<Draft>,
    ties: Vec<Tie>,
    /// What was written to lists, each with the name of its list.
    posts: Vec<(ListPost, String)>,
    colleagues: Vec<(Id, String)>,
    others: String,
    snooze: Vec<(String, String)>,
    snoozed: String,
    young: bool,
    with_pictures: bool,
    last: Option<Id>,
    answers_nobody: bool,
}

pub async fn show(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = cx.read().await?;
    let network = cx.network.id;
    let thread: Thread = tx.get(network, id).await?;
    let mut messages: Vec<(MailMessage, MailText)> = tx.all_joined(network, "id", "thread_id", &[id]).await?;
    messages.sort_by_key(|(m, _)| (m.sent_at, m.id));
    let notes = if thread.notes > 0 { notes(&mut tx, network, id).await? } else { Vec::new() };
    let drafts: Vec<Draft> = tx.all_in(network, "thread_id", &[id]).await?;
    let ties = filing::of(&mut tx, network, id).await?;
    let posts = match ties.iter().any(|tie| tie.to_kind == "distribution_list") {
        true => list_post::of_thread(&mut tx, network, id).await?,
        false => Vec::new(),
    };
    let present = presence::colleagues(&mut tx, network, id).await?;
    drop(tx);
    if thread.unseen > 0 {
        see_later(&cx, id).await?;
    }
    let pictures = pictures_in_last(&cx, messages.last().map(|(m, _)| m)).await?;
    let count = messages.len();
    let last_in =
        messages.iter().rev().map(|(m, _)| m).find(|m| !m.is_out()).or(messages.last().map(|(m, _)| m));
    let me = cx.visitor()?.account_id;
    Ok(page(&ConversationPage {
        frame: cx.frame(thread.subject_line()),
        last: last_in.map(|m| m.id),
        answers_nobody: last_in.is_some_and(|m| m.nature() != Nature::Person),
        young: messages.iter().any(|(m, _)| m.young),
        messages: messages
            .into_iter()
            .enumerate()
            .map(|(at, (message, text))| shown(&cx, message, &text.body, at + OPEN >= count, pictures))
            .collect(),
        notes: notes.into_iter().map(|note| (note.created_at.long_in(cx.network.zone()), note)).collect(),
        drafts: drafts.into_iter().filter(|draft| draft.state != "sent").collect(),
        ties,
        posts,
        others: presence::sentence(&present, me, cx.now),
        colleagues: present.into_iter().map(|one| (one.id, one.name)).collect(),
        snooze: snooze_choices(&cx.network, cx.now),
        snoozed: thread.snoozed_until.map(|at| at.long_in(cx.network.zone())).unwrap_or_default(),
        with_pictures: query.0.flag("images"),
        thread,
    }))
}

/// Opening a conversation marks it read, here and on the server, a moment later.
async fn see_later(cx: &Cx, id: Id) -> Result<()> {
    let mut tx = cx.write().await?;
    jobs::add(&mut tx, cx.network.id, cx.now, &rounds::SeeThread { thread_id: id }).await?;
    tx.commit().await
}

/// `…/suivante`: what comes after it among what is to be done.
pub async fn next(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = cx.read().await?;
    Ok(go(&next_url(&mut tx, cx.network.id, id).await?))
}

async fn next_url(tx: &mut Tx, network: Id, id: Id) -> Result<String> {
    let thread: Thread = tx.get(network, id).await?;
    let sql = sql!(
        "select id from mail_thread where network_id = $1 and state = 'to_do' and snoozed_until is null ",
        "and (last_at, id) < ($2, $3) order by last_at desc, id desc limit 1"
    );
    let next: Option<(Id,)> = tx.optional(sql, args![network, thread.last_at, id]).await?;
    Ok(next.map_or_else(|| threads::URL.to_owned(), |(id,)| thread::url(id)))
}

async fn pictures_in_last(cx: &Cx, last: Option<&MailMessage>) -> Result<bool> {
    let Some(last) = last.filter(|m| m.readable) else { return Ok(false) };
    match cx.app.files.get(cx.network.id, &last.raw).await {
        Ok(raw) => kit::heavy(move || body::pictures_elsewhere(&raw) > 0).await,
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

fn shown(cx: &Cx, message: MailMessage, text: &str, open: bool, pictures: bool) -> Shown {
    let written = reading::unquoted(text);
    // Spaces and line ends are nobody's words.
    let words = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let repeated = if words(&written) < words(text) { text.to_owned() } else { String::new() };
    let people = message.recipients();
    let named = |(email, name): &(String, String)| if name.is_empty() { email.clone() } else { name.clone() };
    let to: Vec<String> = people.to.iter().chain(&people.cc).map(named).collect();
    Shown {
        when: message.sent_at.long_in(cx.network.zone()),
        to: to.join(", "),
        nature: message.nature().label(),
        open,
        written,
        repeated,
        pictures_elsewhere: open && pictures,
        files: message.files().into_iter().filter(|file| file.cid.is_empty()).collect(),
        url: format!("/espace/messagerie/messages/{}", message.id),
        sheet: message.sender_id.map(|id| senders::url(&message.sender_kind, id)),
        message,
    }
}

async fn notes(tx: &mut Tx, network: Id, thread: Id) -> Result<Vec<Note>> {
    let sql = sql!(
        "select network_id, id, thread_id, body, author, author_id, created_at from mail_note ",
        "where network_id = $1 and thread_id = $2 order by id limit 200"
    );
    tx.all(sql, args![network, thread]).await
}

/// Moments to which one sets things aside: tomorrow morning, Monday, in a week.
fn snooze_choices(network: &Network, now: Timestamp) -> Vec<(String, String)> {
    let morning = |day: Date| day.start_in(network.zone()).plus_minutes(8 * 60);
    let today = network.today(now);
    let mut monday = today.next();
    while monday.0.weekday() != Weekday::Mon {
        monday = monday.next();
    }
    let week = (0..7).fold(today, |day, _| day.next());
    [("Demain matin", today.next()), ("Lundi matin", monday), ("Dans une semaine", week)]
        .into_iter()
        .map(|(label, day)| (morning(day).0.to_string(), format!("{label} ({})", day.short())))
        .collect()
}

/// Where one goes after having dealt with a conversation: to the next that waits, when triage is under way.
async fn after(tx: &mut Tx, network: Id, id: Id, form: &Fields) -> Result<String> {
    if form.flag("suite") { next_url(tx, network, id).await } else { Ok(threads::URL.to_owned()) }
}

pub async fn set_state(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let state = form.get("etat").to_owned();
    let mut tx = cx.write().await?;
    let next = after(&mut tx, cx.network.id, id, &form).await?;
    thread::set_state(&mut tx, &cx.actor(), id, &state).await?;
    tx.commit().await?;
    match state.as_str() {
        "done" => Ok(go_saying(&next, "Conversation traitée.")),
        "waiting" => Ok(go_saying(&next, "Conversation mise en attente.")),
        _ => Ok(go(&thread::url(id))),
    }
}

pub async fn assign(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let to = match form.get("a") {
        "moi" => cx.actor().account_id,
        "" => None,
        other => Some(other.parse().map_err(|_| Error::refused("Ce compte n’existe pas."))?),
    };
    let mut tx = cx.write().await?;
    thread::assign(&mut tx, &cx.actor(), id, to).await?;
    tx.commit().await?;
    let said =
        if to.is_some() { "Conversation attribuée." } else { "Conversation à personne en particulier." };
    Ok(go_saying(&thread::url(id), said))
}

pub async fn snooze(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    // What is no moment is none to come.
    let until = form.get("jusqua").parse().map(Timestamp).unwrap_or_default();
    let mut tx = cx.write().await?;
    let next = after(&mut tx, cx.network.id, id, &form).await?;
    thread::snooze(&mut tx, &cx.actor(), id, until).await?;
    tx.commit().await?;
    Ok(go_saying(&next, "Conversation reportée : elle reviendra d’elle-même."))
}

pub async fn set_seen(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let mut tx = cx.write().await?;
    tx.get::<Thread>(cx.network.id, id).await?;
    let next = after(&mut tx, cx.network.id, id, &form).await?;
    order::set_seen(&mut tx, cx.network.id, id, !form.flag("non-lu"), cx.now).await?;
    tx.commit().await?;
    Ok(go_saying(&next, "Conversation à relire."))
}

#[derive(Template)]
#[template(path = "mailbox/folder_choice.html")]
struct FolderPage {
    frame: Frame,
    thread: Thread,
    folders: Vec<Folder>,
}

/// `…/dossier`: where it may be moved.
pub async fn folders(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = cx.read().await?;
    let thread: Thread = tx.get(cx.network.id, id).await?;
    let mailbox = shared_mailbox::of(&mut tx, cx.network.id).await?.ok_or(Error::NotFound)?;
    let folders = shared_mailbox::folders(&mut tx, cx.network.id, mailbox.id).await?;
    let folders = folders.into_iter().filter(|f| !["sent", "drafts"].contains(&f.role.as_str())).collect();
    Ok(page(&FolderPage { frame: cx.frame("Déplacer la conversation"), thread, folders }))
}

pub async fn move_to(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let wanted = form.get("dossier").to_owned();
    let mut tx = cx.write().await?;
    tx.get::<Thread>(cx.network.id, id).await?;
    let next = after(&mut tx, cx.network.id, id, &form).await?;
    let mailbox = shared_mailbox::of(&mut tx, cx.network.id).await?.ok_or(Error::NotFound)?;
    // A folder, or what one is for: « archive ».
    let folders = shared_mailbox::folders(&mut tx, cx.network.id, mailbox.id).await?;
    let to = folders.iter().find(|f| f.id.to_string() == wanted || (f.role == wanted && wanted != "other"));
    let to = to.ok_or_else(|| Error::refused("La boîte n’a pas de dossier pour cela."))?;
    order::move_thread(&mut tx, &cx.actor(), id, to.id).await?;
    if to.role == "archive" {
        thread::set_state(&mut tx, &cx.actor(), id, "done").await?;
    }
    tx.commit().await?;
    Ok(go_saying(&next, "Conversation déplacée, ici et dans la boîte."))
}

pub async fn tag(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let mut tx = cx.write().await?;
    thread::tag(&mut tx, &cx.actor(), id, form.get("etiquette"), !form.flag("retirer")).await?;
    tx.commit().await?;
    Ok(go(&thread::url(id)))
}

pub async fn note(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let body = form.lines("note", 4_000).unwrap_or_default();
    let actor = cx.actor();
    let mut tx = cx.write().await?;
    add_note(&mut tx, &actor, id, body).await?;
    tx.commit().await?;
    Ok(go_saying(&thread::url(id), "Note ajoutée : elle ne quitte pas cet espace."))
}

/// Adds an internal note.
pub async fn add_note(tx: &mut Tx, actor: &kit::Actor, id: Id, body: String) -> Result<()> {
    let thread: Thread = tx.get(actor.network_id, id).await?;
    if body.is_empty() {
        return Err(Error::refused("Écrivez la note avant de l’ajouter."));
    }
    tx.insert(&[Note {
        network_id: actor.network_id,
        id: Id::new(actor.now),
        thread_id: id,
        body,
        author: actor.name.clone(),
        author_id: actor.account_id,
        created_at: actor.now,
    }])
    .await?;
    let sql = sql!("update mail_thread set notes = notes + 1 where network_id = $1 and id = $2");
    tx.run(sql, args![actor.network_id, id]).await?;
    trail::record(tx, actor, Act::new("mail_thread.noted", thread.as_subject())).await.map(drop)
}

pub async fn file(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let mut tx = cx.write().await?;
    tx.get::<Thread>(cx.network.id, id).await?;
    let (kind, object) = sheet(form.get("fiche")).ok_or_else(|| {
        Error::refused("Collez l’adresse d’une fiche (promeneur, structure, contact ou partenaire).")
    })?;
    filing::file(&mut tx, &cx.actor(), id, kind, object).await?;
    tx.commit().await?;
    Ok(go_saying(&thread::url(id), "Conversation classée."))
}

/// The thing whose sheet an address leads to.
fn sheet(address: &str) -> Option<(&'static str, Id)> {
    let places = [
        ("/espace/reseau/promeneurs/", "person"),
        ("/espace/reseau/structures/", "structure"),
        ("/espace/reseau/partenaires/", "organisation"),
        ("/espace/reseau/contacts/", "contact"),
    ];
    places.into_iter().find_map(|(place, kind)| {
        let (_, rest) = address.split_once(place)?;
        Some((kind, rest.split(['/', '?', '#']).next()?.trim().parse().ok()?))
    })
}

pub async fn unfile(cx: Cx, Path((id, tie)): Path<(Id, Id)>) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let mut tx = cx.write().await?;
    filing::unfile(&mut tx, &cx.actor(), id, tie).await?;
    tx.commit().await?;
    Ok(go(&thread::url(id)))
}
