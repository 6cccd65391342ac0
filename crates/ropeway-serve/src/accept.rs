//! Takes connections until asked to stop. A client that does not finish the head of a request in time is sent away, and
//! nothing that goes wrong with one connection, or with taking one, ends the server.

use std::io;
use std::pin::pin;

use axum::Router;
use tokio::net::TcpListener;

use crate::connections::Connections;
use crate::limits::Limits;

/// Serves until `stop` is there; then takes no more connections, and ends when requests being answered are answered.
pub(crate) async fn accept(listener: TcpListener, router: Router, limits: Limits, stop: impl Future<Output = ()>) {
    let mut connections = Connections::new(router, limits);
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            () = connections.one_ended() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => connections.add(stream),
            Err(error) if of_one_client(&error) => {}
            Err(_) => connections.make_room().await,
        }
    }
    drop(listener);
    connections.close(limits.stop_time).await;
}

/// Whether it was one client's connection that failed before it was taken.
fn of_one_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;
    use std::sync::Arc;
    use std::time::Duration;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::{Notify, oneshot};
    use tokio::task::JoinHandle;

    use super::*;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

    /// A server with a short limit for heads; what stops it, and what ends with it.
    async fn server(router: Router) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let limits = Limits { head_time: Duration::from_millis(50), ..Limits::default() };
        let (stop, stopped) = oneshot::channel();
        let stopped = async move { stopped.await.unwrap() };
        (address, stop, tokio::spawn(accept(listener, router, limits, stopped)))
    }

    async fn all(stream: &mut TcpStream) -> String {
        let mut text = Vec::new();
        let read = stream.read_to_end(&mut text);
        tokio::time::timeout(Duration::from_secs(60), read).await.expect("the connection stays open").unwrap();
        String::from_utf8(text).unwrap()
    }

    #[tokio::test]
    async fn an_unfinished_head_is_not_waited_for() {
        let (address, stop, served) = server(Router::new().route("/", get(|| async { "here" }))).await;
        for head in [b"".as_slice(), b"GET / HT", b"GET / HTTP/1.1\r\nhost: x\r\nx-more: "] {
            let mut slow = TcpStream::connect(address).await.unwrap();
            slow.write_all(head).await.unwrap();
            let answer = all(&mut slow).await;
            assert_eq!(answer.is_empty(), head.is_empty(), "{answer}");
            assert!(
                head.is_empty() || answer.starts_with("HTTP/1.1 408 ") && answer.contains("slow-request"),
                "{answer}"
            );
        }
        // After an answer on the same connection it is the same.
        let mut second = TcpStream::connect(address).await.unwrap();
        second.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\nGET / HT").await.unwrap();
        let answers = all(&mut second).await;
        assert!(answers.contains("here") && answers.contains("HTTP/1.1 408 "), "{answers}");
        let mut idle = TcpStream::connect(address).await.unwrap();
        idle.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        assert!(all(&mut idle).await.ends_with("here"));
        let mut quick = TcpStream::connect(address).await.unwrap();
        quick.write_all(REQUEST).await.unwrap();
        assert!(all(&mut quick).await.ends_with("here"));
        stop.send(()).unwrap();
        served.await.unwrap();
    }

    #[tokio::test]
    async fn what_is_being_answered_when_it_stops_is_answered() {
        let (arrived, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (at_work, free) = (Arc::clone(&arrived), Arc::clone(&go_on));
        let answer = move || async move {
            at_work.notify_one();
            free.notified().await;
            "done"
        };
        let (address, stop, served) = server(Router::new().route("/", get(answer))).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(REQUEST).await.unwrap();
        arrived.notified().await;
        stop.send(()).unwrap();
        // The port is free when the server has taken note, and the answer is still awaited.
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        assert!(!served.is_finished());
        go_on.notify_one();
        assert!(all(&mut client).await.ends_with("done"));
        served.await.unwrap();
    }
}
