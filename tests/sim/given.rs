//! The options as they were given, and what they mean: that depends on the family.

use tidegate_tests::sockets;
use tidegate_tests::whole::{self, CASES, Case, ENTRANTS, Entrant, Server};
use tidegate_tests::{
    BackendKind, CONTENDERS, Contender, Scenario, ScenarioFile, Spec, Study, Tidegate,
};

use crate::words::{Job, Shape, Words, Wrong};

/// The options of a command line.
#[derive(Default)]
pub(crate) struct Given {
    pub(crate) family: Option<String>,
    pub(crate) file: Option<ScenarioFile>,
    pub(crate) scenarios: Option<Vec<String>>,
    pub(crate) backend: Option<String>,
    pub(crate) clients: Option<Vec<u32>>,
    pub(crate) policies: Option<Vec<String>>,
    pub(crate) seeds: Option<u32>,
    pub(crate) overrides: Vec<(String, f64)>,
    pub(crate) shape: Shape,
}

impl Given {
    pub(crate) fn words(mut self) -> Result<Words, Wrong> {
        if self.file.is_some() {
            let others = [
                ("--family", self.family.is_some()),
                ("--scenario", self.scenarios.is_some()),
                ("--backend", self.backend.is_some()),
                ("--gates", self.shape.gates),
            ];
            if let Some((option, _)) = others.into_iter().find(|(_, given)| *given) {
                let why = format!("{option} has no place beside --scenario-file");
                return Err(Wrong::Word(why));
            }
        }
        let job = match (self.file.take(), self.family.as_deref().unwrap_or("a")) {
            (Some(ScenarioFile::A(spec)), _) => self.family_a(Some(spec))?,
            (Some(ScenarioFile::B(case)), _) => self.family_b(Some(*case))?,
            (None, "a") => self.family_a(None)?,
            (None, "b") => self.family_b(None)?,
            (None, "sockets") => self.sockets()?,
            (None, other) => return Err(no("family", other)),
        };
        Ok(Words {
            job,
            shape: self.shape,
        })
    }

    fn overrides(&self) -> impl Iterator<Item = (&str, f64)> {
        let all = self.overrides.iter();
        all.map(|(path, value)| (path.as_str(), *value))
    }

    fn family_a(&self, file: Option<Spec>) -> Result<Job, Wrong> {
        let gates = self.shape.gates;
        let contenders = match (&self.policies, gates) {
            (_, true) => vec![Contender::named("tidegate")?],
            (None, false) => CONTENDERS.to_vec(),
            (Some(names), false) => {
                let found = names.iter().map(|name| Contender::named(name));
                found.collect::<Result<_, _>>()?
            }
        };
        let specs = match file {
            Some(spec) => {
                let clients = self.clients.clone().unwrap_or(vec![spec.clients]);
                let with = |clients| Spec { clients, ..spec };
                clients.into_iter().map(with).collect()
            }
            None => {
                let usual = if gates {
                    vec![2_000, 200_000]
                } else {
                    vec![2_000]
                };
                let clients = self.clients.clone().unwrap_or(usual);
                Spec::grid(&self.scenarios()?, &self.backends()?, &clients)
            }
        };
        Ok(Job::A(Study {
            tidegate: Tidegate::new(self.overrides())?,
            specs,
            contenders,
            seeds: self.seeds.unwrap_or(if gates { 20 } else { 3 }).into(),
        }))
    }

    fn scenarios(&self) -> Result<Vec<Scenario>, Wrong> {
        let Some(names) = &self.scenarios else {
            return Ok(Scenario::ALL.to_vec());
        };
        let found = names.iter().map(|name| {
            let found = Scenario::ALL.into_iter().find(|each| each.name() == name);
            found.ok_or_else(|| no("scenario of family a", name))
        });
        found.collect()
    }

    fn backends(&self) -> Result<Vec<BackendKind>, Wrong> {
        let name = self.backend.as_deref().unwrap_or("both");
        if name == "both" {
            return Ok(BackendKind::ALL.to_vec());
        }
        let all = BackendKind::ALL.into_iter();
        let found = all.clone().find(|each| each.name() == name);
        Ok(vec![found.ok_or_else(|| no("backend of family a", name))?])
    }

    fn family_b(&self, file: Option<Case>) -> Result<Job, Wrong> {
        let gates = self.shape.gates;
        if gates && (self.clients.is_some() || self.backend.is_some() || self.policies.is_some()) {
            let why = "the gates of family b have their own clients, backends and policies";
            return Err(Wrong::Word(why.to_owned()));
        }
        let entrants = match &self.policies {
            None => ENTRANTS.to_vec(),
            Some(names) => {
                let found = names.iter().map(|name| Entrant::named(name));
                found.collect::<Result<_, _>>()?
            }
        };
        let cases = match file {
            Some(case) => vec![case],
            None => self.cases()?,
        };
        let cases = match &self.clients {
            None => cases,
            Some(clients) => {
                let sizes = |case: &Case| {
                    let case = case.clone();
                    clients
                        .iter()
                        .map(move |users| case.clone().with_users(*users))
                };
                cases.iter().flat_map(sizes).collect()
            }
        };
        for case in &cases {
            case.check()?;
        }
        Ok(Job::B(whole::Study {
            tidegate: Tidegate::shipped(self.overrides())?,
            cases,
            entrants,
            seeds: self.seeds.unwrap_or(if gates { 5 } else { 3 }).into(),
        }))
    }

    fn cases(&self) -> Result<Vec<Case>, Wrong> {
        let servers = match self.backend.as_deref().unwrap_or("deep") {
            "all" => Server::ALL.to_vec(),
            name => {
                let found = Server::ALL.into_iter().find(|each| each.name() == name);
                vec![found.ok_or_else(|| no("backend of family b", name))?]
            }
        };
        let all: Vec<String> = CASES.map(str::to_owned).to_vec();
        let mut cases = Vec::new();
        for name in self.scenarios.as_ref().unwrap_or(&all) {
            for server in &servers {
                let case = Case::named(name, *server);
                cases.push(case.ok_or_else(|| no("scenario of family b", name))?);
            }
        }
        Ok(cases)
    }
}

impl Given {
    fn sockets(&self) -> Result<Job, Wrong> {
        let gates = self.shape.gates;
        let others = [
            ("--backend", self.backend.is_some()),
            ("--set", !self.overrides.is_empty()),
            ("--svg", self.shape.svg.is_some()),
            ("--policy with --gates", gates && self.policies.is_some()),
        ];
        if let Some((option, _)) = others.into_iter().find(|(_, given)| *given) {
            let why = format!("{option} has no place in family sockets");
            return Err(Wrong::Word(why));
        }
        let entrants = match &self.policies {
            None => sockets::ENTRANTS.to_vec(),
            Some(names) => {
                let found = names.iter().map(|name| sockets::Entrant::named(name));
                found.collect::<Result<_, _>>()?
            }
        };
        let usual = if gates {
            vec![2_000, 20_000]
        } else {
            vec![2_000]
        };
        let all: Vec<String> = sockets::CASES.map(str::to_owned).to_vec();
        let mut cases = Vec::new();
        for clients in self.clients.as_ref().unwrap_or(&usual) {
            for name in self.scenarios.as_ref().unwrap_or(&all) {
                let case = sockets::Case::named(name, *clients);
                cases.push(case.ok_or_else(|| no("scenario of family sockets", name))?);
            }
        }
        Ok(Job::Sockets(sockets::Study {
            cases,
            entrants,
            seeds: self.seeds.unwrap_or(if gates { 5 } else { 3 }).into(),
        }))
    }
}

fn no(what: &str, word: &str) -> Wrong {
    Wrong::Word(format!("there is no {what} `{word}`"))
}
