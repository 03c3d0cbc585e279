//! The catalogue's state is its URL: what is searched for, which filters, which page. So it survives a reload and can be shared.

use tidegate_contract::{AssetKind, AssetQuery, Classification, paths};

/// What the page's query string asks for. What cannot be understood is left out.
pub(crate) fn read(value: impl Fn(&str) -> Option<String>) -> AssetQuery {
    AssetQuery {
        search: value("search").filter(|text| !text.trim().is_empty()),
        kind: value("kind").and_then(|name| kind(&name)),
        classification: value("classification").and_then(|name| classification(&name)),
        page: value("page")
            .and_then(|page| page.parse().ok())
            .filter(|page| *page > 1),
        ..AssetQuery::default()
    }
}

/// The page of the demo that asks for this.
pub(crate) fn write(query: &AssetQuery) -> String {
    let path = query.to_path();
    format!("/{}", path.strip_prefix(paths::ASSETS).unwrap_or_default())
}

/// The same question, another page of its answer.
pub(crate) fn with_page(query: &AssetQuery, page: u32) -> AssetQuery {
    AssetQuery {
        page: Some(page).filter(|page| *page > 1),
        ..query.clone()
    }
}

/// How many pages there are; at least one.
pub(crate) fn pages(total: u32, size: u32) -> u32 {
    total.div_ceil(size.max(1)).max(1)
}

pub(crate) fn kind(name: &str) -> Option<AssetKind> {
    AssetKind::ALL.into_iter().find(|kind| kind.name() == name)
}

pub(crate) fn classification(name: &str) -> Option<Classification> {
    Classification::ALL
        .into_iter()
        .find(|level| level.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_pairs(pairs: &[(&str, &str)]) -> AssetQuery {
        read(|name| {
            let (_, value) = pairs.iter().find(|(key, _)| *key == name)?;
            Some((*value).to_owned())
        })
    }

    #[test]
    fn what_is_written_is_read_again() {
        let query = read_pairs(&[
            ("search", "a b"),
            ("kind", "table"),
            ("classification", "restricted"),
            ("page", "3"),
        ]);
        assert_eq!(
            write(&query),
            "/?search=a%20b&kind=table&classification=restricted&page=3"
        );
        assert_eq!(query.page, Some(3));
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        let query = read_pairs(&[
            ("search", "  "),
            ("kind", "spoon"),
            ("classification", ""),
            ("page", "-1"),
        ]);
        assert_eq!(query, AssetQuery::default());
        assert_eq!(write(&query), "/");
    }

    #[test]
    fn the_first_page_has_no_number() {
        for page in ["0", "1"] {
            assert_eq!(read_pairs(&[("page", page)]).page, None);
        }
        let third = read_pairs(&[("page", "3")]);
        assert_eq!(write(&with_page(&third, 1)), "/");
        assert_eq!(write(&with_page(&third, 4)), "/?page=4");
    }

    #[test]
    fn an_empty_answer_has_one_page() {
        assert_eq!([pages(0, 25), pages(25, 25), pages(26, 25)], [1, 1, 2]);
    }
}
