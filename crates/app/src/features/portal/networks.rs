//! The networks of the instance and what each has published.

use kit::{Network, Result, Tx, sql};

/// A network with its figures.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Counted {
    #[sqlx(flatten)]
    pub network: Network,
    /// Published promeneurs.
    pub people: i64,
    /// Published structures.
    pub structures: i64,
}

/// Every network, in the order of the codes of their départements.
pub async fn all(tx: &mut Tx) -> Result<Vec<Counted>> {
    let sql = sql!(
        "select n.id, n.code, n.name, n.slug, n.host, n.accent, n.settings, n.menu, n.lists_version, n.created_at, ",
        "coalesce(p.total, 0) as people, coalesce(s.total, 0) as structures from network n ",
        "left join facet_total p on p.network_id = n.id and p.facet = 'public' and p.value = '' ",
        "left join facet_total s on s.network_id = n.id and s.facet = 'public.structure' and s.value = '' ",
        "order by n.code, n.ordinal"
    );
    tx.all(sql, Vec::new()).await
}
