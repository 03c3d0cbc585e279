//! One page of a list that may be longer than anybody wants to hold.

use tidegate_contract::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Page};

/// Which page was asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Window {
    page: u32,
    size: u32,
}

impl Window {
    /// The page of a question.
    ///
    /// # Errors
    /// What is out of range, in a sentence.
    pub(crate) fn new(page: Option<u32>, size: Option<u32>) -> Result<Window, String> {
        let (page, size) = (page.unwrap_or(1), size.unwrap_or(DEFAULT_PAGE_SIZE));
        if page == 0 {
            return Err("page must be 1 or more".to_owned());
        }
        if !(1..=MAX_PAGE_SIZE).contains(&size) {
            return Err(format!("size must be 1 to {MAX_PAGE_SIZE}"));
        }
        Ok(Window { page, size })
    }

    /// The page, from items that can all be counted before one of them is made.
    pub(crate) fn cut<I, T>(self, items: I, make: impl FnMut(I::Item) -> T) -> Page<T>
    where
        I: ExactSizeIterator,
    {
        let total = items.len();
        let shown = items.skip(self.skipped()).take(self.size as usize);
        self.page(shown.map(make).collect(), total)
    }

    /// The page, from items that have to be looked at to be counted; only those shown are made.
    pub(super) fn sift<I, T>(self, items: I, mut make: impl FnMut(I::Item) -> T) -> Page<T>
    where
        I: Iterator,
    {
        let shown = self.skipped()..self.skipped().saturating_add(self.size as usize);
        let mut page = Vec::new();
        let mut total = 0;
        for item in items {
            if shown.contains(&total) {
                page.push(make(item));
            }
            total += 1;
        }
        self.page(page, total)
    }

    fn skipped(self) -> usize {
        ((self.page - 1) as usize).saturating_mul(self.size as usize)
    }

    fn page<T>(self, items: Vec<T>, total: usize) -> Page<T> {
        Page {
            items,
            page: self.page,
            size: self.size,
            total: u32::try_from(total).unwrap_or(u32::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_without_gap_or_repeat() {
        let mut seen = Vec::new();
        for page in 1..=4 {
            let window = Window::new(Some(page), Some(10)).unwrap();
            let page = window.cut(0..35, |item| item);
            assert_eq!(page, window.sift(0..35, |item| item));
            assert_eq!(page.total, 35);
            seen.extend(page.items);
        }
        assert_eq!(seen, (0..35).collect::<Vec<_>>());
    }

    #[test]
    fn the_last_page_there_could_be_is_empty() {
        let window = Window::new(Some(u32::MAX), Some(200)).unwrap();
        assert_eq!(window.sift(0..3, |item| item).items, Vec::<i32>::new());
    }

    #[test]
    fn pages_and_sizes_have_limits() {
        assert!(Window::new(Some(0), None).is_err());
        assert!(Window::new(None, Some(0)).is_err());
        assert!(Window::new(None, Some(201)).is_err());
    }
}
