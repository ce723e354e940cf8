//! The map of the network: communes, EPCI, where posts are and where none is. Drawn by the server from the
//! official contours; used by the private page and by the public one.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use kit::db::Id;
use kit::territory::{self, Contours};
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page};
use kit::{Cx, Fields, Result, Tx, args, sql};

use super::policy::{Want, may, require};

/// A commune with something in it.
#[derive(Clone, Debug)]
pub struct Pin {
    pub x: f64,
    pub y: f64,
    pub commune: String,
    pub insee: String,
    pub posts: i64,
    pub label: String,
    pub url: String,
}

/// A group of communes, and whether anyone is there.
#[derive(Clone, Debug)]
pub struct Zone {
    pub name: String,
    pub code: String,
    pub d: String,
    pub posts: i64,
}

/// What is drawn.
pub struct Map {
    pub contours: Option<Arc<Contours>>,
    pub pins: Vec<Pin>,
    pub zones: Vec<Zone>,
}

impl Map {
    pub fn with_posts(&self) -> HashSet<&str> {
        self.pins.iter().map(|pin| pin.insee.as_str()).collect()
    }

    pub fn has(&self, insee: &str) -> bool {
        self.pins.iter().any(|pin| pin.insee == insee)
    }

    pub fn white_zones(&self) -> Vec<&Zone> {
        self.zones.iter().filter(|zone| zone.posts == 0).collect()
    }

    /// The view box, padded so that strokes at the edge are not cut.
    pub fn view_box(&self) -> String {
        let (width, height) = self.contours.as_ref().map_or((1000.0, 1000.0), |c| (c.width, c.height));
        format!("-8 -8 {} {}", width + 16.0, height + 16.0)
    }
}

/// The map of a département with what is counted per commune: INSEE code → how many.
pub fn draw(
    departement: &str,
    counted: &BTreeMap<String, i64>,
    url: impl Fn(&str) -> String,
    one: &str,
    many: &str,
) -> Map {
    let contours = territory::contours(departement);
    let mut by_epci: HashMap<&str, i64> = HashMap::new();
    let mut pins = Vec::new();
    for (insee, count) in counted {
        let Some(commune) = territory::commune(insee) else { continue };
        *by_epci.entry(commune.epci.as_str()).or_default() += count;
        let (Some(contours), Some(latitude), Some(longitude)) =
            (&contours, commune.latitude, commune.longitude)
        else {
            continue;
        };
        if commune.departement != departement {
            continue;
        }
        let (x, y) = contours.place(latitude, longitude);
        pins.push(Pin {
            x: x.round(),
            y: y.round(),
            commune: commune.name.clone(),
            insee: insee.clone(),
            posts: *count,
            label: format!("{}\u{a0}: {count} {}", commune.name, if *count > 1 { many } else { one }),
            url: url(insee),
        });
    }
    let zones = contours.as_ref().map(|c| zones(c, &by_epci)).unwrap_or_default();
    Map { contours, pins, zones }
}

fn zones(contours: &Contours, by_epci: &HashMap<&str, i64>) -> Vec<Zone> {
    let mut zones: Vec<Zone> = contours
        .epci
        .iter()
        .map(|shape| Zone {
            name: territory::epci(&shape.code).map_or_else(|| shape.code.clone(), |e| e.name.clone()),
            code: shape.code.clone(),
            d: shape.d.clone(),
            posts: by_epci.get(shape.code.as_str()).copied().unwrap_or(0),
        })
        .collect();
    zones.sort_by_key(|zone| kit::text::fold(&zone.name));
    zones
}

/// Posts held today, per commune.
async fn posts_by_commune(tx: &mut Tx, network: Id, today: kit::Date) -> Result<BTreeMap<String, i64>> {
    let sql = sql!(
        "select s.insee_code, count(*) from mandate m join structure s on s.network_id = m.network_id ",
        "and s.id = m.structure_id where m.network_id = $1 and m.deleted_at is null and m.person_id is not null ",
        "and (m.ended_on is null or m.ended_on > $2) and (m.started_on is null or m.started_on <= $2) ",
        "and s.deleted_at is null and s.insee_code is not null group by s.insee_code"
    );
    let rows: Vec<(String, i64)> = tx.all(sql, args![network, today]).await?;
    Ok(rows.into_iter().collect())
}

kit::table! {
    /// Communes worked with together (« groupe territorial »).
    pub struct TerritorialGroup in "territorial_group": versioned {
        pub name: String,
        pub name_key: String,
        /// INSEE codes joined by commas.
        pub communes: String,
        pub created_at: kit::Timestamp,
        pub updated_at: kit::Timestamp,
        pub deleted_at: Option<kit::Timestamp>,
    }
}

struct Group {
    group: TerritorialGroup,
    communes: String,
    posts: i64,
}

#[derive(Template)]
#[template(path = "directory/map.html")]
struct MapPage {
    frame: Frame,
    map: Map,
    groups: Vec<Group>,
    form: Fields,
    may_keep: bool,
}

async fn map_page(cx: &Cx, form: Fields) -> Result<MapPage> {
    let visitor = cx.visitor()?;
    require(visitor, Want::ReadNetwork)?;
    let mut tx = cx.read().await?;
    let counted = posts_by_commune(&mut tx, cx.network.id, cx.today()).await?;
    let url = |insee: &str| format!("/espace/reseau/promeneurs?commune={insee}");
    let mut groups: Vec<TerritorialGroup> = tx.all_of(cx.network.id).await?;
    groups.retain(|g| g.deleted_at.is_none());
    groups.sort_by(|a, b| a.name_key.cmp(&b.name_key));
    let groups = groups
        .into_iter()
        .map(|group| {
            let codes: Vec<&str> = group.communes.split(',').collect();
            let names: Vec<&str> =
                codes.iter().filter_map(|c| territory::commune(c)).map(|c| c.name.as_str()).collect();
            Group {
                communes: names.join(", "),
                posts: codes.iter().filter_map(|code| counted.get(*code)).sum(),
                group: group.clone(),
            }
        })
        .collect();
    Ok(MapPage {
        frame: cx.frame("Carte du réseau"),
        map: draw(&cx.network.code, &counted, url, "promeneur", "promeneurs"),
        groups,
        form,
        may_keep: may(visitor, Want::Keep),
    })
}

pub async fn show(cx: Cx) -> Result<Response> {
    Ok(page(&map_page(&cx, Fields::default()).await?))
}

/// Adds a territorial group, or removes one.
pub async fn group(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    if let Ok(id) = form.get("supprimer").parse::<Id>() {
        let mut tx = cx.write().await?;
        let mut group: TerritorialGroup = tx.get(cx.network.id, id).await?;
        group.deleted_at = Some(cx.now);
        tx.save(&mut group).await?;
        record(&mut tx, &cx, "territorial_group.removed", &group).await?;
        tx.commit().await?;
        return Ok(go_saying("/espace/reseau/carte", "Groupe supprimé."));
    }
    let name = form.required("nom", 80, "Donnez un nom au groupe.");
    let mut codes = Vec::new();
    for typed in form
        .get("communes")
        .split([',', ';', '\n'])
        .map(str::trim)
        .filter(|t| !t.is_empty())
        .map(str::to_owned)
        .collect::<Vec<_>>()
    {
        match territory::named(&typed, None, &cx.network.code) {
            Some(commune) => codes.push(commune.code.clone()),
            None => form.reject("communes", format!("« {typed} » n’est pas une commune connue.")),
        }
    }
    if codes.is_empty() {
        form.reject("communes", "Indiquez au moins une commune.");
    }
    if form.check().is_err() {
        return Ok(kit::web::respond::refused(&map_page(&cx, form).await?));
    }
    let group = TerritorialGroup {
        network_id: cx.network.id,
        id: Id::new(cx.now),
        name_key: kit::text::fold(&name),
        name,
        communes: codes.join(","),
        created_at: cx.now,
        updated_at: cx.now,
        deleted_at: None,
        version: 1,
    };
    let mut tx = cx.write().await?;
    tx.insert(std::slice::from_ref(&group)).await?;
    record(&mut tx, &cx, "territorial_group.added", &group).await?;
    tx.commit().await?;
    Ok(go_saying("/espace/reseau/carte", "Groupe ajouté."))
}

async fn record(tx: &mut Tx, cx: &Cx, action: &'static str, group: &TerritorialGroup) -> Result<()> {
    let subject = kit::trail::Subject::new("territorial_group", group.id, group.name.clone());
    kit::trail::record(tx, &cx.actor(), kit::trail::Act::new(action, subject).after(group)).await.map(|_| ())
}
