//! Where the backend and its control listener are.
//!
//! `?api=…&control=…` names others, for the rest of the browser session. Only this machine and the page's own host are taken, so that
//! nobody can be sent a link to the demo that talks to a server of the sender's choice.

use leptos::prelude::window;
use tidegate_contract::paths;
use web_sys::UrlSearchParams;

/// The addresses in use, without a slash at the end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Addresses {
    pub(crate) api: String,
    pub(crate) control: String,
}

impl Addresses {
    /// What the page's URL says, else what it said earlier in this session, else this machine's usual ports.
    pub(crate) fn of_page() -> Addresses {
        Addresses {
            api: chosen("api", paths::API_PORT),
            control: chosen("control", paths::CONTROL_PORT),
        }
    }
}

fn chosen(name: &str, port: u16) -> String {
    let location = window().location();
    let host = location.hostname().unwrap_or_default();
    let query = location
        .search()
        .and_then(|search| UrlSearchParams::new_with_str(&search));
    // A browser that refuses storage costs the memory of the choice, nothing else.
    let session = window().session_storage().ok().flatten();
    let key = format!("tidegate-demo.{name}");
    let asked = query.ok().and_then(|query| query.get(name));
    if let Some(asked) = asked.and_then(|url| accept(&url, &host)) {
        if let Some(session) = &session {
            let _ = session.set_item(&key, &asked);
        }
        return asked;
    }
    let earlier = session.and_then(|session| session.get_item(&key).ok().flatten());
    earlier
        .and_then(|url| accept(&url, &host))
        .unwrap_or_else(|| format!("http://127.0.0.1:{port}"))
}

/// The origin that a URL names, if it is this machine or the page's own host.
fn accept(url: &str, page_host: &str) -> Option<String> {
    let url = url.trim_end_matches('/');
    let rest = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"))?;
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let port_is_number = port.is_none_or(|port| port.parse::<u16>().is_ok());
    let host_is_near = is_loopback(host) || (host == page_host && !host.is_empty());
    (port_is_number && host_is_near).then(|| url.to_owned())
}

fn is_loopback(host: &str) -> bool {
    let octets: Vec<Option<u8>> = host.split('.').map(|part| part.parse().ok()).collect();
    let is_v4 = matches!(octets.as_slice(), [Some(127), Some(_), Some(_), Some(_)]);
    is_v4 || host == "localhost" || host == "[::1]"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_this_machine_and_the_pages_own_host() {
        for url in [
            "http://127.0.0.1:4880",
            "http://127.0.0.9",
            "http://localhost:1",
            "https://[::1]:4780/",
            "http://demo.example:4780",
        ] {
            let accepted = accept(url, "demo.example");
            assert_eq!(accepted.as_deref(), Some(url.trim_end_matches('/')));
        }
    }

    #[test]
    fn refuses_everything_else() {
        for url in [
            "",
            "http://",
            "//127.0.0.1:1",
            "ftp://127.0.0.1",
            "javascript:alert(1)",
            "http://elsewhere.example",
            "http://127.0.0.1.elsewhere.example",
            "http://127.0.0.1@elsewhere.example",
            "http://elsewhere.example:80@127.0.0.1",
            "http://127.0.0.1:80/path",
            "http://127.0.0.1:99999",
            "http://demo.example.org",
        ] {
            assert_eq!(accept(url, "demo.example"), None, "{url}");
        }
    }
}
