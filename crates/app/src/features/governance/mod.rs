//! Governance: the committees that steer the network, who sits in them, what they ask of the coordination; their meetings,
//! from the
//! date to what was decided and what became of it.

mod agenda;
pub mod agenda_item;
mod answer;
pub mod attendance;
pub mod calendar;
pub mod carry_over;
pub mod carrying_out;
pub mod committee;
mod committee_form;
mod committee_sheet;
mod committees;
pub mod consequence;
pub mod convocation;
mod convocation_form;
pub mod decision;
mod decision_due;
mod decision_form;
mod decisions;
mod distribution;
pub mod dossier;
mod findable;
mod holder_form;
pub mod invitee;
mod invitee_form;
pub mod late_invitee;
mod late_invitee_form;
pub mod measure;
mod measure_form;
mod measure_mail;
pub mod meeting;
pub mod meeting_event;
mod meeting_form;
mod meeting_mail;
pub mod meeting_series;
mod meeting_sheet;
pub mod meeting_trash;
mod meetings;
pub mod minutes;
mod minutes_facts;
mod minutes_files;
mod minutes_form;
pub mod minutes_mail;
mod minutes_reading;
pub mod minutes_remark;
mod minutes_sheet;
pub mod note;
mod note_form;
mod note_line;
mod note_versions;
pub mod objective;
mod objective_form;
pub mod paper;
mod paper_data;
mod papers;
mod policy;
mod reminders;
pub mod rhythm;
pub mod seat;
mod seat_form;
mod series_dates;
mod series_form;
mod series_sheet;
mod shared_notes;
pub mod sitting;
mod sitting_mark;
mod sitting_sheet;
mod standard_agenda;
pub mod standard_item;
#[cfg(test)]
mod tests;

use kit::jobs::{Handlers, Job, Schedule};
use kit::web::routes::Routes;
use kit::{Id, Result, Tx};

use super::Thrown;

const COMMITTEES: &str = "/espace/gouvernance/comites";
const MEETINGS: &str = "/espace/gouvernance/reunions";
const SERIES: &str = "/espace/gouvernance/series";
const DECISIONS: &str = "/espace/gouvernance/decisions";

/// Every address of the feature.
pub fn routes() -> Routes {
    after_convocation(before_session(of_committees(Routes::new())))
}

/// Committees, and what their meetings have in common.
fn of_committees(routes: Routes) -> Routes {
    routes
        .get(COMMITTEES, committees::list)
        .get("/espace/gouvernance/comites/nouveau", committee_form::blank)
        .post("/espace/gouvernance/comites/nouveau", committee_form::add)
        .get("/espace/gouvernance/comites/{id}", committee_sheet::show)
        .get("/espace/gouvernance/comites/{id}/modifier", committee_form::edit)
        .post("/espace/gouvernance/comites/{id}/modifier", committee_form::save)
        .post("/espace/gouvernance/comites/{id}/fin", committee_form::close)
        .post("/espace/gouvernance/comites/{id}/rouvrir", committee_form::reopen)
        .get("/espace/gouvernance/comites/{id}/sieges/nouveau", seat_form::blank)
        .post("/espace/gouvernance/comites/{id}/sieges/nouveau", seat_form::give)
        .get("/espace/gouvernance/comites/{id}/sieges/{siege}", seat_form::edit)
        .post("/espace/gouvernance/comites/{id}/sieges/{siege}", seat_form::save)
        .get("/espace/gouvernance/comites/{id}/sieges/{siege}/membres/nouveau", holder_form::blank)
        .post("/espace/gouvernance/comites/{id}/sieges/{siege}/membres/nouveau", holder_form::succeed)
        .get("/espace/gouvernance/comites/{id}/membres/{membre}", holder_form::edit)
        .post("/espace/gouvernance/comites/{id}/membres/{membre}", holder_form::save)
        .get("/espace/gouvernance/comites/{id}/objectifs/nouveau", objective_form::blank)
        .post("/espace/gouvernance/comites/{id}/objectifs/nouveau", objective_form::set)
        .get("/espace/gouvernance/comites/{id}/objectifs/{objectif}", objective_form::edit)
        .post("/espace/gouvernance/comites/{id}/objectifs/{objectif}", objective_form::save)
        .get("/espace/gouvernance/comites/{id}/ordre-du-jour-type", standard_agenda::show)
        .post("/espace/gouvernance/comites/{id}/ordre-du-jour-type", standard_agenda::save)
        .get("/espace/gouvernance/comites/{id}/annee", series_form::blank)
        .post("/espace/gouvernance/comites/{id}/annee", series_form::plan)
        .get("/espace/gouvernance/series/{id}", series_sheet::show)
        .get("/espace/gouvernance/series/{id}/prolonger", series_form::longer)
        .post("/espace/gouvernance/series/{id}/prolonger", series_form::extend)
}

/// Meetings until they take place.
fn before_session(routes: Routes) -> Routes {
    routes
        .get(MEETINGS, meetings::list)
        .get("/espace/gouvernance/reunions/nouvelle", meeting_form::blank)
        .post("/espace/gouvernance/reunions/nouvelle", meeting_form::plan)
        .get("/espace/gouvernance/reunions/{id}", meeting_sheet::show)
        .get("/espace/gouvernance/reunions/{id}/modifier", meeting_form::edit)
        .post("/espace/gouvernance/reunions/{id}/modifier", meeting_form::save)
        .post("/espace/gouvernance/reunions/{id}/tenue", meeting_sheet::hold)
        .post("/espace/gouvernance/reunions/{id}/annuler", meeting_sheet::cancel)
        .post("/espace/gouvernance/reunions/{id}/reponses/{invite}", meeting_sheet::note_answer)
        .get("/espace/gouvernance/reunions/{id}/convocation", convocation_form::ask)
        .post("/espace/gouvernance/reunions/{id}/convocation", convocation_form::convene)
        .post("/espace/gouvernance/reunions/{id}/convocation/rappeler", convocation_form::call_back)
        .post("/espace/gouvernance/reunions/{id}/corbeille", meeting_trash::discard)
        .post("/espace/gouvernance/reunions/{id}/restaurer", meeting_trash::bring_back)
        .get("/espace/gouvernance/reunions/{id}/personnes", late_invitee_form::ask)
        .post("/espace/gouvernance/reunions/{id}/personnes", late_invitee_form::add)
        .post("/espace/gouvernance/reunions/{id}/personnes/rappeler", late_invitee_form::call_back)
        .get("/espace/gouvernance/reunions/{id}/personnes/{invite}", invitee_form::show)
        .post("/espace/gouvernance/reunions/{id}/personnes/{invite}/remplacer", invitee_form::replace)
        .post("/espace/gouvernance/reunions/{id}/personnes/{invite}/adresse", invitee_form::correct)
        .post("/espace/gouvernance/reunions/{id}/personnes/{invite}/retirer", invitee_form::remove)
        .get("/espace/gouvernance/reunions/{id}/ordre-du-jour", agenda::show)
        .post("/espace/gouvernance/reunions/{id}/ordre-du-jour", agenda::add)
        .post("/espace/gouvernance/reunions/{id}/ordre-du-jour/remplir", agenda::fill)
        .get("/espace/gouvernance/reunions/{id}/ordre-du-jour/{point}", agenda::edit)
        .post("/espace/gouvernance/reunions/{id}/ordre-du-jour/{point}", agenda::save)
        .post("/espace/gouvernance/reunions/{id}/ordre-du-jour/{point}/deplacer", agenda::shift)
        .post("/espace/gouvernance/reunions/{id}/ordre-du-jour/{point}/retirer", agenda::remove)
        .get("/espace/gouvernance/reunions/{id}/pieces", papers::show)
        .post("/espace/gouvernance/reunions/{id}/pieces", papers::add)
        .post("/espace/gouvernance/reunions/{id}/pieces/dossier", papers::prepare)
        .post("/espace/gouvernance/reunions/{id}/pieces/dossier/envoyer", papers::send)
        .post("/espace/gouvernance/reunions/{id}/pieces/dossier/rappeler", papers::call_back)
        .get("/espace/gouvernance/reunions/{id}/pieces/{piece}", papers::file)
        .post("/espace/gouvernance/reunions/{id}/pieces/{piece}/point", papers::place)
        .post("/espace/gouvernance/reunions/{id}/pieces/{piece}/retirer", papers::remove)
        .get("/reunion/{token}", answer::show)
        .post("/reunion/{token}", answer::answer)
        .get("/reunion/{token}/agenda.ics", answer::file)
        .get("/reunion/{token}/pieces/{piece}", papers::file_by_link)
}

/// The session, the minutes, the decisions.
fn after_convocation(routes: Routes) -> Routes {
    routes
        .get("/espace/gouvernance/reunions/{id}/seance", sitting_sheet::show)
        .post("/espace/gouvernance/reunions/{id}/seance", sitting_sheet::open)
        .post("/espace/gouvernance/reunions/{id}/seance/point", sitting_sheet::turn)
        .post("/espace/gouvernance/reunions/{id}/seance/partage", sitting_sheet::share)
        .get("/espace/gouvernance/reunions/{id}/seance/etat", sitting_mark::show)
        .get("/espace/gouvernance/reunions/{id}/seance/notes", shared_notes::show)
        .post("/espace/gouvernance/reunions/{id}/seance/notes", shared_notes::write)
        .post("/espace/gouvernance/reunions/{id}/seance/notes/{note}", sitting_sheet::write)
        .get("/espace/gouvernance/reunions/{id}/seance/notes/{note}/ligne", note_line::open)
        .get("/espace/gouvernance/reunions/{id}/seance/notes/{note}/versions", note_versions::show)
        .post("/espace/gouvernance/reunions/{id}/seance/notes/{note}/versions", note_versions::restore)
        .post("/espace/gouvernance/reunions/{id}/seance/presences", sitting_sheet::attend_all)
        .post("/espace/gouvernance/reunions/{id}/seance/presences/{invite}", sitting_sheet::attend)
        .post("/espace/gouvernance/reunions/{id}/seance/decisions", sitting_sheet::decide)
        .get(DECISIONS, decisions::list)
        .get("/espace/gouvernance/decisions/{id}", decision_form::show)
        .post("/espace/gouvernance/decisions/{id}", decision_form::save)
        .post("/espace/gouvernance/decisions/{id}/tache", decision_form::add_task)
        .post("/espace/gouvernance/decisions/{id}/taches/terminer", decision_form::end_tasks)
        .get("/espace/gouvernance/decisions/{id}/poste", measure_form::ask)
        .post("/espace/gouvernance/decisions/{id}/poste", measure_form::take)
        .get("/espace/gouvernance/reunions/{id}/compte-rendu", minutes_sheet::show)
        .post("/espace/gouvernance/reunions/{id}/compte-rendu", minutes_sheet::begin)
        .get("/espace/gouvernance/reunions/{id}/compte-rendu/modifier", minutes_form::edit)
        .post("/espace/gouvernance/reunions/{id}/compte-rendu/modifier", minutes_form::save)
        .post("/espace/gouvernance/reunions/{id}/compte-rendu/remplir", minutes_form::refill)
        .get("/espace/gouvernance/reunions/{id}/compte-rendu/versions", minutes_form::versions)
        .post("/espace/gouvernance/reunions/{id}/compte-rendu/versions", minutes_form::restore)
        .post("/espace/gouvernance/reunions/{id}/compte-rendu/soumettre", minutes_sheet::submit)
        .post("/espace/gouvernance/reunions/{id}/compte-rendu/remarques", minutes_sheet::remark)
        .post("/espace/gouvernance/reunions/{id}/compte-rendu/remarques/{remarque}", minutes_sheet::settle)
        .get("/espace/gouvernance/reunions/{id}/compte-rendu/diffusion", distribution::show)
        .post("/espace/gouvernance/reunions/{id}/compte-rendu/diffusion", distribution::send)
        .post("/espace/gouvernance/reunions/{id}/compte-rendu/{acte}", minutes_sheet::turn)
        .get("/espace/gouvernance/reunions/{id}/compte-rendu/{version}/{format}", minutes_files::show)
        .get("/reunion/{token}/compte-rendu", minutes_reading::review)
        .post("/reunion/{token}/compte-rendu", minutes_reading::remark)
        .get("/compte-rendu/{token}", minutes_reading::show)
        .get("/compte-rendu/{token}/{format}", minutes_reading::file)
}

/// Adds the jobs of the feature.
pub fn handlers(handlers: Handlers) -> Handlers {
    let handlers = handlers.with::<reminders::Remind>().with::<decision_due::RemindOwners>();
    handlers.with::<meeting_trash::EmptyTrash>()
}

/// What comes back by itself.
pub fn schedules() -> Vec<Schedule> {
    let every = |every_minutes, kind| Schedule { name: kind, every_minutes, kind, payload: "{}" };
    vec![
        every(60, reminders::Remind::KIND),
        every(60, decision_due::RemindOwners::KIND),
        every(24 * 60, meeting_trash::EmptyTrash::KIND),
    ]
}

/// What of this feature is in the trash.
pub async fn thrown(tx: &mut Tx, network: Id, most: i64) -> Result<Vec<Thrown>> {
    meeting_trash::thrown(tx, network, most).await
}

kit::words! {
    "committee.founded" => "Comité créé",
    "committee.changed" => "Comité modifié",
    "committee.closed" => "Fin du comité",
    "committee.reopened" => "Comité rouvert",
    "committee_kind" => "Type",
    "chair" => "Présidence",
    "co_facilitator" => "Coanimation",
    "decides" => "Décide",
    "decision_mode" => "Mode de décision",
    "quorum_percent" => "Quorum, en %",
    "most_proxies" => "Pouvoirs par membre",
    "meetings_per_year" => "Réunions par an",
    "seat.given" => "Siège ouvert",
    "seat.changed" => "Siège modifié",
    "organisation" => "Organisme",
    "voice" => "Voix",
    "seat_holder.seated" => "Membre nommé",
    "seat_holder.changed" => "Membre modifié",
    "seat_holder.left" => "Fin de mandat d’un membre",
    "holder_rank" => "Rang",
    "objective.set" => "Objectif fixé",
    "objective.changed" => "Objectif modifié",
    "indicator" => "Indicateur",
    "target" => "Cible",
    "progress" => "Avancement",
    "committee.agenda_set" => "Ordre du jour type fixé",
    "standard_agenda" => "Ordre du jour type",
    "meeting_series.planned" => "Série de réunions planifiée",
    "meeting_series.extended" => "Série de réunions prolongée",
    "rhythm" => "Rythme",
    "meetings" => "Réunions",
    "meeting.planned" => "Réunion planifiée",
    "meeting.changed" => "Réunion modifiée",
    "meeting.convened" => "Réunion convoquée",
    "meeting.called_back" => "Convocation annulée avant son départ",
    "meeting.held" => "Réunion tenue",
    "meeting.cancelled" => "Réunion annulée",
    "meeting.trashed" => "Réunion mise à la corbeille",
    "meeting.restored" => "Réunion restaurée",
    "meeting.erased" => "Réunion effacée",
    "starts_at" => "Début",
    "minutes" => "Durée, en minutes",
    "venue" => "Lieu",
    "video_url" => "Visioconférence",
    "cancel_reason" => "Motif",
    "invitee.answered" => "Réponse à une convocation",
    "answer" => "Réponse",
    "answer_note" => "Mot",
    "proxy" => "Pouvoir à",
    "invitee.proxy_released" => "Voix qui n’est plus portée",
    "invitee.added" => "Personne convoquée après les autres",
    "invitee.removed" => "Personne retirée de la convocation",
    "invitee.replaced" => "Personne convoquée remplacée",
    "invitee.readdressed" => "Adresse d’une personne convoquée corrigée",
    "invitee.proxy_lost" => "Voix rendue, son porteur n’étant plus convoqué",
    "carries_over" => "Report d’office des points non traités",
    "agenda_item.added" => "Point ajouté à l’ordre du jour",
    "agenda_item.proposed" => "Point proposé à l’ordre du jour",
    "agenda_item.accepted" => "Point accepté à l’ordre du jour",
    "agenda_item.changed" => "Point de l’ordre du jour modifié",
    "agenda_item.moved" => "Ordre du jour réordonné",
    "agenda_item.removed" => "Point retiré de l’ordre du jour",
    "meeting_paper.added" => "Pièce ajoutée",
    "meeting_paper.placed" => "Pièce déplacée",
    "meeting_paper.removed" => "Pièce retirée",
    "file" => "Fichier",
    "dossier.made" => "Dossier de séance préparé",
    "dossier.sent" => "Dossier de séance envoyé",
    "dossier.called_back" => "Envoi du dossier annulé",
    "presenter" => "Présenté par",
    "agenda_item.ended" => "Point clos",
    "outcome" => "Issue",
    "meeting.opened" => "Séance ouverte",
    "meeting.notes_shared" => "Notes de séance ouvertes aux membres",
    "meeting.notes_closed" => "Notes de séance fermées aux membres",
    "invitee.attended" => "Présence notée",
    "invitee.joined" => "Personne arrivée sans convocation",
    "attendance" => "Présence",
    "decision.taken" => "Décision prise",
    "decision.changed" => "Décision modifiée",
    "decision.ended" => "Décision menée à son terme",
    "decision.reopened" => "Décision rouverte",
    "decision.due" => "Échéance d’une décision",
    "decision.followed" => "Suite donnée à une décision",
    "consequence" => "Suite",
    "text" => "Texte",
    "how" => "Mode",
    "owner" => "Qui s’en charge",
    "follow_up" => "Suite",
    "minutes.begun" => "Compte rendu commencé",
    "minutes.written" => "Compte rendu modifié",
    "minutes.submitted" => "Compte rendu soumis aux membres",
    "minutes.taken_back" => "Compte rendu repris",
    "minutes.remarked" => "Remarque sur un compte rendu",
    "minutes.remark_settled" => "Remarque examinée",
    "minutes.validated" => "Compte rendu validé",
    "minutes.distributed" => "Compte rendu diffusé",
    "edition" => "Version",
    "correction" => "Ce qui change",
    "validated_by" => "Validé par",
    "remark" => "Remarque",
    "objective" => "But",
}
