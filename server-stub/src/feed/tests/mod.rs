//! The feed over real connections. No test sleeps: each waits for a frame, for the connection itself or for what the witness hears.

mod peer;
mod resuming;
mod sockets;
mod streams;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Mutex;

use axum::extract::Request;
use axum::middleware;
use serde_json::Value;
use tidegate_contract::feed::{FeedNote, GOVERNANCE};
use tidegate_contract::{DrawnSocketFault, SocketAct, SocketFault, SocketPoint};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::*;
use crate::accept::Course;
use crate::arrival::Arrival;
use crate::connection::converse;
use crate::settings::Settings;

/// A served feed in which some clients have faults.
struct Scene {
    stub: Stub,
    address: SocketAddr,
    heard: mpsc::UnboundedReceiver<(String, FeedNote)>,
    server: JoinHandle<()>,
    course: watch::Sender<Course>,
}

struct Teller(Mutex<mpsc::UnboundedSender<(String, FeedNote)>>);

impl Witness for Teller {
    fn note(&self, _stream: u64, client: &str, note: &FeedNote) {
        let _ = self
            .0
            .lock()
            .unwrap()
            .send((client.to_owned(), note.clone()));
    }
}

/// Serves a feed with faults by client.
async fn serve(faults: &[(&str, SocketPoint, SocketAct)]) -> Scene {
    let stub = Stub::new(&Settings {
        assets: 10,
        ..Settings::on_free_ports()
    });
    let (teller, heard) = mpsc::unbounded_channel();
    stub.feed()
        .witnessed_by(Box::new(Teller(Mutex::new(teller))));

    let mut by_client: HashMap<String, SocketFaults> = HashMap::new();
    for (client, at, act) in faults {
        let drawn = DrawnSocketFault {
            seed: 1,
            rule: "rule".to_owned(),
            client: (*client).to_owned(),
            ordinal: 0,
            fault: SocketFault::new(act.clone()).at(*at),
        };
        by_client
            .entry((*client).to_owned())
            .or_default()
            .0
            .push(drawn);
    }
    let afflict = move |mut request: Request| {
        let faults = by_client.get(&Arrival::of(&request).client).cloned();
        request.extensions_mut().insert(faults.unwrap_or_default());
        async { request }
    };
    let router = routes()
        .layer(middleware::map_request(afflict))
        .with_state(stub.clone());

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (course, followed) = watch::channel(Course::Converse);
    let server = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(converse(stream, router.clone(), followed.clone()));
        }
    });
    Scene {
        stub,
        address,
        heard,
        server,
        course,
    }
}

impl Scene {
    /// Adds a message to the governance channel.
    fn publish(&self, data: impl Into<Value>) {
        let now = self.stub.now();
        let position = self.stub.feed().publish(now, GOVERNANCE, &data.into());
        assert!(position.is_some());
    }

    fn epoch(&self) -> String {
        let hub = self.stub.feed().hub();
        hub.channels.history(GOVERNANCE).unwrap().position().epoch
    }

    /// Waits for the witness to hear something of a client that fits.
    async fn hear(&mut self, client: &str, fits: impl Fn(&FeedNote) -> bool) -> FeedNote {
        loop {
            let (who, note) = self.heard.recv().await.unwrap();
            if who == client && fits(&note) {
                return note;
            }
        }
    }

    /// Waits for the end of a client's stream.
    async fn hear_end(&mut self, client: &str) -> FeedNote {
        self.hear(client, |note| matches!(note, FeedNote::Closed { .. }))
            .await
    }

    fn order(&self, order: Value) -> usize {
        let order = serde_json::from_value(order).unwrap();
        self.stub.feed().act(self.stub.now(), &order)
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.server.abort();
    }
}
