//! The stub as a whole: its spaces.

use reqwest::Method;
use tidegate_contract::{SpaceInfo, SpaceList, SpaceSettings, paths};

use crate::call::Line;
use crate::error::Error;
use crate::handle::SpaceHandle;
use crate::space::Space;

/// The name of the space that a stub starts with, and whose API is the one that it prints.
const DEFAULT: &str = "default";

/// A stub that runs somewhere, by its control listener; clones are cheap.
#[derive(Clone, Debug)]
pub struct StubClient {
    line: Line,
}

impl StubClient {
    /// The stub whose control listener is at this address, such as `http://127.0.0.1:4781`. Nothing is sent yet.
    #[must_use]
    pub fn new(control_url: impl AsRef<str>) -> StubClient {
        StubClient {
            line: Line::to(control_url.as_ref()),
        }
    }

    /// The same stub, started with this `--token`.
    #[must_use]
    pub fn with_token(mut self, token: impl Into<String>) -> StubClient {
        self.line.token = Some(token.into());
        self
    }

    /// Where the control listener is.
    #[must_use]
    pub fn control_url(&self) -> &str {
        &self.line.control
    }

    /// The space that the stub starts with.
    #[must_use]
    pub fn default_space(&self) -> Space {
        self.space(DEFAULT)
    }

    /// A space that somebody else made, by its name.
    #[must_use]
    pub fn space(&self, name: impl Into<String>) -> Space {
        Space::new(self.line.clone(), name.into())
    }

    /// All spaces, the default one first.
    ///
    /// # Errors
    /// When the stub does not answer, or refuses.
    pub async fn spaces(&self) -> Result<SpaceList, Error> {
        self.line.get(paths::SPACES).await
    }

    /// Makes a space: a world of its own, with an API listener of its own, that ends with its handle.
    ///
    /// # Errors
    /// When the stub does not answer, or refuses: settings out of range, too many spaces.
    pub async fn make_space(&self, settings: &SpaceSettings) -> Result<SpaceHandle, Error> {
        let info: SpaceInfo = self
            .line
            .order(Method::POST, paths::SPACES, Some(settings))
            .await?;
        Ok(SpaceHandle::new(self.line.clone(), info))
    }
}
