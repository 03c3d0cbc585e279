//! The command line.

use std::fs;
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};
use tidegate_tests::{ScenarioFile, Study, sockets, whole};

use crate::given::Given;

pub(crate) const USAGE: &str = "\
usage: cargo xtask sim [option…]
  --family a               a: policies alone (default); b: the whole client; sockets: fleets that reconnect
  --scenario-file file     a scenario of either family as JSON, in place of --family, --scenario and --backend
  --scenario O2,O5,…       a: normal, O2, O5, O10, D, DR, B, E5, P; b: normal, 503x5, spike2, spike5, spike10, outage,
                           brownout, pool10; sockets: restart, outage, crowd, crowd-outage, deep10, deep30; all by default
  --backend naive          a: naive, shedding or both (default); b: deep (default), hinting, lifo, safe or all
  --clients 2000,200000    2000 by default; with --gates 2000,200000 in a, their own in b, 2000,20000 in sockets
  --policy tidegate,none   a: tidegate, none, axios-retry, jitter, finagle, grpc, cockatiel, opossum, sre
                           b: tidegate, naive, naive+cache, backoff, opossum, cockatiel, budget10, budget20, sre,
                           tidegate-outbox, tidegate+header, tidegate+hints, tidegate+hints-outbox
                           sockets: tidegate+hints, tidegate, reconnecting-websocket, partysocket, centrifuge, socket.io,
                           phoenix, signalr, graphql-ws, ably, leptos-use; all by default
  --seeds 3                runs per row; with --gates 20 in a and 5 in the others
  --set path=value         a setting of Tidegate by its name in camelCase, such as breaker.openMs=1000; as often as one likes
  --json                   one document instead of tables
  --svg folder             a picture of each table of a and b besides
  --gates                  Tidegate alone, judged
";

/// What is asked for.
pub(crate) struct Words {
    pub(crate) job: Job,
    pub(crate) shape: Shape,
}

/// What is run.
pub(crate) enum Job {
    A(Study),
    B(whole::Study),
    Sockets(sockets::Study),
}

/// How it is shown.
#[derive(Default)]
pub(crate) struct Shape {
    pub(crate) gates: bool,
    pub(crate) json: bool,
    pub(crate) svg: Option<PathBuf>,
}

/// Why nothing is run.
pub(crate) enum Wrong {
    Help,
    Word(String),
}

impl<E: std::error::Error> From<E> for Wrong {
    fn from(error: E) -> Wrong {
        Wrong::Word(error.to_string())
    }
}

impl Words {
    pub(crate) fn read(mut parser: Parser) -> Result<Words, Wrong> {
        let mut given = Given::default();
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("family") => given.family = Some(parser.value()?.string()?),
                Arg::Long("scenario-file") => given.file = Some(file(&parser.value()?.into())?),
                Arg::Long("scenario") => given.scenarios = Some(list(&mut parser, text)?),
                Arg::Long("backend") => given.backend = Some(parser.value()?.string()?),
                Arg::Long("clients") => given.clients = Some(list(&mut parser, number)?),
                Arg::Long("policy") => given.policies = Some(list(&mut parser, text)?),
                Arg::Long("seeds") => given.seeds = Some(number(&parser.value()?.string()?)?),
                Arg::Long("set") => given.overrides.push(setting(&parser.value()?.string()?)?),
                Arg::Long("json") => given.shape.json = true,
                Arg::Long("svg") => given.shape.svg = Some(parser.value()?.into()),
                Arg::Long("gates") => given.shape.gates = true,
                Arg::Long("help") | Arg::Short('h') => return Err(Wrong::Help),
                other => return Err(other.unexpected().into()),
            }
        }
        given.words()
    }
}

fn file(path: &PathBuf) -> Result<ScenarioFile, Wrong> {
    let said = |error: &dyn std::error::Error| Wrong::Word(format!("{}: {error}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| said(&error))?;
    ScenarioFile::from_json(&text).map_err(|error| said(&error))
}

fn list<T>(parser: &mut Parser, read: impl Fn(&str) -> Result<T, Wrong>) -> Result<Vec<T>, Wrong> {
    parser.value()?.string()?.split(',').map(read).collect()
}

fn text(word: &str) -> Result<String, Wrong> {
    Ok(word.to_owned())
}

/// A number of things, of which there has to be one.
fn number(word: &str) -> Result<u32, Wrong> {
    let number = word.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| Wrong::Word(format!("`{word}` is not a number from 1 on")))
}

fn setting(word: &str) -> Result<(String, f64), Wrong> {
    let (path, value) = word
        .split_once('=')
        .ok_or_else(|| Wrong::Word("--set needs a name, `=` and a number".to_owned()))?;
    Ok((path.to_owned(), value.parse()?))
}
