//! « Ma journée », `/espace`: what is due, what is missing, what happened. For a promeneur or a manager, the
//! way to their own sheet.

mod policy;
mod today;

use kit::web::routes::Routes;

pub fn routes() -> Routes {
    Routes::new().get("/espace", today::show)
}
