//! Helpers who were reported, and letting them help again (B-05).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rh_policy::{Duty, PersonId};
use rh_protocol::SessionId;
use rh_records::{Event as Recorded, Fact, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock;
use crate::http::identity::{Acting, SignedIn};
use crate::http::read::Body;
use crate::http::{App, Failure};
use crate::hub::Event;

/// Those who may not help anybody for now.
#[derive(JsonSchema, Serialize)]
pub(super) struct List {
    suspensions: Vec<Suspended>,
}

/// One of them.
#[derive(JsonSchema, Serialize)]
struct Suspended {
    #[schemars(with = "String")]
    person: PersonId,
    #[schemars(with = "String")]
    since: Timestamp,
    /// The session in which they were reported, if that is why.
    session: Option<SessionId>,
}

/// Whose is lifted.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Lift {
    #[schemars(with = "String")]
    person: PersonId,
}

/// Who is suspended, and since when.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
) -> Result<Json<List>, Failure> {
    let tenant = app.administrator(&signed_in, Duty::ReadRecords)?.tenant;
    let all = app.store()?.suspensions().await?.into_iter();
    let own = all.filter(|it| it.tenant == tenant);
    let shown = own.map(|it| Suspended { person: it.person, since: it.at, session: it.session });
    Ok(Json(List { suspensions: shown.collect() }))
}

/// Lets somebody help again, as the rules say; sessions that were ended stay so.
pub(super) async fn lift(
    State(app): State<Arc<App>>,
    Acting(signed_in): Acting,
    Body(Lift { person }): Body<Lift>,
) -> Result<StatusCode, Failure> {
    let administrator = app.administrator(&signed_in, Duty::ManageRoles)?;
    let all = app.store()?.suspensions().await?;
    let tenant = administrator.tenant.clone();
    if !all.iter().any(|it| (&it.tenant, &it.person) == (&tenant, &person)) {
        return Err(Failure::NotFound);
    }
    let event = Recorded::Reinstated { person: person.clone(), by: Some(administrator.id) };
    let fact = Fact { tenant: tenant.clone(), at: clock::wall(), event };
    app.record_first(fact).await?;
    app.board.handle(clock::now(), Event::Reinstated(tenant, person));
    Ok(StatusCode::NO_CONTENT)
}
