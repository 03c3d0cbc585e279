//! One question to the control listener.
//!
//! HTTP/1.0, so that the answer ends where the connection does: no chunks, no keep-alive, nothing that a client library would be for.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use tidegate_contract::metrics::MetricsReport;
use tidegate_contract::paths;

use super::args::MonitorArgs;

/// The control listener answers from memory; whatever takes longer than this is not well.
const PATIENCE: Duration = Duration::from_secs(2);
/// A report is about 5 KiB.
const MAX_ANSWER: u64 = 1 << 20;

/// The metrics of the space that is meant.
///
/// # Errors
/// Whatever kept the report from being read, in a sentence that says where.
pub(crate) fn ask(args: &MonitorArgs) -> io::Result<MetricsReport> {
    let control = &args.control;
    let answer = exchange(control, &question(args))
        .map_err(|error| io::Error::new(error.kind(), format!("no stub at {control}: {error}")))?;
    read(&answer).map_err(|why| io::Error::new(ErrorKind::InvalidData, format!("{control} {why}")))
}

fn question(args: &MonitorArgs) -> String {
    let path = match &args.space {
        Some(name) => paths::in_space(name, paths::METRICS),
        None => paths::METRICS.to_owned(),
    };
    let host = &args.control;
    let token = args.token.as_ref();
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
    let token = token.unwrap_or_default();
    format!("GET {path} HTTP/1.0\r\nHost: {host}\r\n{token}\r\n")
}

fn exchange(control: &str, question: &str) -> io::Result<Vec<u8>> {
    let mut stream = connect(control)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(question.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER).read_to_end(&mut answer)?;
    Ok(answer)
}

/// A name may have several addresses, of which only one listens.
fn connect(control: &str) -> io::Result<TcpStream> {
    let mut failure = io::Error::from(ErrorKind::AddrNotAvailable);
    for address in control.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

fn read(answer: &[u8]) -> Result<MetricsReport, String> {
    let text = std::str::from_utf8(answer).map_err(|_| "answers with no text".to_owned())?;
    let (head, body) = text
        .split_once("\r\n\r\n")
        .ok_or("answers without an end of the head")?;
    let line = head.lines().next().unwrap_or_default();
    match line.split(' ').nth(1) {
        Some("200") => {
            serde_json::from_str(body).map_err(|error| format!("answers with no metrics: {error}"))
        }
        _ => Err(format!("says {line}")),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// Asks a listener that gives this answer, and returns its opinion of the question too.
    fn asked(answer: &'static str) -> (io::Result<MetricsReport>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let control = listener.local_addr().unwrap().to_string();
        let served = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut question = Vec::new();
            while !question.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                question.extend(byte);
            }
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8(question).unwrap()
        });
        let args = MonitorArgs {
            control,
            space: Some("a b".into()),
            token: Some("secret".into()),
            once: true,
        };
        let result = ask(&args);
        (result, served.join().unwrap())
    }

    #[test]
    fn it_asks_for_one_space_with_the_token_it_was_given() {
        let (_, question) = asked("");
        assert!(
            question.starts_with("GET /_stub/v1/spaces/a%20b/metrics HTTP/1.0\r\n"),
            "{question}"
        );
        assert!(question.contains("\r\nHost: 127.0.0.1:"), "{question}");
        assert!(
            question.ends_with("\r\nAuthorization: Bearer secret\r\n\r\n"),
            "{question}"
        );
    }

    #[test]
    fn it_reads_a_report() {
        let (result, _) = asked(concat!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n",
            include_str!("report.json")
        ));
        assert_eq!(result.unwrap().metrics.space, "default");
    }

    #[test]
    fn it_says_what_was_wrong() {
        for (answer, word) in [
            ("", "without an end of the head"),
            (
                "HTTP/1.1 404 Not Found\r\n\r\n",
                " says HTTP/1.1 404 Not Found",
            ),
            (
                "HTTP/1.1 200 OK\r\n\r\n<html>",
                "no metrics: expected value",
            ),
        ] {
            let error = asked(answer).0.unwrap_err().to_string();
            assert!(error.contains(word), "{answer}: {error}");
        }
        // A port that was free a moment ago.
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let args = MonitorArgs {
            control: format!("127.0.0.1:{port}"),
            ..MonitorArgs::default()
        };
        let error = ask(&args).unwrap_err();
        assert!(
            error.to_string().starts_with("no stub at 127.0.0.1:"),
            "{error}"
        );
    }
}
