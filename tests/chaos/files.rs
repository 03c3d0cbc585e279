//! A page's files.

use std::path::{Component, Path};

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};

/// One file of a folder, or that there is none.
pub(crate) async fn file(root: &Path, uri: &Uri) -> Result<(HeaderMap, Vec<u8>), StatusCode> {
    let path = match uri.path() {
        "/" => Path::new("index.html"),
        path => Path::new(path.trim_start_matches('/')),
    };
    let is_plain = |part| matches!(part, Component::Normal(_));
    if !path.components().all(is_plain) {
        return Err(StatusCode::NOT_FOUND);
    }
    let content = tokio::fs::read(root.join(path)).await;
    let content = content.map_err(|_| StatusCode::NOT_FOUND)?;
    let kind = match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    };
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok((headers, content))
}
