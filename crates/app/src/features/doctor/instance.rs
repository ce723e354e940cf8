//! The instance itself: disk, database, files, queue, jobs, backups.

use kit::db::{Id, Timestamp};
use kit::{App, Network, Result, args, jobs, sql};
use tokio::time::Instant;

use super::finding::Finding;

const DISK: &str = "Place sur le disque";
const DATABASE: &str = "Base de données";
const FILES: &str = "Fichiers";
const QUEUE: &str = "File d’envoi";
const JOBS: &str = "Travaux de fond";
const BACKUP: &str = "Sauvegardes";

/// Gibibytes under which the disk is to be watched, or mended.
const WATCH_DISK: u64 = 5;
const FIX_DISK: u64 = 1;
/// Milliseconds that a look into the database may take.
const SLOW: u128 = 200;
/// Minutes that a message may wait.
const LATE: i64 = 30;

/// Free space where data is kept.
pub fn disk(app: &App) -> Finding {
    let Ok(space) = rustix::fs::statvfs(&app.config.data_dir) else {
        return Finding::unknown("disk", DISK, "La place libre n’a pas pu être lue.");
    };
    let free = space.f_bavail.saturating_mul(space.f_frsize) / (1 << 30);
    let request = format!(
        "Bonjour, le disque qui porte nos données n’a plus que {free} Go libres. Merci d’en ajouter."
    );
    match free {
        free if free < FIX_DISK => Finding::fix(
            "disk",
            DISK,
            "Il reste moins d’un gigaoctet\u{a0}: l’instance va s’arrêter d’écrire.",
        )
        .asking(request),
        free if free < WATCH_DISK => {
            Finding::watch("disk", DISK, format!("Il reste {free}\u{a0}Go.")).asking(request)
        }
        free => Finding::good("disk", DISK, format!("Il reste {free}\u{a0}Go.")),
    }
}

/// Engine, steps of the schema, how fast it answers.
pub async fn database(app: &App) -> Finding {
    let looked = async {
        let began = Instant::now();
        let mut tx = app.db.read().await?;
        let steps: i64 = tx.value(sql!("select count(*) from schema_migration"), Vec::new()).await?;
        Ok::<_, kit::Error>((steps, began.elapsed().as_millis()))
    };
    let Ok((steps, took)) = looked.await else {
        return Finding::fix("database", DATABASE, "La base de données ne répond pas.");
    };
    let known = app.parts.migrations.len();
    let said =
        format!("{}, {steps} étapes de schéma sur {known}, réponse en {took}\u{a0}ms.", app.db.engine());
    match usize::try_from(steps) {
        Ok(steps) if steps != known => Finding::fix(
            "database",
            DATABASE,
            format!("{said} Le programme et la base ne sont pas de la même version."),
        ),
        _ if took > SLOW => Finding::watch("database", DATABASE, format!("{said} C’est lent.")),
        _ => Finding::good("database", DATABASE, said),
    }
}

/// Writes, reads and deletes a file.
pub async fn files(app: &App, network: Id) -> Finding {
    let tried = async {
        let bytes = "Esplanade".as_bytes().to_vec();
        let name = app.files.put(network, bytes.clone().into()).await?;
        let back = app.files.get(network, &name).await?;
        app.files.delete(network, &name).await?;
        Ok::<_, kit::Error>(back == bytes)
    };
    match tried.await {
        Ok(true) => Finding::good("files", FILES, "Un fichier s’écrit, se relit et s’efface."),
        Ok(false) => Finding::fix("files", FILES, "Un fichier ne se relit pas comme il a été écrit."),
        Err(error) => Finding::fix("files", FILES, "Un fichier n’a pas pu être écrit.").asking(format!(
            "Bonjour, notre logiciel ne peut pas écrire dans son espace de \
                fichiers\u{a0}: {error}. Merci d’en vérifier les droits."
        )),
    }
}

/// Messages that wait too long, and those that failed lately.
pub async fn queue(app: &App, network: &Network) -> Result<Finding> {
    let now = app.now();
    let mut tx = app.db.read().await?;
    // What is older than a month is history.
    let since = Id::new(now.plus_days(-30));
    let sql = sql!(
        "select count(*), min(due_at) from outbox where network_id = $1 and id > $2 and state = 'queued' \
            and due_at <= $3"
    );
    let (waiting, oldest): (i64, Option<Timestamp>) = tx.one(sql, args![network.id, since, now]).await?;
    let sql = sql!("select count(*) from outbox where network_id = $1 and id > $2 and state = 'failed'");
    let failed: i64 = tx.value(sql, args![network.id, Id::new(now.plus_days(-7))]).await?;
    let waits = oldest.map_or(0, |oldest| (now.0 - oldest.0) / 60_000_000);
    let many = |count: i64| if count > 1 { "s" } else { "" };
    Ok(match (waits > LATE, failed) {
        (true, _) => Finding::fix(
            "queue",
            QUEUE,
            format!(
                "{waiting} message{} attend{} depuis {waits}\u{a0}minutes.",
                many(waiting),
                if waiting > 1 { "ent" } else { "" }
            ),
        ),
        (false, 1..) => Finding::watch(
            "queue",
            QUEUE,
            format!(
                "{failed} message{} en échec depuis sept jours\u{a0}: voyez «\u{a0}Courriels envoyés\u{a0}».",
                many(failed)
            ),
        ),
        _ => Finding::good("queue", QUEUE, "Rien n’attend, aucun échec depuis sept jours."),
    })
}

/// Jobs that were given up.
pub async fn given_up(app: &App, network: &Network) -> Result<Finding> {
    let (waiting, given_up) = jobs::counts(&mut app.db.read().await?, network.id).await?;
    Ok(match given_up {
        0 => Finding::good("jobs", JOBS, format!("Aucun abandon, {waiting} en attente.")),
        _ => Finding::watch(
            "jobs",
            JOBS,
            format!(
                "{given_up} abandonnés après plusieurs essais\u{a0}: les journaux de l’instance en \
                    disent la raison."
            ),
        ),
    })
}

/// Nothing saves by itself yet: said as it is, with what to do meanwhile.
pub fn backup(app: &App) -> Finding {
    let data = app.config.data_dir.display();
    let how = app.db.copied_by();
    Finding::fix(
        "backup",
        BACKUP,
        "L’instance ne se sauvegarde pas elle-même\u{a0}: rien ne prouve \
        qu’une copie récente existe.",
    )
    .asking(format!(
        "Bonjour, merci de sauvegarder chaque nuit, sur une autre machine, la base de données (par \
            «\u{a0}{how}\u{a0}») et le dossier {data} (fichiers et secret.key), de \
         garder trente jours, et d’essayer une restauration par trimestre."
    ))
}
