//! What an asset is for, and writing it anew.

use leptos::html::{Button, Textarea};
use leptos::prelude::*;
use leptos::task::spawn_local;
use tidegate_contract::AssetPatch;

use super::Unsaved;
use crate::api::Known;
use crate::note::Note;
use crate::shown::Shown;
use crate::writes::{Change, Draft, Writes};

/// What is shown, and what a change to it is made over.
#[derive(Clone, Debug, PartialEq)]
struct Text {
    name: String,
    text: String,
    change: Option<Draft>,
    seen: Vec<String>,
    etag: Option<String>,
}

/// The text with its mark, or the form.
#[component]
pub(crate) fn Description(id: String, shown: Shown<Known>) -> impl IntoView {
    let writes = Writes::of_context();
    let asset = id.clone();
    let text = Memo::new(move |_| {
        let known = shown.screen.with(|screen| {
            let born = screen.note().and_then(Note::born)?;
            Some((screen.value()?.clone(), born))
        });
        known.map(|(known, born)| text_of(known, writes.description(&asset, born)))
    });
    let editing = RwSignal::new(false);
    let edit = NodeRef::<Button>::new();
    let area = NodeRef::<Textarea>::new();
    let refused = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if let Some(area) = area.get() {
            // It throws for no element.
            let _ = area.focus();
        }
    });
    let to_edit = Callback::new(move |()| {
        if let Some(edit) = edit.get_untracked() {
            let _ = edit.focus();
        }
    });
    let close = move || {
        editing.set(false);
        refused.set(None);
        request_animation_frame(move || to_edit.run(()));
    };
    let save = move || {
        let Some(written) = area.get_untracked().map(|area| area.value()) else {
            return;
        };
        let Some(now) = text.get_untracked() else {
            return;
        };
        let written = written.trim().to_owned();
        if written.is_empty() {
            refused.set(Some("A description cannot be empty.".into()));
            return;
        }
        if written == now.text {
            close();
            return;
        }
        let change = Change::Description {
            asset: id.clone(),
            name: now.name,
            text: written,
            seen: now.seen,
            etag: now.etag,
        };
        spawn_local(async move {
            match writes.queue(change).await {
                Ok(()) => close(),
                Err(why) => {
                    refused.try_set(Some(why.0));
                }
            }
        });
    };
    let save = StoredValue::new(save);
    let body = move || text.with(|text| text.as_ref().map(|text| text.text.clone()));
    let mark = move || {
        let over = text.with(|text| Some(text.as_ref()?.change.as_ref()?.over));
        over.map(|over| view! { <Unsaved over what="the description".to_owned() undone=to_edit /> })
    };
    let form = move || {
        view! {
            <form
                class="edit"
                on:submit=move |event| {
                    event.prevent_default();
                    save.with_value(|save| save());
                }
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        close();
                    }
                }
            >
                <label for="description-text">"Description"</label>
                <textarea
                    id="description-text"
                    node_ref=area
                    rows="3"
                    maxlength=AssetPatch::MAX_DESCRIPTION.to_string()
                    data-testid="description-text"
                >
                    {text.get_untracked().map(|text| text.text)}
                </textarea>
                <div class="actions">
                    <button type="submit" data-testid="description-save">"Save"</button>
                    <button type="button" class="quiet" on:click=move |_| close()>"Cancel"</button>
                </div>
                <p role="alert" class="alert">{refused}</p>
            </form>
        }
    };
    view! {
        <div class="description">
            <Show when=move || !editing.get()>
                <p class="muted" data-testid="description">{body}</p>
            </Show>
            <Show when=move || editing.get()>{form()}</Show>
            <div class="actions">
                {mark}
                <Show when=move || !editing.get() && text.with(Option::is_some)>
                    <button type="button" class="quiet" node_ref=edit data-testid="description-edit" on:click=move |_| editing.set(true)>
                        "Edit description"
                    </button>
                </Show>
            </div>
        </div>
    }
}

/// A change over one of this person's own that was not saved yet stands on what that one stood on.
fn text_of(known: Known, change: Option<Draft>) -> Text {
    let Known { asset, etag } = known;
    let (text, seen, etag) = match &change {
        None => (asset.description.clone(), vec![asset.description], etag),
        Some(draft) => {
            let mut seen = draft.seen.clone();
            seen.push(draft.text.clone());
            (draft.text.clone(), seen, draft.etag.clone())
        }
    };
    Text {
        name: asset.asset.name,
        text,
        change,
        seen,
        etag,
    }
}

#[cfg(test)]
mod tests {
    use tidegate_contract::AssetDetail;

    use super::*;
    use crate::writes::Over;

    fn known() -> Known {
        let asset = serde_json::json!({
            "id": "a", "name": "A", "kind": "table", "domain": "finance", "owner": "Mei", "tags": [],
            "classification": "public", "quality": 1, "updatedAt": 1, "description": "first", "columns": [],
            "rowCount": 1, "retentionDays": 1,
        });
        let asset: AssetDetail = serde_json::from_value(asset).unwrap();
        let etag = Some("\"1\"".into());
        Known { asset, etag }
    }

    #[test]
    fn a_change_is_made_over_what_is_shown() {
        let text = text_of(known(), None);
        assert_eq!(
            (&*text.text, &*text.seen),
            ("first", &["first".to_owned()][..])
        );
        assert_eq!(text.etag.as_deref(), Some("\"1\""));
    }

    #[test]
    fn a_second_change_stands_on_what_the_first_stood_on() {
        let draft = Draft {
            over: Over::Pending(1),
            text: "second".into(),
            seen: vec!["first".into()],
            etag: Some("\"0\"".into()),
        };
        let text = text_of(known(), Some(draft));
        assert_eq!(text.seen, ["first", "second"]);
        assert_eq!(text.etag.as_deref(), Some("\"0\""));
    }
}
