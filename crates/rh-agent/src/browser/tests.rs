use serde_json::json;

use super::*;

/// A service that knows the code `good` with any verifier of the right form.
async fn service() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut head = vec![0; 4096];
            let count = socket.read(&mut head).await.unwrap();
            let text = String::from_utf8_lossy(&head[..count]).into_owned();
            let good = text.starts_with("POST /auth/agent/token ") && text.contains("\"good\"");
            let status = if good { "200 OK" } else { "401 Unauthorized" };
            let body = json!({ "id": "p1", "card": {}, "token": "t" }).to_string();
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n{body}",
                body.len()
            );
            socket.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    address
}

/// Signs in with a browser that asks for `paths` in turn, with the state in the place of `STATE`;
/// returns what it was shown.
async fn signed_in(paths: &'static [&'static str]) -> (Result<Account, AgentError>, Vec<String>) {
    let (tell, told) = tokio::sync::oneshot::channel();
    let service = service().await;
    let signing_in = sign_in_by_browser(&service, |address| {
        tell.send(Url::parse(address).unwrap()).unwrap();
    });
    let browsing = async {
        let url = told.await.unwrap();
        let query =
            |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        assert_eq!((url.path(), query("challenge").len()), ("/auth/agent", 43));
        let mut shown = Vec::new();
        for path in paths {
            let path = path.replace("STATE", &query("state"));
            let address = format!("http://127.0.0.1:{}{path}", query("port"));
            shown.push(reqwest::get(address).await.unwrap().text().await.unwrap());
        }
        shown
    };
    tokio::join!(signing_in, browsing)
}

/// S-45: the browser brings a code, and the program fetches its token with it.
#[tokio::test]
async fn a_person_signs_in_through_the_browser() {
    let (account, shown) = signed_in(&["/?code=good&state=STATE"]).await;
    assert!(format!("{:?}", account.unwrap()).contains("127.0.0.1"));
    assert!(shown[0].contains("You are signed in"), "{shown:?}");
}

/// Whatever else asks at the port learns nothing and changes nothing.
#[tokio::test]
async fn what_is_no_answer_is_sent_away() {
    let knocks = &["/", "/favicon.ico", "/?code=evil&state=other", "/?code=good&state=STATE"];
    let (account, shown) = signed_in(knocks).await;
    assert!(account.is_ok());
    assert!(shown[..3].iter().all(|it| it.contains("nothing here")), "{shown:?}");
}

#[tokio::test]
async fn a_refusal_says_what_to_do() {
    for (path, said) in [
        (&["/?error=denied&state=STATE"], "administrator"),
        (&["/?error=other_directory&state=STATE"], "another organisation"),
        (&["/?error=%1B%5B2J&state=STATE"], "try again"),
        (&["/?code=bad&state=STATE"], "try again"),
    ] {
        let error = signed_in(path).await.0.unwrap_err().to_string();
        assert!(error.contains(said) && !error.contains(char::is_control), "{error:?}");
    }
}
