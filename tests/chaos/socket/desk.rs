//! The page's own server: its files, what it begins with, what it tells.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use anyhow::Result;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::notes::Notes;
use crate::files;

/// The page, as the stub knows it.
pub(crate) const CLIENT: &str = "page";

/// Serves until it is dropped.
#[derive(Debug)]
pub(crate) struct Desk {
    port: u16,
    table: Arc<Table>,
    serving: JoinHandle<()>,
}

#[derive(Debug)]
struct Table {
    root: PathBuf,
    hello: Value,
    notes: Arc<Mutex<Notes>>,
    stops: Mutex<bool>,
}

impl Desk {
    pub(crate) async fn serve(root: PathBuf, hello: Value) -> Result<Desk> {
        let table = Arc::new(Table {
            root,
            hello,
            notes: Arc::new(Mutex::new(Notes::new())),
            stops: Mutex::new(false),
        });
        let app = Router::new()
            .route("/hello", post(begin))
            .route("/told", post(told))
            .fallback(get(file))
            .with_state(table.clone());
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let serving = tokio::spawn(async move {
            // Serving has no end but this task's.
            let _ = axum::serve(listener, app).await;
        });
        Ok(Desk {
            port,
            table,
            serving,
        })
    }

    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/socket.html", self.port)
    }

    pub(crate) fn notes(&self) -> MutexGuard<'_, Notes> {
        self.table.notes.lock().expect("nobody panics")
    }

    pub(crate) fn shared_notes(&self) -> &Arc<Mutex<Notes>> {
        &self.table.notes
    }

    /// Has the page hand in nothing more.
    pub(crate) fn stop(&self) {
        *self.table.stops.lock().expect("nobody panics") = true;
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn begin(State(table): State<Arc<Table>>) -> Json<Value> {
    Json(table.hello.clone())
}

/// What the page tells; it is answered whether it is to go on.
async fn told(State(table): State<Arc<Table>>, Json(said): Json<Value>) -> Json<Value> {
    table.notes.lock().expect("nobody panics").hear(&said);
    let stops = *table.stops.lock().expect("nobody panics");
    Json(json!({ "stop": stops }))
}

async fn file(
    State(table): State<Arc<Table>>,
    uri: Uri,
) -> Result<(HeaderMap, Vec<u8>), StatusCode> {
    files::file(&table.root, &uri).await
}
