//! What handlers take.

use axum::body::Bytes;
use axum::extract::{ConnectInfo, Form, Json, Path, Query, State, WebSocketUpgrade};
use axum::http::HeaderMap;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::answer::Answer;
use super::operation::Operation;
use crate::http::identity::{Acting, SignedIn};
use crate::http::read;

/// An argument of a handler.
pub(in crate::http) trait Ask {
    /// Says what of a request it is made of; nothing, unless a client has to know.
    fn ask(_schemas: &mut SchemaGenerator, _operation: &mut Operation) {}
}

impl<T> Ask for State<T> {}
impl<T> Ask for ConnectInfo<T> {}
impl Ask for HeaderMap {}
impl Ask for WebSocketUpgrade {}
/// What a path is made of, its pattern says.
impl<T> Ask for Path<T> {}

impl<T: Ask, E> Ask for Result<T, E> {
    fn ask(schemas: &mut SchemaGenerator, operation: &mut Operation) {
        T::ask(schemas, operation);
    }
}

impl Ask for SignedIn {
    fn ask(_: &mut SchemaGenerator, operation: &mut Operation) {
        operation.signed_in();
    }
}

impl Ask for Acting {
    fn ask(_: &mut SchemaGenerator, operation: &mut Operation) {
        operation.signed_in();
    }
}

impl<T: JsonSchema> Ask for Json<T> {
    fn ask(schemas: &mut SchemaGenerator, operation: &mut Operation) {
        operation.body("application/json", schemas.subschema_for::<T>());
    }
}

/// JSON that is read elsewhere.
impl Ask for Bytes {
    fn ask(_: &mut SchemaGenerator, operation: &mut Operation) {
        operation.body("application/json", Schema::default());
    }
}

impl<T: JsonSchema> Ask for read::Body<T> {
    fn ask(schemas: &mut SchemaGenerator, operation: &mut Operation) {
        Json::<T>::ask(schemas, operation);
    }
}

impl<T: JsonSchema> Ask for Form<T> {
    fn ask(schemas: &mut SchemaGenerator, operation: &mut Operation) {
        operation.body("application/x-www-form-urlencoded", schemas.subschema_for::<T>());
    }
}

impl<T: JsonSchema> Ask for Query<T> {
    fn ask(schemas: &mut SchemaGenerator, operation: &mut Operation) {
        if let Some(object) = T::json_schema(schemas).as_object() {
            operation.query(object);
        }
    }
}

impl<T: JsonSchema> Ask for read::Query<T> {
    fn ask(schemas: &mut SchemaGenerator, operation: &mut Operation) {
        Query::<T>::ask(schemas, operation);
    }
}

/// A handler whose arguments `A` and result are described.
pub(in crate::http) trait Documented<A> {
    /// Says what is asked and answered.
    fn document(schemas: &mut SchemaGenerator, operation: &mut Operation);
}

/// For handlers with so many arguments.
macro_rules! documented {
    ($($argument:ident),*) => {
        impl<F, T, O, $($argument,)*> Documented<($($argument,)*)> for F
        where
            F: FnOnce($($argument),*) -> T,
            T: Future<Output = O>,
            O: Answer,
            $($argument: Ask,)*
        {
            fn document(schemas: &mut SchemaGenerator, operation: &mut Operation) {
                $($argument::ask(schemas, operation);)*
                O::answer(schemas, operation);
            }
        }
    };
}

documented!();
documented!(A1);
documented!(A1, A2);
documented!(A1, A2, A3);
documented!(A1, A2, A3, A4);
documented!(A1, A2, A3, A4, A5);
