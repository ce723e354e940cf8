//! `/espace/gouvernance/comites`: the committees that one may read.

use askama::Template;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Result, Tx, args, sql};

use super::committee::{self, Committee};
use super::policy::{Want, may, require};

struct Row {
    committee: Committee,
    seats: i64,
    voting: i64,
    objectives: i64,
}

#[derive(Template)]
#[template(path = "governance/committees.html")]
struct CommitteesPage {
    frame: Frame,
    rows: Vec<Row>,
    may_keep: bool,
}

pub async fn list(cx: Cx) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::List)?;
    let mut tx = cx.read().await?;
    let email = (!may(visitor, Want::ReadAll)).then_some(visitor.email.as_str());
    let committees = committee::visible_to(&mut tx, cx.network.id, email, cx.today()).await?;
    let counts = counts(&cx, &mut tx).await?;
    let rows = committees.into_iter().map(|committee| {
        let of = counts.iter().find(|(id, ..)| *id == committee.id);
        let (seats, voting, objectives) =
            of.map_or((0, 0, 0), |(_, seats, voting, objectives)| (*seats, *voting, *objectives));
        Row { committee, seats, voting, objectives }
    });
    Ok(page(&CommitteesPage {
        frame: cx.frame("Comités"),
        rows: rows.collect(),
        may_keep: may(visitor, Want::Keep),
    }))
}

/// Of each committee: its seats, those that vote, objectives in hand.
async fn counts(cx: &Cx, tx: &mut Tx) -> Result<Vec<(Id, i64, i64, i64)>> {
    let sql = sql!(
        "select c.id, (select count(*) from seat s where s.network_id = $1 and s.committee_id = c.id ",
        "and (s.ended_on is null or s.ended_on >= $2)), ",
        "(select count(*) from seat s where s.network_id = $1 and s.committee_id = c.id and s.is_voting ",
        "and (s.ended_on is null or s.ended_on >= $2)), ",
        "(select count(*) from objective o where o.network_id = $1 and o.committee_id = c.id and o.state = 'active') ",
        "from committee c where c.network_id = $1 limit 200"
    );
    tx.all(sql, args![cx.network.id, cx.today()]).await
}
