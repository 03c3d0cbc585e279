//! Who is signed in to the demo, what is theirs, and what of it lies on the device.

use anyhow::Result;
use serde::Deserialize;

use super::badge::Badge;
use super::dom::script;
use crate::fixture::{Browser, Stage, eventually};

#[derive(Clone, Copy, Debug)]
pub(crate) struct People<'a> {
    browser: &'a Browser,
}

/// What is on show.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Desk {
    /// Who is signed in, once the page is there.
    pub(crate) person: Option<String>,
    /// Their own card: the names on it, and how old it is.
    pub(crate) mine: Vec<String>,
    pub(crate) badge: Option<Badge>,
    asking: bool,
    /// Answers that are kept for whoever it is.
    pub(crate) kept: u32,
}

const DESK: &str = r#"
const inside = one("signed-in");
const card = one("mine");
const total = one("storage-total");
return {
  person: inside ? inside.dataset.person : one("signed-out") ? "nobody" : null,
  mine: card ? [...card.querySelectorAll("li")].map((li) => li.textContent) : [],
  badge: badge(card),
  asking: !!card && !card.querySelector("li, p"),
  kept: total ? Number(total.dataset.entries) : 0,
};
"#;

/// Every text of the origin's storage: keys, values and buffers of each database, and what other storages there are.
const LEFT: &str = r#"
async function text(value, out) {
  if (value instanceof ArrayBuffer) out.push(new TextDecoder().decode(value));
  else if (value instanceof Blob) out.push(await value.text());
  else if (value && typeof value === "object") for (const each of Object.values(value)) await text(each, out);
  else out.push(String(value));
}
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
async function left() {
  const out = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const records = database.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([done(records.getAllKeys()), done(records.getAll())]);
      await text([keys, values], out);
    }
    database.close();
  }
  for (const name of await caches.keys()) out.push(name);
  return out.join("\n");
}
"#;

impl<'a> People<'a> {
    pub(crate) fn of(stage: &'a Stage) -> People<'a> {
        People {
            browser: &stage.browser,
        }
    }

    pub(crate) async fn sign_in(&self, person: &str) -> Result<()> {
        let button = format!("[data-testid=sign-in][data-person={person}]");
        self.browser.click(&button).await?;
        self.is(person).await.map(drop)
    }

    pub(crate) async fn sign_out(&self) -> Result<()> {
        self.browser.click("[data-testid=sign-out]").await?;
        self.is("nobody").await.map(drop)
    }

    /// What is on show once it is this person's.
    pub(crate) async fn is(&self, person: &str) -> Result<Desk> {
        let what = format!("it is the page of {person}");
        let theirs = |desk: &Desk| desk.person.as_deref() == Some(person);
        self.eventually(&what, theirs).await
    }

    /// Their card with names on it.
    pub(crate) async fn card(&self, person: &str) -> Result<Desk> {
        let what = format!("the card of {person} has names on it");
        let there = |desk: &Desk| desk.person.as_deref() == Some(person) && !desk.mine.is_empty();
        self.eventually(&what, there).await
    }

    pub(crate) async fn eventually(
        &self,
        what: &str,
        wanted: impl Fn(&Desk) -> bool,
    ) -> Result<Desk> {
        let look = async || self.browser.read(&script(DESK)).await;
        let settled = |desk: &Desk| !desk.asking && wanted(desk);
        eventually(what, look, settled).await
    }

    /// Every text that lies on the device, by hand and not by the SDK.
    pub(crate) async fn left_on_the_device(&self) -> Result<String> {
        let script = format!("{LEFT}\nreturn left();");
        self.browser.read(&script).await
    }
}
