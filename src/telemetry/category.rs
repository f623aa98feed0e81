//! What a line of the log is about, so that one may look for that alone: said by the line itself, or told from the part of the
//! program it comes from.

/// Every category. `system` is what fits no other: start, stop, and the like.
pub const CATEGORIES: [&str; 8] =
    ["auth", "medical", "api", "security", "performance", "cache", "audit", "system"];

/// Parts of the program and what their lines are about; the first that fits counts.
const TARGETS: [(&str, &str); 16] = [
    ("taskmed::auth", "auth"),
    ("taskmed::access", "auth"),
    ("taskmed::features::sessions", "auth"),
    ("taskmed::features::people", "auth"),
    ("taskmed::security", "security"),
    ("taskmed::web::edge", "security"),
    ("taskmed::audit", "audit"),
    ("taskmed::features::audit", "audit"),
    ("taskmed::db::trail", "audit"),
    ("taskmed::cache", "cache"),
    ("taskmed::performance", "performance"),
    ("taskmed::db", "performance"),
    ("taskmed::features::contacts", "medical"),
    ("taskmed::features::appointments", "medical"),
    ("taskmed::request", "api"),
    ("taskmed::web", "api"),
];

/// Routes and what their requests are about; the first that fits counts.
const ROUTES: [(&str, &str); 8] = [
    ("/api/auth", "auth"),
    ("/api/audit", "audit"),
    ("/api/observability/cache", "cache"),
    ("/api/observability", "performance"),
    ("/api/contacts", "medical"),
    ("/api/appointments", "medical"),
    ("/api/agenda", "medical"),
    ("/api/calendar", "medical"),
];

/// What lines of a part of the program are about.
pub(super) fn of_target(target: &str) -> &'static str {
    of(&TARGETS, target).unwrap_or("system")
}

/// What the requests of a route are about.
pub fn of_route(route: &str) -> &'static str {
    of(&ROUTES, route).unwrap_or("api")
}

fn of(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(start, _)| name.starts_with(start)).map(|(_, category)| *category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_routes_fall_into_the_known_categories() {
        assert!(TARGETS.iter().chain(&ROUTES).all(|(_, category)| CATEGORIES.contains(category)));
        assert_eq!(of_target("taskmed::db::trail::sealer"), "audit");
        assert_eq!(of_target("taskmed::db::desk"), "performance");
        assert_eq!(of_target("taskmed::app"), "system");
        assert_eq!(of_route("/api/auth/login"), "auth");
        assert_eq!(of_route("/api/clinic/{clinic_id}/rooms"), "api");
    }
}
