//! The embedded relay over real sockets, to a client of another make.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "credentials expire by the wall's clock")]

mod coturn;
mod hostile;
mod refusals;
mod sides;
mod world;
