//! The connections that are open: each is attended by a task of its own, and asked to leave when room is needed or the
//! server stops.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderValue, header};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::bare::SLOW_HEAD;
use crate::limits::Limits;
use crate::line::{Busy, Line, Unread};

/// How long room is waited for before it is asked for again.
const PAUSE: Duration = Duration::from_millis(100);

/// How a connection is asked to leave: when what was begun is done, or where nothing is being answered, at once.
#[derive(Default)]
struct Leave {
    asked: Notify,
    at_once: AtomicBool,
    /// Whether a whole request ever came on it.
    of_use: AtomicBool,
}

pub(crate) struct Connections {
    http: http1::Builder,
    router: Router,
    tasks: JoinSet<()>,
    /// What asks each to leave, in the order in which they came; gone with its task.
    leave: VecDeque<Weak<Leave>>,
}

impl Connections {
    pub fn new(router: Router, limits: Limits) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(limits.head_time);
        Self { http, router, tasks: JoinSet::new(), leave: VecDeque::new() }
    }

    /// Attends a new one.
    pub fn add(&mut self, stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let (unread, busy) = (Unread::default(), Busy::default());
        let line = TokioIo::new(Line::new(stream, unread.clone(), busy.clone()));
        let at_work = busy.clone();
        let leave = Arc::new(Leave::default());
        self.leave.push_back(Arc::downgrade(&leave));
        let asked = Arc::clone(&leave);
        let routes = TowerToHyperService::new(self.router.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            let (unread, at_work) = (unread.clone(), at_work.clone());
            at_work.answering(true);
            asked.of_use.store(true, Ordering::Relaxed);
            request.extensions_mut().insert(unread.clone());
            let answer = routes.call(request);
            async move {
                let mut answer = answer.await;
                at_work.answering(false);
                if let (Ok(answer), true) = (&mut answer, unread.said()) {
                    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                }
                answer
            }
        });
        let mut connection = self.http.serve_connection(line, service);
        self.tasks.spawn(async move {
            let ended = loop {
                tokio::select! {
                    ended = &mut connection => break ended,
                    () = leave.asked.notified() => std::pin::Pin::new(&mut connection).graceful_shutdown(),
                }
                if leave.at_once.load(Ordering::Relaxed) && !busy.is_so() {
                    return;
                }
            };
            // What was read and is no whole request is the beginning of one; where there is none, nothing was asked.
            let parts = connection.into_parts();
            if ended.is_err_and(|error| error.is_timeout()) && !parts.read_buf.is_empty() {
                let mut line = parts.io.into_inner();
                if line.write_all(SLOW_HEAD).await.is_ok() {
                    let _ = line.shutdown().await;
                }
            }
        });
    }

    /// Ends when one has ended; never where there is none.
    pub async fn one_ended(&mut self) {
        if self.tasks.join_next().await.is_none() {
            std::future::pending().await
        }
        if self.leave.len() > 2 * self.tasks.len() + 64 {
            self.leave.retain(|leave| leave.strong_count() > 0);
        }
    }

    /// Asks one to leave, since the system gives no more, and waits a moment for room: the first to come of those that never
    /// asked anything, and where there is none, the first of all. (A client that keeps a connection for its next request
    /// is not to lose that request to a crowd that has none.) One that has not sent a whole request is gone at once; one
    /// whose request is being answered is closed after the answer.
    pub async fn make_room(&mut self) {
        self.leave.retain(|leave| leave.strong_count() > 0);
        let silent = |leave: &Weak<Leave>| leave.upgrade().is_some_and(|leave| !leave.of_use.load(Ordering::Relaxed));
        let first = self.leave.iter().position(silent).unwrap_or(0);
        if let Some(leave) = self.leave.remove(first).and_then(|leave| leave.upgrade()) {
            leave.at_once.store(true, Ordering::Relaxed);
            leave.asked.notify_one();
        }
        let _ = tokio::time::timeout(PAUSE, self.one_ended()).await;
    }

    /// Asks all to leave, and waits at most so long.
    pub async fn close(mut self, most: Duration) {
        for leave in self.leave.iter().filter_map(Weak::upgrade) {
            leave.asked.notify_one();
        }
        let _ = tokio::time::timeout(most, async { while self.tasks.join_next().await.is_some() {} }).await;
        self.tasks.shutdown().await;
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    use super::*;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";

    /// What is left to read of a connection.
    async fn rest(client: &mut TcpStream) -> String {
        let mut rest = Vec::new();
        let _ = client.read_to_end(&mut rest).await;
        String::from_utf8(rest).unwrap()
    }

    #[tokio::test]
    async fn those_that_never_asked_make_room_first_and_then_those_that_came_first() {
        let (arrived, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (at_work, free) = (Arc::clone(&arrived), Arc::clone(&go_on));
        let answer = move || async move {
            at_work.notify_one();
            free.notified().await;
            "here"
        };
        let limits = Limits { head_time: Duration::from_secs(3600), ..Limits::default() };
        let mut connections = Connections::new(Router::new().route("/", get(answer)), limits);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut clients = Vec::new();
        for _ in 0..5 {
            clients.push(TcpStream::connect(listener.local_addr().unwrap()).await.unwrap());
            connections.add(listener.accept().await.unwrap().0);
        }
        // The first has an answer and is kept open, the second waits for one, the third is silent, the fourth has begun a
        // request, the fifth waits for an answer.
        clients[0].write_all(REQUEST).await.unwrap();
        arrived.notified().await;
        go_on.notify_one();
        clients[0].read_exact(&mut [0; 9]).await.unwrap();
        clients[1].write_all(REQUEST).await.unwrap();
        arrived.notified().await;
        clients[3].write_all(&REQUEST[..9]).await.unwrap();
        connections.make_room().await;
        connections.make_room().await;
        assert_eq!((rest(&mut clients[2]).await, rest(&mut clients[3]).await), (String::new(), String::new()));
        // The first is still of use, and leaves when its next request has been answered.
        go_on.notify_one();
        clients[1].read_exact(&mut [0; 9]).await.unwrap();
        clients[0].write_all(REQUEST).await.unwrap();
        arrived.notified().await;
        clients[4].write_all(REQUEST).await.unwrap();
        arrived.notified().await;
        connections.make_room().await;
        go_on.notify_waiters();
        let told = rest(&mut clients[0]).await;
        assert!(told.ends_with("here") && told.contains("connection: close"), "{told}");
        clients[4].read_exact(&mut [0; 9]).await.unwrap();
        connections.make_room().await;
        assert!(rest(&mut clients[1]).await.ends_with("here"));
        clients[4].write_all(REQUEST).await.unwrap();
        arrived.notified().await;
        go_on.notify_one();
        connections.close(Duration::from_secs(60)).await;
        assert_eq!(rest(&mut clients[4]).await.matches("here").count(), 2);
    }
}
