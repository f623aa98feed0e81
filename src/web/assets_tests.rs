//! What a browser gets for the page, for its files, and for everything else under `/ui/`.
use poem::test::{TestClient, TestResponse};
use poem::{Endpoint, Route};

use super::*;

fn site() -> TestClient<impl Endpoint> {
    let routes = PAGES.iter().fold(Route::new(), |routes, path| routes.at(*path, page));
    TestClient::new(routes.at(ASSETS, asset))
}

fn in_ui(path: &str) -> String {
    format!("/ui/{BUILD_ID}/{path}")
}

fn header_of(response: &TestResponse, name: &str) -> String {
    response.0.header(name).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_page_names_the_build_and_is_asked_for_anew() {
    for path in ["/", "/agenda", "/contacts/7", "/contacts/7/records"] {
        let response = site().get(path).send().await;
        response.assert_status_is_ok();
        assert_eq!(header_of(&response, "cache-control"), "no-cache");
        assert_eq!(header_of(&response, "content-type"), "text/html; charset=utf-8");
        let text = response.0.into_body().into_string().await.unwrap();
        assert!(text.contains(&in_ui("app.js")), "{text}");
        assert!(MARKS.iter().all(|mark| !text.contains(mark)));
    }
}

#[tokio::test]
async fn a_known_etag_costs_no_body() {
    for path in ["/".to_owned(), in_ui("app.js")] {
        let first = site().get(&path).send().await;
        let etag = header_of(&first, "etag");
        assert!(etag.starts_with('"') && etag.ends_with('"') && etag.len() == 34, "{etag}");
        for known in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}"), "*".to_owned()] {
            let again = site().get(&path).header("if-none-match", known).send().await;
            again.assert_status(StatusCode::NOT_MODIFIED);
            assert_eq!(header_of(&again, "etag"), etag);
        }
        site().get(&path).header("if-none-match", "\"other\"").send().await.assert_status_is_ok();
    }
}

#[tokio::test]
async fn files_have_their_types_and_caching() {
    let types = [("app.js", "text/javascript; charset=utf-8"), ("icons.svg", "image/svg+xml")];
    for (path, content_type) in types {
        let response = site().get(in_ui(path)).send().await;
        response.assert_status_is_ok();
        assert_eq!(header_of(&response, "content-type"), content_type);
        assert_eq!(header_of(&response, "vary"), "accept-encoding");
        let for_ever = header_of(&response, "cache-control").contains("immutable");
        assert_eq!(for_ever, !cfg!(debug_assertions));
    }
}

#[tokio::test]
async fn head_answers_like_get_without_a_body() {
    let got = site().get(in_ui("app.js")).send().await;
    let head = site().head(in_ui("app.js")).send().await;
    head.assert_status_is_ok();
    for name in ["content-length", "content-type", "etag"] {
        assert_eq!(header_of(&head, name), header_of(&got, name));
    }
    assert!(head.0.into_body().into_bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_document() {
    let wrong = [
        "/ui/0123456789abcdef/app.js".to_owned(),
        "/ui/app.js".to_owned(),
        in_ui("gone.js"),
        in_ui(""),
        in_ui("../Cargo.toml"),
        in_ui("..%2fCargo.toml"),
        in_ui("%2e%2e/Cargo.toml"),
        in_ui("styles/../../Cargo.toml"),
        in_ui("..\\Cargo.toml"),
        in_ui("/etc/passwd"),
        in_ui("types/api.d.ts"),
        in_ui("app.js.br"),
        in_ui("styles"),
    ];
    for path in wrong {
        let response = site().get(&path).send().await;
        response.assert_status(StatusCode::NOT_FOUND);
        response.assert_content_type("application/problem+json");
    }
    let response = site().post(in_ui("app.js")).send().await;
    response.assert_status(StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(header_of(&response, "allow"), "GET, HEAD");
}

#[tokio::test]
async fn releases_send_what_the_browser_can_unpack() {
    let path = in_ui("app.js");
    let plain = site().get(&path).send().await;
    assert_eq!(header_of(&plain, "content-encoding"), "");
    for accepted in ["br", "gzip, br;q=0.5"] {
        let packed = site().get(&path).header("accept-encoding", accepted).send().await;
        packed.assert_status_is_ok();
        let expected = if cfg!(debug_assertions) { "" } else { "br" };
        assert_eq!(header_of(&packed, "content-encoding"), expected);
        assert_eq!(header_of(&packed, "etag") == header_of(&plain, "etag"), cfg!(debug_assertions));
    }
    for refused in ["gzip", "br;q=0", ""] {
        let plain = site().get(&path).header("accept-encoding", refused).send().await;
        assert_eq!(header_of(&plain, "content-encoding"), "");
    }
}
