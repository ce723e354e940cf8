//! `/espace/communes.json`: official communes that a typed beginning may mean.

use axum::response::Response;
use kit::web::cx::Query;
use kit::web::respond::json;
use kit::{Cx, Result, territory};

pub async fn suggest(cx: Cx, query: Query) -> Result<Response> {
    Ok(json(&suggestions(query.0.get("q"), &cx.network.code)))
}

/// `[{value, label, hint}]`, for a list to choose from while typing.
pub fn suggestions(typed: &str, departement: &str) -> serde_json::Value {
    let typed: String = typed.chars().take(60).collect();
    territory::suggest(&typed, departement, 8)
        .into_iter()
        .map(|commune| {
            let former = match commune.former_names.is_empty() {
                true => String::new(),
                false => format!(" (avec {})", commune.former_names.join(", ")),
            };
            serde_json::json!({
                "value": commune.name,
                "label": commune.name,
                "hint": format!("{}{former}", commune.postcodes.first().map_or("", String::as_str)),
            })
        })
        .collect()
}
