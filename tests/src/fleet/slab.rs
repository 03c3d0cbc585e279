//! Places that are used again, so that a run of minutes needs no more memory than its busiest moment.

/// Things by number.
#[derive(Debug)]
pub(crate) struct Slab<T> {
    places: Vec<Place<T>>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct Place<T> {
    /// How many things were here before.
    generation: u32,
    thing: Option<T>,
}

impl<T> Slab<T> {
    pub(crate) fn new() -> Slab<T> {
        Slab {
            places: Vec::new(),
            free: Vec::new(),
        }
    }

    /// The place and the generation that the next thing will have.
    pub(crate) fn next(&self) -> (u32, u32) {
        let slot = self.free.last().copied();
        let slot = slot.unwrap_or(self.places.len() as u32);
        let place = self.places.get(slot as usize);
        (slot, place.map_or(0, |place| place.generation))
    }

    pub(crate) fn insert(&mut self, thing: T) -> u32 {
        if let Some(slot) = self.free.pop() {
            self.places[slot as usize].thing = Some(thing);
            return slot;
        }
        self.places.push(Place {
            generation: 0,
            thing: Some(thing),
        });
        self.places.len() as u32 - 1
    }

    pub(crate) fn at(&mut self, slot: u32) -> Option<&mut T> {
        self.places.get_mut(slot as usize)?.thing.as_mut()
    }

    /// The thing, if it is still the one of this generation.
    pub(crate) fn find(&mut self, slot: u32, generation: u32) -> Option<&mut T> {
        let place = self.places.get_mut(slot as usize)?;
        place
            .thing
            .as_mut()
            .filter(|_| place.generation == generation)
    }

    pub(crate) fn remove(&mut self, slot: u32) -> Option<T> {
        let place = self.places.get_mut(slot as usize)?;
        let thing = place.thing.take()?;
        place.generation = place.generation.wrapping_add(1);
        self.free.push(slot);
        Some(thing)
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }
}
