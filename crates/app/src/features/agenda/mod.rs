//! The agenda: the calendar of meetings, the feeds by which other programs show it, and polls by which a date is found. People
//! are asked from a committee, from a list or by their address, and answer by a personal link; the date that is chosen becomes
//! that of a meeting, or is simply told to everyone.

mod answer;
mod calendar;
mod calendar_days;
pub mod calendar_feed;
pub mod conclusion;
mod conclusion_form;
pub mod date_poll;
mod feed_file;
mod feeds;
mod findable;
pub mod invitation;
mod invitation_form;
mod note_form;
pub mod opening;
pub mod participant;
mod policy;
pub mod poll_answer;
mod poll_form;
mod poll_mail;
mod poll_sheet;
mod polls;
mod reminders;
pub mod slot;
#[cfg(test)]
mod tests;

use kit::jobs::{Handlers, Job, Schedule};
use kit::web::routes::Routes;
use kit::{Id, Result, Tx};

use super::DateSought;

const CALENDAR: &str = "/espace/agenda";
const FEEDS: &str = "/espace/agenda/abonnements";
const POLLS: &str = "/espace/agenda/sondages";

/// Every address of the feature.
pub fn routes() -> Routes {
    Routes::new()
        .get(CALENDAR, calendar::show)
        .get(FEEDS, feeds::list)
        .post(FEEDS, feeds::make)
        .post("/espace/agenda/abonnements/{id}/retirer", feeds::revoke)
        .get("/agenda/flux/{token}", feed_file::show)
        .get(POLLS, polls::list)
        .get("/espace/agenda/sondages/nouveau", poll_form::blank)
        .post("/espace/agenda/sondages/nouveau", poll_form::make)
        .get("/espace/agenda/sondages/{id}", poll_sheet::show)
        .get("/espace/agenda/sondages/{id}/modifier", poll_form::edit)
        .post("/espace/agenda/sondages/{id}/modifier", poll_form::save)
        .get("/espace/agenda/sondages/{id}/participants", invitation_form::ask)
        .post("/espace/agenda/sondages/{id}/participants", invitation_form::invite)
        .get("/espace/agenda/sondages/{id}/participants/{personne}", note_form::ask)
        .post("/espace/agenda/sondages/{id}/participants/{personne}", note_form::note)
        .post("/espace/agenda/sondages/{id}/participants/{personne}/retirer", invitation_form::remove)
        .post("/espace/agenda/sondages/{id}/envoyer", poll_sheet::send)
        .post("/espace/agenda/sondages/{id}/envoyer/annuler", poll_sheet::call_back)
        .post("/espace/agenda/sondages/{id}/rappeler", poll_sheet::remind)
        .post("/espace/agenda/sondages/{id}/clore", poll_sheet::close)
        .post("/espace/agenda/sondages/{id}/prolonger", poll_sheet::keep_open)
        .post("/espace/agenda/sondages/{id}/annuler", poll_sheet::cancel)
        .get("/espace/agenda/sondages/{id}/conclure", conclusion_form::ask)
        .post("/espace/agenda/sondages/{id}/conclure", conclusion_form::conclude)
        .get("/sondage/{token}", answer::show)
        .post("/sondage/{token}", answer::answer)
}

/// Adds the jobs of the feature.
pub fn handlers(handlers: Handlers) -> Handlers {
    handlers.with::<reminders::Watch>()
}

/// What comes back by itself.
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule { name: "agenda.watch", every_minutes: 60, kind: reminders::Watch::KIND, payload: "{}" }]
}

/// The latest poll about the date of a meeting.
pub async fn date_sought(tx: &mut Tx, network: Id, meeting: Id) -> Result<Option<DateSought>> {
    let found = date_poll::of_meeting(tx, network, meeting).await?;
    Ok(found.map(|counted| DateSought {
        url: counted.poll.url(),
        title: counted.poll.title.clone(),
        state: counted.poll.state_label(),
        tone: counted.poll.tone(),
        asked: counted.asked,
        answered: counted.answered(),
        is_current: counted.poll.is_current(),
    }))
}

/// Unties the polls of a meeting that is erased.
pub async fn forget_meeting(tx: &mut Tx, network: Id, meeting: Id) -> Result<()> {
    date_poll::forget_meeting(tx, network, meeting).await
}

kit::words! {
    "calendar_feed.made" => "Abonnement à un calendrier créé",
    "calendar_feed.revoked" => "Abonnement à un calendrier retiré",
    "calendar" => "Calendrier",
    "date_poll.made" => "Sondage de dates préparé",
    "date_poll.changed" => "Sondage de dates modifié",
    "date_poll.invited" => "Personnes ajoutées à un sondage de dates",
    "date_poll.sent" => "Sondage de dates envoyé",
    "date_poll.called_back" => "Sondage de dates rappelé avant son départ",
    "date_poll.all_answered" => "Tout le monde a répondu à un sondage de dates",
    "date_poll.closed" => "Sondage de dates clos",
    "date_poll.extended" => "Sondage de dates prolongé",
    "date_poll.reopened" => "Sondage de dates rouvert",
    "date_poll.concluded" => "Date choisie",
    "date_poll.cancelled" => "Sondage de dates annulé",
    "closes_on" => "Clôture",
    "shows_answers" => "Réponses visibles des participants",
    "chosen_date" => "Date choisie",
    "poll_participant.answered" => "Réponse à un sondage de dates",
    "poll_participant.removed" => "Personne retirée d’un sondage de dates",
    "yes_dates" => "Dates qui conviennent",
    "if_needed_dates" => "Dates qui conviennent si besoin",
    "no_dates" => "Dates qui ne conviennent pas",
}
