//! `/espace/reglages/compte/notifications`: of what one is told, how often, and when not.

use askama::Template;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Choice, Cx, Fields, Result, Tx, args, sql};

use super::PREFERENCES;
use super::notification::{self, Chosen};
use super::policy::{Want, require};
use super::quiet::{self, QuietHours};
use super::topic::{TOPICS, Topic, rhythms};

#[derive(Template)]
#[template(path = "notifications/preferences.html")]
struct PreferencesPage {
    frame: Frame,
    form: Fields,
    topics: Vec<Line>,
    rhythms: Vec<Choice>,
    email: String,
}

/// A topic with the names of its fields.
struct Line {
    topic: &'static Topic,
    rhythm: String,
    screen: String,
}

/// The topics that who asks can be told of.
fn topics(cx: &Cx) -> Result<Vec<Line>> {
    let roles = &cx.visitor()?.roles;
    let line = |topic: &'static Topic| Line {
        rhythm: format!("courriel-{}", topic.code),
        screen: format!("ecran-{}", topic.code),
        topic,
    };
    Ok(TOPICS.iter().filter(|topic| topic.is_for(roles)).map(line).collect())
}

async fn preferences_page(cx: &Cx, tx: &mut Tx) -> Result<PreferencesPage> {
    let (network, me) = (cx.network.id, cx.visitor()?);
    let chosen = notification::choices_of(tx, network, me.account_id).await?;
    let quiet: Option<QuietHours> = tx.all_in(network, "id", &[me.account_id]).await?.pop();
    let quiet = quiet.unwrap_or_else(|| QuietHours::usual(network, me.account_id));
    let mut form = Fields::of([("debut", quiet::write(quiet.starts)), ("fin", quiet::write(quiet.ends))]);
    form.set("dimanche", if quiet.sundays { "1" } else { "" });
    let topics = topics(cx)?;
    for line in &topics {
        let of_topic = chosen.iter().find(|chosen| chosen.topic == line.topic.code);
        let (rhythm, on_screen) = notification::wanted(line.topic, of_topic);
        form.set(&line.rhythm, rhythm);
        form.set(&line.screen, if on_screen { "1" } else { "" });
    }
    let frame = cx.frame("De quoi être prévenu·e");
    Ok(PreferencesPage { frame, form, topics, rhythms: rhythms(), email: me.email.clone() })
}

pub async fn show(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Own(cx.visitor()?.account_id))?;
    let mut tx = cx.read().await?;
    Ok(page(&preferences_page(&cx, &mut tx).await?))
}

pub async fn save(cx: Cx, mut form: Fields) -> Result<Response> {
    let me = cx.visitor()?.account_id;
    require(cx.visitor()?, Want::Own(me))?;
    let mut tx = cx.write().await?;
    let mut page = preferences_page(&cx, &mut tx).await?;
    let (chosen, quiet) = read(&cx, &mut form, &page, me);
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    for chosen in &chosen {
        notification::choose(&mut tx, chosen).await?;
    }
    keep_quiet(&mut tx, &quiet).await?;
    tx.commit().await?;
    Ok(go_saying(PREFERENCES, "C’est noté."))
}

/// Reads the form; what is wrong is noted in it.
fn read(cx: &Cx, form: &mut Fields, page: &PreferencesPage, me: Id) -> (Vec<Chosen>, QuietHours) {
    let mut chosen = Vec::new();
    for line in &page.topics {
        match form.choice(&line.rhythm, &page.rhythms) {
            Some(rhythm) => chosen.push(Chosen {
                network_id: cx.network.id,
                id: Id::new(cx.now),
                account_id: me,
                topic: line.topic.code.to_owned(),
                rhythm,
                on_screen: form.flag(&line.screen),
            }),
            None => form.reject(&line.rhythm, "Choisissez un rythme."),
        }
    }
    let mut quiet = QuietHours::usual(cx.network.id, me);
    quiet.sundays = form.flag("dimanche");
    for name in ["debut", "fin"] {
        if form.get(name).is_empty() {
            form.reject(name, "Indiquez une heure. Deux heures égales\u{a0}: aucune heure tranquille.");
        }
    }
    quiet.starts = form.parse("debut", quiet::read).unwrap_or(quiet.starts);
    quiet.ends = form.parse("fin", quiet::read).unwrap_or(quiet.ends);
    (chosen, quiet)
}

async fn keep_quiet(tx: &mut Tx, quiet: &QuietHours) -> Result<()> {
    let sql = sql!(
        "insert into quiet_hours (network_id, id, starts, ends, sundays) values ($1, $2, $3, $4, $5) ",
        "on conflict (network_id, id) do update set starts = excluded.starts, ends = excluded.ends, ",
        "sundays = excluded.sundays"
    );
    let args = args![quiet.network_id, quiet.id, quiet.starts, quiet.ends, quiet.sundays];
    tx.run(sql, args).await.map(|_| ())
}
