//! Which tasks a list or a board shows, as its address says: whose (`liste`), and for a list in which state (`etat`).

use kit::db::Id;
use kit::{Choice, Cx, Fields, Result, Tx, args, sql, text};

use super::policy::{Want, may};
use super::task::Whose;

/// Whose tasks; besides these, each account's who has some.
const LISTS: [(&str, &str); 4] =
    [("miennes", "À moi ou à personne"), ("moi", "À moi"), ("personne", "À personne"), ("toutes", "Toutes")];
/// In which state: open ones unless it is said.
const STATES: [(&str, &str); 4] =
    [("", "À faire ou en cours"), ("a-faire", "À faire"), ("en-cours", "En cours"), ("faites", "Terminées")];

/// What was asked for, with what else could be.
pub(super) struct TaskFilter {
    pub may_keep: bool,
    pub list: String,
    pub state: &'static str,
    pub lists: Vec<Choice>,
    /// The others who have tasks.
    pub people: Vec<Choice>,
    pub states: &'static [(&'static str, &'static str)],
    pub whose: Whose,
    /// Everyone whose tasks may be shown.
    names: Vec<(Id, String)>,
}

impl TaskFilter {
    /// Reads an address. Whoever has only the tasks that they were given is shown those, whatever it says.
    pub async fn read(cx: &Cx, tx: &mut Tx, query: &Fields) -> Result<Self> {
        let visitor = cx.visitor()?;
        let me = visitor.account_id;
        let may_keep = may(visitor, Want::Tasks);
        let names = match may_keep {
            true => assignees(tx, cx.network.id).await?,
            false => vec![(me, visitor.name.clone())],
        };
        // Addresses of before there was a state to choose.
        let is_old = query.get("liste") == "faites";
        let asked = if is_old { "toutes" } else { query.get("liste") };
        let person = names.iter().map(|(id, _)| *id).find(|id| *id != me && id.to_string() == asked);
        let known = LISTS.iter().map(|(code, _)| *code).find(|code| *code == asked);
        let list = person.map_or_else(|| known.unwrap_or("miennes").to_owned(), |id| id.to_string());
        let whose = match (may_keep, person, list.as_str()) {
            (false, ..) | (true, None, "moi") => Whose::Own(me),
            (true, Some(id), _) => Whose::Own(id),
            (true, None, "personne") => Whose::Nobodys,
            (true, None, "toutes") => Whose::Everyone,
            (true, None, _) => Whose::OwnAndNobodys(me),
        };
        let state = if is_old { "faites" } else { query.get("etat") };
        Ok(Self {
            may_keep,
            list,
            whose,
            state: STATES.iter().map(|(code, _)| *code).find(|code| *code == state).unwrap_or_default(),
            lists: LISTS.iter().map(|(code, label)| Choice::new(*code, *label)).collect(),
            people: names
                .iter()
                .filter(|(id, _)| *id != me)
                .map(|(id, name)| Choice::new(id.to_string(), name.clone()))
                .collect(),
            states: &STATES,
            names,
        })
    }

    /// Whether tasks that are over are asked for.
    pub fn is_over(&self) -> bool {
        self.state == "faites"
    }

    /// The one open state asked for, as tasks keep it.
    pub fn open_state(&self) -> Option<&'static str> {
        match self.state {
            "a-faire" => Some("to_do"),
            "en-cours" => Some("in_progress"),
            _ => None,
        }
    }

    /// How an address asks for the tasks of a state.
    pub fn code_of(state: &str) -> &'static str {
        match state {
            "to_do" => "a-faire",
            "in_progress" => "en-cours",
            _ => "faites",
        }
    }

    /// The name of whoever a task was given to; empty when it is nobody's.
    pub fn name_of(&self, account: Option<Id>) -> String {
        let found = self.names.iter().find(|(id, _)| Some(*id) == account);
        found.map(|(_, name)| name.clone()).unwrap_or_default()
    }
}

/// Whoever has or had a task, by name.
async fn assignees(tx: &mut Tx, network: Id) -> Result<Vec<(Id, String)>> {
    let sql = sql!(
        "select id, name from account where network_id = $1 ",
        "and 1 = (select 1 from task where task.network_id = $1 and task.assignee_id = account.id limit 1)"
    );
    let mut all: Vec<(Id, String)> = tx.all(sql, args![network]).await?;
    all.sort_by_cached_key(|(id, name)| (text::fold(name), *id));
    Ok(all)
}
