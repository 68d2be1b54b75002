//! Which applications are left out of the picture.
//!
//! A content filter names applications that run and have a window when it is made. Our own may have
//! none yet, and a chosen one may start later: the list is looked at again and again, and the filter
//! made anew when that changes the answer (B-10).

/// A running application.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct App {
    pub(crate) pid: i32,
    pub(crate) bundle: String,
}

/// Who is to be left out, and who is by now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exclusions {
    /// `None` if nobody is left out.
    own: Option<i32>,
    bundles: Vec<String>,
    /// In ascending order.
    left_out: Vec<i32>,
}

impl Exclusions {
    /// Leaves out the application of process `own`, and all of these bundle identifiers, which are
    /// compared without regard to case, as macOS does.
    pub(crate) const fn new(own: i32, bundles: Vec<String>) -> Self {
        Self { own: Some(own), bundles, left_out: Vec::new() }
    }

    /// Leaves out nobody.
    pub(crate) const fn none() -> Self {
        Self { own: None, bundles: Vec::new(), left_out: Vec::new() }
    }

    /// Looks at who runs; whether the filter must be made anew, for those that now
    /// [`leaves_out`](Self::leaves_out) names.
    pub(crate) fn look(&mut self, running: &[App]) -> bool {
        let wanted = running.iter().filter(|app| self.wants(app)).map(|app| app.pid);
        let mut wanted: Vec<i32> = wanted.collect();
        wanted.sort_unstable();
        wanted.dedup();
        let changed = wanted != self.left_out;
        self.left_out = wanted;
        changed
    }

    /// Whether the application of this process is left out.
    pub(crate) fn leaves_out(&self, pid: i32) -> bool {
        self.left_out.binary_search(&pid).is_ok()
    }

    /// Whether nothing that is still to come could change the answer.
    pub(crate) fn is_final(&self) -> bool {
        self.bundles.is_empty() && self.own.is_none_or(|own| self.leaves_out(own))
    }

    fn wants(&self, app: &App) -> bool {
        self.own == Some(app.pid)
            || self.bundles.iter().any(|b| b.eq_ignore_ascii_case(&app.bundle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(pid: i32, bundle: &str) -> App {
        App { pid, bundle: bundle.to_owned() }
    }

    /// B-10: own windows are left out as soon as the system lists us.
    #[test]
    fn our_own_application_is_left_out_once_it_is_listed() {
        let mut exclusions = Exclusions::new(42, vec![]);
        assert!(!exclusions.look(&[app(1, "com.apple.finder")]));
        assert!(!exclusions.is_final(), "we may yet open a window");
        assert!(exclusions.look(&[app(1, "com.apple.finder"), app(42, "")]));
        assert!(exclusions.leaves_out(42) && !exclusions.leaves_out(1));
        assert!(exclusions.is_final());
        assert!(!exclusions.look(&[app(42, ""), app(1, "com.apple.finder")]), "nothing new");
    }

    /// B-10: a chosen application is left out in all its processes, also when it starts later.
    #[test]
    fn chosen_applications_are_left_out_whenever_they_start() {
        let mut exclusions = Exclusions::new(42, vec!["com.example.Vault".to_owned()]);
        assert!(exclusions.look(&[app(42, "org.example.help")]));
        assert!(!exclusions.is_final(), "the chosen one may start any time");
        let both = [app(42, ""), app(9, "com.example.vault"), app(8, "com.example.VAULT")];
        assert!(exclusions.look(&both));
        assert!([8, 9, 42].into_iter().all(|pid| exclusions.leaves_out(pid)));
        assert!(exclusions.look(&both[..2]), "one of them ended");
        assert!(!exclusions.leaves_out(8));
    }

    #[test]
    fn nobody_is_left_out_of_what_the_person_picked() {
        let mut exclusions = Exclusions::none();
        assert!(!exclusions.look(&[app(42, "org.example.help"), app(0, "")]));
        assert!(exclusions.is_final() && !exclusions.leaves_out(0));
    }

    #[test]
    fn an_application_without_an_identifier_is_not_a_chosen_one() {
        let mut exclusions = Exclusions::new(42, vec!["com.example.vault".to_owned()]);
        assert!(!exclusions.look(&[app(5, ""), app(6, "com.example.vault2")]));
    }
}
