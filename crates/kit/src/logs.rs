//! Logs and measures. Logs never carry a secret: no cookie, no token, no body.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// Starts logging to standard error; a second call changes nothing.
pub fn start(json: bool) {
    let filter =
        EnvFilter::try_from_env("ESPLANADE_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if json { builder.json().try_init() } else { builder.compact().try_init() };
    // Only tests start twice, and the first start serves them all.
    drop(started);
}

/// The recorder of measures, one per process.
pub fn metrics() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            // Refused only when a recorder is there already, whose handle this is not: then nothing is shown.
            drop(metrics::set_global_recorder(recorder));
            handle
        })
        .clone()
}
