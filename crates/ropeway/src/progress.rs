//! Shows the progress of a run: bars with the time left on a terminal, plain lines elsewhere.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use ropeway_run::{Progress, Silent};

use crate::output::Output;
use crate::render::number::seconds;
use crate::render::paint::Paint;

/// Between two plain lines about one step.
const PLAIN_INTERVAL: Duration = Duration::from_secs(10);

/// The way to show progress that suits where stderr goes.
pub fn progress(output: &Output) -> Arc<dyn Progress> {
    if output.quiet {
        Arc::new(Silent)
    } else if std::io::stderr().is_terminal() {
        Arc::new(Bars { all: MultiProgress::new(), steps: Mutex::default(), paint: Paint::stderr() })
    } else {
        Arc::new(Lines::new(std::io::stderr()))
    }
}

/// One bar for each step that is under way.
struct Bars {
    all: MultiProgress,
    steps: Mutex<BTreeMap<String, ProgressBar>>,
    paint: Paint,
}

impl Bars {
    fn bar(&self, name: &str) -> ProgressBar {
        let mut steps = locked(&self.steps);
        let bar = steps.entry(name.to_owned()).or_insert_with(|| {
            let bar = self.all.add(ProgressBar::new_spinner());
            bar.set_style(style("  {spinner} {msg}  {elapsed}"));
            bar.set_message(name.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
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
            bar.set_style(style("  {spinner} {msg}  {bar:30} {pos}/{len}  {eta} left"));
        }
        bar.set_position(done);
    }

    fn note(&self, text: &str) {
        let _ = self.all.println(format!("  {text}"));
    }
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
    use super::*;

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
