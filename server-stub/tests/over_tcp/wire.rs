//! A client as thin as can be: what TCP does must be seen, and a real client would hide it.

use std::io;
use std::net::SocketAddr;

use server_stub::{Server, Settings, serve};
use tidegate_contract::{ClockSetting, EffectList, Journal, JournalQuery, Preset, paths};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A healthy stub on free ports.
pub(crate) async fn start() -> Server {
    let settings = Settings {
        assets: 300,
        ..Settings::on_free_ports()
    };
    serve(&settings).await.expect("free ports exist")
}

/// A connection on which one request has been sent.
#[derive(Debug)]
pub(crate) struct Sent(TcpStream);

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer(String);

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        let word = self.0.split(' ').nth(1).expect("a status line");
        word.parse().expect("a status")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head().lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(crate) fn body(&self) -> &str {
        &self.0[self.head().len() + 4..]
    }

    fn head(&self) -> &str {
        self.0.split("\r\n\r\n").next().expect("a head")
    }
}

impl Sent {
    /// Reads until the server closes.
    pub(crate) async fn answer(mut self) -> io::Result<Answer> {
        let mut text = String::new();
        self.0.read_to_string(&mut text).await?;
        Ok(Answer(text))
    }
}

/// Connects and sends `"GET /path"` with headers and a body; the answer will close the connection.
pub(crate) async fn send(
    to: SocketAddr,
    line: &str,
    headers: &[&str],
    body: &str,
) -> io::Result<Sent> {
    let mut stream = TcpStream::connect(to).await?;
    let mut head = format!("{line} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n");
    for header in headers {
        head.push_str(header);
        head.push_str("\r\n");
    }
    let length = body.len();
    let text = format!("{head}Content-Length: {length}\r\n\r\n{body}");
    stream.write_all(text.as_bytes()).await?;
    Ok(Sent(stream))
}

/// Gets something from the API.
pub(crate) async fn get(server: &Server, path: &str, headers: &[&str]) -> io::Result<Answer> {
    let line = format!("GET {path}");
    send(server.api_addr(), &line, headers, "")
        .await?
        .answer()
        .await
}

/// Gives an order that must succeed.
pub(crate) async fn order(server: &Server, line: &str, body: &str) -> Answer {
    let sent = send(server.control_addr(), line, &[], body).await;
    let answer = sent.expect("control is up").answer().await;
    let answer = answer.expect("control answers");
    assert_eq!(answer.status(), 200, "{line}: {}", answer.body());
    answer
}

/// Puts a preset in force.
pub(crate) async fn put(server: &Server, preset: Preset) {
    order(server, &format!("PUT {}", paths::preset(preset.name())), "").await;
}

/// Waits until the journal has this many lines, settled or not.
pub(crate) async fn wait_for(server: &Server, lines: usize, settled: bool) -> Journal {
    let query = JournalQuery {
        wait_for: lines,
        settled,
        ..JournalQuery::default()
    };
    let answer = order(server, &format!("GET {}", query.to_path()), "").await;
    let journal: Journal = serde_json::from_str(answer.body()).expect("a journal");
    assert!(journal.entries.len() >= lines, "{journal:?}");
    journal
}

/// A stub whose time goes by when it is told.
pub(crate) async fn start_by_hand() -> Server {
    let settings = Settings {
        assets: 300,
        clock: ClockSetting::Manual,
        ..Settings::on_free_ports()
    };
    serve(&settings).await.expect("free ports exist")
}

/// Puts one rule in force: these faults, as JSON, for every request that fits.
pub(crate) async fn put_rule(server: &Server, when: &str, then: &str) {
    let rule = format!(r#"{{"name":"rule","when":{when},"then":{then}}}"#);
    put_program(server, &format!(r#""rules":[{rule}]"#)).await;
}

/// Puts a program in force, given without its seed.
pub(crate) async fn put_program(server: &Server, parts: &str) {
    let program = format!(r#"{{"seed":1,{parts}}}"#);
    order(server, &format!("PUT {}", paths::PROGRAM), &program).await;
}

/// Sends a write to the API, as `ann` and with a key.
pub(crate) async fn write(server: &Server, key: &str) -> io::Result<Sent> {
    let key = format!("Idempotency-Key: {key}");
    let line = format!("POST {}", paths::ACCESS_REQUESTS);
    let body = r#"{"assetId":"ds-00001","reason":"to see"}"#;
    send(server.api_addr(), &line, &["X-Client: ann", &key], body).await
}

/// How many writes have taken effect.
pub(crate) async fn effects(server: &Server) -> u64 {
    let answer = order(server, &format!("GET {}", paths::EFFECTS), "").await;
    let list: EffectList = serde_json::from_str(answer.body()).expect("a list");
    list.total
}

/// Lets so many milliseconds go by on a manual clock.
pub(crate) async fn pass(server: &Server, ms: u64) {
    let body = format!(r#"{{"advanceMs":{ms}}}"#);
    order(server, &format!("POST {}", paths::CLOCK), &body).await;
}

/// Lets time go by on a manual clock until this is done.
pub(crate) async fn passing<T>(server: &Server, done: impl Future<Output = T>) -> T {
    let mut done = std::pin::pin!(done);
    loop {
        tokio::select! {
            biased;
            result = &mut done => return result,
            () = pass(server, 100) => {}
        }
    }
}
