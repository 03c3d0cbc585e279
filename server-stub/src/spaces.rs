//! All spaces of one process: the default one, and those that tests make for themselves.
//!
//! A space is a stub with an API listener of its own. The control listener serves them all.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tidegate_contract::metrics::{MetricsReport, Thresholds};
use tidegate_contract::{Preset, SpaceInfo, SpaceList, SpaceSettings};
use tokio::task::JoinHandle;

use crate::accept::{self, Port};
use crate::api::app;
use crate::failure::Failure;
use crate::memory::memory;
use crate::settings::Settings;
use crate::stub::Stub;

/// Each has a catalogue, a listener and a journal; more tests than this do not run at once.
const MAX_SPACES: usize = 64;
/// The name of the space that is always there.
pub(crate) const DEFAULT: &str = "default";

/// A handle to all spaces; clones share them.
#[derive(Clone, Debug)]
pub struct Spaces(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    default: Stub,
    named: Mutex<Named>,
}

#[derive(Debug, Default)]
struct Named {
    made: u64,
    by_name: BTreeMap<String, Space>,
}

/// A space other than the default one. Dropping it stops its listener and cuts its connections.
#[derive(Debug)]
struct Space {
    stub: Stub,
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Space {
    fn drop(&mut self) {
        self.task.abort();
        self.stub.end();
    }
}

impl Spaces {
    /// The default space alone, which nobody serves yet.
    #[must_use]
    pub fn new(settings: &Settings) -> Spaces {
        Spaces(Arc::new(Inner {
            settings: settings.clone(),
            default: Stub::new(settings),
            named: Mutex::default(),
        }))
    }

    /// The spaces of a test without a socket.
    #[cfg(test)]
    pub(crate) fn around(stub: Stub) -> Spaces {
        Spaces(Arc::new(Inner {
            settings: Settings::on_free_ports(),
            default: stub,
            named: Mutex::default(),
        }))
    }

    /// The default space.
    #[must_use]
    pub fn default_space(&self) -> &Stub {
        &self.0.default
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The space of this name.
    pub(crate) fn find(&self, name: &str) -> Result<Stub, Failure> {
        if name == DEFAULT {
            return Ok(self.0.default.clone());
        }
        let named = self.named();
        let found = named.by_name.get(name).map(|space| space.stub.clone());
        found.ok_or_else(|| {
            let names: Vec<&str> = named.by_name.keys().map(String::as_str).collect();
            let all = [&[DEFAULT], &names[..]].concat().join(", ");
            Failure::not_found(&format!("there is no space \"{name}\"; there are {all}"))
        })
    }

    /// A new space, served on a free port.
    pub(crate) async fn make(&self, wanted: SpaceSettings) -> Result<SpaceInfo, Failure> {
        let preset = match &wanted.preset {
            Some(name) => name.parse()?,
            None => Preset::Healthy,
        };
        let settings = &self.0.settings;
        let settings = Settings {
            port: 0,
            seed: wanted.seed.unwrap_or(settings.seed),
            preset,
            clock: wanted.clock,
            script: Vec::new(),
            event_every_ms: None,
            assets: wanted.assets.unwrap_or(settings.assets),
            ..settings.clone()
        };
        if self.named().by_name.len() >= MAX_SPACES {
            return Err(too_many());
        }
        let stub = self.stub_of(&settings).await?;
        let space = Space::serve(stub, &settings)
            .map_err(|error| Failure::internal(format!("no port can be had: {error}")))?;
        space.stub.catch_up().await;
        let mut named = self.named();
        // Others may have been made in the meantime.
        if named.by_name.len() >= MAX_SPACES {
            return Err(too_many());
        }
        named.made += 1;
        let name = format!("s{}", named.made);
        let info = space.info(&name);
        named.by_name.insert(name, space);
        Ok(info)
    }

    /// A stub with these settings. One with the default space's catalogue shares it: a large one takes megabytes and a second.
    async fn stub_of(&self, settings: &Settings) -> Result<Stub, Failure> {
        let known = &self.0.settings;
        if (settings.seed, settings.assets) == (known.seed, known.assets) {
            return Ok(Stub::over(self.0.default.catalog(), settings));
        }
        let settings = settings.clone();
        tokio::task::spawn_blocking(move || Stub::new(&settings))
            .await
            .map_err(|error| Failure::internal(error.to_string()))
    }

    /// Ends a space. When this returns, its port is free.
    pub(crate) async fn end(&self, name: &str) -> Result<(), Failure> {
        if name == DEFAULT {
            return Err(Failure::bad_request("the default space cannot be deleted"));
        }
        self.find(name)?;
        let ended = self.named().by_name.remove(name);
        if let Some(space) = ended {
            space.stop().await;
        }
        Ok(())
    }

    /// What is to be known of one space.
    pub(crate) fn info(&self, name: &str) -> Result<SpaceInfo, Failure> {
        let stub = self.find(name)?;
        let named = self.named();
        Ok(match named.by_name.get(name) {
            Some(space) => space.info(name),
            None => info(name, &stub, stub.door().address()),
        })
    }

    pub(crate) fn list(&self) -> SpaceList {
        let default = &self.0.default;
        let default = info(DEFAULT, default, default.door().address());
        let named = self.named();
        let others = named.by_name.iter().map(|(name, space)| space.info(name));
        SpaceList {
            spaces: [default].into_iter().chain(others).collect(),
        }
    }

    /// What one space measures of itself, and what that is worth.
    pub(crate) fn report(&self, name: &str) -> Result<MetricsReport, Failure> {
        let stub = self.find(name)?;
        let now = stub.now();
        let sockets = stub.feed().counts().all.open;
        let memory = memory(self.0.settings.memory_limit);
        let mut world = stub.world();
        let metrics = world.metrics(now, name, sockets, memory);
        Ok(MetricsReport {
            alerts: Thresholds::default().judge(&metrics),
            preset: world.preset().map(|preset| preset.to_string()),
            metrics,
        })
    }

    /// The same of every space. One that ends meanwhile is left out.
    pub(crate) fn reports(&self) -> Vec<MetricsReport> {
        let spaces = self.list().spaces.into_iter();
        spaces
            .filter_map(|space| self.report(&space.space).ok())
            .collect()
    }

    fn named(&self) -> MutexGuard<'_, Named> {
        // Nothing in here can be left half-done.
        self.0.named.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Space {
    fn serve(stub: Stub, settings: &Settings) -> io::Result<Space> {
        let port = Port::take(settings.listen, settings.port, settings.program().listener)?;
        let address = port.address();
        let orders = stub.door().attach(address)?;
        let task = tokio::spawn(accept::run(port, app(stub.clone()), orders));
        Ok(Space {
            stub,
            address,
            task,
        })
    }

    /// Closes its listener and returns when that is done.
    async fn stop(mut self) {
        self.task.abort();
        // The error says that the task was aborted, which is what we asked for.
        let _ = (&mut self.task).await;
    }

    fn info(&self, name: &str) -> SpaceInfo {
        info(name, &self.stub, Some(self.address))
    }
}

fn too_many() -> Failure {
    Failure::too_many(format!(
        "there are {MAX_SPACES} spaces already: delete one first"
    ))
}

fn info(name: &str, stub: &Stub, address: Option<SocketAddr>) -> SpaceInfo {
    let url = |scheme: &str| address.map_or_else(String::new, |at| format!("{scheme}://{at}"));
    SpaceInfo {
        space: name.to_owned(),
        api: url("http"),
        ws: url("ws"),
        seed: stub.seed(),
        clock: stub.clock().setting(),
    }
}
