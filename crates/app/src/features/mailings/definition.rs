//! What a list is made of, as data: rules over the directory, members and exclusions by hand.

use kit::db::Id;
use serde::{Deserialize, Serialize};

/// Who is in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Definition {
    /// One rule is enough; else each must be met.
    pub any: bool,
    pub rules: Vec<Rule>,
    /// People and contacts added by hand, whatever the rules say.
    pub people: Vec<Id>,
    pub contacts: Vec<Id>,
    /// Those whom the directory does not know.
    pub others: Vec<Other>,
    /// Addresses left out, whatever the rules say.
    pub excluded: Vec<String>,
}

/// A condition: of this kind, one of these values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// A code of [`KINDS`].
    pub kind: String,
    pub values: Vec<String>,
}

/// Someone whom the directory does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    pub name: String,
    pub address: String,
}

/// Kinds of rules and what they are called.
pub const KINDS: [(&str, &str); 15] = [
    ("role", "Rôle"),
    ("standing", "Situation du promeneur"),
    ("charter", "Charte"),
    ("published", "Fiche publique"),
    ("audience", "Public accueilli"),
    ("theme", "Thème"),
    ("network", "Réseau social"),
    ("type", "Type de structure"),
    ("commune", "Commune"),
    ("epci", "Intercommunalité"),
    ("group", "Groupe territorial"),
    ("structure", "Structure"),
    ("partner_type", "Type de partenaire"),
    ("newcomer", "Entrée depuis moins de (mois)"),
    ("referent", "Référent de son organisation"),
];

/// Whom a rule of kind `role` can name.
pub const ROLES: [(&str, &str); 8] = [
    ("active", "Promeneurs en poste"),
    ("promeneur", "Tous les promeneurs, anciens compris"),
    ("manager", "Responsables de structures"),
    ("contact", "Contacts des partenaires"),
    ("structure_contact", "Contacts des structures"),
    ("account_coordinator", "Comptes « Coordination »"),
    ("account_caf", "Comptes « Caf »"),
    ("account_partner", "Comptes « Partenaire »"),
];

pub const AUDIENCES: [(&str, &str); 2] = [("jeunes", "Jeunes"), ("parents", "Parents")];
pub const PUBLISHED: [(&str, &str); 2] = [("yes", "Publiée"), ("no", "Non publiée")];

impl Rule {
    pub fn new(kind: &str, values: &[&str]) -> Self {
        Self { kind: kind.to_owned(), values: values.iter().map(|value| (*value).to_owned()).collect() }
    }
}

impl Definition {
    pub fn of(rules: Vec<Rule>) -> Self {
        Self { rules, ..Self::default() }
    }

    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The values of the rule of a kind.
    pub fn values(&self, kind: &str) -> &[String] {
        self.rules.iter().find(|rule| rule.kind == kind).map_or(&[], |rule| rule.values.as_slice())
    }

    /// Whether someone with these attributes meets the rules. A list without rules holds only who was added by hand.
    pub fn holds(&self, has: impl Fn(&str, &str) -> bool) -> bool {
        let met = |rule: &Rule| rule.values.iter().any(|value| has(&rule.kind, value));
        match (self.rules.is_empty(), self.any) {
            (true, _) => false,
            (false, true) => self.rules.iter().any(met),
            (false, false) => self.rules.iter().all(met),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_met_all_or_any() {
        let has = |kind: &str, value: &str| matches!((kind, value), ("role", "active") | ("theme", "health"));
        let both =
            Definition::of(vec![Rule::new("role", &["active"]), Rule::new("theme", &["work", "health"])]);
        assert!(both.holds(has));
        let neither = Definition::of(vec![Rule::new("role", &["active"]), Rule::new("theme", &["work"])]);
        assert!(!neither.holds(has));
        assert!(Definition { any: true, ..neither }.holds(has));
        assert!(!Definition::default().holds(has), "without a rule nobody comes in by herself");
    }

    #[test]
    fn a_definition_reads_as_it_was_written() {
        let written = Definition { excluded: vec!["a@b.fr".to_owned()], ..Definition::default() };
        assert_eq!(Definition::read(&written.write()), written);
        assert_eq!(Definition::read("autre chose"), Definition::default());
    }
}
