//! Who may no longer be at a text is shown out, also when they only read it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::room::Room;
use crate::db::Id;
use crate::error::Error;
use crate::visitor::Visitor;

impl Room {
    /// Shows out who may no longer be here. Whoever writes is looked at when they do; this is for those who only read.
    pub(super) async fn look_at_rights(&mut self) {
        let mut sessions: BTreeMap<Id, (Arc<Visitor>, Vec<u64>)> = BTreeMap::new();
        for (number, member) in &self.members {
            let session = sessions.entry(member.visitor.session_id);
            session.or_insert_with(|| (member.visitor.clone(), Vec::new())).1.push(*number);
        }
        if sessions.is_empty() {
            return;
        }
        let (now, subject) = (self.app.now(), self.subject.clone());
        let looked = async {
            let mut tx = self.app.db.read().await?;
            let mut gone = Vec::new();
            for (visitor, numbers) in sessions.into_values() {
                match subject.check_writer(&mut tx, &visitor, now).await {
                    Ok(()) => {}
                    Err(error @ (Error::Forbidden | Error::NotFound | Error::Refused(_))) => {
                        gone.push((numbers, error));
                    }
                    Err(error) => return Err(error),
                }
            }
            Ok(gone)
        };
        match looked.await {
            Ok(gone) => {
                for (number, error) in
                    gone.iter().flat_map(|(all, error)| all.iter().map(move |one| (*one, error)))
                {
                    self.show_out(number, error);
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the rights of those at a shared text could not be looked at")
            }
        }
    }
}
