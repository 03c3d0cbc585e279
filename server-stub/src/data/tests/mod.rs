//! What the data promise, without HTTP.

mod assets;
mod limits;
mod records;
mod violations;

use tidegate_contract::{AssetDetail, AssetPatch, AssetQuery};

use super::*;

fn data() -> Data {
    Data::generate(1, 2_000)
}

fn deed() -> Deed {
    Deed {
        client: "ann".to_owned(),
        key: None,
        at_ms: 7,
    }
}

fn first() -> Window {
    Window::new(None, None).unwrap()
}

fn patch(data: &mut Data, id: &str, patch: &AssetPatch) -> Written<AssetDetail> {
    data.patch_asset(id, patch, &Precondition::None, &deed())
        .unwrap()
}

fn searching(text: &str) -> AssetQuery {
    AssetQuery {
        search: Some(text.to_owned()),
        ..AssetQuery::default()
    }
}
