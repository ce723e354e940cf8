//! `/`: what a Promeneur du Net is, in one screen, and how to find one.

use askama::Template;
use axum::response::Response;
use kit::db::Id;
use kit::db::facets::{self, Walk};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{json, page};
use kit::{Cx, Result, Tx, args, sql};

use super::linked_data;
use super::shown::{self, Listed};
use crate::features::directory::office_hours::Moment;
use crate::features::directory::suggestions;
use crate::features::publications::{self, Teaser};

/// News on the home page.
const MOST_NEWS: usize = 3;

#[derive(Template)]
#[template(path = "site/home.html")]
struct HomePage {
    frame: Frame,
    of: String,
    people: i64,
    structures: i64,
    online: usize,
    shown: Vec<Listed>,
    news: Vec<Teaser>,
}

pub async fn show(cx: Cx) -> Result<Response> {
    let mut tx = cx.read().await?;
    let online = online_now(&cx, &mut tx).await?;
    let walk = Walk { facet: "public".to_owned(), ..Walk::default() };
    let mut ids: Vec<Id> = online.iter().copied().take(6).collect();
    if ids.len() < 6 {
        let (places, _) = facets::places(&mut tx, cx.network.id, &walk, &Default::default(), 6).await?;
        let others: Vec<Id> =
            places.into_iter().map(|p| p.subject_id).filter(|id| !ids.contains(id)).collect();
        ids.extend(others.into_iter().take(6 - ids.len()));
    }
    let counted = sql!(
        "select cast(coalesce(sum(case when facet = 'public' then total else 0 end), 0) as bigint), ",
        "cast(coalesce(sum(case when facet = 'public.structure' then total else 0 end), 0) as bigint) ",
        "from facet_total where network_id = $1 and facet in ('public', 'public.structure') and value = ''"
    );
    let (people, structures): (i64, i64) = tx.one(counted, args![cx.network.id]).await?;
    let of = cx.network.of();
    let (news, _) = publications::latest_news(&cx, &mut tx, "", MOST_NEWS).await?;
    Ok(page(&HomePage {
        frame: cx.frame(format!("Les Promeneurs du Net {of}")).describe(format!(
            "Trouvez un Promeneur du Net {of} : des professionnels de la jeunesse présents en ligne, sous leur vrai nom."
        )).link(&linked_data::site(&cx)),
        of,
        people,
        structures,
        online: online.len(),
        shown: shown::load(&cx, &mut tx, &ids).await?,
        news,
    }))
}

/// Published promeneurs whose office hours cover this minute.
pub async fn online_now(cx: &Cx, tx: &mut Tx) -> Result<Vec<Id>> {
    let moment = Moment::of(&cx.network, cx.now);
    let sql = sql!(
        "select distinct p.id, p.name_key from office_hours h join person p on p.network_id = h.network_id ",
        "and p.id = h.person_id join facet f on f.network_id = p.network_id and f.subject_id = p.id ",
        "and f.facet = 'public' and f.value = '' where h.network_id = $1 and h.weekday = $2 ",
        "and h.period in ($5, $6) and h.from_minute <= $3 and h.to_minute > $3 and ',' || p.visible || ',' like '%,office_hours,%' ",
        "and not exists (select 1 from office_hours_exception e where e.network_id = h.network_id ",
        "and e.person_id = h.person_id and e.day = $4) order by p.name_key limit 400"
    );
    let [always, today] = moment.periods();
    let args = args![cx.network.id, moment.weekday, moment.minute, moment.today, always, today];
    let rows: Vec<(Id, String)> = tx.all(sql, args).await?;
    Ok(rows.into_iter().map(|(id, _)| id).collect())
}

/// `/communes.json`: for the field where one types where one lives.
pub async fn communes(cx: Cx, query: Query) -> Result<Response> {
    Ok(json(&suggestions(query.0.get("q"), &cx.network.code)))
}
