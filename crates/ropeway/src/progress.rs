//! Shows the progress of a run: bars with the time left on a terminal, plain lines elsewhere.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use ropeway_run::{Progress, Silent};

use crate::output::Output;
use crate::render::number::seconds;
use crate::render::paint::Paint;

/// Between two plain lines about one step.
const PLAIN_INTERVAL: Duration = Duration::from_secs(10);

/// Moves the cursor to the beginning of the line above and clears it.
const ONE_UP: &str = "\u{1b}[1A\r\u{1b}[2K";

/// The bars on the terminal, where some are shown.
static SHOWN: OnceLock<MultiProgress> = OnceLock::new();

/// The way to show progress that suits where stderr goes.
pub fn progress(output: &Output) -> Arc<dyn Progress> {
    if output.quiet {
        Arc::new(Silent)
    } else if std::io::stderr().is_terminal() {
        Arc::new(Bars::new(SHOWN.get_or_init(MultiProgress::new).clone(), Paint::stderr()))
    } else {
        Arc::new(Lines::new(std::io::stderr()))
    }
}

/// Does work whose parts are not told, and shows on a terminal that it goes on.
pub async fn during<T>(output: &Output, what: &str, work: impl Future<Output = T>) -> T {
    if output.quiet || !std::io::stderr().is_terminal() {
        return work.await;
    }
    let bar = spinner(SHOWN.get_or_init(MultiProgress::new), what);
    let done = work.await;
    bar.finish_and_clear();
    done
}

/// Says something on stderr while work goes on: above the bars where there are any, which it would tear otherwise.
/// `echoed` says that the terminal has just written `^C`: behind a bar, which fills its line, that begins a new one, and
/// the bar would stay behind for ever.
pub fn beside(text: &str, echoed: bool) {
    let mut stderr = std::io::stderr();
    let _ = match SHOWN.get() {
        Some(bars) if echoed => bars.suspend(|| writeln!(stderr, "{ONE_UP}{text}")),
        Some(bars) => bars.println(text),
        None => writeln!(stderr, "{text}"),
    };
}

/// One bar for each step that is under way.
struct Bars {
    all: MultiProgress,
    steps: Mutex<BTreeMap<String, ProgressBar>>,
    paint: Paint,
}

impl Bars {
    fn new(all: MultiProgress, paint: Paint) -> Self {
        Self { all, steps: Mutex::default(), paint }
    }

    fn bar(&self, name: &str) -> ProgressBar {
        let mut steps = locked(&self.steps);
        let bar = steps.entry(name.to_owned()).or_insert_with(|| spinner(&self.all, name));
        bar.clone()
    }
}

impl Progress for Bars {
    fn step_started(&self, name: &str) {
        let _ = self.bar(name);
    }

    fn step_finished(&self, name: &str, state: &str, wall_s: f64) {
        if let Some(bar) = locked(&self.steps).remove(name) {
            bar.finish_and_clear();
        }
        let mark = match state {
            "executed" => self.paint.good("done  "),
            "cached" => self.paint.dim("cached"),
            _ => self.paint.bad(state),
        };
        let _ = self.all.println(format!("  {mark}  {name}  {}", self.paint.dim(&seconds(wall_s))));
    }

    fn advance(&self, name: &str, done: u64, total: u64) {
        let bar = self.bar(name);
        if total > 0 && bar.length() != Some(total) {
            bar.set_length(total);
            // The bar itself comes last: a narrow terminal cuts it, and the time left stays.
            bar.set_style(style("  {spinner} {msg}  {pos}/{len}, {eta} left  {bar:30}"));
        }
        bar.set_position(done);
    }

    fn note(&self, text: &str) {
        let _ = self.all.println(format!("  {text}"));
    }
}

/// What turns by itself until more is known.
fn spinner(all: &MultiProgress, what: &str) -> ProgressBar {
    let bar = all.add(ProgressBar::new_spinner());
    bar.set_style(style("  {spinner} {msg}  {elapsed}"));
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

/// A line when a step ends, and now and then while it takes long.
struct Lines<W: Write + Send> {
    out: Mutex<W>,
    told: Mutex<BTreeMap<String, Instant>>,
}

impl<W: Write + Send> Lines<W> {
    fn new(out: W) -> Self {
        Self { out: Mutex::new(out), told: Mutex::default() }
    }

    fn line(&self, text: &str) {
        let _ = writeln!(locked(&self.out), "{text}");
    }
}

impl<W: Write + Send> Progress for Lines<W> {
    fn step_started(&self, name: &str) {
        locked(&self.told).insert(name.to_owned(), Instant::now());
    }

    fn step_finished(&self, name: &str, state: &str, wall_s: f64) {
        locked(&self.told).remove(name);
        self.line(&format!("{state:8}  {name}  {}", seconds(wall_s)));
    }

    fn advance(&self, name: &str, done: u64, total: u64) {
        let now = Instant::now();
        let mut told = locked(&self.told);
        let last = told.entry(name.to_owned()).or_insert(now);
        if now.duration_since(*last) >= PLAIN_INTERVAL {
            *last = now;
            drop(told);
            self.line(&format!("working   {name}  {done}/{total}"));
        }
    }

    fn note(&self, text: &str) {
        self.line(text);
    }
}

/// A panic elsewhere does not take the progress down.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use indicatif::{ProgressDrawTarget, TermLike};

    use super::*;

    const WIDTH: usize = 60;

    type Cells = Vec<Vec<char>>;

    /// A terminal: its lines, and the row and column of the cursor. A full line wraps with the next character.
    #[derive(Debug, Default, Clone)]
    struct Screen(Arc<Mutex<(Cells, usize, usize)>>);

    impl Screen {
        fn lines(&self) -> Vec<String> {
            let lines = locked(&self.0).0.iter().map(|line| line.iter().collect::<String>()).collect::<Vec<_>>();
            lines.iter().map(|line| line.trim_end().to_owned()).filter(|line| !line.is_empty()).collect()
        }

        fn at_cursor(&self, change: impl FnOnce(&mut Cells, &mut usize, &mut usize)) -> std::io::Result<()> {
            let (lines, row, column) = &mut *locked(&self.0);
            lines.resize((*row + 1).max(lines.len()), Vec::new());
            change(lines, row, column);
            Ok(())
        }
    }

    impl TermLike for Screen {
        fn width(&self) -> u16 {
            WIDTH as u16
        }

        fn move_cursor_up(&self, n: usize) -> std::io::Result<()> {
            self.at_cursor(|_, row, _| *row = row.saturating_sub(n))
        }

        fn move_cursor_down(&self, n: usize) -> std::io::Result<()> {
            self.at_cursor(|_, row, _| *row += n)
        }

        fn move_cursor_right(&self, n: usize) -> std::io::Result<()> {
            self.at_cursor(|_, _, column| *column += n)
        }

        fn move_cursor_left(&self, n: usize) -> std::io::Result<()> {
            self.at_cursor(|_, _, column| *column = column.saturating_sub(n))
        }

        fn write_line(&self, text: &str) -> std::io::Result<()> {
            self.write_str(text)?;
            self.at_cursor(|_, row, column| (*row, *column) = (*row + 1, 0))
        }

        fn write_str(&self, text: &str) -> std::io::Result<()> {
            self.at_cursor(|lines, row, column| {
                for c in text.chars() {
                    if c == '\r' {
                        *column = 0;
                        continue;
                    }
                    if *column == WIDTH {
                        (*row, *column) = (*row + 1, 0);
                    }
                    lines.resize((*row + 1).max(lines.len()), Vec::new());
                    let width = (*column + 1).max(lines[*row].len());
                    lines[*row].resize(width, ' ');
                    lines[*row][*column] = c;
                    *column += 1;
                }
            })
        }

        fn clear_line(&self) -> std::io::Result<()> {
            self.at_cursor(|lines, row, column| {
                lines[*row].clear();
                *column = 0;
            })
        }

        fn flush(&self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn bars_show_the_time_left_and_leave_no_line_behind() {
        let screen = Screen::default();
        let target = ProgressDrawTarget::term_like(Box::new(screen.clone()));
        let bars = Bars::new(MultiProgress::with_draw_target(target), Paint::PLAIN);
        bars.step_finished("source:flights", "cached", 0.0);
        bars.step_started("learn:boosted");
        for done in 1..=7 {
            bars.advance("learn:boosted", done, 20);
        }
        bars.bar("learn:boosted").force_draw();
        let shown = screen.lines().join("\n");
        assert!(shown.contains("learn:boosted  7/20, ") && shown.contains(" left"), "{shown}");
        bars.note("half of it");
        bars.all.println("stopping at the next safe point").unwrap();
        bars.step_finished("learn:boosted", "failed", 1.25);
        let expected = [
            "  cached  source:flights  0.00 s",
            "  half of it",
            "stopping at the next safe point",
            "  failed  learn:boosted  1.25 s",
        ];
        assert_eq!(screen.lines(), expected);
    }

    #[test]
    fn plain_lines_say_each_step_once_and_are_not_flooded() {
        let lines = Lines::new(Vec::new());
        lines.step_started("source:flights");
        for done in 0..1_000 {
            lines.advance("source:flights", done, 1_000);
        }
        lines.note("2 rows quarantined");
        lines.step_finished("source:flights", "executed", 0.814);
        let text = String::from_utf8(locked(&lines.out).clone()).unwrap();
        assert_eq!(text, "2 rows quarantined\nexecuted  source:flights  0.81 s\n");
    }
}
