//! An OpenID provider, a service that trusts it, and browsers.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::header::{LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};
use rh_service::{Config, Server, serve};
use serde_json::{Value, json};

const SECRET: &str = "a secret of the tests";

/// Steps of the longest way to a provider and back.
const STEPS: usize = 12;

/// The provider that all tests of this program share; it ends with the program.
pub(crate) fn issuer() -> &'static str {
    static PROVIDER: OnceLock<(Child, String)> = OnceLock::new();
    let (_, issuer) = PROVIDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oidc-provider");
        assert!(
            folder.join("node_modules/oidc-provider").is_dir(),
            "the npm package oidc-provider is missing: run `cargo xtask setup`, or \
             `npm ci --ignore-scripts` in {}",
            folder.display()
        );
        let mut node = Command::new("node")
            .arg("provider.js")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node is missing: install the package nodejs");
        let lines = BufReader::new(node.stdout.take().unwrap()).lines();
        let issuer = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("issuer ").map(str::to_owned));
        (node, issuer.expect("the provider says where it is"))
    });
    issuer
}

/// A service, and what the provider knows of it.
pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) client: String,
    _folder: tempfile::TempDir,
}

/// A service with one tenant, `example`; `more` goes into its configuration.
pub(crate) async fn world(more: &str) -> World {
    world_with(more, "", json!({})).await
}

/// The same with `top` above the tenant, and `metadata` for the provider.
pub(crate) async fn world_with(more: &str, top: &str, metadata: Value) -> World {
    static CLIENTS: AtomicU32 = AtomicU32::new(0);
    let client = format!("client-{}", CLIENTS.fetch_add(1, Ordering::Relaxed));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), SECRET).unwrap();
    let file = folder.path().join("service.toml");
    std::fs::write(&file, toml(&client, more, top)).unwrap();
    let mut config = Config::read(&file).unwrap();
    config.listen = "127.0.0.1:0".parse().unwrap();
    let server = serve(config).await.unwrap();
    register(&client, server.origin(), metadata).await;
    World { server, client, _folder: folder }
}

fn toml(client: &str, more: &str, top: &str) -> String {
    format!(
        "{top}\n[[tenant]]\nid = \"example\"\nname = \"Example Ltd\"\nissuer = \"{}\"\n\
         client_id = \"{client}\"\nclient_secret = {{ file = \"secret\" }}\n\
         domains = [\"example.com\"]\n{more}",
        issuer()
    )
}

/// Tells the provider about a client whose pages are at `origin`.
pub(crate) async fn register(client: &str, origin: &str, more: Value) {
    let mut metadata = json!({
        "client_id": client,
        "client_secret": SECRET,
        "redirect_uris": [format!("{origin}/auth/callback")],
        "grant_types": ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"],
        "backchannel_logout_uri": format!("{origin}/auth/logout/example"),
        "backchannel_logout_session_required": true,
    });
    metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let said = Client::new().post(format!("{}/test/client", issuer())).json(&metadata);
    assert!(said.send().await.unwrap().status().is_success());
}

/// A browser: it keeps cookies, and goes where it is led only when told to.
pub(crate) struct Browser(Client);

impl Browser {
    pub(crate) fn new() -> Self {
        let client = Client::builder().cookie_store(true).redirect(Policy::none());
        Self(client.build().unwrap())
    }

    pub(crate) async fn get(&self, url: &str) -> Response {
        self.0.get(url).send().await.unwrap()
    }

    /// Goes on from `url` until it is led to an address that begins with `stop`; says `answer` to
    /// the provider where that asks.
    pub(crate) async fn go(&self, url: &str, answer: (&str, &str), stop: &str) -> String {
        let mut url = Url::parse(url).unwrap();
        for _ in 0..STEPS {
            if url.as_str().starts_with(stop) {
                return url.into();
            }
            let mut response = self.get(url.as_str()).await;
            if response.status() == StatusCode::OK && url.path().starts_with("/interaction/") {
                let form = self.0.post(url.clone()).form(&[answer]);
                response = form.send().await.unwrap();
            }
            assert!(response.status().is_redirection(), "{url} leads nowhere: {response:?}");
            url = url.join(&location(&response)).unwrap();
        }
        panic!("led in circles to {url}");
    }

    /// Begins at the path, and goes to the provider and back to the service's door; `change` may
    /// meddle with the address on the way there.
    pub(crate) async fn to_the_door(
        &self,
        world: &World,
        path: &str,
        answer: (&str, &str),
        change: impl FnOnce(Url) -> Url,
    ) -> String {
        let begun = self.get(&world.url(path)).await;
        assert_eq!(begun.status(), StatusCode::SEE_OTHER, "{path}");
        let there = change(location(&begun).parse().unwrap());
        self.go(there.as_str(), answer, &world.url("/auth/callback")).await
    }

    /// Signs in as somebody; returns where that led to.
    pub(crate) async fn sign_in(&self, world: &World, login: &str) -> String {
        let door = self.to_the_door(world, "/auth/start", ("login", login), |it| it).await;
        location(&self.get(&door).await)
    }

    /// Who the service says this is.
    pub(crate) async fn me(&self, world: &World) -> Option<Value> {
        let answer = self.get(&world.url("/api/me")).await;
        match answer.status() {
            StatusCode::OK => Some(answer.json().await.unwrap()),
            status => {
                assert_eq!(status, StatusCode::UNAUTHORIZED);
                None
            }
        }
    }

    /// Posts as the service's own pages do.
    pub(crate) async fn post(&self, world: &World, path: &str) -> StatusCode {
        let request = self.0.post(world.url(path)).header(ORIGIN, world.server.origin());
        request.send().await.unwrap().status()
    }

    /// Posts a form.
    pub(crate) async fn submit(&self, url: &str, form: &[(String, String)]) -> Response {
        self.0.post(url).form(form).send().await.unwrap()
    }
}

impl World {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.origin())
    }
}

/// Where an answer leads.
pub(crate) fn location(response: &Response) -> String {
    let location = response.headers().get(LOCATION);
    location.unwrap_or_else(|| panic!("{response:?}")).to_str().unwrap().to_owned()
}

/// The pair of the cookie `name` that an answer sets.
pub(crate) fn cookie(response: &Response, name: &str) -> Option<String> {
    let all = response.headers().get_all(SET_COOKIE).iter();
    let mut pairs = all.map(|it| it.to_str().unwrap().to_owned());
    pairs
        .find(|it| it.starts_with(&format!("{name}=")))
        .map(|it| it.split(';').next().unwrap().to_owned())
}

/// The parameter `name` of an address.
pub(crate) fn parameter(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The address with the parameter `name` replaced, or taken out.
pub(crate) fn with_parameter(url: &Url, name: &str, value: Option<&str>) -> Url {
    let mut changed = url.clone();
    let others: Vec<_> = url.query_pairs().into_owned().filter(|(key, _)| key != name).collect();
    let own = value.map(|value| (name.to_owned(), value.to_owned()));
    changed.query_pairs_mut().clear().extend_pairs(others.into_iter().chain(own));
    changed
}

/// The hidden fields of a form, and where it goes.
pub(crate) fn form(page: &str) -> (String, Vec<(String, String)>) {
    let attribute = |text: &str, name: &str| {
        let (_, rest) = text.split_once(&format!("{name}=\""))?;
        rest.split('"').next().map(str::to_owned)
    };
    let action = attribute(page, "action").expect("a form");
    let inputs = page.split("<input ").skip(1).filter_map(|input| {
        let input = input.split('>').next()?;
        Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default()))
    });
    (action, inputs.collect())
}
