//! The readiness document.

use crate::hint::Hint;

/// Whether newcomers are welcome, with the hint that says how far.
///
/// ```
/// use tidegate_hint::{Hint, Readiness};
/// let readiness = Readiness { ready: false, hint: Hint::new(340, 1_200, 5)? };
/// assert_eq!(readiness.status(), 503);
/// assert_eq!(readiness.to_json(), r#"{"ready":false,"level":340,"wait_ms":1200,"ttl":5}"#);
/// # Ok::<(), tidegate_hint::HintError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
pub struct Readiness {
    /// Whether newcomers are welcome.
    pub ready: bool,
    /// How far.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub hint: Hint,
}

impl Readiness {
    /// The status of its answer: 200, or 503 when newcomers are not welcome.
    #[must_use]
    pub const fn status(self) -> u16 {
        if self.ready { 200 } else { 503 }
    }

    /// The document.
    #[must_use]
    pub fn to_json(self) -> String {
        format!("{{\"ready\":{},{}}}", self.ready, self.hint.members())
    }
}

#[cfg(feature = "axum")]
impl axum_core::response::IntoResponse for Readiness {
    fn into_response(self) -> axum_core::response::Response {
        use http::StatusCode;
        use http::header::{CACHE_CONTROL, CONTENT_TYPE};
        let status = if self.ready {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        let headers = [
            (CACHE_CONTROL.as_str(), "no-store".to_owned()),
            (CONTENT_TYPE.as_str(), "application/json".to_owned()),
            (Hint::HEADER, self.hint.to_string()),
        ];
        (status, headers, self.to_json()).into_response()
    }
}
