//! Who may read the answers and drive the stub: pages of this machine, and the origins that were named at the start.

/// The origins that are welcome.
#[derive(Debug)]
pub(crate) struct Origins {
    named: Vec<String>,
}

impl Origins {
    pub(crate) fn new(named: Vec<String>) -> Origins {
        Origins { named }
    }

    /// Whether a page of this origin is welcome.
    pub(crate) fn allows(&self, origin: &str) -> bool {
        self.named.iter().any(|named| named == origin)
            || ["http://", "https://"]
                .iter()
                .find_map(|scheme| origin.strip_prefix(scheme))
                .is_some_and(is_loopback)
    }
}

/// Whether an authority, `host` or `host:port`, is this machine.
///
/// The control listener asks this of the `Host` header too: a foreign page whose name was made to resolve to 127.0.0.1 needs no CORS,
/// but its name still stands there.
pub(crate) fn is_loopback(authority: &str) -> bool {
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|host| {
        authority.strip_prefix(host).is_some_and(|rest| {
            rest.is_empty()
                || rest
                    .strip_prefix(':')
                    .is_some_and(|port| port.parse::<u16>().is_ok())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_and_named_origins_are_welcome() {
        let origins = Origins::new(vec!["https://demo.test".to_owned()]);
        for (origin, welcome) in [
            ("http://127.0.0.1:8080", true),
            ("http://localhost", true),
            ("https://[::1]:3000", true),
            ("https://demo.test", true),
            ("https://demo.test:1", false),
            ("http://127.0.0.1.evil.test", false),
            ("http://localhost.evil.test:80", false),
            ("http://localhost:80@evil.test", false),
            ("file://localhost", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(origins.allows(origin), welcome, "{origin}");
        }
    }
}
