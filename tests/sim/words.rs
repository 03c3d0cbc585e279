//! The command line.

use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};
use tidegate_tests::{BackendKind, CONTENDERS, Contender, Scenario, Study, Tidegate};

pub(crate) const USAGE: &str = "\
usage: cargo xtask sim [option…]
  --family a               the only one there is
  --scenario O2,O5,…       normal, O2, O5, O10, D, DR, B, E5, P; all by default
  --backend naive          naive, shedding or both (default)
  --clients 2000,200000    2000 by default; with --gates 2000,200000
  --policy tidegate,none   tidegate, none, axios-retry, jitter, finagle, grpc, cockatiel, opossum, sre; all by default
  --seeds 3                runs per row; with --gates 20
  --set path=value         a setting of Tidegate by its name in camelCase, such as breaker.openMs=1000; as often as one likes
  --json                   one document instead of tables
  --svg folder             a picture of each table besides
  --gates                  Tidegate alone, judged
";

/// What is asked for.
pub(crate) struct Words {
    pub(crate) study: Study,
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
        let mut scenarios = Scenario::ALL.to_vec();
        let mut backends = BackendKind::ALL.to_vec();
        let mut clients = None;
        let mut contenders = CONTENDERS.to_vec();
        let mut seeds = None;
        let mut overrides: Vec<(String, f64)> = Vec::new();
        let (mut gates, mut json, mut svg) = (false, false, None);
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("family") => only_a(&parser.value()?.string()?)?,
                Arg::Long("scenario") => scenarios = list(&mut parser, scenario)?,
                Arg::Long("backend") => backends = self::backends(&parser.value()?.string()?)?,
                Arg::Long("clients") => clients = Some(list(&mut parser, number)?),
                Arg::Long("policy") => {
                    contenders = list(&mut parser, |word| Ok(Contender::named(word)?))?;
                }
                Arg::Long("seeds") => seeds = Some(number(&parser.value()?.string()?)?),
                Arg::Long("set") => overrides.push(setting(&parser.value()?.string()?)?),
                Arg::Long("json") => json = true,
                Arg::Long("svg") => svg = Some(parser.value()?.into()),
                Arg::Long("gates") => gates = true,
                Arg::Long("help") | Arg::Short('h') => return Err(Wrong::Help),
                other => return Err(other.unexpected().into()),
            }
        }
        if gates {
            contenders = vec![Contender::named("tidegate")?];
        }
        let default_clients = match gates {
            true => vec![2_000, 200_000],
            false => vec![2_000],
        };
        let overrides = overrides
            .iter()
            .map(|(path, value)| (path.as_str(), *value));
        Ok(Words {
            study: Study {
                tidegate: Tidegate::new(overrides)?,
                scenarios,
                backends,
                clients: clients.unwrap_or(default_clients),
                contenders,
                seeds: seeds.unwrap_or(if gates { 20 } else { 3 }).into(),
            },
            gates,
            json,
            svg,
        })
    }
}

fn list<T>(parser: &mut Parser, read: impl Fn(&str) -> Result<T, Wrong>) -> Result<Vec<T>, Wrong> {
    parser.value()?.string()?.split(',').map(read).collect()
}

fn no(what: &str, word: &str) -> Wrong {
    Wrong::Word(format!("there is no {what} `{word}`"))
}

fn only_a(word: &str) -> Result<(), Wrong> {
    match word {
        "a" => Ok(()),
        _ => Err(no("family", word)),
    }
}

fn scenario(word: &str) -> Result<Scenario, Wrong> {
    let found = Scenario::ALL.into_iter().find(|each| each.name() == word);
    found.ok_or_else(|| no("scenario", word))
}

fn backends(word: &str) -> Result<Vec<BackendKind>, Wrong> {
    if word == "both" {
        return Ok(BackendKind::ALL.to_vec());
    }
    let found = BackendKind::ALL
        .into_iter()
        .find(|each| each.name() == word);
    Ok(vec![found.ok_or_else(|| no("backend", word))?])
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
