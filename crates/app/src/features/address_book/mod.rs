use kit::web::routes::Routes;
pub fn routes() -> Routes {
    Routes::new()
}
