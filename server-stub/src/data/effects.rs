//! How often writes took effect: the truth that tests compare a client's belief with.

use std::collections::{HashMap, VecDeque};

use tidegate_contract::KeyEffects;

use super::deed::Deed;

/// Effects, in all and by key.
#[derive(Debug, Default)]
pub(super) struct Effects {
    total: u64,
    by_key: HashMap<(String, String), u32>,
    /// Keys in the order of their first effect.
    order: VecDeque<(String, String)>,
}

impl Effects {
    /// Keys remembered; beyond that, the one whose first effect is longest ago is forgotten.
    const CAPACITY: usize = 10_000;

    /// Counts a write that took effect.
    pub(super) fn count(&mut self, deed: &Deed) {
        self.total += 1;
        let Some(key) = &deed.key else {
            return;
        };
        let key = (deed.client.clone(), key.clone());
        if let Some(count) = self.by_key.get_mut(&key) {
            *count += 1;
            return;
        }
        if self.order.len() == Effects::CAPACITY
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_key.remove(&oldest);
        }
        self.order.push_back(key.clone());
        self.by_key.insert(key, 1);
    }

    /// How often the writes of this client with this key took effect.
    pub(super) fn of(&self, client: &str, key: &str) -> u32 {
        let key = (client.to_owned(), key.to_owned());
        self.by_key.get(&key).copied().unwrap_or(0)
    }

    /// All effects since the last reset.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Effects by key, oldest key first.
    pub(super) fn by_key(&self) -> Vec<KeyEffects> {
        self.order
            .iter()
            .map(|key| KeyEffects {
                client: key.0.clone(),
                key: key.1.clone(),
                effects: self.by_key.get(key).copied().unwrap_or(0),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deed(client: &str, key: usize) -> Deed {
        Deed {
            client: client.to_owned(),
            key: Some(format!("k{key}")),
            at_ms: 0,
        }
    }

    #[test]
    fn keys_are_counted_by_client() {
        let mut effects = Effects::default();
        effects.count(&deed("ann", 1));
        effects.count(&deed("ann", 1));
        effects.count(&deed("bob", 1));
        let counts: Vec<_> = effects.by_key().iter().map(|key| key.effects).collect();
        assert_eq!((effects.total(), counts), (3, vec![2, 1]));
    }

    #[test]
    fn the_oldest_key_is_forgotten() {
        let mut effects = Effects::default();
        for key in 0..=Effects::CAPACITY {
            effects.count(&deed("ann", key));
        }
        let keys = effects.by_key();
        assert_eq!((keys.len(), &*keys[0].key), (Effects::CAPACITY, "k1"));
        assert_eq!(effects.by_key.len(), Effects::CAPACITY);
    }
}
