//! Where assets go: the edges of lineage, turned round.
//!
//! What an asset is made from is drawn from the seed when somebody asks. What is made from it would take a look at all others, so those
//! edges are kept, sorted by source: ten bytes per asset, as there are one and a half edges for each.

use super::generate::upstream;

/// All edges from sources to products.
#[derive(Debug)]
pub(super) struct Lineage {
    /// For each asset where its products begin in `products`; one more at the end.
    begins: Vec<u32>,
    products: Vec<u32>,
}

impl Lineage {
    pub(super) fn generate(seed: u64, count: u32) -> Lineage {
        let mut begins = vec![0_u32; count as usize + 1];
        for number in 0..count {
            for source in upstream(seed, number) {
                begins[source as usize + 1] += 1;
            }
        }
        for at in 1..begins.len() {
            begins[at] += begins[at - 1];
        }
        let mut products = vec![0; begins[count as usize] as usize];
        let mut next = begins.clone();
        for number in 0..count {
            for source in upstream(seed, number) {
                let place = &mut next[source as usize];
                products[*place as usize] = number;
                *place += 1;
            }
        }
        Lineage { begins, products }
    }

    /// The numbers of the assets that are made from this one.
    pub(super) fn downstream(&self, number: u32) -> &[u32] {
        let number = number as usize;
        &self.products[self.begins[number] as usize..self.begins[number + 1] as usize]
    }

    /// What the edges take.
    pub(super) fn bytes(&self) -> usize {
        (self.begins.capacity() + self.products.capacity()) * size_of::<u32>()
    }
}
