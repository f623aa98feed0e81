//! Signing in and out, the lock, one's own password, sessions and preferences.
pub mod api;
pub mod door;
pub mod model;
pub mod prove;
pub mod store;

use crate::web::{Route, Weight, delete, get, patch, post};

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![
        post("/api/auth/login", "Sign in", api::sign_in).also(&[401, 429]).weighing(Weight::Always),
        post("/api/auth/accept-invite", "Use a one-time code and choose a password", api::accept_invite)
            .also(&[401, 429])
            .weighing(Weight::Always),
        post("/api/auth/logout", "Sign out", api::sign_out).weighing(Weight::Always),
        post("/api/auth/lock", "Lock the screen", api::lock),
        post("/api/auth/unlock", "Unlock it with the password", api::unlock),
        get("/api/auth/session", "Who is signed in", api::show),
        post("/api/auth/password", "Choose a new password; other sessions end", api::change_password),
        patch("/api/auth/preferences", "Language, theme, density, shortcuts", api::prefer),
        get("/api/auth/sessions", "One's open sessions", api::list),
        delete("/api/auth/sessions/{id}", "End one of them", api::close),
    ]
}
