//! Presses the button that mail programs show beside the sender (RFC 8058): the provider's server
//! posts one form, without cookie or login, to the address in `List-Unsubscribe`.

use std::{net::IpAddr, time::Duration};

use axum::{
    body::{Body, to_bytes},
    http::{Request, header},
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};
use url::{Host, Url};

use super::letter::Opened;

/// The whole form (RFC 8058, section 3.2).
const FORM: &str = "List-Unsubscribe=One-Click";
/// Octets of an answer that are shown.
const ANSWER_OCTETS_MAX: usize = 16_384;
/// Longest wait for an answer.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// What the service answered.
#[derive(Debug)]
pub(super) struct Answer {
    /// The status code.
    pub status: u16,
    /// The text that came with it.
    pub text: String,
}

/// Why nothing was answered.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotPressed {
    /// A mail program shows no button for this message.
    #[error("the message offers no one-click unsubscribe: both List-Unsubscribe fields are needed")]
    NotOffered,
    /// The demo speaks to this machine only.
    #[error("the link leads away from this machine, and the demo sends nothing there")]
    Elsewhere,
    /// The connection failed.
    #[error("the service could not be reached")]
    Unreachable(#[from] std::io::Error),
    /// The HTTP dialogue failed.
    #[error("the service did not answer as a web server does")]
    Torn(#[from] hyper::Error),
    /// It took too long.
    #[error("the service did not answer within {} seconds", WAIT_MAX.as_secs())]
    Late,
}

/// Where the button of this message posts to: the first link of the web.
pub(super) fn target(letter: &Opened) -> Option<Url> {
    letter.header("List-Unsubscribe-Post").filter(|post| post.eq_ignore_ascii_case(FORM))?;
    let links = letter.header("List-Unsubscribe")?;
    let urls = links.split(',').filter_map(|link| {
        let link = link.trim().strip_prefix('<')?.strip_suffix('>')?;
        Url::parse(link).ok()
    });
    urls.into_iter().find(|url| matches!(url.scheme(), "https" | "http"))
}

/// Presses it.
pub(super) async fn press(url: &Url) -> Result<Answer, NotPressed> {
    timeout(WAIT_MAX, post(url)).await.map_err(|_| NotPressed::Late)?
}

async fn post(url: &Url) -> Result<Answer, NotPressed> {
    let (address, port) = loopback(url).ok_or(NotPressed::Elsewhere)?;
    let stream = TcpStream::connect((address, port)).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake::<_, Body>(TokioIo::new(stream)).await?;
    let request = Request::post(url.path())
        .header(header::HOST, format!("{}:{port}", url.host_str().unwrap_or_default()))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::CONNECTION, "close")
        .body(Body::from(FORM))
        .map_err(|_| NotPressed::NotOffered)?;
    let exchange = async {
        let response = sender.send_request(request).await?;
        let status = response.status().as_u16();
        let text = to_bytes(Body::new(response.into_body()), ANSWER_OCTETS_MAX).await;
        let text = String::from_utf8_lossy(&text.unwrap_or_default()).trim().to_owned();
        Ok(Answer { status, text })
    };
    let (answer, _) = tokio::join!(exchange, connection);
    answer
}

/// The address and port of a link to this very machine.
fn loopback(url: &Url) -> Option<(IpAddr, u16)> {
    let address = match url.host()? {
        Host::Ipv4(address) => IpAddr::from(address),
        Host::Ipv6(address) => IpAddr::from(address),
        Host::Domain("localhost") => IpAddr::from([127, 0, 0, 1]),
        Host::Domain(_) => return None,
    };
    let is_ours = url.scheme() == "http" && address.is_loopback();
    is_ours.then_some((address, url.port_or_known_default()?))
}

#[cfg(test)]
mod tests {
    use super::{super::letter::tests::letter, *};

    const POST: &str = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";

    fn offered(fields: &str) -> Option<String> {
        target(&letter(1, "a@b.kz", "S", fields).open().unwrap()).map(String::from)
    }

    #[test]
    fn the_button_is_there_only_with_both_fields_and_a_link_of_the_web() {
        let links = "List-Unsubscribe: <mailto:a@b.kz>,\r\n <https://b.kz/u/1>\r\n";
        assert_eq!(offered(&format!("{links}{POST}")).as_deref(), Some("https://b.kz/u/1"));
        assert_eq!(offered(links), None);
        assert_eq!(offered(POST), None);
        assert_eq!(offered(&format!("List-Unsubscribe: <mailto:a@b.kz>\r\n{POST}")), None);
    }

    #[tokio::test]
    async fn nothing_is_sent_to_another_machine() {
        for url in ["https://example.kz/u/1", "http://192.0.2.1/u/1", "https://127.0.0.1/u/1"] {
            let refused = press(&url.parse().unwrap()).await;
            assert!(matches!(refused, Err(NotPressed::Elsewhere)), "{url}");
        }
    }

    #[tokio::test]
    async fn it_posts_the_form_of_the_standard_and_tells_the_answer() {
        use axum::{Router, http::StatusCode, routing::post};
        let received = |body: String| async move { (StatusCode::ACCEPTED, body) };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = axum::serve(listener, Router::new().route("/u/1", post(received)));
        tokio::spawn(server.into_future());
        let url = format!("http://127.0.0.1:{port}/u/1").parse().unwrap();
        let answer = press(&url).await.unwrap();
        assert_eq!((answer.status, answer.text.as_str()), (202, FORM));
    }
}
