//! Who may help whom, and how far.
//!
//! [`decide`] is one pure function: a person, an [`Action`], whom it is about, and the [`Tenant`] with
//! its switches, roles and assignments. The answer is a [`Decision`] that says why: every
//! [`Reason`] has a stable code and knows its [`Fix`]es, so that a page can tell the exact next step
//! in any language. [`recheck`] asks the same of a session that runs already, and [`intune`] reads
//! roles as Microsoft Graph exports them.
//!
//! ```
//! use rh_policy::{Action, Decision, Person, Reason, Target, Tenant, decide};
//!
//! let tenant = Tenant::new("example".parse()?);
//! let helper = Person::new(tenant.id.clone(), "hana".parse()?);
//! let decision = decide(&helper, Action::MakeCode, Target::Anyone, &tenant);
//! assert_eq!(decision, Decision::Deny { reasons: vec![Reason::TenantDisabled] });
//! # Ok::<(), rh_policy::ParseIdError>(())
//! ```
//!
//! # The rules
//!
//! - Everyone and everything is of one tenant. Whoever is not hears only that.
//! - A tenant that is not switched on allows administration and nothing else.
//! - A helper needs *Offer remote assistance*, *Remote Assistance Connector: Read* and one permission
//!   of the app, each by an assignment in whose scope the sharer or the device is (*Multiple role
//!   assignments* in `https://learn.microsoft.com/intune/fundamentals/role-based-access-control/overview`).
//!   The connector is the tenant's and has no scope, and neither has administration.
//! - The scope "all devices" holds enrolled devices only.
//! - A device that is not enrolled, or of which that is not known, is refused unless the tenant
//!   allows such devices. Compliance never refuses: it warns, and so do a device record that is old
//!   and one that nothing proves.
//! - Who may take full control may view.
//! - An action may ask for an authentication context on top ([`ConditionalAccess`]). That is no
//!   refusal: the session waits until the person has stepped up.
//!
//! More grants never turn an allow into a deny; there are no negative grants. The rules and names
//! are those of Microsoft's *Plan for Remote Help with Microsoft Intune*
//! (`https://learn.microsoft.com/intune/remote-help/plan`) and of Microsoft Graph's Intune role
//! resources (`https://learn.microsoft.com/graph/api/resources/intune-rbac-conceptual`).
//!
//! # The decisions
//!
//! Each action by each built-in role, with an enrolled Mac of the same tenant (a test holds this and
//! the next table):
//!
#![doc = include_str!("docs/roles.md")]
//!
//! Each kind of device by the tenant's switches, with a Help Desk Operator:
//!
#![doc = include_str!("docs/devices.md")]
//!
//! # What is absent
//!
//! No I/O, no clock, no runtime: what is known of a device comes with its age. No consent: that a
//! helper may ask says nothing about what the sharer answers. No sentences for people: codes and
//! facts only.

mod action;
mod assignment;
mod conditional;
mod decide;
mod decision;
mod device;
mod fix;
mod id;
pub mod intune;
mod permission;
mod person;
mod reason;
mod recheck;
mod role;
mod target;
mod tenant;
mod warning;

pub use action::{Action, Duty, UnknownAction};
pub use assignment::{Members, RoleAssignment, Scope};
pub use conditional::{AuthContext, ConditionalAccess, step_up_needed};
pub use decide::decide;
pub use decision::Decision;
pub use device::{Assurance, Compliance, Device, Enrolment, Unrecognised};
pub use fix::{Fix, Who};
pub use id::{DeviceId, GroupId, ParseIdError, PersonId, RoleId, TenantId};
pub use permission::{Permission, UnknownPermission};
pub use person::Person;
pub use reason::{Party, Reason};
pub use recheck::{Standing, recheck};
pub use role::{RoleDefinition, RoleExists, Roles};
pub use target::{SharingApp, Target};
pub use tenant::{RemoteAssistanceState, Tenant, TenantSettings};
pub use warning::{STALE_AFTER, Warning};
