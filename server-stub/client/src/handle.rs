//! A space that ends with its handle.

use std::ops::Deref;

use tidegate_contract::{SpaceInfo, paths};

use crate::call::Line;
use crate::error::Error;
use crate::farewell;
use crate::space::Space;

/// A space made for one test; a [`Space`] in every other respect.
///
/// Dropping it ends the space: the deletion is sent there and then, also out of a test that panics or whose runtime is going away, and
/// nobody waits for the answer. Use [`SpaceHandle::end`] to know that it is gone.
#[derive(Debug)]
#[must_use = "the space ends when this is dropped"]
pub struct SpaceHandle {
    space: Space,
    info: SpaceInfo,
    line: Line,
    ended: bool,
}

impl SpaceHandle {
    pub(crate) fn new(line: Line, info: SpaceInfo) -> SpaceHandle {
        SpaceHandle {
            space: Space::new(line.clone(), info.space.clone()),
            info,
            line,
            ended: false,
        }
    }

    /// Its name, where its API listens, its seed and its clock.
    #[must_use]
    pub fn info(&self) -> &SpaceInfo {
        &self.info
    }

    /// Ends the space; when this returns, its listener is gone and its connections are cut.
    ///
    /// # Errors
    /// When the stub does not answer, or has no such space any more.
    pub async fn end(mut self) -> Result<(), Error> {
        self.ended = true;
        self.space.delete().await
    }
}

impl Deref for SpaceHandle {
    type Target = Space;

    fn deref(&self) -> &Space {
        &self.space
    }
}

impl Drop for SpaceHandle {
    fn drop(&mut self) {
        if !self.ended {
            let path = paths::in_space(&self.info.space, paths::CONTROL);
            // A stub that is gone has no spaces either.
            let _ = farewell::delete(&self.line, &path);
        }
    }
}
