//! What prepared papers say: the data of the network and of a committee, as blocks of a paper.

use std::collections::BTreeMap;

use chrono::Months;
use documents::paper::{Block, Run, Table};
use kit::db::{Date, Id, Timestamp};
use kit::{Network, Result, Tx, args, sql, territory, text};

use super::decision::{self, Decision};
use super::meeting::Meeting;
use super::objective::{self, Objective};
use crate::features::directory::mandate::STANDINGS;
use crate::features::directory::structure::STATUSES;
use crate::features::support::{activity_entry, duration};

/// Deadlines are told so many months ahead.
const MONTHS_AHEAD: u32 = 6;
/// How far back one looks when the committee never met.
const MONTHS_BACK: u32 = 12;
/// Most lines of a table.
const MOST_LINES: i64 = 200;
/// EPCI that are named, those with the most promeneurs first.
const MOST_EPCI: usize = 15;

/// Of what committee, from when to when.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    network: &'a Network,
    committee: Id,
    /// The day of the last meeting that was held, or a year before.
    since: Date,
    /// Whether that was a meeting.
    has_met: bool,
    today: Date,
}

impl<'a> Scope<'a> {
    /// What a meeting looks back on and ahead to.
    pub async fn of(tx: &mut Tx, network: &'a Network, meeting: &Meeting, now: Timestamp) -> Result<Self> {
        let sql = sql!(
            "select max(starts_key) from meeting where network_id = $1 and committee_id = $2 and starts_key < $3 ",
            "and held_at is not null and id <> $4"
        );
        let before = meeting.starts_at.unwrap_or(now).min(now);
        let last: Option<Timestamp> =
            tx.value(sql, args![network.id, meeting.committee_id, before, meeting.id]).await?;
        let today = network.today(now);
        let year_ago = today.0.checked_sub_months(Months::new(MONTHS_BACK)).map_or(today, Date);
        Ok(Self {
            network,
            committee: meeting.committee_id,
            since: last.map_or(year_ago, |at| network.day_of(at)),
            has_met: last.is_some(),
            today,
        })
    }

    fn until(&self) -> Date {
        self.today.0.checked_add_months(Months::new(MONTHS_AHEAD)).map_or(self.today, Date)
    }

    /// « Depuis la réunion du 12 mars 2026 ».
    fn since_label(&self) -> String {
        match self.has_met {
            true => format!("Depuis la réunion du {}", self.since.long()),
            false => format!("Depuis le {}", self.since.long()),
        }
    }
}

/// What a prepared paper of a kind says, as blocks whose headings begin at `level`.
pub async fn blocks(tx: &mut Tx, scope: Scope<'_>, kind: &str, level: u8) -> Result<Vec<Block>> {
    match kind {
        "follow_up" => follow_up(tx, scope).await,
        "roadmap" => roadmap(tx, scope).await,
        "network_state" => network_state(tx, scope, level).await,
        "activity" => activity(tx, scope).await,
        _ => deadlines(tx, scope).await,
    }
}

fn cell(text: impl Into<String>) -> Vec<Run> {
    vec![Run::plain(text)]
}

fn day(day: Option<Date>) -> String {
    day.map(Date::short).unwrap_or_default()
}

/// Decisions of the committee that are not carried out, and those that ended since.
async fn followed(tx: &mut Tx, scope: Scope<'_>) -> Result<(Vec<Decision>, Vec<Decision>)> {
    let sql = sql!(
        "select network_id, id, meeting_id, committee_id, item_id, year, rank, text, mode, votes_for, votes_against, ",
        "votes_abstained, taken_on, owner_id, owner, due_on, due_key, due_noted, state, follow_up, ended_at, created_at, ",
        "version ",
        "from decision where network_id = $1 and committee_id = $2 and ended_at is null ",
        "order by taken_on, id limit $3"
    );
    let open = tx.all(sql, args![scope.network.id, scope.committee, MOST_LINES]).await?;
    let sql = sql!(
        "select network_id, id, meeting_id, committee_id, item_id, year, rank, text, mode, votes_for, votes_against, ",
        "votes_abstained, taken_on, owner_id, owner, due_on, due_key, due_noted, state, follow_up, ended_at, created_at, ",
        "version ",
        "from decision where network_id = $1 and committee_id = $2 and ended_at >= $3 ",
        "order by ended_at, id limit $4"
    );
    let since = scope.since.start_in(scope.network.zone());
    let ended = tx.all(sql, args![scope.network.id, scope.committee, since, MOST_LINES]).await?;
    Ok((open, ended))
}

async fn follow_up(tx: &mut Tx, scope: Scope<'_>) -> Result<Vec<Block>> {
    let (open, ended) = followed(tx, scope).await?;
    if open.is_empty() && ended.is_empty() {
        return Ok(vec![Block::text("Aucune décision n’est en cours, et aucune ne s’est achevée depuis.")]);
    }
    let late = open.iter().filter(|one| one.is_late(scope.today)).count();
    let summary = [
        counted(open.len(), "décision à mener à son terme", "décisions à mener à leur terme"),
        match late {
            0 => "aucune en retard".to_owned(),
            late => format!("dont {late} en retard"),
        },
        match ended.len() {
            0 => "aucune achevée depuis".to_owned(),
            n => counted(n, "achevée depuis", "achevées depuis"),
        },
    ];
    let row = |one: &Decision| {
        let state = match one.is_late(scope.today) {
            true => format!("{} (en retard)", one.state_label()),
            false => one.state_label().to_owned(),
        };
        let said = match &one.follow_up {
            Some(word) => format!("{state}\n{word}"),
            None => state,
        };
        let text = format!("{}\n(le {})", one.text, one.taken_on.short());
        let owner = one.owner.clone().unwrap_or_default();
        vec![vec![Run::bold(one.number())], cell(text), cell(owner), cell(day(one.due_on)), cell(said)]
    };
    let table = Table {
        caption: "Suivi des décisions".to_owned(),
        head: ["N°", "Décision", "Qui s’en charge", "Avant le", "Où en est-on"].map(cell).to_vec(),
        rows: open.iter().chain(&ended).map(row).collect(),
        weights: vec![3, 9, 4, 3, 5],
    };
    Ok(vec![Block::text(format!("{}.", summary.join(", "))), Block::Table(table)])
}

async fn roadmap(tx: &mut Tx, scope: Scope<'_>) -> Result<Vec<Block>> {
    let all = objective::of_committee(tx, scope.network.id, scope.committee).await?;
    let since = scope.since.start_in(scope.network.zone());
    let told: Vec<&Objective> =
        all.iter().filter(|one| one.state == "active" || one.updated_at >= since).collect();
    if told.is_empty() {
        return Ok(vec![Block::text("Le comité n’a pas fixé d’objectif.")]);
    }
    let row = |one: &&Objective| {
        let aim = [one.indicator.as_deref(), one.target.as_deref()];
        let aim: Vec<&str> = aim.into_iter().flatten().collect();
        let state = match one.is_late(scope.today) {
            true => format!("{}\u{a0}% (en retard)", one.progress),
            false if one.state == "active" => format!("{}\u{a0}%", one.progress),
            false => one.state_label().to_owned(),
        };
        vec![cell(&one.title), cell(aim.join("\u{a0}: ")), cell(day(one.due_on)), cell(state)]
    };
    let table = Table {
        caption: "Feuille de route".to_owned(),
        head: ["Objectif", "Indicateur et cible", "Avant le", "Avancement"].map(cell).to_vec(),
        rows: told.iter().map(row).collect(),
        weights: vec![6, 6, 3, 3],
    };
    Ok(vec![Block::Table(table)])
}

/// Facet, value, how many.
type Counted = Vec<(String, String, i64)>;

fn total(counted: &Counted, facet: &str, value: &str) -> i64 {
    counted.iter().find(|(f, v, _)| f == facet && v == value).map_or(0, |(_, _, n)| *n)
}

async fn network_state(tx: &mut Tx, scope: Scope<'_>, level: u8) -> Result<Vec<Block>> {
    let sql = sql!(
        "select facet, value, total from facet_total where network_id = $1 and total > 0 and facet in (",
        "'person.standing', 'person.published', 'person.epci', 'structure.status', ",
        "'structure.vacancy')"
    );
    let counted: Counted = tx.all(sql, args![scope.network.id]).await?;
    let vacant = total(&counted, "structure.vacancy", "yes");
    let standings = STANDINGS.iter().filter(|(code, _)| *code != "ended");
    let standings: Vec<(String, i64)> = standings
        .map(|(code, label)| ((*label).to_owned(), total(&counted, "person.standing", code)))
        .collect();
    // Who left stays in the directory, and is no promeneur of the network any more.
    let people: i64 = standings.iter().map(|(_, n)| n).sum();
    let statuses =
        STATUSES.iter().map(|(code, label)| ((*label).to_owned(), total(&counted, "structure.status", code)));
    let published = total(&counted, "person.published", "yes");
    let (held, signed) = posts(tx, scope).await?;
    let mut blocks = vec![
        Block::text(format!(
            "{}, dont {published} avec une fiche publique. {}, dont {signed} avec la charte signée. {}.",
            counted_i(people, "promeneur", "promeneurs"),
            counted_i(held, "poste occupé", "postes occupés"),
            counted_i(vacant, "structure a un poste à pourvoir", "structures ont un poste à pourvoir"),
        )),
        Block::Table(counts("Promeneurs selon leur situation", "Situation", standings)),
        Block::Table(counts("Structures selon leur situation", "Situation", statuses)),
    ];
    let mut epci: Vec<(String, i64)> = counted
        .iter()
        .filter(|(facet, value, _)| facet == "person.epci" && !value.is_empty())
        .map(|(_, siren, n)| {
            (territory::epci(siren).map_or_else(|| siren.clone(), |epci| epci.name.clone()), *n)
        })
        .collect();
    epci.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    epci.truncate(MOST_EPCI);
    if !epci.is_empty() {
        blocks.push(Block::Table(counts("Promeneurs par intercommunalité", "Intercommunalité", epci)));
    }
    blocks.push(Block::heading(level, "Arrivées et départs"));
    blocks.extend(movements(tx, scope).await?);
    Ok(blocks)
}

/// Posts that someone holds today, and those of them whose charter is signed.
async fn posts(tx: &mut Tx, scope: Scope<'_>) -> Result<(i64, i64)> {
    let sql = sql!(
        "select count(*), cast(coalesce(sum(case when charter = 'signed' then 1 else 0 end), 0) as bigint) ",
        "from mandate where network_id = $1 and deleted_at is null and person_id is not null ",
        "and (started_on is null or started_on <= $2) and (ended_on is null or ended_on >= $2)"
    );
    tx.one(sql, args![scope.network.id, scope.today]).await
}

/// A table of what there is, without what there is none of.
fn counts(caption: &str, of: &str, rows: impl IntoIterator<Item = (String, i64)>) -> Table {
    let rows = rows.into_iter().filter(|(_, n)| *n > 0);
    Table {
        caption: caption.to_owned(),
        head: [of, "Nombre"].map(cell).to_vec(),
        rows: rows.map(|(label, n)| vec![cell(label), cell(text::number(n))]).collect(),
        weights: vec![6, 1],
    }
}

/// Who came and who left, told by structure: a paper that goes round names no one's departure.
async fn movements(tx: &mut Tx, scope: Scope<'_>) -> Result<Vec<Block>> {
    let sql = sql!(
        "select * from (select 'in', s.name, m.started_on as day from mandate m join structure s ",
        "on s.network_id = m.network_id and s.id = m.structure_id where m.network_id = $1 and m.deleted_at is null ",
        "and m.person_id is not null and m.started_on > $2 and m.started_on <= $3 order by m.started_on limit $4) arrived ",
        "union all select * from (select 'out', s.name, m.ended_on as day from mandate m join structure s ",
        "on s.network_id = m.network_id and s.id = m.structure_id where m.network_id = $1 and m.deleted_at is null ",
        "and m.person_id is not null and m.ended_on > $2 and m.ended_on <= $3 order by m.ended_on limit $4) gone"
    );
    let moved: Vec<(String, String, Date)> =
        tx.all(sql, args![scope.network.id, scope.since, scope.today, MOST_LINES]).await?;
    if moved.is_empty() {
        return Ok(vec![Block::text(format!("{}, personne n’est arrivé ni parti.", scope.since_label()))]);
    }
    let mut blocks = vec![Block::text(format!("{}\u{a0}:", scope.since_label()))];
    for (way, one, many) in [("in", "arrivée", "arrivées"), ("out", "départ", "départs")] {
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, name, _) in moved.iter().filter(|(known, ..)| known == way) {
            *places.entry(name).or_default() += 1;
        }
        let count: usize = places.values().sum();
        let named: Vec<String> = places
            .into_iter()
            .map(|(name, n)| if n > 1 { format!("{name} ({n})") } else { name.to_owned() })
            .collect();
        let names = if named.is_empty() { String::new() } else { format!("\u{a0}: {}", named.join(", ")) };
        let said = if count == 0 {
            format!("Aucun{} {one}", if way == "in" { "e" } else { "" })
        } else {
            counted(count, one, many)
        };
        blocks.push(Block::text(format!("{said}{names}.")));
    }
    Ok(blocks)
}

async fn activity(tx: &mut Tx, scope: Scope<'_>) -> Result<Vec<Block>> {
    let totals = activity_entry::totals(tx, scope.network.id, scope.since, scope.today.next()).await?;
    if totals.is_empty() {
        return Ok(vec![Block::text(format!("{}, le journal ne dit rien.", scope.since_label()))]);
    }
    let (count, minutes) = totals.iter().fold((0, 0), |(n, m), one| (n + one.count, m + one.minutes));
    let row = |one: &activity_entry::Total| {
        vec![cell(one.label()), cell(text::number(one.count)), cell(duration::say(one.minutes))]
    };
    let table = Table {
        caption: "Ce que la coordination a fait".to_owned(),
        head: ["Nature", "Actions", "Temps"].map(cell).to_vec(),
        rows: totals.iter().map(row).collect(),
        weights: vec![6, 2, 2],
    };
    let time = if minutes > 0 { format!(", {}", duration::say(minutes)) } else { String::new() };
    let said = format!("{}\u{a0}: {}{time}.", scope.since_label(), counted_i(count, "action", "actions"));
    Ok(vec![Block::text(said), Block::Table(table)])
}

async fn deadlines(tx: &mut Tx, scope: Scope<'_>) -> Result<Vec<Block>> {
    let (id, today, until) = (scope.network.id, scope.today, scope.until());
    let sought = decision::Sought { committee: Some(scope.committee), email: None, today };
    let open = decision::open(tx, id, sought, ("", ""), MOST_LINES).await?;
    let mut lines: Vec<(Date, String, String)> = Vec::new();
    for one in open {
        let Some(due) = one.due_on.filter(|due| *due <= until) else { continue };
        let what = format!("Décision {}\u{a0}: {}", one.number(), text::shorten(&one.text, 120));
        lines.push((due, what, one.owner.unwrap_or_default()));
    }
    for one in objective::of_committee(tx, id, scope.committee).await? {
        let due = one.due_on.filter(|due| *due <= until && one.state == "active");
        lines.extend(due.map(|due| (due, format!("Objectif\u{a0}: {}", one.title), String::new())));
    }
    let sql = sql!(
        "select * from (select 'seat', h.ended_on as day, s.organisation, h.name from seat_holder h join seat s ",
        "on s.network_id = h.network_id and s.id = h.seat_id where h.network_id = $1 and h.committee_id = $2 ",
        "and h.ended_on >= $3 and h.ended_on <= $4 order by h.ended_on limit $5) seats ",
        "union all select * from (select 'post', m.ended_on as day, s.name, '' from mandate m join structure s ",
        "on s.network_id = m.network_id and s.id = m.structure_id where m.network_id = $1 and m.deleted_at is null ",
        "and m.person_id is not null and m.ended_on > $3 and m.ended_on <= $4 order by m.ended_on limit $5) posts"
    );
    let ends: Vec<(String, Date, String, String)> =
        tx.all(sql, args![id, scope.committee, today, until, MOST_LINES]).await?;
    for (kind, day, place, name) in ends {
        let what = match kind.as_str() {
            "seat" => "Fin de mandat au comité",
            _ => "Un poste à pourvoir",
        };
        let who = if name.is_empty() { place } else { format!("{name}, {place}") };
        lines.push((day, what.to_owned(), who));
    }
    if lines.is_empty() {
        return Ok(vec![Block::text(format!("Rien n’est attendu d’ici au {}.", until.long()))]);
    }
    lines.sort();
    let row = |(due, what, who): &(Date, String, String)| {
        let when = if *due < today { format!("{} (en retard)", due.short()) } else { due.short() };
        vec![cell(when), cell(what), cell(who)]
    };
    let table = Table {
        caption: format!("Ce qui est attendu d’ici au {}", until.long()),
        head: ["Échéance", "Quoi", "Qui"].map(cell).to_vec(),
        rows: lines.iter().map(row).collect(),
        weights: vec![3, 8, 5],
    };
    Ok(vec![Block::Table(table)])
}

fn counted(n: usize, one: &str, many: &str) -> String {
    counted_i(i64::try_from(n).unwrap_or(i64::MAX), one, many)
}

fn counted_i(n: i64, one: &str, many: &str) -> String {
    format!("{} {}", text::number(n), if n > 1 { many } else { one })
}
