//! The messages as TypeScript types.

use std::collections::BTreeMap;

use rh_protocol::{FromClient, FromHelper, PointerMove, ToClient, ToHelper};
use ts_rs::{Config, TS, TypeVisitor};

use super::layout;

/// Every message and all that it is made of, in the order of names.
pub(super) fn wire() -> String {
    let config = Config::new();
    let mut types = Types { config: &config, found: BTreeMap::new() };
    types.visit::<FromClient>();
    types.visit::<ToClient>();
    types.visit::<FromHelper>();
    types.visit::<ToHelper>();
    types.visit::<PointerMove>();
    types.found.into_values().collect::<Vec<_>>().join("\n")
}

/// The types met so far, each with its declaration.
struct Types<'a> {
    config: &'a Config,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Types<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let name = T::ident(self.config);
        let built_in = T::output_path().is_none();
        if built_in || self.found.contains_key(&name) {
            return;
        }
        let doc = layout::comment(&T::docs().unwrap_or_default(), "");
        let text = format!("{doc}export {}", layout::declaration(&T::decl(self.config)));
        self.found.insert(name, text);
        T::visit_dependencies(self);
    }
}
