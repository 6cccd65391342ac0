//! The terminal under the bars: what they need of it, and the cursor left where a `^C` that it echoes does no harm. A bar
//! fills its line, and an echo after it would begin a new one and leave the bar behind for ever.

use std::fmt;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressDrawTarget, TermLike};

/// Columns where the terminal does not say.
const USUAL: u16 = 80;

/// A terminal behind a stream.
pub struct Terminal<W: Write + Send> {
    state: Mutex<State<W>>,
}

struct State<W> {
    out: W,
    /// What the next flush writes.
    text: String,
    /// Whether the cursor stands behind a bar.
    behind_bar: bool,
}

impl<W: Write + Send> fmt::Debug for Terminal<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Terminal")
    }
}

impl<W: Write + Send> Terminal<W> {
    pub fn new(out: W) -> Self {
        Self { state: Mutex::new(State { out, text: String::new(), behind_bar: false }) }
    }

    fn put(&self, text: &str) -> std::io::Result<()> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).text.push_str(text);
        Ok(())
    }

    fn moved(&self, n: usize, to: char) -> std::io::Result<()> {
        if n == 0 { Ok(()) } else { self.put(&format!("\u{1b}[{n}{to}")) }
    }
}

impl<W: Write + Send> TermLike for Terminal<W> {
    fn width(&self) -> u16 {
        ProgressDrawTarget::stderr().width().unwrap_or(USUAL)
    }

    fn move_cursor_up(&self, n: usize) -> std::io::Result<()> {
        self.moved(n, 'A')
    }

    fn move_cursor_down(&self, n: usize) -> std::io::Result<()> {
        self.moved(n, 'B')
    }

    fn move_cursor_right(&self, n: usize) -> std::io::Result<()> {
        self.moved(n, 'C')
    }

    fn move_cursor_left(&self, n: usize) -> std::io::Result<()> {
        self.moved(n, 'D')
    }

    fn write_line(&self, text: &str) -> std::io::Result<()> {
        self.write_str(text)?;
        self.put("\n")
    }

    fn write_str(&self, text: &str) -> std::io::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.text.push_str(text);
        // Only bars have a spinner; what fills the rest of a line is spaces.
        if !text.trim().is_empty() {
            state.behind_bar = text.chars().any(|c| ('\u{2800}'..='\u{28ff}').contains(&c));
        }
        Ok(())
    }

    fn clear_line(&self) -> std::io::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.text.push_str("\r\u{1b}[2K");
        state.behind_bar = false;
        Ok(())
    }

    fn flush(&self) -> std::io::Result<()> {
        let state = &mut *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.behind_bar {
            state.text.push('\r');
        }
        state.out.write_all(state.text.as_bytes())?;
        state.text.clear();
        state.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stands_before_a_bar_and_behind_other_text() {
        let terminal = Terminal::new(Vec::new());
        terminal.write_str("  done    source:flights").unwrap();
        terminal.write_str("    ").unwrap();
        terminal.flush().unwrap();
        terminal.write_str("  \u{2804} learn:boosted  7/20, 3s left").unwrap();
        terminal.write_str("    ").unwrap();
        terminal.flush().unwrap();
        terminal.move_cursor_up(0).unwrap();
        terminal.clear_line().unwrap();
        terminal.flush().unwrap();
        let state = terminal.state.into_inner().unwrap();
        let expected = "  done    source:flights      \u{2804} learn:boosted  7/20, 3s left    \r\r\u{1b}[2K";
        assert_eq!(String::from_utf8(state.out).unwrap(), expected);
    }
}
