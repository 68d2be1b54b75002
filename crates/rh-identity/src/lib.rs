//! Who somebody is, as an identity provider says.
//!
//! A [`Provider`] is one organisation's OpenID Connect issuer: it makes the address at which a
//! person signs in, and turns what comes back into an [`Identity`]. Between the two lies an attempt,
//! kept in [`Attempts`], good once and for one browser only. Logout tokens are read here too.
//!
//! What is relied on, and where it is written:
//!
//! - authorization code with PKCE S256, `state`, `nonce` and the issuer in the answer (OpenID Connect
//!   Core 1.0 3.1; RFC 7636; RFC 9207; RFC 9700);
//! - people are known by issuer, directory and object id ([`PersonKey`]): names and e-mail addresses
//!   change hands;
//! - a verified domain is the directory's or the operator's word, never an unverified e-mail's;
//! - pictures are fetched here, limited, and made anew from their pixels, so that what others see
//!   holds nothing but a picture.
//!
//! What is absent: sessions, cookies and HTTP routes are the service's; what a person may do is
//! `rh-policy`'s. No clock: time comes as [`Now`].

mod address;
mod attempt;
mod claims;
mod device;
mod domain;
mod error;
mod fetch;
mod identity;
mod logout;
mod picture;
mod profile;
mod provider;
mod secret;
mod settings;
mod token;

pub use attempt::{Attempt, Attempts, MOST_ATTEMPTS};
pub use claims::Claims;
pub use device::DeviceGrant;
pub use error::IdentityError;
pub use identity::{Identity, PersonKey, ProviderSession};
pub use logout::{Ended, Replays};
pub use picture::{PICTURE_BYTES, Picture, recode};
pub use profile::{GraphProfile, OidcClaims, Profile, ProfileSource};
pub use provider::{Answer, Now, Provider};
pub use secret::{Secret, SecretSource};
pub use settings::{
    ClaimNames, Directory, Problem, ProfileKind, ProviderSettings, is_safe_address,
};
pub use token::{pkce_challenge, random_token};
