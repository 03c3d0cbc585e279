//! Who plays: three people and nobody, each with assets of their own, so that the last write to an asset is what must stand there in the end.

/// A page whose user has not signed in is nobody's.
pub(crate) const NOBODY: &str = "nobody";

/// Everybody whose writes there are.
pub(crate) const USERS: [&str; 4] = ["ann", "bob", "cleo", NOBODY];

/// Assets of each, which are the lanes.
pub(crate) const ASSETS: usize = 12;

/// Tabs at a time: more than users, so that most have two.
pub(crate) const TABS: usize = 6;

/// The identifier of somebody's asset.
pub(crate) fn asset(user: usize, number: usize) -> String {
    format!("ds-{:05}", 1 + user * ASSETS + number)
}

/// The name that the page's word has for somebody: nobody has none.
pub(crate) fn identity(user: &str) -> Option<&str> {
    (user != NOBODY).then_some(user)
}

/// Everybody's name as it is kept.
pub(crate) fn known(name: &str) -> Option<&'static str> {
    USERS.into_iter().find(|user| *user == name)
}
