//! The page's own server: its files, what a tab is to do next, what it tells.
//!
//! What to do next is told over a WebSocket: questions that wait for an answer would be six of the six connections that a browser has to one
//! server, and everything else of every tab would wait for them.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use anyhow::Result;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use axum::routing::{any, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::book::{Attempt, Book, Told};
use crate::cast::{NOBODY, USERS, identity, known};
use crate::files;

/// Serves until it is dropped.
#[derive(Debug)]
pub(crate) struct Site {
    port: u16,
    desk: Arc<Desk>,
    serving: JoinHandle<()>,
}

#[derive(Debug)]
struct Desk {
    root: PathBuf,
    /// What every page is told as it begins.
    hello: Value,
    book: Mutex<Book>,
    ordered: Notify,
}

impl Site {
    pub(crate) async fn serve(root: PathBuf, hello: Value) -> Result<Site> {
        let desk = Arc::new(Desk {
            root,
            hello,
            book: Mutex::new(Book::new()),
            ordered: Notify::new(),
        });
        let app = Router::new()
            .route("/hello", post(begin))
            .route("/words", any(words))
            .route("/told", post(told))
            .route("/attempt", post(attempt))
            .fallback(get(file))
            .with_state(desk.clone());
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let serving = tokio::spawn(async move {
            // Serving has no end but this task's.
            let _ = axum::serve(listener, app).await;
        });
        Ok(Site {
            port,
            desk,
            serving,
        })
    }

    /// Where a tab begins.
    pub(crate) fn address(&self, tab: usize) -> String {
        format!("http://127.0.0.1:{}/?tab={tab}", self.port)
    }

    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.desk.book.lock().expect("nobody panics")
    }

    /// Tells a tab what to do next.
    pub(crate) fn order(&self, tab: usize, word: Value) {
        if let Some(sheet) = self.book().tabs.get_mut(tab) {
            sheet.words.push_back(word);
        }
        self.desk.ordered.notify_waiters();
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

type Words = Json<Value>;

/// A page has begun.
async fn begin(State(desk): State<Arc<Desk>>, Json(said): Words) -> Words {
    let mut hello = desk.hello.clone();
    let mut book = desk.book.lock().expect("nobody panics");
    let tab = number(&said, "tab");
    if let Some(sheet) = book.tabs.get_mut(tab) {
        sheet.life += 1;
        sheet.words.clear();
        sheet.tokens.clear();
        hello["life"] = sheet.life.into();
        hello["user"] = json!(identity(sheet.user));
    }
    book.note(tab, true);
    Json(hello)
}

/// Which life of which tab listens.
#[derive(Debug, Deserialize)]
struct Listener {
    tab: usize,
    life: u64,
}

async fn words(
    State(desk): State<Arc<Desk>>,
    Query(listener): Query<Listener>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.on_upgrade(async move |socket| tell(&desk, &listener, socket).await)
}

/// Tells a tab what to do, until it has gone or another life of it has begun.
async fn tell(desk: &Desk, listener: &Listener, mut socket: WebSocket) {
    loop {
        let ordered = desk.ordered.notified();
        let word = {
            let mut book = desk.book.lock().expect("nobody panics");
            let sheet = book.tabs.get_mut(listener.tab);
            let Some(sheet) = sheet.filter(|sheet| sheet.life == listener.life) else {
                return;
            };
            sheet.words.pop_front()
        };
        match word {
            Some(word) => {
                let message = Message::text(word.to_string());
                if socket.send(message).await.is_err() {
                    return;
                }
            }
            None => tokio::select! {
                () = ordered => {}
                heard = socket.recv() => if !matches!(heard, Some(Ok(_))) {
                    return;
                },
            },
        }
    }
}

/// A tab is about to send an entry and asks for a token: the one that it has, unless that was refused.
async fn attempt(State(desk): State<Arc<Desk>>, Json(said): Words) -> Words {
    let mut book = desk.book.lock().expect("nobody panics");
    let (at, tab, write) = (book.now(), number(&said, "tab"), number(&said, "write"));
    let user = said["user"].as_str().and_then(known).unwrap_or(NOBODY);
    let refused = said["refused"].as_bool() == Some(true);
    let place = USERS.iter().position(|each| *each == user);
    let good = place.map_or(0, |place| book.tokens[place]);
    let token = match book.tabs.get_mut(tab) {
        Some(sheet) if refused => {
            sheet.tokens.insert(user, good);
            good
        }
        Some(sheet) => *sheet.tokens.entry(user).or_insert(good),
        None => good,
    };
    if let Some(write) = book.writes.get_mut(write) {
        write.entry = said["entry"].as_u64().or(write.entry);
    }
    book.attempts.push(Attempt {
        at,
        tab,
        user,
        write,
        token,
        refused,
    });
    Json(json!({ "token": format!("{user}.{token}") }))
}

async fn told(State(desk): State<Arc<Desk>>, Json(said): Words) -> Words {
    let mut book = desk.book.lock().expect("nobody panics");
    let (at, tab) = (book.now(), number(&said, "tab"));
    let mut hear = |said: &Value, told: Told| {
        if let Some(write) = book.writes.get_mut(number(said, "number")) {
            write.told = told;
            write.entry = said["entry"].as_u64().or(write.entry);
        }
    };
    if let Some(said) = said.get("accepted") {
        hear(said, Told::Accepted { at });
    }
    if let Some(said) = said.get("rejected") {
        let code = said["code"].as_str().unwrap_or_default().to_owned();
        hear(said, Told::Rejected { code });
    }
    if let Some(said) = said.get("skipped") {
        hear(said, Told::Skipped);
    }
    if said.get("left").is_some_and(Value::is_boolean) {
        if let Some(sheet) = book.tabs.get_mut(tab) {
            sheet.user = NOBODY;
        }
        book.note(tab, true);
    }
    if let Some(user) = said["is"].as_str().and_then(known) {
        if let Some(sheet) = book.tabs.get_mut(tab) {
            sheet.user = user;
        }
        book.note(tab, true);
    }
    if let (Some(Value::Array(waits)), Some(user)) = (said.get("waits"), said["user"].as_str())
        && let Some(user) = known(user)
    {
        book.left.insert(user, (at, waits.clone()));
    }
    if let Some(trouble) = said.get("trouble") {
        let what = trouble["change"].as_str().unwrap_or_default();
        let why = trouble["reason"].as_str().unwrap_or_default();
        let name = format!("{what} {why}").trim_end().to_owned();
        *book.troubles.entry(name).or_default() += 1;
    }
    if let Some(looks) = said["looks"].as_str() {
        book.looks.insert(tab, looks.to_owned());
    }
    if let Some(odd) = said["odd"].as_str() {
        let odd = format!("tab {tab} at {at} ms: {odd}");
        book.odd.push(odd);
    }
    Json(json!({}))
}

async fn file(State(desk): State<Arc<Desk>>, uri: Uri) -> Result<(HeaderMap, Vec<u8>), StatusCode> {
    files::file(&desk.root, &uri).await
}

fn number(said: &Value, name: &str) -> usize {
    let number = said[name].as_u64().unwrap_or(u64::MAX);
    usize::try_from(number).unwrap_or(usize::MAX)
}
