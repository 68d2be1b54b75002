//! What holds for every tenant, person and device (S-11 to S-14, S-19, S-20, M-03).

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::time::Duration;

use common::{HERE, id, role};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rh_policy::{
    Action, Assurance, AuthContext, Compliance, Decision, Device, Enrolment, Members, Permission,
    Person, Reason, RemoteAssistanceState, RoleAssignment, Roles, Scope, SharingApp, Standing,
    Target, Tenant, Unrecognised, Warning, decide, recheck,
};
use rh_protocol::Role;

/// Everything that a decision takes, owned.
#[derive(Clone, Debug)]
struct World {
    tenant: Tenant,
    helper: Person,
    sharer: Person,
    device: Device,
    /// 0 anyone, 1 the device, 2 a sharer with the agent, 3 one with a browser.
    target: u8,
}

impl World {
    fn target(&self) -> Target<'_> {
        let (person, device) = (&self.sharer, &self.device);
        match self.target {
            0 => Target::Anyone,
            1 => Target::Device(device),
            2 => Target::Sharer { person, device, app: SharingApp::Native },
            _ => Target::Sharer { person, device, app: SharingApp::Browser },
        }
    }

    fn decide(&self, action: Action) -> Decision {
        decide(&self.helper, action, self.target(), &self.tenant)
    }
}

fn group() -> impl Strategy<Value = &'static str> {
    select(vec!["a", "b", "c", "d"])
}

fn permission() -> impl Strategy<Value = Permission> {
    select(Permission::ALL.to_vec())
}

fn context() -> impl Strategy<Value = AuthContext> {
    select(vec!["c1", "c2"]).prop_map(id)
}

/// The rare one at one time in twenty.
fn seldom<T: Clone + std::fmt::Debug + 'static>(usual: T, rare: T) -> impl Strategy<Value = T> {
    prop_oneof![19 => Just(usual), 1 => Just(rare)]
}

fn person(name: &'static str) -> impl Strategy<Value = Person> {
    let groups = prop::collection::btree_set(group().prop_map(id), 0..3);
    let contexts = prop::collection::btree_set(context(), 0..3);
    (seldom(HERE, "elsewhere"), groups, contexts).prop_map(move |(tenant, groups, contexts)| {
        Person { groups, contexts, ..Person::new(id(tenant), id(name)) }
    })
}

fn scope() -> impl Strategy<Value = Scope> {
    let groups = prop::collection::btree_set(group().prop_map(id), 0..3);
    prop_oneof![
        groups.prop_map(|resource_scopes| Scope::ResourceScope { resource_scopes }),
        Just(Scope::AllDevices),
        Just(Scope::AllLicensedUsers),
        Just(Scope::AllDevicesAndLicensedUsers),
    ]
}

fn assignment() -> impl Strategy<Value = RoleAssignment> {
    let rare = select(vec!["r0", "r1", "none", "ViewOnlyHelper", "TenantAdmin"]);
    let role = prop_oneof![1 => Just("HelpDeskOperator"), 1 => rare];
    let groups = prop::collection::btree_set(group().prop_map(id), 0..3);
    let people = prop::collection::btree_set(select(vec!["hana", "sami"]).prop_map(id), 0..2);
    (role, people, groups, scope()).prop_map(|(role, people, groups, scope)| RoleAssignment {
        role: id(role),
        members: Members { people, groups },
        scope,
    })
}

fn tenant() -> impl Strategy<Value = Tenant> {
    let permissions = || prop::collection::vec(permission(), 0..8);
    let assignments = prop::collection::vec(assignment(), 0..7);
    let conditions = prop::collection::btree_map(select(Action::ALL.to_vec()), context(), 0..3);
    let switches = (seldom(true, false), any::<bool>(), any::<bool>());
    (permissions(), permissions(), assignments, conditions, switches).prop_map(
        |(r0, r1, assignments, conditions, (enabled, open, silent))| {
            let mut tenant = Tenant::new(id(HERE));
            tenant.roles.add(role("r0", &r0)).unwrap();
            tenant.roles.add(role("r1", &r1)).unwrap();
            tenant.assignments = assignments;
            tenant.conditions.0 = conditions;
            if enabled {
                tenant.settings.remote_assistance_state = RemoteAssistanceState::Enabled;
            }
            tenant.settings.allow_sessions_to_unenrolled_devices = open;
            tenant.settings.block_chat = silent;
            tenant
        },
    )
}

fn not_enrolled() -> impl Strategy<Value = Enrolment> {
    select(vec![
        Enrolment::Unenrolled,
        Enrolment::Unknown(Unrecognised::DirectoryUnavailable),
        Enrolment::Unknown(Unrecognised::NothingPresented),
    ])
}

fn device() -> impl Strategy<Value = Device> {
    let enrolment = prop_oneof![
        3 => Just(Enrolment::Enrolled),
        1 => Just(Enrolment::Unenrolled),
        1 => Just(Enrolment::Unknown(Unrecognised::SingleSignOnMissing)),
    ];
    let compliance = select(vec![
        Compliance::Compliant,
        Compliance::Noncompliant,
        Compliance::Conflict,
        Compliance::Error,
        Compliance::InGracePeriod,
        Compliance::ConfigManager,
        Compliance::Unknown,
    ]);
    let age = prop::option::of((0..200_000_u64).prop_map(Duration::from_secs));
    let assurance = select(vec![Assurance::Claimed, Assurance::SignIn, Assurance::Attested]);
    let groups = prop::collection::btree_set(group().prop_map(id), 0..3);
    let tenant = seldom(HERE, "elsewhere");
    (tenant, groups, enrolment, compliance, age, assurance).prop_map(
        |(tenant, groups, enrolment, compliance, age, assurance)| Device {
            tenant: id(tenant),
            id: Some(id("mac")),
            groups,
            enrolment,
            compliance,
            age,
            assurance,
        },
    )
}

fn world() -> impl Strategy<Value = World> {
    let target = prop_oneof![3 => Just(2_u8), 1 => 0..4_u8];
    (tenant(), person("hana"), person("sami"), device(), target).prop_map(
        |(tenant, helper, sharer, device, target)| World { tenant, helper, sharer, device, target },
    )
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![2 => session_action(), 1 => select(Action::ALL.to_vec())]
}

fn session_action() -> impl Strategy<Value = Action> {
    let administers = |action: &Action| matches!(action, Action::Administer(_));
    select(Action::ALL.into_iter().filter(|action| !administers(action)).collect::<Vec<_>>())
}

/// One more thing that somebody is given.
#[derive(Clone, Debug)]
enum Grant {
    Assignment(RoleAssignment),
    Permission(Permission),
    Member(usize),
    Wider(usize),
    HelperGroup(&'static str),
    Context(AuthContext),
}

fn grant() -> impl Strategy<Value = Grant> {
    prop_oneof![
        assignment().prop_map(Grant::Assignment),
        permission().prop_map(Grant::Permission),
        (0..5_usize).prop_map(Grant::Member),
        (0..5_usize).prop_map(Grant::Wider),
        group().prop_map(Grant::HelperGroup),
        context().prop_map(Grant::Context),
    ]
}

fn give(world: &mut World, grant: Grant) {
    let helper = world.helper.id.clone();
    match grant {
        Grant::Assignment(assignment) => world.tenant.assignments.push(assignment),
        Grant::Permission(permission) => {
            let mut roles = Roles::default();
            for name in ["r0", "r1"] {
                let mut role = world.tenant.roles.find(&id(name)).unwrap().clone();
                role.permissions.insert(permission);
                roles.add(role).unwrap();
            }
            world.tenant.roles = roles;
        }
        Grant::Member(at) => {
            if let Some(assignment) = world.tenant.assignments.get_mut(at) {
                assignment.members.people.insert(helper);
            }
        }
        Grant::Wider(at) => {
            if let Some(assignment) = world.tenant.assignments.get_mut(at) {
                widen(&mut assignment.scope);
            }
        }
        Grant::HelperGroup(group) => {
            world.helper.groups.insert(id(group));
        }
        Grant::Context(context) => {
            world.helper.contexts.insert(context.clone());
            world.sharer.contexts.insert(context);
        }
    }
}

/// Groups gain one; what is without groups becomes everything.
fn widen(scope: &mut Scope) {
    if let Scope::ResourceScope { resource_scopes } = scope {
        resource_scopes.insert(id("a"));
    } else {
        *scope = Scope::AllDevicesAndLicensedUsers;
    }
}

/// From deny over step-up to allow.
fn rank(decision: &Decision) -> u8 {
    match decision {
        Decision::Deny { .. } => 0,
        Decision::StepUp { .. } => 1,
        Decision::Allow { .. } => 2,
    }
}

/// Properties of what is always refused would say little.
#[test]
fn enough_of_these_worlds_allow_something() {
    let mut runner = TestRunner::deterministic();
    let mut ranks = [0; 3];
    for _ in 0..2000 {
        let (world, action) = (world(), session_action()).new_tree(&mut runner).unwrap().current();
        ranks[usize::from(rank(&world.decide(action)))] += 1;
    }
    let [denied, waiting, allowed] = ranks;
    assert!(denied > 400 && waiting > 10 && allowed > 200, "{ranks:?}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn more_grants_never_turn_allow_into_deny(
        world in world(),
        action in action(),
        grants in prop::collection::vec(grant(), 1..4),
    ) {
        let before = world.decide(action);
        let mut more = world;
        for grant in grants {
            give(&mut more, grant);
        }
        let after = more.decide(action);
        prop_assert!(rank(&after) >= rank(&before), "{before:?} became {after:?}");
    }

    #[test]
    fn another_tenant_is_always_denied_and_hears_nothing_else(
        mut world in world(),
        action in session_action(),
        duty in action(),
        who in 0..3_u8,
    ) {
        let elsewhere = id("elsewhere");
        let action = match who {
            0 => {
                world.helper.tenant = elsewhere;
                duty
            }
            1 => {
                world.sharer.tenant = elsewhere;
                world.target = world.target.max(2);
                action
            }
            _ => {
                world.device.tenant = elsewhere;
                world.target = world.target.max(1);
                action
            }
        };
        let Decision::Deny { reasons } = world.decide(action) else {
            panic!("{action} across tenants");
        };
        prop_assert!(matches!(reasons[..], [Reason::OtherTenant { .. }]), "{reasons:?}");
    }

    #[test]
    fn a_device_that_is_not_enrolled_is_never_one_of_all_devices(
        mut world in world(),
        action in session_action(),
        target in 1..4_u8,
        enrolment in not_enrolled(),
    ) {
        for assignment in &mut world.tenant.assignments {
            assignment.scope = Scope::AllDevices;
        }
        (world.target, world.device.enrolment) = (target, enrolment);
        prop_assert!(world.decide(action).is_deny());
    }

    #[test]
    fn a_device_that_is_not_known_to_be_enrolled_needs_the_switch(
        mut world in world(),
        action in session_action(),
        target in 1..4_u8,
        enrolment in not_enrolled(),
    ) {
        world.tenant.settings.allow_sessions_to_unenrolled_devices = false;
        (world.target, world.device.enrolment) = (target, enrolment);
        prop_assert!(world.decide(action).is_deny());
    }

    #[test]
    fn whatever_is_not_compliant_warns_and_never_blocks(world in world(), action in action()) {
        let decision = world.decide(action);
        let mut compliant = world.clone();
        compliant.device.compliance = Compliance::Compliant;
        prop_assert_eq!(rank(&decision), rank(&compliant.decide(action)));
        let (Decision::Allow { warnings } | Decision::StepUp { warnings, .. }) = decision else {
            return Ok(());
        };
        let told = warnings.iter().any(|it| matches!(it, Warning::NotCompliant { .. }));
        let about_a_device = !matches!(action, Action::Administer(_)) && world.target >= 1;
        let expected = about_a_device && world.device.compliance != Compliance::Compliant;
        prop_assert_eq!(told, expected);
    }

    #[test]
    fn a_disabled_tenant_denies_all_but_administration(mut world in world(), action in action()) {
        let enabled = world.decide(action);
        world.tenant.settings.remote_assistance_state = RemoteAssistanceState::Disabled;
        let disabled = world.decide(action);
        if matches!(action, Action::Administer(_)) {
            prop_assert_eq!(disabled, enabled);
        } else {
            prop_assert!(disabled.is_deny());
        }
    }

    #[test]
    fn a_running_session_may_do_what_it_might_ask_for_again(
        world in world(),
        role in select(vec![None, Some(Role::View), Some(Role::Control)]),
    ) {
        let denied = |action| world.decide(action).is_deny();
        let standing = recheck(&world.helper, role, world.target(), &world.tenant);
        let expected = match role {
            None => (!denied(Action::Join), false),
            Some(Role::View) => (!denied(Action::Ask(Role::View)), false),
            Some(Role::Control) if !denied(Action::Ask(Role::Control)) => (true, false),
            Some(Role::Control) => (false, !denied(Action::Ask(Role::View))),
        };
        let found = match standing {
            Standing::Continues { .. } => (true, false),
            Standing::ViewOnly { reasons } => {
                prop_assert!(!reasons.is_empty());
                (false, true)
            }
            Standing::Ends { reasons } => {
                prop_assert!(!reasons.is_empty());
                (false, false)
            }
        };
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn who_may_take_control_may_view(world in world()) {
        if !world.decide(Action::Ask(Role::Control)).is_deny() {
            prop_assert!(!world.decide(Action::Ask(Role::View)).is_deny());
        }
        if world.decide(Action::Ask(Role::Control)).is_allow() {
            prop_assert!(world.decide(Action::Ask(Role::View)).is_allow());
        }
    }
}
