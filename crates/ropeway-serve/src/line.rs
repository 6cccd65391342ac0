//! The line to one client. It is closed in such a way that an answer given before the client had sent everything still
//! arrives: closing a connection with unread bytes resets it, and a reset may overtake the answer (RFC 9112, 9.6).

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::http::{Extensions, HeaderMap, header};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use crate::bare;

/// How long a client that is still sending is listened to after its answer.
const LINGER: Duration = Duration::from_secs(2);
/// How many of its bytes are taken, and thrown away.
const MOST_THROWN_AWAY: usize = 32 << 20;

/// Whether a request of this line is answered before its body was read. Then the line is closed after the answer, and the
/// answer says so: what comes next on it would be the rest of the body.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unread(Arc<AtomicBool>);

impl Unread {
    /// That of the line on which the request with this head came; of no line where the request has no body to be read.
    pub fn of(extensions: &Extensions, headers: &HeaderMap) -> Self {
        let empty = headers.get(header::CONTENT_LENGTH).is_none_or(|length| length == "0");
        match extensions.get::<Self>() {
            Some(unread) if !empty || headers.contains_key(header::TRANSFER_ENCODING) => unread.clone(),
            _ => Self::default(),
        }
    }

    /// Says so.
    pub fn say(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was said.
    pub fn said(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What keeps a line from being closed at once: a request is being answered, or an answer being written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Busy(Arc<(AtomicBool, AtomicBool)>);

impl Busy {
    /// Notes whether a request is being answered.
    pub fn answering(&self, is_so: bool) {
        self.0.0.store(is_so, Ordering::Relaxed);
    }

    /// Notes whether the client has to read before more can be written.
    fn writing(&self, is_so: bool) {
        self.0.1.store(is_so, Ordering::Relaxed);
    }

    /// Whether it is either.
    pub fn is_so(&self) -> bool {
        self.0.0.load(Ordering::Relaxed) || self.0.1.load(Ordering::Relaxed)
    }
}

/// A connection that lingers where the client is still sending.
pub(crate) struct Line {
    stream: TcpStream,
    unread: Unread,
    busy: Busy,
    /// Set when our side has been shut down.
    until: Option<Pin<Box<Sleep>>>,
    thrown_away: usize,
    /// What is written in place of a bare error, and how much of it is written.
    instead: Option<(Vec<u8>, usize)>,
}

impl Line {
    pub fn new(stream: TcpStream, unread: Unread, busy: Busy) -> Self {
        Self { stream, unread, busy, until: None, thrown_away: 0, instead: None }
    }

    /// Writes the whole answer where `bytes` is a bare one; `None` where it is none.
    fn poll_instead(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Option<io::Result<usize>>> {
        if self.instead.is_none() {
            self.instead = bare::in_place_of(bytes).map(|whole| (whole, 0));
        }
        let Some((whole, written)) = &mut self.instead else { return Poll::Ready(None) };
        // The client may still be sending what was not understood.
        self.unread.say();
        while *written < whole.len() {
            match ready!(Pin::new(&mut self.stream).poll_write(cx, &whole[*written..])) {
                Ok(0) => return Poll::Ready(Some(Err(io::ErrorKind::WriteZero.into()))),
                Ok(count) => *written += count,
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
        self.instead = None;
        Poll::Ready(Some(Ok(bytes.len())))
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = match ready!(self.poll_instead(cx, bytes)) {
            Some(written) => Poll::Ready(written),
            None => Pin::new(&mut self.stream).poll_write(cx, bytes),
        };
        self.busy.writing(written.is_pending());
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = parts.iter().find(|part| !part.is_empty()).map_or(&[] as &[u8], |part| part);
        let written = match ready!(self.poll_instead(cx, first)) {
            Some(written) => Poll::Ready(written),
            None => Pin::new(&mut self.stream).poll_write_vectored(cx, parts),
        };
        self.busy.writing(written.is_pending());
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let line = &mut *self;
        if line.until.is_none() {
            ready!(Pin::new(&mut line.stream).poll_shutdown(cx))?;
        }
        if !line.unread.said() {
            return Poll::Ready(Ok(()));
        }
        let until = line.until.get_or_insert_with(|| Box::pin(sleep(LINGER)));
        let mut bytes = [0; 8192];
        while line.thrown_away < MOST_THROWN_AWAY && until.as_mut().poll(cx).is_pending() {
            let mut buffer = ReadBuf::new(&mut bytes);
            match ready!(Pin::new(&mut line.stream).poll_read(cx, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => line.thrown_away += buffer.filled().len(),
                // The client has closed its side, or is gone.
                Ok(()) | Err(_) => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}
