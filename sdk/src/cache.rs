//! What is kept, for people to see and to delete.

use std::rc::Rc;

use tidegate_core::kept::CacheEntry;

use crate::clock;
use crate::inner::Inner;
use crate::store::Which;

/// The kept answers of the user whose page it is, or of nobody; made by [`Client::cache`](crate::Client::cache).
#[derive(Clone, Debug)]
pub struct Cache(Rc<Inner>);

impl Cache {
    pub(crate) fn new(inner: Rc<Inner>) -> Cache {
        Cache(inner)
    }

    /// Everything that is kept. No body is read.
    pub async fn list(&self) -> Vec<CacheEntry> {
        let whose = self.0.whose();
        let listed = self.0.store.list(&whose.partition).await;
        let (wall, now) = (clock::wall(), self.0.now());
        let entry = |it: crate::store::Listed| {
            CacheEntry::of(it.url, &it.kept, it.bytes, it.used, wall, now)
        };
        listed.into_iter().map(entry).collect()
    }

    /// Forgets what is kept of a URL. How many there were.
    pub async fn delete(&self, url: &str) -> u32 {
        let url = url.split('#').next().unwrap_or_default();
        self.remove(&Which::Url(url.into())).await
    }

    /// Forgets what has a tag. How many there were.
    pub async fn delete_tagged(&self, tag: &str) -> u32 {
        self.remove(&Which::Tag(tag.into())).await
    }

    /// Forgets everything. How many there were.
    pub async fn clear(&self) -> u32 {
        self.remove(&Which::All).await
    }

    /// Resolves when what was kept so far is on disk, or was refused.
    pub async fn flush(&self) {
        self.0.all_arrived().await;
        self.0.store.flush().await;
    }

    async fn remove(&self, which: &Which) -> u32 {
        let whose = self.0.whose();
        self.0.store.remove(&whose.partition, which).await
    }
}
