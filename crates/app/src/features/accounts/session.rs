//! Sessions: one per browser, known by the hash of its cookie.

use kit::db::{Id, Timestamp};
use kit::visitor::SESSION_DAYS;
use kit::{Actor, Result, Tx, args, chance, sql};

kit::table! {
    /// A browser that is signed in.
    pub struct Session in "session" {
        pub account_id: Id,
        #[serde(skip)]
        pub token_hash: String,
        pub agent: String,
        pub address: String,
        pub created_at: Timestamp,
        pub last_seen_at: Timestamp,
        pub expires_at: Timestamp,
    }
}

impl Session {
    /// « Firefox sous Windows ».
    pub fn device(&self) -> String {
        device(&self.agent)
    }
}

/// Opens a session and returns its token, which is stored nowhere.
pub async fn open(tx: &mut Tx, actor: &Actor, account: Id, agent: &str) -> Result<String> {
    let token = chance::token();
    let session = Session {
        network_id: actor.network_id,
        id: Id::new(actor.now),
        account_id: account,
        token_hash: chance::token_hash(&token),
        agent: agent.to_owned(),
        address: actor.address.clone(),
        created_at: actor.now,
        last_seen_at: actor.now,
        expires_at: actor.now.plus_days(SESSION_DAYS),
    };
    tx.insert(&[session]).await?;
    Ok(token)
}

/// The sessions of an account that are still good, last used first.
pub async fn of_account(tx: &mut Tx, network: Id, account: Id, now: Timestamp) -> Result<Vec<Session>> {
    let sql = sql!(
        "select network_id, id, account_id, token_hash, agent, address, created_at, last_seen_at, expires_at ",
        "from session where network_id = $1 and account_id = $2 and expires_at > $3 ",
        "order by last_seen_at desc, id desc limit 200"
    );
    tx.all(sql, args![network, account, now]).await
}

/// Ends one session of an account; says whether there was one.
pub async fn end(tx: &mut Tx, network: Id, account: Id, session: Id) -> Result<bool> {
    let sql = sql!("delete from session where network_id = $1 and account_id = $2 and id = $3");
    Ok(tx.run(sql, args![network, account, session]).await? > 0)
}

/// Ends every session of an account, but for one that may be kept.
pub async fn end_all(tx: &mut Tx, network: Id, account: Id, keep: Option<Id>) -> Result<u64> {
    let sql = sql!(
        "delete from session where network_id = $1 and account_id = $2 ",
        "and (cast($3 as text) is null or id <> $3)"
    );
    tx.run(sql, args![network, account, keep]).await
}

/// The browser and its system, in words, from what it says of itself.
fn device(agent: &str) -> String {
    let browsers = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let known =
        |names: &[(&str, &'static str)]| names.iter().find(|(sign, _)| agent.contains(sign)).map(|n| n.1);
    match (known(&browsers), known(&systems)) {
        (Some(browser), Some(system)) => format!("{browser} sur {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "Navigateur inconnu".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_in_words() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0";
        let safari =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148 Safari/604.1";
        assert_eq!(device(edge), "Edge sur Windows");
        assert_eq!(device(safari), "Safari sur iPhone");
        assert_eq!(
            device("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"),
            "Firefox sur Linux"
        );
        assert_eq!(device(""), "Navigateur inconnu");
    }
}
