//! An open database, and what is done in one transaction.
//!
//! A transaction ends as soon as the browser finds it without a request, so nothing is awaited inside one but its own requests, all
//! requests of a batch are made before the first wait, and a write counts once the transaction is complete, not when the request was.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use indexed_db_futures::database::Database;
use indexed_db_futures::error::Error;
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{
    Transaction, TransactionDurability, TransactionMode, TransactionOptions,
};
use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbKeyRange, IdbTransaction};

use super::keys::Keys;
use super::partition::Partition;
use super::row::{Row, Use};
use super::schema::{BODIES, HEADS, PARTITIONS, QUARANTINE, STORES, USES, partition_row};
use super::trouble::Trouble;
use crate::boundary::{self, property};

/// Heads of corrupt answers that are kept, to look at.
const MOST_SET_ASIDE: u32 = 10;

/// An open database.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) database: Database,
    _on_close: Closure<dyn FnMut()>,
    _on_version_change: Closure<dyn FnMut()>,
}

/// Something to be done in one transaction.
#[derive(Debug)]
pub(super) enum Work {
    /// Reads a partition's row; makes it if there is none.
    Claim { whose: Partition, keys: JsValue },
    /// Deletes answers.
    Delete(Vec<Rc<str>>),
    /// Deletes all of a partition, its row as well; where the row has another token than this one, nothing.
    Erase {
        name: String,
        prefix: String,
        of: Option<f64>,
    },
    /// Reads two stores, all keys with each of these prefixes.
    Scan([&'static str; 2], Vec<String>),
    /// Deletes a corrupt answer, and keeps its head.
    SetAside { key: Rc<str>, head: JsValue },
    /// Writes answers of one partition.
    Write(Batch),
}

/// What is to be written for one partition.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) name: String,
    /// What its row must say; none for the anonymous one.
    pub(super) token: Option<f64>,
    pub(super) puts: Vec<(Row, Use)>,
    /// New heads of answers that are there.
    pub(super) renewals: Vec<(Row, Use)>,
    /// New times of answers that are there.
    pub(super) uses: Vec<Use>,
    /// Texts that are no answers, and their keys.
    pub(super) notes: Vec<(String, String)>,
}

/// What was read: records of two stores, or one row.
#[derive(Debug)]
pub(super) enum Done {
    Row(JsValue),
    /// By prefix: the records of the first store, then those of the second.
    Scanned(Vec<Array>),
    Written,
}

type Doing<'a> = Pin<Box<dyn Future<Output = Result<Done, Trouble>> + 'a>>;

impl Connection {
    /// Takes an open database over, and closes it when another tab wants it gone. `on_lost` is called then, or when the browser takes it away,
    /// with whether another tab asked for that.
    pub(crate) fn new(database: Database, on_lost: impl Fn(bool) + Clone + 'static) -> Connection {
        let on_version_change = on_lost.clone();
        let on_close = Closure::<dyn FnMut()>::new(move || on_lost(false));
        let raw = database.as_sys();
        let held = raw.clone();
        let on_version_change = Closure::<dyn FnMut()>::new(move || {
            held.close();
            on_version_change(true);
        });
        raw.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        raw.set_onversionchange(Some(on_version_change.as_ref().unchecked_ref()));
        Connection {
            database,
            _on_close: on_close,
            _on_version_change: on_version_change,
        }
    }

    /// What is under way is finished first.
    pub(crate) fn close(&self) {
        self.database.as_sys().close();
    }

    /// Does the work.
    pub(super) fn carry_out<'a>(&'a self, work: &'a Work) -> Doing<'a> {
        match work {
            Work::Claim { whose, keys } => Box::pin(self.claim(whose.name(), keys)),
            Work::Delete(keys) => Box::pin(self.delete(keys)),
            Work::Erase { name, prefix, of } => Box::pin(self.erase(name, prefix, *of)),
            Work::Scan(stores, prefixes) => Box::pin(self.scan(*stores, prefixes)),
            Work::SetAside { key, head } => Box::pin(self.set_aside(key, head)),
            Work::Write(batch) => Box::pin(self.write(batch)),
        }
    }

    async fn claim(&self, name: &str, keys: &JsValue) -> Result<Done, Trouble> {
        let transaction = begin(&self.database, &[PARTITIONS], true)?;
        let partitions = transaction.object_store(PARTITIONS)?;
        let found = get(&partitions, name).await?;
        let row = match found {
            // It was made before its answers were sealed.
            Some(row) if Keys::read(&row).is_none() && !keys.is_undefined() => {
                let _ = js_sys::Reflect::set(&row, &"keys".into(), keys);
                row
            }
            Some(row) => return Ok(Done::Row(row)),
            None => partition_row(name, keys),
        };
        partitions.as_sys().put(&row)?;
        commit(transaction).await?;
        Ok(Done::Row(row))
    }

    async fn scan(&self, stores: [&'static str; 2], prefixes: &[String]) -> Result<Done, Trouble> {
        let stores: Array = stores.into_iter().map(JsValue::from).collect();
        let prefixes: Array = prefixes.iter().map(JsValue::from).collect();
        let scan = boundary::scan(self.database.as_sys(), &stores, &prefixes);
        let found = JsFuture::from(scan).await?.unchecked_into::<Array>();
        Ok(Done::Scanned(
            found.iter().map(JsCast::unchecked_into).collect(),
        ))
    }

    async fn write(&self, batch: &Batch) -> Result<Done, Trouble> {
        let transaction = begin(&self.database, &[HEADS, BODIES, USES, PARTITIONS], true)?;
        let heads = transaction.object_store(HEADS)?;
        let bodies = transaction.object_store(BODIES)?;
        let uses = transaction.object_store(USES)?;
        let partitions = transaction.object_store(PARTITIONS)?;
        let owner = match batch.token {
            Some(_) => Some(asked(&partitions, &batch.name)?),
            None => None,
        };
        // What another tab has deleted meanwhile must not come back as a head without body: asked first, and taken back below.
        let mut probes = Vec::new();
        let puts = batch.puts.iter().map(|each| (each, false));
        let renewals = batch.renewals.iter().map(|each| (each, true));
        for ((row, used), renewal) in puts.chain(renewals) {
            if renewal {
                let there = row.twin.as_ref().unwrap_or(&row.key);
                probes.push((&row.key, asked_key(&heads, there)?));
            }
            heads.as_sys().put(&row.head_record())?;
            uses.as_sys().put(&used.record())?;
            if !renewal || row.twin.is_some() {
                let key = (&*row.key).into();
                bodies.as_sys().put_with_key(&row.body, &key)?;
            }
            if let Some(twin) = &row.twin {
                forget([&heads, &bodies, &uses], twin)?;
            }
        }
        for used in &batch.uses {
            probes.push((&used.key, asked_key(&uses, &used.key)?));
            uses.as_sys().put(&used.record())?;
        }
        for (key, text) in &batch.notes {
            bodies.as_sys().put_with_key(&text.into(), &key.into())?;
        }
        if let Some(owner) = owner {
            let row = owner.await?.unwrap_or_default();
            if property(&row, "token").as_f64() != batch.token {
                // Dropping the transaction aborts it.
                return Err(Trouble::Revoked);
            }
        }
        for (key, probe) in probes {
            if probe.await?.is_none() {
                forget([&heads, &bodies, &uses], key)?;
            }
        }
        commit(transaction).await?;
        Ok(Done::Written)
    }

    async fn delete(&self, keys: &[Rc<str>]) -> Result<Done, Trouble> {
        let transaction = begin(&self.database, &[HEADS, BODIES, USES], true)?;
        for name in [HEADS, BODIES, USES] {
            let store = transaction.object_store(name)?;
            for key in keys {
                store.as_sys().delete(&(&**key).into())?;
            }
        }
        commit(transaction).await?;
        Ok(Done::Written)
    }

    async fn erase(&self, name: &str, prefix: &str, of: Option<f64>) -> Result<Done, Trouble> {
        let range = range(prefix)?;
        let transaction = begin(&self.database, &STORES, true)?;
        if let Some(token) = of
            && let Some(row) = get(&transaction.object_store(PARTITIONS)?, name).await?
            && property(&row, "token").as_f64() != Some(token)
        {
            // Dropping the transaction aborts it.
            return Ok(Done::Written);
        }
        for each in [HEADS, BODIES, USES] {
            transaction.object_store(each)?.as_sys().delete(&range)?;
        }
        // Few, and for nobody's use: not worth finding out whose they are.
        transaction.object_store(QUARANTINE)?.as_sys().clear()?;
        if !name.is_empty() {
            let partitions = transaction.object_store(PARTITIONS)?;
            partitions.as_sys().delete(&name.into())?;
        }
        commit(transaction).await?;
        Ok(Done::Written)
    }

    async fn set_aside(&self, key: &str, head: &JsValue) -> Result<Done, Trouble> {
        let transaction = begin(&self.database, &[HEADS, BODIES, USES, QUARANTINE], true)?;
        for each in [HEADS, BODIES, USES] {
            let store = transaction.object_store(each)?;
            store.as_sys().delete(&key.into())?;
        }
        let quarantine = transaction.object_store(QUARANTINE)?;
        quarantine.as_sys().put(head)?;
        let numbers = quarantine.get_all_keys::<JsValue>().primitive()?.await?;
        let numbers: Vec<JsValue> = numbers.collect::<Result<_, Error>>()?;
        let excess = numbers.len().saturating_sub(MOST_SET_ASIDE as usize);
        for number in numbers.iter().take(excess) {
            quarantine.as_sys().delete(number)?;
        }
        commit(transaction).await?;
        Ok(Done::Written)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let raw = self.database.as_sys();
        raw.set_onclose(None);
        raw.set_onversionchange(None);
        raw.close();
    }
}

/// The row of the database itself. Another token than before, and somebody has deleted it meanwhile.
pub(super) async fn own_row(database: &Database) -> Result<JsValue, Trouble> {
    let transaction = begin(database, &[PARTITIONS], false)?;
    let row = get(&transaction.object_store(PARTITIONS)?, "").await?;
    Ok(row.unwrap_or_default())
}

fn begin<'a>(
    database: &'a Database,
    stores: &[&str],
    write: bool,
) -> Result<Transaction<'a>, Trouble> {
    begin_with(database, stores, write, TransactionDurability::Relaxed)
}

/// One that counts only when it is on the disk.
pub(crate) fn begin_strictly<'a>(
    database: &'a Database,
    stores: &[&str],
    write: bool,
) -> Result<Transaction<'a>, Trouble> {
    begin_with(database, stores, write, TransactionDurability::Strict)
}

fn begin_with<'a>(
    database: &'a Database,
    stores: &[&str],
    write: bool,
    durability: TransactionDurability,
) -> Result<Transaction<'a>, Trouble> {
    let mode = match write {
        true => TransactionMode::Readwrite,
        false => TransactionMode::Readonly,
    };
    let transaction = database
        .transaction(stores)
        .with_mode(mode)
        .with_options(TransactionOptions::new().with_durability(durability))
        .build()?;
    // What fails aborts it, and that is heard; indexed_db_futures' own listener throws at the second request of a batch that fails.
    transaction.as_sys().set_onerror(None);
    Ok(transaction)
}

/// Some browsers say that there is no room of the request, some of the transaction, and some only abort it.
pub(crate) async fn commit(transaction: Transaction<'_>) -> Result<(), Trouble> {
    let raw: IdbTransaction = (**transaction.as_sys()).clone();
    match transaction.commit().await {
        Ok(()) => Ok(()),
        Err(error) => Err(match (raw.error(), error) {
            (Some(reason), _) => Trouble::in_use(&reason),
            (None, Error::MissingData(_)) => Trouble::Full,
            (None, error) => error.into(),
        }),
    }
}

fn forget(stores: [&ObjectStore<'_>; 3], key: &str) -> Result<(), Trouble> {
    for store in stores {
        store.as_sys().delete(&key.into())?;
    }
    Ok(())
}

type Asked<T> = indexed_db_futures::future::BasicRequest<Option<T>>;

fn asked(store: &ObjectStore<'_>, key: &str) -> Result<Asked<JsValue>, Trouble> {
    Ok(store.get(JsValue::from(key)).primitive()?)
}

fn asked_key(store: &ObjectStore<'_>, key: &str) -> Result<Asked<JsValue>, Trouble> {
    Ok(store.get_key(JsValue::from(key)).primitive()?)
}

async fn get(store: &ObjectStore<'_>, key: &str) -> Result<Option<JsValue>, Trouble> {
    Ok(asked(store, key)?.await?)
}

/// All keys that begin with this.
fn range(prefix: &str) -> Result<JsValue, Trouble> {
    // No text is greater that begins with the prefix: keys are compared by UTF-16 units.
    let upper = [prefix, "\u{ffff}"].concat();
    Ok(IdbKeyRange::bound(&prefix.into(), &upper.into())?.into())
}
