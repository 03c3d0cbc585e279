//! The stub as a whole, without sockets and in virtual time: what only sockets show is in `tests/over_tcp`.

mod cliff;
mod doors;
mod golden;
mod headers;
mod leaks;
mod overload;
mod repeatable;
mod reset;
mod scripts;
mod spaces;
