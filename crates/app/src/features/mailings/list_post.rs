//! The post: what somebody wrote to the address of a list, and what became of it. Who may write there is said by each list;
//! since anyone can write any sender's name, what is doubtful waits for the coordination.

use std::collections::BTreeMap;

use kit::db::{Id, Timestamp};
use kit::mail::{self, Attached, MailAccount, Message};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Network, Result, Tx, args, markup, sql};
use serde_json::json;

use super::distribution_list::{self, DistributionList};
use super::expansion::{Member, Source};

/// What messages of the outbox are known to be sent for.
pub const ABOUT: &str = "list_post";
/// A list takes so many messages in an hour by itself; more looks like two machines writing to each other.
const MOST_AN_HOUR: i64 = 20;
/// Stands for braces that somebody typed, which must not be taken for a word to fill in.
const BRACES: &str = "accolades";

kit::table! {
    /// A message written to a list.
    pub struct ListPost in "list_post" {
        pub list_id: Id,
        pub thread_id: Id,
        pub message_id: Id,
        pub author: String,
        pub author_email: String,
        pub subject: String,
        /// `waiting`, `accepted`, `sent` or `refused`.
        pub state: String,
        /// Why it waits, for a reader; empty when it did not.
        pub reason: String,
        pub recipients: i64,
        pub created_at: Timestamp,
        pub settled_at: Option<Timestamp>,
    }
}

/// A message that came, as far as a list wants to know.
pub struct Arrived {
    pub thread_id: Id,
    pub message_id: Id,
    pub author: String,
    pub author_email: String,
    pub subject: String,
    /// The receiving server says that the sender is not who it claims to be.
    pub is_denied: bool,
}

/// What is sent on.
pub struct Content {
    pub text: String,
    pub html: String,
    pub files: Vec<Attached>,
    /// The `Message-ID` of the original, empty when it has none.
    pub original: String,
}

impl ListPost {
    fn subject(&self) -> Subject {
        Subject::new(ABOUT, self.id, &self.subject)
    }
}

/// The lists that some addresses lead to, when the mailbox they arrived in is `own`: « copil@ » its domain, or its own name
/// with « +copil ».
pub async fn lists_at(
    tx: &mut Tx,
    network: Id,
    own: &str,
    addresses: &[String],
) -> Result<Vec<DistributionList>> {
    let Some((own_name, own_domain)) = own.split_once('@') else { return Ok(Vec::new()) };
    let mut locals: Vec<String> = addresses
        .iter()
        .filter_map(|address| address.split_once('@'))
        .filter(|(_, domain)| domain.eq_ignore_ascii_case(own_domain))
        .map(|(local, _)| local.to_lowercase())
        .filter(|local| local != own_name)
        .map(|local| match local.split_once('+') {
            Some((name, tag)) if name == own_name => tag.to_owned(),
            _ => local,
        })
        .collect();
    locals.sort_unstable();
    locals.dedup();
    if locals.is_empty() {
        return Ok(Vec::new());
    }
    let mut lists: Vec<DistributionList> = tx.all_in_texts(network, "local_part", &locals).await?;
    lists.retain(|list| list.deleted_at.is_none());
    Ok(lists)
}

/// Everyone a list holds now.
async fn members(
    tx: &mut Tx,
    network: &Network,
    now: Timestamp,
    list: &DistributionList,
) -> Result<Vec<Member>> {
    let source = Source::load(tx, network, network.today(now), None).await?;
    let source = source.with_groups(tx, network.id, &[&list.definition()]).await?;
    Ok(source.expand(&[list], None).members)
}

/// Takes a message for a list; at once when its author may write there, else it waits. `None` when it was taken already.
pub async fn receive(
    tx: &mut Tx,
    network: &Network,
    now: Timestamp,
    list: &DistributionList,
    arrived: Arrived,
) -> Result<Option<ListPost>> {
    let known =
        sql!("select count(*) from list_post where network_id = $1 and list_id = $2 and message_id = $3");
    if tx.value::<i64>(known, args![network.id, list.id, arrived.message_id]).await? > 0 {
        return Ok(None);
    }
    let reason = doubt(tx, network, now, list, &arrived).await?;
    let state = if reason.is_empty() { "accepted" } else { "waiting" };
    let post = ListPost {
        network_id: network.id,
        id: Id::new(now),
        list_id: list.id,
        thread_id: arrived.thread_id,
        message_id: arrived.message_id,
        author: arrived.author,
        author_email: arrived.author_email,
        subject: arrived.subject,
        state: state.to_owned(),
        reason: reason.to_owned(),
        recipients: 0,
        created_at: now,
        settled_at: (state == "accepted").then_some(now),
    };
    tx.insert(std::slice::from_ref(&post)).await?;
    let actor = Actor::program(network.id, "Listes de diffusion", now);
    let act = Act::new("list_post.received", post.subject()).after(&json!({ "list": list.name }));
    trail::record(tx, &actor, act).await?;
    Ok(Some(post))
}

/// Why a message does not go on by itself; empty when it does.
async fn doubt(
    tx: &mut Tx,
    network: &Network,
    now: Timestamp,
    list: &DistributionList,
    arrived: &Arrived,
) -> Result<&'static str> {
    if list.posting == "moderated" {
        return Ok("Cette liste attend votre accord pour chaque message.");
    }
    if arrived.is_denied {
        return Ok("Le serveur qui l’a reçu doute de son expéditeur.");
    }
    let is_coordination = is_coordination(tx, network.id, &arrived.author_email).await?;
    if list.posting == "coordination" && !is_coordination {
        return Ok("Seule la coordination écrit à cette liste sans accord.");
    }
    if !is_coordination
        && !members(tx, network, now, list)
            .await?
            .iter()
            .any(|m| m.address.eq_ignore_ascii_case(&arrived.author_email))
    {
        return Ok("Son expéditeur ne fait pas partie de la liste.");
    }
    let lately = sql!(
        "select count(*) from list_post where network_id = $1 and list_id = $2 and created_at > $3 ",
        "and state in ('accepted', 'sent')"
    );
    let lately: i64 = tx.value(lately, args![network.id, list.id, now.plus_minutes(-60)]).await?;
    Ok(if lately >= MOST_AN_HOUR { "La liste a déjà reçu beaucoup de messages en une heure." } else { "" })
}

async fn is_coordination(tx: &mut Tx, network: Id, address: &str) -> Result<bool> {
    let sql = sql!(
        "select count(*) from account a join account_role r on r.network_id = a.network_id and r.account_id = a.id ",
        "where a.network_id = $1 and a.email = $2 and a.disabled_at is null and r.role = 'coordinator'"
    );
    Ok(tx.value::<i64>(sql, args![network, address.to_lowercase()]).await? > 0)
}

/// What was written to lists in a conversation, oldest first, each with the name of its list and how many it holds now.
pub async fn of_thread(tx: &mut Tx, network: Id, thread: Id) -> Result<Vec<(ListPost, String)>> {
    let posts: Vec<ListPost> = tx.all_in(network, "thread_id", &[thread]).await?;
    let ids: Vec<Id> = posts.iter().map(|post| post.list_id).collect();
    let lists: Vec<DistributionList> = tx.all_in(network, "id", &ids).await?;
    let name = |id: Id| lists.iter().find(|list| list.id == id).map(|list| list.name.clone());
    let mut named: Vec<(ListPost, String)> = posts
        .into_iter()
        .map(|post| (name(post.list_id).unwrap_or_default(), post))
        .map(|(n, p)| (p, n))
        .collect();
    named.sort_by_key(|(post, _)| post.id);
    Ok(named)
}

/// Agrees to a message that waits, or refuses it.
pub async fn settle(tx: &mut Tx, actor: &Actor, id: Id, agreed: bool) -> Result<ListPost> {
    let mut post: ListPost = tx.get(actor.network_id, id).await?;
    distribution_list::find(tx, actor.network_id, post.list_id).await?;
    let state = if agreed { "accepted" } else { "refused" };
    let sql = sql!(
        "update list_post set state = $3, settled_at = $4 where network_id = $1 and id = $2 and state = 'waiting'"
    );
    if tx.run(sql, args![actor.network_id, id, state, actor.now]).await? == 0 {
        return Err(Error::refused("Ce message a déjà été accepté ou refusé."));
    }
    state.clone_into(&mut post.state);
    let action = if agreed { "list_post.accepted" } else { "list_post.refused" };
    trail::record(tx, actor, Act::new(action, post.subject())).await?;
    Ok(post)
}

/// Sends an accepted message to everyone in its list but its author, once; answers how many get it.
pub async fn distribute(
    tx: &mut Tx,
    network: &Network,
    now: Timestamp,
    (post, own, account): (&ListPost, &str, MailAccount),
    content: Content,
) -> Result<usize> {
    let list: DistributionList = tx.get(network.id, post.list_id).await?;
    let mut members = members(tx, network, now, &list).await?;
    members.retain(|member| !member.address.eq_ignore_ascii_case(&post.author_email));
    members.retain(|member| !member.address.eq_ignore_ascii_case(own));
    let sql = sql!(
        "update list_post set state = 'sent', recipients = $3, settled_at = $4 where network_id = $1 and id = $2 ",
        "and state = 'accepted'"
    );
    let count = i64::try_from(members.len()).unwrap_or(i64::MAX);
    if tx.run(sql, args![network.id, post.id, count, now]).await? == 0 || list.deleted_at.is_some() {
        return Ok(0);
    }
    let braces = format!("{{{{{BRACES}}}}}");
    let typed = |text: &str| text.replace("{{", &braces);
    let subject = titled(&list.name, &post.subject);
    let (text, html) = (typed(&content.text), typed(&content.html));
    let body = mail::share_body(tx, network.id, now, (&typed(&subject), &text, &html)).await?;
    let headers = headers(&list, own, post, &content.original);
    let words: BTreeMap<String, String> = [(BRACES.to_owned(), "{{".to_owned())].into();
    let pace = 60_000_000 / account.per_minute.max(1);
    let messages = members.iter().zip(0..).map(|(member, turn)| Message {
        to: member.address.clone(),
        to_name: member.known.name(),
        subject: subject.clone(),
        kind: ABOUT,
        account: Some(account.clone()),
        shared: Some((body, words.clone())),
        headers: headers.clone(),
        files: content.files.clone(),
        about: Some((ABOUT, post.id)),
        bulk: true,
        not_before: Some(Timestamp(now.0 + turn * pace)),
        from_name: Some(format!("{} (liste {})", post.author, list.name)),
        ..Message::default()
    });
    mail::send_all(tx, network, now, messages.collect()).await?;
    Ok(members.len())
}

/// « [Copil] Ordre du jour », once however often it is answered.
fn titled(list: &str, subject: &str) -> String {
    let mark = format!("[{list}]");
    if subject.contains(&mark) { subject.to_owned() } else { format!("{mark} {subject}") }
}

/// What says that the message comes from a list (RFC 2919, 2369), so that no machine answers it. The sender's own address
/// cannot stand under `From` (DMARC): answers go to everyone where members talk to each other, else to the author.
fn headers(list: &DistributionList, own: &str, post: &ListPost, original: &str) -> Vec<(String, String)> {
    let address = list.address(own);
    let answers = if list.posting == "members" { &address } else { &post.author_email };
    let domain = own.split('@').nth(1).unwrap_or("localhost");
    let mut all = vec![
        ("List-Id".to_owned(), format!("<{}.{domain}>", list.local_part)),
        ("List-Post".to_owned(), format!("<mailto:{address}>")),
        ("List-Owner".to_owned(), format!("<mailto:{own}>")),
        ("Precedence".to_owned(), "list".to_owned()),
        ("Reply-To".to_owned(), answers.clone()),
    ];
    if !original.is_empty() {
        all.push(("References".to_owned(), original.to_owned()));
    }
    all
}

/// The body of a message as HTML, of its words.
pub fn plain(text: &str) -> String {
    text.split("\n\n").map(|part| format!("<p>{}</p>", markup::escape(part).replace('\n', "<br>"))).collect()
}

/// Follows a conversation that turned out to be part of another.
pub async fn join(tx: &mut Tx, network: Id, from: Id, into: Id) -> Result<()> {
    let sql = sql!("update list_post set thread_id = $3 where network_id = $1 and thread_id = $2");
    tx.run(sql, args![network, from, into]).await.map(drop)
}

/// Erases what is known of messages of a conversation.
pub async fn forget(tx: &mut Tx, network: Id, thread: Id) -> Result<()> {
    tx.delete_in::<ListPost>(network, "thread_id", &[thread]).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_list_stands_in_the_subject_once() {
        assert_eq!(titled("Copil", "Ordre du jour"), "[Copil] Ordre du jour");
        assert_eq!(titled("Copil", "Re: [Copil] Ordre du jour"), "Re: [Copil] Ordre du jour");
    }
}
