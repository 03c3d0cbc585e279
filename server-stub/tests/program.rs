//! The stub as a program.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

fn start(args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_server-stub"))
        .args(["--port", "0", "--control-port", "0", "--assets", "10"])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program was built for this test")
}

fn first_line(child: &mut Child) -> serde_json::Value {
    let stdout = child.stdout.as_mut().expect("stdout is piped");
    let mut line = String::new();
    BufReader::new(stdout)
        .read_line(&mut line)
        .expect("the program speaks UTF-8");
    serde_json::from_str(&line).expect("the first line is JSON")
}

#[test]
fn says_where_it_is_and_ends_with_stdin() {
    let mut child = start(&["--seed", "7", "--preset", "slow", "--exit-with-stdin"]);
    let ready = first_line(&mut child);
    assert_eq!(ready["seed"], 7);
    assert_eq!(ready["preset"], "slow");
    for name in ["api", "control"] {
        let url = ready[name].as_str().unwrap();
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    }
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[cfg(unix)]
#[test]
fn stops_cleanly_at_sigterm() {
    let mut child = start(&[]);
    first_line(&mut child);
    let id = child.id().to_string();
    assert!(Command::new("kill").arg(&id).status().unwrap().success());
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_mistake_on_the_command_line_ends_it_with_a_failure() {
    let mut child = start(&["--preset", "slwo"]);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
