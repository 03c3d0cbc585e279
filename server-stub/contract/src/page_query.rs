//! Questions to lists that come in pages.

/// Declares a question: its filters, each of which may be left out, and the page.
macro_rules! page_query {
    (
        $(#[$meta:meta])*
        pub struct $name:ident at $path:path {
            $($(#[$field_meta:meta])* $field:ident: $type:ty,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, serde::Deserialize, Eq, PartialEq, serde::Serialize)]
        #[serde(default, rename_all = "camelCase")]
        pub struct $name {
            $($(#[$field_meta])* pub $field: Option<$type>,)*
            /// Which page; the first is 1.
            pub page: Option<u32>,
            /// Items per page, 1 to [`crate::MAX_PAGE_SIZE`].
            pub size: Option<u32>,
        }

        impl $name {
            /// The path and query string that ask for this.
            #[must_use]
            pub fn to_path(&self) -> String {
                let query = crate::query_string::QueryString::default()
                    $(.with(stringify!($field), self.$field.as_ref()))*
                    .with("page", self.page)
                    .with("size", self.size);
                format!("{}{}", $path, query.finish())
            }
        }
    };
}

pub(crate) use page_query;
