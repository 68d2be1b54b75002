//! What the service signs, and how anyone checks it with nothing but the document and a key.
//!
//! [`Signed`] is the envelope, [`Statement`] what can be in it. [`ConsentRecord`] is the one statement
//! that both ends of a session rely on while it runs: the agent carries out no input without it
//! (S-46, B-05). Receipts and checkpoints are `rh-records`'.
//!
//! No I/O but the file of the signing key, and no clock.

pub mod consent;
mod hash;
pub mod jcs;
mod key;
mod signed;
mod timestamp;

pub use consent::{ConsentRecord, Party, Shown};
pub use hash::{Hash, NotAHash};
pub use key::{KeyError, KeyId, NotAKey, PublicKey, SigningKey, Trust};
pub use signed::{NotGenuine, Signed, Statement};
pub use timestamp::{NotATime, Timestamp};
