//! The Remark: what a member says of minutes before they are validated, in words or as another wording for a passage.

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act};
use kit::{Actor, Error, Result, Tx, args, markup, sql};
use serde_json::json;

use super::meeting::Meeting;
use super::minutes::{self, Minutes};

kit::table! {
    /// What a member says of minutes.
    pub struct MinutesRemark in "minutes_remark": versioned {
        pub minutes_id: Id,
        pub author: String,
        /// The words that it is about.
        pub passage: Option<String>,
        /// What they should be.
        pub wording: Option<String>,
        pub remark: Option<String>,
        /// `open`, `accepted` or `refused`.
        pub state: String,
        pub answer: Option<String>,
        pub settled_at: Option<Timestamp>,
        pub created_at: Timestamp,
    }
}

/// Longest part of a remark, in characters.
pub const MOST_TEXT: usize = 2_000;
/// Most remarks about one edition.
const MOST_REMARKS: usize = 300;

impl MinutesRemark {
    pub fn state_label(&self) -> &'static str {
        match self.state.as_str() {
            "accepted" => "Retenue",
            "refused" => "Non retenue",
            _ => "À examiner",
        }
    }

    pub fn tone(&self) -> &'static str {
        match self.state.as_str() {
            "accepted" => "ok",
            "refused" => "quiet",
            _ => "warn",
        }
    }

    /// Whether its wording can take the place of its passage in a text: the passage stands there once, whole.
    pub fn fits(&self, body: &str) -> bool {
        self.replaced(body).is_some()
    }

    fn replaced(&self, body: &str) -> Option<String> {
        let (passage, wording) = (self.passage.as_deref()?, self.wording.as_deref()?);
        // As a cleaned text writes it: quotes stay, spaces that do not break are named.
        let passage = markup::escape(passage).replace("&quot;", "\"").replace('\u{a0}', "&nbsp;");
        let is_once = !passage.is_empty() && body.matches(&passage).count() == 1;
        is_once.then(|| markup::clean(&body.replacen(&passage, &markup::escape(wording), 1)))
    }
}

/// What members said of an edition, the first said first.
pub async fn of_minutes(tx: &mut Tx, network: Id, minutes: Id) -> Result<Vec<MinutesRemark>> {
    let sql = sql!(
        "select network_id, id, minutes_id, author, passage, wording, remark, state, answer, settled_at, created_at, ",
        "version from minutes_remark where network_id = $1 and minutes_id = $2 order by id limit 300"
    );
    tx.all(sql, args![network, minutes]).await
}

/// What someone says.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub passage: Option<String>,
    pub wording: Option<String>,
    pub remark: Option<String>,
}

/// Notes what a member says. Refused when it says nothing, and once the minutes are validated.
pub async fn add(
    tx: &mut Tx,
    actor: &Actor,
    (meeting, minutes): (&Meeting, &Minutes),
    said: Said,
) -> Result<MinutesRemark> {
    if minutes.state != "to_validate" {
        return Err(Error::refused("Ce compte rendu n’attend plus de remarques."));
    }
    if said.remark.is_none() && said.wording.is_none() {
        return Err(Error::refused("Écrivez votre remarque."));
    }
    if of_minutes(tx, actor.network_id, minutes.id).await?.len() >= MOST_REMARKS {
        return Err(Error::refused(
            "Ce compte rendu a déjà reçu trop de remarques\u{a0}: écrivez à la coordination.",
        ));
    }
    let new = MinutesRemark {
        network_id: actor.network_id,
        id: Id::new(actor.now),
        minutes_id: minutes.id,
        author: actor.name.clone(),
        passage: said.passage,
        wording: said.wording,
        remark: said.remark,
        state: "open".to_owned(),
        answer: None,
        settled_at: None,
        created_at: actor.now,
        version: 1,
    };
    tx.insert(std::slice::from_ref(&new)).await?;
    let act = Act::new("minutes.remarked", minutes.subject(meeting)).concerning(meeting.subject());
    trail::record(tx, actor, act).await?;
    Ok(new)
}

/// Settles a remark: one that is accepted and whose passage stands in the text once is carried into it. Answers whether the
/// text changed. [`Error::Stale`] when someone else settled it meanwhile.
pub async fn settle(
    tx: &mut Tx,
    actor: &Actor,
    (meeting, minutes): (&Meeting, &Minutes),
    id: Id,
    (accepted, answer): (bool, Option<String>),
) -> Result<bool> {
    let mut remark: MinutesRemark = tx.get(actor.network_id, id).await?;
    if remark.minutes_id != minutes.id {
        return Err(Error::NotFound);
    }
    if remark.state != "open" {
        return Err(Error::Stale);
    }
    if minutes.state != "to_validate" {
        return Err(Error::refused("Ce compte rendu n’attend plus de remarques."));
    }
    remark.state = if accepted { "accepted" } else { "refused" }.to_owned();
    (remark.answer, remark.settled_at) = (answer, Some(actor.now));
    tx.save(&mut remark).await?;
    let act = Act::new("minutes.remark_settled", minutes.subject(meeting)).concerning(meeting.subject());
    let told = json!({ "remark": remark.state_label(), "answer": remark.answer });
    trail::record(tx, actor, act.after(&told)).await?;
    match remark.replaced(&minutes.body).filter(|_| accepted) {
        Some(body) => {
            minutes::keep(tx, actor, meeting, minutes, body).await?;
            Ok(true)
        }
        None => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remark(passage: &str, wording: &str) -> MinutesRemark {
        let id = Id::new(Timestamp(0));
        MinutesRemark {
            network_id: id,
            id,
            minutes_id: id,
            author: String::new(),
            passage: Some(passage.to_owned()),
            wording: Some(wording.to_owned()),
            remark: None,
            state: "open".to_owned(),
            answer: None,
            settled_at: None,
            created_at: Timestamp(0),
            version: 1,
        }
    }

    #[test]
    fn a_wording_takes_the_place_of_a_passage_that_stands_there_once() {
        let body = "<p>La Caf finance 3 postes &amp; un véhicule.</p><p>Deux fois. Deux fois.</p>";
        let other = remark("3 postes & un", "4 postes <b>et</b> un").replaced(body).unwrap();
        assert!(other.contains("4 postes &lt;b&gt;et&lt;/b&gt; un véhicule"), "{other}");
        let quoted = "<p>Le mot&nbsp;: \"charte\".</p>";
        assert!(remark("mot\u{a0}: \"charte\"", "terme").fits(quoted));
        assert!(!remark("Deux fois", "Une fois").fits(body), "it stands there twice");
        assert!(!remark("postes.</p>", "x").fits(body), "no markup is matched");
        assert!(!remark("", "x").fits(body));
    }
}
