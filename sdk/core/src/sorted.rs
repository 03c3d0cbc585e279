//! A map in a vector, sorted by key.
//!
//! Each kind of `BTreeMap` adds 5 KB of code to the module that every visitor of a page downloads, before compression. What is kept here is
//! added in the order of its keys nearly always, which is as quick, or there are few of it: one that comes in between moves all that are
//! behind it.

use alloc::vec::Vec;

#[derive(Clone, Debug)]
pub(crate) struct Sorted<K, V>(Vec<(K, V)>);

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Sorted<K, V> {
        Sorted(Vec::new())
    }
}

impl<K: Ord, V> Sorted<K, V> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.place(key).is_ok()
    }

    pub(crate) fn of(&self, key: &K) -> Option<&V> {
        let at = self.place(key).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// The value of a key, made first where there is none.
    pub(crate) fn or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let at = match self.place(&key) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (key, make()));
                at
            }
        };
        &mut self.0[at].1
    }

    /// In the place of what was there under this key.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        match self.place(&key) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    pub(crate) fn remove(&mut self, key: &K) {
        if let Ok(at) = self.place(key) {
            self.0.remove(at);
        }
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&K) -> bool) {
        self.0.retain(|(key, _)| keep(key));
    }

    pub(crate) fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    pub(crate) fn into_vec(self) -> Vec<(K, V)> {
        self.0
    }

    /// Where a key is, or where it would be. The last place first: most is added there.
    fn place(&self, key: &K) -> Result<usize, usize> {
        match self.0.last() {
            Some((last, _)) if last < key => Err(self.0.len()),
            _ => self.0.binary_search_by(|(known, _)| known.cmp(key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn is_a_map_in_the_order_of_its_keys(deeds in prop::collection::vec((0_u8..4, 0_u8..16, any::<u8>()), 0..100)) {
            let mut sorted = Sorted::default();
            let mut map = BTreeMap::new();
            for (deed, key, value) in deeds {
                match deed {
                    0 => {
                        sorted.insert(key, value);
                        map.insert(key, value);
                    }
                    1 => {
                        sorted.remove(&key);
                        map.remove(&key);
                    }
                    2 => {
                        *sorted.or_insert_with(key, || value) ^= 1;
                        *map.entry(key).or_insert(value) ^= 1;
                    }
                    _ => {
                        sorted.retain(|each| *each != key);
                        map.retain(|each, _| *each != key);
                    }
                }
                prop_assert_eq!(sorted.of(&key), map.get(&key));
                prop_assert_eq!(sorted.contains(&key), map.contains_key(&key));
                prop_assert_eq!(sorted.is_empty(), map.is_empty());
            }
            prop_assert!(sorted.keys().eq(map.keys()));
            prop_assert!(sorted.values().rev().eq(map.values().rev()));
            prop_assert_eq!(sorted.into_vec(), map.into_iter().collect::<Vec<_>>());
        }
    }
}
